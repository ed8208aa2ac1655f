"""When a card comes again: the FSRS library with its own defaults, and nothing of ours. Pure.

Intervals are not fuzzed, so that the times on the buttons are the times that will hold.
Learning steps are 1 and 10 minutes, the relearning step is 10 minutes, and nine of ten cards are
meant to be known when they come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from fsrs import Card, Rating, Scheduler, State

State_ = Literal["learning", "review", "relearning"]

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
RATINGS = (AGAIN, HARD, GOOD, EASY)
_SCHEDULER = Scheduler(enable_fuzzing=False)
_STATES: Mapping[str, State] = {
    "learning": State.Learning,
    "review": State.Review,
    "relearning": State.Relearning,
}
_NAMES: Mapping[State, State_] = {
    State.Learning: "learning",
    State.Review: "review",
    State.Relearning: "relearning",
}


@dataclass(frozen=True, slots=True)
class Memory:
    """What one person remembers of one card; the default is a card that was never seen.

    `stability` is in days, `difficulty` from 1 to 10; both are None before the first look.
    """

    state: State_ = "learning"
    step: int | None = 0
    stability: float | None = None
    difficulty: float | None = None
    due: datetime | None = None
    last_review: datetime | None = None

    @property
    def is_new(self) -> bool:
        """Whether the card was never seen."""
        return self.last_review is None


def reviewed(memory: Memory, rating: int, at: datetime) -> Memory:
    """The memory after one look.

    Args:
        memory: before it.
        rating: 1 (again) to 4 (easy).
        at: when; a clock that went back counts as no time at all.
    """
    if memory.last_review is not None:
        at = max(at, memory.last_review)
    card, _ = _SCHEDULER.review_card(_card(memory, at), Rating(rating), at.astimezone(UTC))
    return Memory(
        _NAMES[card.state], card.step, card.stability, card.difficulty, card.due, card.last_review
    )


def intervals(memory: Memory, at: datetime) -> tuple[timedelta, timedelta, timedelta, timedelta]:
    """For each of the four ratings, how long until the card comes again."""
    again, hard, good, easy = ((reviewed(memory, rating, at).due or at) - at for rating in RATINGS)
    return again, hard, good, easy


def is_lapse(memory: Memory, rating: int) -> bool:
    """Whether a look shows that a card which was known is forgotten."""
    return memory.state == "review" and rating == AGAIN


def _card(memory: Memory, at: datetime) -> Card:
    last = memory.last_review
    return Card(
        card_id=1,
        state=_STATES[memory.state],
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=(memory.due or at).astimezone(UTC),
        last_review=last.astimezone(UTC) if last else None,
    )
