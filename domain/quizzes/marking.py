"""How much of an answer is right.

Partial credit: multi counts right picks minus wrong picks, over the right ones, never below 0;
matching counts pairs, cloze counts gaps. Ordering counts neighbours: each item of the right order
that is followed directly by its right successor. A guess then earns 1/n on average, where counting
items in right relative order would give about a half.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from domain.quizzes import matching
from domain.quizzes.answers import Answer, Gaps, Number, Order, Pairs, Picks, Written
from domain.quizzes.forms import (
    ChoiceData,
    ChoiceKey,
    ClozeKey,
    MatchingData,
    MatchingKey,
    NumericKey,
    OrderingData,
    OrderingKey,
    ShortData,
    ShortKey,
)
from domain.quizzes.matching import Match, Vocabulary
from domain.quizzes.questions import PublicQuestion, Question


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer is worth.

    Attributes:
        fraction: how much of it is right, 0 to 1, before points and hints.
        parts: for matching, cloze and ordering, whether each pair, gap or neighbourhood is right.
        close: a typed answer that is not right, but so close that it is worth saying.
        reason: for typed answers why, in words marked for translation.
    """

    fraction: Fraction
    parts: tuple[bool, ...] = ()
    close: bool = False
    reason: str = ""

    @property
    def is_correct(self) -> bool:
        """Whether all of it is right."""
        return self.fraction == 1


NOTHING_KNOWN = Vocabulary()


def mark(question: Question, answer: Answer, vocabulary: Vocabulary = NOTHING_KNOWN) -> Mark:
    """Mark one answer.

    Args:
        question: with its key.
        answer: of the form that belongs to the question's kind.
        vocabulary: the answers of the whole bank, so that none is taken for another.

    Raises:
        TypeError: an answer of another kind of question; a fault of the caller.
    """
    match question.key, answer:
        case ChoiceKey() as key, Picks(picks=picks):
            return _choice(question.kind == "multi", key, set(picks))
        case ShortKey() as key, Written(text=text):
            code = isinstance(question.data, ShortData) and question.data.code
            found = _text(text, key.accepted, key.case, key.fuzzy, vocabulary, code=code)
            return Mark(_whole(found), close=found.verdict == "close", reason=found.reason)
        case NumericKey(accepted=accepted), Number(number=number):
            hit = any(abs(number - right.value) <= right.tolerance for right in accepted)
            return Mark(Fraction(int(hit)))
        case MatchingKey() as key, Pairs(pairs=pairs):
            parts = _equal(pairs, key.right_of)
            return Mark(_share(parts, partial=key.partial), parts)
        case OrderingKey() as key, Order(order=order):
            follows = dict(pairwise(order))
            steps = pairwise(key.order)
            parts = tuple(follows.get(item) == successor for item, successor in steps)
            return Mark(_share(parts, partial=key.partial), parts)
        case ClozeKey() as key, Gaps(gaps=gaps):
            return _cloze(key, gaps, vocabulary)
    raise TypeError(f"{type(answer).__name__} does not answer a {question.kind} question")


def right_answer(question: Question, view: PublicQuestion) -> tuple[str, ...]:
    """The key in words, a line for each part; only for when it may be shown."""
    match question.key, question.data:
        case ChoiceKey(correct=correct), ChoiceData(options=options):
            right = {options[place] for place in correct}
            shown = enumerate(view.options)
            return tuple(f"{chr(65 + n)}. {text}" for n, text in shown if text in right)
        case ShortKey(accepted=accepted), _:
            return accepted[:1]
        case NumericKey(accepted=numbers), _:
            first = numbers[0]
            unit = f" {view.unit}" if view.unit else ""
            spread = f" ± {first.tolerance:f}" if first.tolerance else ""
            return (f"{first.value:f}{spread}{unit}",)
        case MatchingKey(right_of=right_of), MatchingData(left=left, right=right_sides):
            return tuple(
                f"{side} = {right_sides[place]}" for side, place in zip(left, right_of, strict=True)
            )
        case OrderingKey(order=order), OrderingData(items=items):
            return tuple(f"{n}. {items[place]}" for n, place in enumerate(order, start=1))
        case ClozeKey(gaps=gaps), _:
            return tuple(texts[0] for texts in gaps)
    raise TypeError(f"a {question.kind} question without its key")


