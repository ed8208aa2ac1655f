"""What each kind of scheduled message says, and when it is worth saying. Pure.

What was told once is not told again: cards every third day at most (beside a reminder every time),
a goal that falls behind once a week; a freeze, and a goal that is nearly reached or over, once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.errors import N_
from domain.notifications import nudges
from domain.notifications.kinds import REMINDER
from domain.notifications.reminders_text import CARDS, GOAL, OPEN, STREAK, Today

FREEZE = N_("A freeze kept your {days} days in a row. Freezes left: {freezes}.")
FREEZES = N_("Freezes kept your {days} days in a row. Freezes left: {freezes}.")
RISK = N_("You have {days} days in a row. One lesson today keeps them going.")
BEHIND = N_(
    "“{goal}” stands at {value} of {target}. {rate} a day for {days_left} days would reach it."
)
NEAR = N_("“{goal}” is nearly there: {left} to go.")
REACHED = N_("You reached your goal “{goal}”. Set a next one with /goal.")
ENDED = N_(
    "The date of “{goal}” is over, at {value} of {target}. "
    "What you did is not lost. Set a next one with /goal."
)
NEWS = N_("New lessons in “{course}”: {lessons}.")
MORE_NEWS = N_("New lessons in your courses: {courses}.")

BEHIND_EVERY = timedelta(days=7)
BEHIND_AFTER = timedelta(days=3)  # of a goal that was set just now nothing is said
BEHIND_SHARE = 0.8  # of what an even pace would have reached
OVER_FOR = timedelta(days=3)  # after which a goal that is over is not told of any more
NEAR_SHARE = 0.1  # of the target
NAMED_COURSES = 3


@dataclass(frozen=True, slots=True)
class Run:
    """A streak at an instant, as `motivation` derives it.

    Attributes:
        days: active days in a row.
        freezes: that are left.
        kept: dates that freezes kept since the last active day.
    """

    days: int
    freezes: int
    kept: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of a learner's own that is open, or was lately; `reached` is the date of that."""

    id: UUID
    title: str
    target: int
    value: int
    start: date
    by: date | None
    reached: date | None = None


@dataclass(frozen=True, slots=True)
class News:
    """Lessons that came into one course since the learner joined it, or was told of some."""

    course: UUID
    title: str
    lessons: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that may be worth a message on a learner's date.

    Attributes:
        day: the learner's date.
        today: what it looks like so far.
        run: their streak, unless they hide it.
        is_down: an outage of ours lay on today.
        goals: open ones, and those that ended lately.
        news: courses with new lessons.
        told: on which date a fact of a kind was told last.
    """

    day: date
    today: Today
    run: Run | None = None
    is_down: bool = False
    goals: tuple[Goal, ...] = ()
    news: tuple[News, ...] = ()
    told: Mapping[tuple[str, str], date] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Today does not count yet, and is not free."""
        return not (self.today.is_active or self.today.is_off or self.is_down)

    def was_told(self, kind: str, fact: str, within: timedelta | None = None) -> bool:
        """Whether a fact was told, ever or lately."""
        at = self.told.get((kind, fact))
        return at is not None and (within is None or self.day - at < within)


@dataclass(frozen=True, slots=True)
class Part:
    """What one kind says.

    Attributes:
        kind: its name.
        texts: paragraphs.
        values: of their placeholders.
        facts: what is remembered as told.
    """

    kind: str
    texts: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[str, ...] = ()


def parts(facts: Facts, muted: Sequence[str], *, has_hour: bool) -> tuple[Part, ...]:
    """What is worth saying now, in order.

    Args:
        facts: about the learner's date.
        muted: kinds they do not want.
        has_hour: it is the hour they asked for, so that all of an open day is said.
    """
    reminds = has_hour and REMINDER not in muted
    beside = reminds and not facts.today.is_done
    alone = not reminds
    found = (
        _freeze(facts),
        _reminder(facts) if beside else None,
        _named_streak(facts) if beside else None,
        _risk(facts) if alone else None,
        _due_cards(facts) if beside else None,
        _cards(facts) if alone else None,
        _goal(facts),
        _news(facts),
    )
    return tuple(part for part in found if part is not None and part.kind not in muted)


