"""The rules of a quiz: points, pass mark, time, order, hints, and when a key may be shown.

All numbers are exact (`Decimal`, `Fraction`); nothing here knows the clock or the database.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, TypeVar

from domain.errors import N_, Refusal
from domain.quizzes.forms import OrderingKey
from domain.quizzes.questions import Question, shuffled_texts

QuizType = Literal["practice", "graded", "exam"]
Reveal = Literal["after_question", "after_submit", "never"]
Status = Literal["in_progress", "submitted", "graded"]
Item = TypeVar("Item")

HINT_COST = Decimal("0.20")  # of the question's points, for each hint taken
CENT = Decimal("0.01")
LONGEST_DRAW = 50
_NEXT: Mapping[Status, Status] = {"in_progress": "submitted", "submitted": "graded"}
_ALWAYS_SHUFFLED = frozenset({"matching", "ordering"})
_NEVER_SHUFFLED = frozenset({"true_false"})


def rounded(value: Decimal | Fraction) -> Decimal:
    """To two decimals, halves away from zero, as people round."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def earned(fraction: Fraction, points: Decimal, hints: int) -> Decimal:
    """The points of one answer, to two decimals.

    Args:
        fraction: how much of the answer is right, 0 to 1.
        points: what the whole answer is worth.
        hints: how many were taken; each costs `HINT_COST` of the points, down to nothing.
    """
    kept = max(Decimal(0), 1 - HINT_COST * hints)
    return rounded(fraction * Fraction(points) * Fraction(kept))


def percentage(score: Decimal, max_score: Decimal) -> Decimal:
    """Score of the highest possible score, 0.00 to 100.00; a quiz worth nothing is 0."""
    if not max_score:
        return rounded(Decimal(0))
    return rounded(Fraction(score) * 100 / Fraction(max_score))


def passes(reached: Decimal, mark: Decimal) -> bool:
    """Whether a percentage reaches the pass mark: 70.00 passes 70, 69.99 does not."""
    return reached >= mark


def deadline(started: datetime, limit_seconds: int | None) -> datetime | None:
    """When the time is over; None without a limit."""
    return None if limit_seconds is None else started + timedelta(seconds=limit_seconds)


def is_over(ends: datetime | None, now: datetime) -> bool:
    """Whether an answer that arrives now is too late; one on the last instant is not."""
    return ends is not None and now > ends


def advance(current: Status, following: Status) -> Status:
    """The next state of an attempt: in_progress, submitted, graded, and never back.

    Raises:
        ValueError: any other step.
    """
    if _NEXT.get(current) != following:
        raise ValueError(f"an attempt does not go from {current} to {following}")
    return following


def attempts_left(limit: int | None, made: int) -> int | None:
    """How many more attempts may be started; None without a limit."""
    return None if limit is None else max(0, limit - made)


def gives_hints(quiz: QuizType) -> bool:
    """Exams give none."""
    return quiz != "exam"


def shows_during(quiz: QuizType, reveal: Reveal) -> bool:
    """Whether the key of a question is shown as soon as it is answered: in practice only."""
    return quiz == "practice" and reveal == "after_question"


def shows_after(reveal: Reveal) -> bool:
    """Whether keys and explanations are shown once the attempt is handed in."""
    return reveal != "never"


def shuffled(items: Sequence[Item], *seed: object) -> list[Item]:
    """The items in an order that depends on the seed alone, on every machine and version."""

    def weight(place: int) -> bytes:
        return hashlib.sha256("\x1f".join(map(str, (*seed, place))).encode()).digest()

    return [items[place] for place in sorted(range(len(items)), key=weight)]


def option_order(question: Question, seed: int, key: object, *, shuffle: bool) -> list[int]:
    """The order in which an attempt shows a question's list; empty when it has none.

    Matching and ordering lists are always shuffled, and an ordering question never starts in its
    right order. True and false always stand in the author's order.

    Args:
        question: with its key.
        seed: of the attempt.
        key: names the question, so that two of them are shuffled differently.
        shuffle: whether the quiz shuffles options.
    """
    places = list(range(len(shuffled_texts(question))))
    if question.kind in _NEVER_SHUFFLED or not (shuffle or question.kind in _ALWAYS_SHUFFLED):
        return places
    mixed = shuffled(places, seed, key)
    if isinstance(question.key, OrderingKey) and tuple(mixed) == question.key.order:
        return mixed[1:] + mixed[:1]
    return mixed


def draw(candidates: Sequence[Item], wanted: int, recent: Sequence[Item], seed: int) -> list[Item]:
    """Questions for one attempt, those not seen lately first.

    Args:
        candidates: what the filter allows.
        wanted: how many to draw.
        recent: what this learner met last, latest first; taken only when nothing else is left,
            the longest ago first.
        seed: of the attempt.

    Raises:
        Refusal: fewer exist; it says how many.
    """
    if wanted > len(candidates):
        raise Refusal(
            N_("There are {have} questions like that, and you asked for {want}."),
            {"have": len(candidates), "want": wanted},
        )
    age = {item: place for place, item in enumerate(recent)}
    fresh = shuffled([item for item in candidates if item not in age], seed, "draw")
    known = sorted((item for item in candidates if item in age), key=lambda item: -age[item])
    return shuffled((fresh + known)[:wanted], seed, "mix")