def in_words(view: PublicQuestion, order: Sequence[int], answer: Answer) -> tuple[str, ...]:
    """What the learner answered, a line for each part; it says nothing about the key."""
    shown = {stored: place for place, stored in enumerate(order)}
    match answer:
        case Picks(picks=picks):
            places = sorted(shown[stored] for stored in picks)
            return tuple(f"{chr(65 + place)}. {view.options[place]}" for place in places)
        case Written(text=text) | Number(text=text):
            return (text,)
        case Pairs(pairs=pairs):
            sides = zip(view.left, pairs, strict=True)
            return tuple(f"{left} = {view.options[shown[stored]]}" for left, stored in sides)
        case Order(order=stored_order):
            steps = enumerate(stored_order, start=1)
            return tuple(f"{n}. {view.options[shown[stored]]}" for n, stored in steps)
        case Gaps(gaps=gaps):
            return tuple(text or "…" for text in gaps)


def feedback(question: Question, answer: Answer) -> tuple[str, ...]:
    """The author's remarks on the options that were picked."""
    if isinstance(question.key, ChoiceKey) and isinstance(answer, Picks) and question.key.feedback:
        remarks = (question.key.feedback[place] for place in answer.picks)
        return tuple(remark for remark in remarks if remark)
    return ()


def known_answers(questions: Iterable[Question]) -> Vocabulary:
    """Every answer and option of a bank, for `mark`."""
    return Vocabulary(text for question in questions for text in _texts(question))


def _texts(question: Question) -> tuple[str, ...]:
    match question.key, question.data:
        case ShortKey(accepted=accepted), ShortData(code=False):
            return accepted
        case ClozeKey(gaps=gaps), _:
            return tuple(text for texts in gaps for text in texts)
        case _, ChoiceData(options=texts) | OrderingData(items=texts):
            return texts
        case _, MatchingData(left=left, right=right):
            return left + right
    return ()


def _choice(several: bool, key: ChoiceKey, picks: set[int]) -> Mark:
    right = set(key.correct)
    if not several or not key.partial:
        return Mark(Fraction(int(picks == right)))
    balance = len(picks & right) - len(picks - right)
    return Mark(Fraction(max(0, balance), len(right)))


def _cloze(key: ClozeKey, gaps: tuple[str, ...], vocabulary: Vocabulary) -> Mark:
    found = []
    for place, (text, accepted) in enumerate(zip(gaps, key.gaps, strict=True)):
        others = [one for n, texts in enumerate(key.gaps) if n != place for one in texts]
        others = [one for one in others if one not in accepted]
        found.append(_text(text, accepted, key.case, key.fuzzy, vocabulary, others=others))
    parts = tuple(match.verdict == "right" for match in found)
    close = next((match for match in found if match.verdict == "close"), None)
    return Mark(
        _share(parts, partial=key.partial), parts, close is not None, close.reason if close else ""
    )


def _text(
    text: str,
    accepted: tuple[str, ...],
    case: bool,
    fuzzy: bool,
    vocabulary: Vocabulary,
    *,
    others: Iterable[str] = (),
    code: bool = False,
) -> Match:
    return matching.match(
        text,
        accepted,
        others=others,
        vocabulary=vocabulary,
        case=case,
        fuzzy=fuzzy,
        code=code,
    )


def _whole(found: Match) -> Fraction:
    return Fraction(int(found.verdict == "right"))


def _equal(given: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[bool, ...]:
    return tuple(first == second for first, second in zip(given, wanted, strict=True))


def _share(parts: tuple[bool, ...], *, partial: bool) -> Fraction:
    return Fraction(sum(parts), len(parts)) if partial else Fraction(int(all(parts)))
