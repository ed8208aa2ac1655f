"""One question of each kind, built as the author's files would give them."""

from decimal import Decimal

from domain.quizzes import forms
from domain.quizzes import questions as q

SINGLE = q.Question(
    kind="single",
    prompt="Which layer routes packets?",
    data=forms.ChoiceData(options=("Transport", "Network", "Link")),
    key=forms.ChoiceKey(correct=(1,), feedback=("Between ports.", "", "")),
    explanation="Routers read IP headers.",
    hints=("Think of IP.", "It is the third one."),
    points=Decimal(2),
)
TRUE_FALSE = q.Question(
    kind="true_false",
    prompt="TCP is connection oriented.",
    data=forms.ChoiceData(options=("True", "False")),
    key=forms.ChoiceKey(correct=(0,)),
)
MULTI = q.Question(
    kind="multi",
    prompt="Pick the transport protocols",
    data=forms.ChoiceData(options=("TCP", "ARP", "UDP", "IP")),
    key=forms.ChoiceKey(correct=(0, 2)),
)
SHORT = q.Question(
    kind="short",
    prompt="What does a switch learn?",
    data=forms.ShortData(),
    key=forms.ShortKey(accepted=("addresses", "MAC addresses")),
)
NUMERIC = q.Question(
    kind="numeric",
    prompt="What is 2^10?",
    data=forms.NumericData(unit="ms"),
    key=forms.NumericKey(
        accepted=(forms.AcceptedNumber(value=Decimal(1024), tolerance=Decimal("0.5")),)
    ),
)
_matching = forms.matching([("SSH", "22"), ("DNS", "53"), ("HTTP", "80")])
MATCHING = q.Question(kind="matching", prompt="Match", data=_matching[0], key=_matching[1])
_ordering = forms.ordering(["Physical", "Link", "Network", "Transport"])
ORDERING = q.Question(kind="ordering", prompt="Bottom first", data=_ordering[0], key=_ordering[1])
CLOZE = q.Question(
    kind="cloze",
    prompt="The {{1}} layer uses {{2}}.",
    data=forms.ClozeData(gaps=2),
    key=forms.ClozeKey(gaps=(("network", "internet"), ("IP",))),
)
ALL = (SINGLE, TRUE_FALSE, MULTI, SHORT, NUMERIC, MATCHING, ORDERING, CLOZE)


def plain_order(question: q.Question) -> list[int]:
    """The stored order."""
    return list(range(len(q.shuffled_texts(question))))
