"""What each kind of answer is worth."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.quizzes import answers, forms, marking, rules, typed
from domain.quizzes import questions as q
from tests.domain.quizzes import samples


def worth(question: q.Question, text: str, order: list[int] | None = None) -> Fraction:
    """The share that a typed answer earns."""
    shown = samples.plain_order(question) if order is None else order
    answer = typed.parse(q.public(question, shown), shown, text)
    stored = json.loads(json.dumps(answer.json_value()))
    assert answers.load(question.kind, stored) == answer
    return marking.mark(question, answer).fraction


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        (samples.SINGLE, "b", 1),
        (samples.SINGLE, "B.", 1),
        (samples.SINGLE, "network", 1),
        (samples.SINGLE, "a", 0),
        (samples.TRUE_FALSE, "true", 1),
        (samples.TRUE_FALSE, "t", 1),
        (samples.TRUE_FALSE, "A", 1),
        (samples.TRUE_FALSE, "f", 0),
        (samples.MULTI, "a c", 1),
        (samples.MULTI, "A, C", 1),
        (samples.MULTI, "ca", 1),
        (samples.MULTI, "a", Fraction(1, 2)),
        (samples.MULTI, "a b c", Fraction(1, 2)),
        (samples.MULTI, "a b", 0),
        (samples.MULTI, "b d", 0),
        (samples.SHORT, "mac adresses", 1),
        (samples.SHORT, "ports", 0),
        (samples.NUMERIC, "1 024", 1),
        (samples.NUMERIC, "1,024", 1),
        (samples.NUMERIC, "1.024e3 ms", 1),
        (samples.NUMERIC, "1024.5", 1),
        (samples.NUMERIC, "1024.51", 0),
        (samples.MATCHING, "1a 2b 3c", 1),
        (samples.MATCHING, "abc", 1),
        (samples.MATCHING, "1-a, 2-c, 3-b", Fraction(1, 3)),
        (samples.MATCHING, "1a 2a 3a", Fraction(1, 3)),
        (samples.ORDERING, "3 1 2 4", 1),
        (samples.ORDERING, "3124", 1),
        (samples.ORDERING, "c a b d", 1),
        (samples.ORDERING, "4 2 1 3", 0),
        (samples.ORDERING, "1 2 4 3", Fraction(2, 3)),
        (samples.CLOZE, "Internet; IP", 1),
        (samples.CLOZE, "; ip", Fraction(1, 2)),
        (samples.CLOZE, "IP; network", 0),
    ],
)
def test_typed_answers_earn_their_share(question: q.Question, text: str, share: Fraction):
    assert worth(question, text) == share


@pytest.mark.parametrize(
    ("question", "text", "message"),
    [
        (samples.SINGLE, "hello", "I need a letter A–C. You sent: hello."),
        (samples.SINGLE, "d", "I need a letter A–C. You sent: d."),
        (samples.TRUE_FALSE, "maybe", "I need True or False. You sent: maybe."),
        (samples.MULTI, "a a", "I need one or more letters A–D"),
        (samples.MULTI, "", "I need one or more letters A–D"),
        (samples.SHORT, "  ", "I need a word or two"),
        (samples.SHORT, "x" * 501, "at most 500 characters. Yours has 501."),
        (samples.NUMERIC, "many", "I need a number in ms"),
        (samples.NUMERIC, "5 s", "I need a number in ms"),
        (samples.MATCHING, "1a 2b", "I need a letter A–C for each number 1–3"),
        (samples.MATCHING, "1a 1b 2c 3a", "I need a letter A–C for each number 1–3"),
        (samples.ORDERING, "1 2 3", "I need each number 1–4 once"),
        (samples.ORDERING, "1 2 3 3", "I need each number 1–4 once"),
        (samples.CLOZE, "network", "I need 2 answers with ; between them"),
        (samples.CLOZE, ";", "I need 2 answers with ; between them"),
    ],
)
def test_wrong_shape_is_refused_in_words(question: q.Question, text: str, message: str):
    with pytest.raises(Refusal) as refused:
        worth(question, text)
    assert message in str(refused.value)


@pytest.mark.parametrize("question", samples.ALL)
def test_shuffling_changes_letters_and_not_meaning(question: q.Question):
    for seed in range(20):
        order = rules.option_order(question, seed, "q", shuffle=True)
        view = q.public(question, order)
        lines = marking.right_answer(question, view)
        if question.kind in {"single", "true_false", "multi"}:
            text = " ".join(line[0] for line in lines)
        elif question.kind == "matching":
            right = [line.split(" = ")[1] for line in lines]
            text = "".join(chr(65 + view.options.index(side)) for side in right)
        elif question.kind == "ordering":
            items = [line.split(". ", 1)[1] for line in lines]
            text = " ".join(str(view.options.index(item) + 1) for item in items)
        elif question.kind == "numeric":
            text = lines[0].split(" ")[0]
        else:
            text = "; ".join(lines)
        assert worth(question, text, order) == 1


def test_all_or_nothing_where_the_author_says_so():
    strict = samples.MULTI.model_copy(
        update={"key": forms.ChoiceKey(correct=(0, 2), partial=False)}
    )
    assert worth(strict, "a") == 0
    assert worth(strict, "a c") == 1


def test_ordering_pays_a_guess_one_in_n():
    from itertools import permutations

    total = sum(
        marking.mark(samples.ORDERING, answers.Order(order=order)).fraction
        for order in permutations(range(4))
    )
    assert total / 24 == Fraction(1, 4)


def test_close_answers_are_told_apart_from_wrong_ones():
    close = marking.mark(samples.SHORT, answers.Written(text="address"))
    assert close.fraction == 0
    assert close.close
    wrong = marking.mark(samples.SHORT, answers.Written(text="ports"))
    assert not wrong.close


def test_another_answer_of_the_bank_is_not_a_misspelling():
    bank = marking.known_answers(samples.ALL)
    other = samples.SHORT.model_copy(update={"key": forms.ShortKey(accepted=("netwrok",))})
    assert marking.mark(other, answers.Written(text="network")).fraction == 0
    assert marking.mark(other, answers.Written(text="network"), bank).fraction == 0


def test_answer_of_another_kind_is_our_fault():
    with pytest.raises(TypeError, match="does not answer"):
        marking.mark(samples.SHORT, answers.Picks(picks=(1,)))


def test_feedback_is_that_of_the_picked_options():
    assert marking.feedback(samples.SINGLE, answers.Picks(picks=(0,))) == ("Between ports.",)
    assert marking.feedback(samples.SINGLE, answers.Picks(picks=(1,))) == ()


@given(st.sampled_from(samples.ALL), st.text(max_size=40))
def test_any_text_is_an_answer_or_a_refusal(question: q.Question, text: str):
    order = samples.plain_order(question)
    try:
        answer = typed.parse(q.public(question, order), order, text)
    except Refusal:
        return
    assert 0 <= marking.mark(question, answer).fraction <= 1


@given(st.lists(st.tuples(st.fractions(0, 1), st.decimals("0.01", 9, places=2)), max_size=30))
def test_sum_of_points_is_the_score(parts: list[tuple[Fraction, Decimal]]):
    points = [rules.earned(share, worth, 0) for share, worth in parts]
    total = sum(points, Decimal(0))
    assert total == total.quantize(Decimal("0.01"))
    assert total <= sum((worth for _, worth in parts), Decimal(0))
