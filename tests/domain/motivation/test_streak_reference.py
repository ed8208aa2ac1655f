"""Random journeys against a slow reference that walks from day to day, written from the rules.

The reference knows nothing of marks and gaps: it keeps a diary with a line for each date and
turns its pages one by one.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.motivation.days import (
    Excuses,
    Mark,
    Setting,
    dates_of,
    in_force,
    ledger_date,
    local_date,
    moment,
)
from domain.motivation.streaks import Streak, streak_of

# A busy machine is no failure.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = timedelta(days=1)
# Both date lines, half and quarter hours, clocks that change on either half of the globe.
ZONES = (
    "UTC",
    "Europe/Warsaw",
    "America/Los_Angeles",
    "Asia/Kathmandu",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Australia/Lord_Howe",
)
STARTS = (
    datetime(2026, 3, 20, 7, tzinfo=UTC),  # both ways of the clocks within weeks
    datetime(2026, 10, 10, 22, tzinfo=UTC),
    datetime(2028, 2, 20, 12, tzinfo=UTC),  # a leap day
    datetime(2027, 12, 24, 1, tzinfo=UTC),
)


@dataclass
class Life:
    """What one learner does, in order of time: (instant, "work" | "late" | "move" | "off", what).

    "late" work is graded only after all that follows within its delay.
    """

    start: datetime
    zone: str
    events: list[tuple[datetime, str, object]] = field(default_factory=list)
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)


def moment_of(event: tuple[datetime, str, object]) -> datetime:
    return event[0]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    life = Life(draw(st.sampled_from(STARTS)), draw(st.sampled_from(ZONES)))
    at = life.start
    for _ in range(draw(st.integers(1, 45))):
        at += timedelta(minutes=15 * draw(st.integers(1, 220)))
        kind = draw(
            st.sampled_from(("work", "work", "work", "work", "late", "move", "off", "down"))
        )
        if kind == "move":
            life.events.append((at, kind, draw(st.sampled_from(ZONES))))
        elif kind == "off":
            days = draw(st.sets(st.integers(1, 7), min_size=1))
            life.events.append((at, kind, frozenset(days)))
        elif kind == "down":
            life.outages.append((at, at + timedelta(minutes=15 * draw(st.integers(1, 200)))))
        elif kind == "late":
            life.events.append((at, kind, timedelta(hours=draw(st.integers(1, 90)))))
        else:
            life.events.append((at, kind, None))
    return life


def lived(life: Life, *, late: bool = True) -> tuple[list[Mark], Excuses, Mark]:
    """What the product makes of a life: marks, excuses and the mark of now."""
    told: list[tuple[datetime, datetime]] = []  # (when the ledger hears of it, when it was done)
    moves = [(at, what) for at, kind, what in life.events if kind == "move"]
    zones = [life.zone, *(str(zone) for _, zone in moves)]
    history = [
        Setting(zone, until=moves[n][0] if n < len(moves) else None) for n, zone in enumerate(zones)
    ]
    for at, kind, what in life.events:
        if kind == "work":
            told.append((at, at))
        elif kind == "late" and isinstance(what, timedelta):
            told.append((at + (what if late else timedelta(0)), at))
    ledger: list[tuple[datetime, date, str]] = []
    for _, at in sorted(told):
        zone = in_force(history, at).timezone
        before = [day for done, day, _ in ledger if done <= at]
        after = [day for done, day, _ in ledger if done > at]
        day = ledger_date(local_date(at, zone), max(before, default=None), min(after, default=None))
        ledger.append((at, day, zone))
    marks = []
    for day in sorted({day for _, day, _ in ledger}):
        same = [(at, zone) for at, on, zone in ledger if on == day]
        times = [at for at, _ in same]
        marks.append(Mark(day, min(times), max(times), frozenset(zone for _, zone in same)))
    chosen: list[tuple[date, frozenset[int]]] = []
    for at, kind, what in life.events:
        if kind == "off" and isinstance(what, frozenset):
            today = local_date(at, in_force(history, at).timezone)
            today = max([today, *(since for since, _ in chosen)])
            chosen = [one for one in chosen if one[0] < today]
            chosen.append((today, what))
    excuses = Excuses(tuple(chosen), dates_of(life.outages, history))
    end = max(at for at, _, _ in life.events) if life.events else life.start
    today = local_date(end, zones[-1])
    if marks:
        today = max(today, marks[-1].day)
    return marks, excuses, moment(today, end, zones[-1])


@dataclass
class Page:
    """One date of the diary on which work was done: when first and last, and where."""

    first: datetime
    last: datetime
    places: set[str]


def place_at(life: Life, at: datetime) -> str:
    """Where the learner is: the last move up to then."""
    moves = [str(what) for when, kind, what in life.events if kind == "move" and when <= at]
    return moves[-1] if moves else life.zone


def date_at(life: Life, at: datetime) -> date:
    """The date on the wall there; before three in the morning still the one before."""
    wall = at.astimezone(ZoneInfo(place_at(life, at)))
    return wall.date() - DAY if wall.hour < 3 else wall.date()


def pages(life: Life) -> dict[date, Page]:
    """The dates with work. Work finds its place among what is written: dates follow its order."""
    heard = [
        (at + what if isinstance(what, timedelta) else at, at, kind)
        for at, kind, what in life.events
    ]
    written: list[tuple[datetime, date]] = []
    for _, at, kind in sorted(heard):
        if kind not in ("work", "late"):
            continue
        day = date_at(life, at)
        for done, on in written:
            if done <= at and on > day:
                day = on
        for done, on in written:
            if done > at and on < day:
                day = on
        written.append((at, day))
    found: dict[date, Page] = {}
    for at, day in sorted(written):
        page = found.setdefault(day, Page(at, at, set()))
        page.last = at
        page.places.add(place_at(life, at))
    return found


def unreachable(life: Life) -> set[date]:
    """Dates on which we could not be reached: looked at every quarter of an hour and move."""
    found: set[date] = set()
    for began, ended in life.outages:
        at, seen = began, [date_at(life, ended)]
        seen += [date_at(life, move) for move, _, _ in life.events if began <= move <= ended]
        while at < ended:
            seen.append(date_at(life, at))
            at += timedelta(minutes=15)
        day = min(seen)
        while day <= max(seen):  # also a date that a flight swallowed meanwhile
            found.add(day)
            day += DAY
    return found


def days_off(life: Life, day: date) -> set[int]:
    """Weekdays that need no work: a choice holds from its date on, and never before older ones."""
    off: set[int] = set()
    latest = date.min
    for at, kind, what in life.events:
        if kind == "off" and isinstance(what, frozenset):
            latest = max(latest, date_at(life, at))
            if latest <= day:
                off = {1, 2, 3, 4, 5, 6, 7} - what
    return off


def diary(life: Life) -> tuple[int, int, int, int, list[date], list[date]]:
    """The reference: current, longest, total, freezes, frozen and flown dates.

    Nothing of the product is called: it turns the pages of the diary, one for each date.
    """
    worked, down = pages(life), unreachable(life)
    if not worked:
        return 0, 0, 0, 0, [], []
    end = max(at for at, _, _ in life.events)
    today = max(date_at(life, end), max(worked))
    run = longest = 0
    jar: list[str] = []  # active days put by; seven of them are a freeze
    frozen: list[date] = []
    flown: list[date] = []
    free_flight = False
    day = min(worked)
    while day <= today:
        if day in worked:
            run += 1
            jar = [*jar, "day"][:14]
            longest = max(longest, run)
            page = worked[day]
            next_day = min((other for other in worked if other > day), default=None)
            following = worked[next_day] if next_day else Page(end, end, {place_at(life, end)})
            is_soon = following.first < page.last + timedelta(days=2)
            free_flight = is_soon and len(page.places | following.places) >= 2
        elif day == today or run == 0 or day in down or day.isoweekday() in days_off(life, day):
            pass
        elif free_flight:
            free_flight = False
            flown.append(day)
        elif len(jar) >= 7:
            del jar[:7]
            frozen.append(day)
        else:
            run, jar = 0, []
        day += DAY
    return run, longest, len(worked), len(jar) // 7, frozen, flown


def as_reference(streak: Streak) -> tuple[int, int, int, int, list[date], list[date]]:
    return (
        streak.current,
        streak.longest,
        streak.total,
        streak.freezes,
        list(streak.frozen),
        list(streak.flown),
    )


@given(lives())
@settings(UNHURRIED, max_examples=120)
def test_any_life_gives_the_streak_that_the_diary_gives(life: Life):
    assert as_reference(streak_of(*lived(life))) == diary(life)


@given(lives(), st.data())
@settings(UNHURRIED, max_examples=80)
def test_more_work_never_makes_a_streak_shorter_and_adds_one_day_at_most(
    life: Life, data: st.DataObject
):
    marks, excuses, now = lived(life)
    if not marks:
        return
    first, last = marks[0].day, now.day
    extra = first + DAY * data.draw(st.integers(-3, (last - first).days))
    zone = data.draw(st.sampled_from(ZONES))
    noon = datetime.combine(extra, time(12), tzinfo=ZoneInfo(zone))
    known = {mark.day: mark for mark in marks}
    if extra in known:
        mark = known[extra]
        more = Mark(
            extra, min(mark.began, noon), max(mark.ended, noon), mark.zones | frozenset((zone,))
        )
    else:
        more = moment(extra, noon, zone)
    grown = [mark for mark in marks if mark.day != extra] + [more]
    before, after = streak_of(marks, excuses, now), streak_of(grown, excuses, now)
    assert after.total - before.total in (0, 1)
    assert after.longest >= before.longest
    assert after.current >= before.current


@given(lives(), st.integers(0, 44))
@settings(UNHURRIED, max_examples=60)
def test_work_graded_after_all_else_neither_breaks_a_streak_nor_adds_more_than_a_day(
    life: Life, number: int
):
    at = life.events[number % len(life.events)][0] if life.events else life.start
    without, _, now = lived(life)
    later = (at + timedelta(minutes=5), "late", timedelta(days=400))
    graded, excuses, _ = lived(replace(life, events=sorted([*life.events, later], key=moment_of)))
    before, after = streak_of(without, excuses, now), streak_of(graded, excuses, now)
    assert {mark.day for mark in without} <= {mark.day for mark in graded}
    assert after.total - before.total in (0, 1)
    assert after.current >= before.current
    assert after.longest >= before.longest


@given(lives())
@settings(UNHURRIED, max_examples=40)
def test_late_grading_at_home_is_the_same_as_at_once(life: Life):
    at_home = replace(life, events=[event for event in life.events if event[1] != "move"])
    assert streak_of(*lived(at_home)) == streak_of(*lived(at_home, late=False))


@given(lives())
@settings(UNHURRIED, max_examples=40)
def test_an_outage_of_ours_never_makes_a_streak_shorter(life: Life):
    marks, excuses, now = lived(life)
    without = streak_of(marks, Excuses(excuses.study_days), now)
    with_outages = streak_of(marks, excuses, now)
    assert with_outages.current >= without.current
    assert with_outages.longest >= without.longest
    assert with_outages.freezes >= without.freezes or with_outages.current > without.current


@pytest.mark.soak
def test_many_lives():
    for seed in range(20_000):
        dice = random.Random(seed)  # noqa: S311
        at = dice.choice(STARTS)
        life = Life(at, dice.choice(ZONES))
        for _ in range(dice.randint(1, 200)):
            at += timedelta(minutes=dice.randint(1, 3300))
            kind = dice.choices(("work", "late", "move", "off", "down"), (12, 2, 2, 1, 1))[0]
            what: object = None
            if kind == "down":
                life.outages.append((at, at + timedelta(minutes=15 * dice.randint(1, 200))))
                continue
            if kind == "late":
                what = timedelta(hours=dice.randint(1, 90))
            elif kind == "move":
                what = dice.choice(ZONES)
            elif kind == "off":
                what = frozenset(dice.sample(range(1, 8), dice.randint(1, 7)))
            life.events.append((at, kind, what))
        if not life.events:
            continue
        assert as_reference(streak_of(*lived(life))) == diary(life), seed
        if seed % 2000 == 0:
            print(f"{seed} lives: the same")