def _freeze(facts: Facts) -> Part | None:
    run = facts.run
    if run is None or not run.kept or run.days < nudges.WORTH_KEEPING or facts.today.is_active:
        return None
    fact = run.kept[-1].isoformat()
    if facts.was_told("freeze", fact):
        return None
    text = FREEZE if len(run.kept) == 1 else FREEZES
    return Part("freeze", (text,), {"days": run.days, "freezes": run.freezes}, (fact,))


def _reminder(facts: Facts) -> Part:
    left = facts.today.minutes_left
    return Part(REMINDER, (GOAL if left else OPEN,), {"minutes": left})


def _named_streak(facts: Facts) -> Part | None:
    """Beside a reminder the days are named."""
    days = facts.today.days
    if not days or facts.today.is_active:
        return None
    return Part("streak", (STREAK,), {"days": days})


def _risk(facts: Facts) -> Part | None:
    """Alone they must be worth it, and at risk; a freeze that was used says so already."""
    today, run = facts.today, facts.run
    if run is None or run.kept:
        return None
    free = not facts.is_open
    if not nudges.is_at_risk(run.days, run.freezes, is_active=today.is_active, is_free=free):
        return None
    return Part("streak", (RISK,), {"days": run.days})


def _due_cards(facts: Facts) -> Part | None:
    cards = facts.today.cards
    return Part("cards", (CARDS,), {"cards": cards}) if cards else None


def _cards(facts: Facts) -> Part | None:
    if facts.today.cards < nudges.WORTH_CARDS or not facts.is_open:
        return None
    if facts.was_told("cards", "due", nudges.CARDS_EVERY):
        return None
    return Part("cards", (CARDS,), {"cards": facts.today.cards}, ("due",))


def _goal(facts: Facts) -> Part | None:
    """The goal that is over, that is nearest to its end, or that is furthest behind."""
    for goal in facts.goals:
        fact = f"over:{goal.id}"
        if (text := _over(goal, facts.day)) and not facts.was_told("goal", fact):
            values = {"goal": goal.title, "value": goal.value, "target": goal.target}
            return Part("goal", (text,), values, (fact,))
    goals = [goal for goal in facts.goals if goal.reached is None]
    for goal in goals:
        left, fact = goal.target - goal.value, f"{goal.id}:near"
        near = max(1, int(goal.target * NEAR_SHARE))
        is_open = goal.by is None or facts.day <= goal.by
        if is_open and 0 < left <= near and goal.value and not facts.was_told("goal", fact):
            return Part("goal", (NEAR,), {"goal": goal.title, "left": left}, (fact,))
    if not facts.is_open:
        return None
    behind = [goal for goal in goals if _is_behind(goal, facts)]
    if not behind:
        return None
    goal = min(behind, key=lambda one: (one.value / one.target, one.id))
    assert goal.by is not None  # noqa: S101 - only those are behind
    days = (goal.by - facts.day).days + 1
    values = {
        "goal": goal.title,
        "value": goal.value,
        "target": goal.target,
        "rate": -(-(goal.target - goal.value) // days),
        "days_left": days,
    }
    return Part("goal", (BEHIND,), values, (f"{goal.id}:behind",))


def _over(goal: Goal, day: date) -> str | None:
    """What to say of a goal that was reached, or whose date passed, these last days."""
    if goal.reached is not None:
        return REACHED if day - goal.reached <= OVER_FOR else None
    if goal.by is None or goal.value >= goal.target:
        return None
    return ENDED if goal.by < day <= goal.by + OVER_FOR else None


def _is_behind(goal: Goal, facts: Facts) -> bool:
    if goal.by is None or facts.day > goal.by or facts.day - goal.start < BEHIND_AFTER:
        return False
    if facts.was_told("goal", f"{goal.id}:behind", BEHIND_EVERY):
        return False
    pace = (facts.day - goal.start).days / ((goal.by - goal.start).days + 1)
    return goal.value < BEHIND_SHARE * pace * goal.target


def _news(facts: Facts) -> Part | None:
    news = sorted(facts.news, key=lambda one: (-one.lessons, one.title))
    if not news:
        return None
    told = tuple(str(one.course) for one in news)
    if len(news) == 1:
        return Part("news", (NEWS,), {"course": news[0].title, "lessons": news[0].lessons}, told)
    named = [one.title for one in news[:NAMED_COURSES]]
    titles = ", ".join((*named, "…") if len(news) > len(named) else named)
    return Part("news", (MORE_NEWS,), {"courses": titles}, told)
