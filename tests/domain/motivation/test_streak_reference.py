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
            chosen = [one for one in chosen if one[0] < today]
            chosen.append((today, what))
    excuses = Excuses(tuple(chosen), dates_of(life.outages, history))
    end = max(at for at, _, _ in life.events) if life.events else life.start
    today = local_date(end, zones[-1])
    if marks:
        today = max(today, marks[-1].day)
    return marks, excuses, moment(today, end, zones[-1])


def diary(marks: list[Mark], excuses: Excuses, now: Mark) -> tuple[int, int, int, int, list[date]]:
    """The reference: current, longest, total, freezes, frozen dates; one page for each date."""
    worked = {mark.day: mark for mark in marks}
    if not worked:
        return 0, 0, 0, 0, []
    run = longest = 0
    jar: list[str] = []  # active days put by; seven of them are a freeze
    frozen: list[date] = []
    page = min(worked)
    seen: Mark | None = None
    free_flight = False
    while page <= max(now.day, max(worked)):
        if page in worked:
            run += 1
            if len(jar) < 14:
                jar.append("day")
            longest = max(longest, run)
            seen = worked[page]
            coming = [worked[day] for day in sorted(worked) if day > page]
            goal = coming[0] if coming else now
            places = set(seen.zones) | set(goal.zones)
            free_flight = len(places) >= 2 and goal.began < seen.ended + timedelta(days=2)
        elif page < now.day or page < max(worked):
            weekdays = {1, 2, 3, 4, 5, 6, 7}
            for since, chosen in excuses.study_days:
                if since <= page:
                    weekdays = set(chosen)
            if page in excuses.down or page.isoweekday() not in weekdays or run == 0:
                pass
            elif free_flight:
                free_flight = False
            elif len(jar) >= 7:
                del jar[:7]
                frozen.append(page)
            else:
                run, jar = 0, []
        page += DAY
    return run, longest, len(worked), len(jar) // 7, frozen


def as_reference(streak: Streak) -> tuple[int, int, int, int, list[date]]:
    return (
        streak.current,
        streak.longest,
        streak.total,
        streak.freezes,
        list(streak.frozen),
    )


@given(lives())
@settings(UNHURRIED, max_examples=120)
def test_any_life_gives_the_streak_that_the_diary_gives(life: Life):
    marks, excuses, now = lived(life)
    assert as_reference(streak_of(marks, excuses, now)) == diary(marks, excuses, now)


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
            kind = dice.choices(("work", "late", "move", "off"), (12, 2, 2, 1))[0]
            what: object = None
            if kind == "late":
                what = timedelta(hours=dice.randint(1, 90))
            elif kind == "move":
                what = dice.choice(ZONES)
            elif kind == "off":
                what = frozenset(dice.sample(range(1, 8), dice.randint(1, 7)))
            life.events.append((at, kind, what))
        marks, excuses, now = lived(life)
        assert as_reference(streak_of(marks, excuses, now)) == diary(marks, excuses, now), seed
        if seed % 2000 == 0:
            print(f"{seed} lives: the same")
