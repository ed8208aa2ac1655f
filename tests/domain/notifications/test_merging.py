"""What a merged message says: every kind at most once, in order, and nothing that is muted."""

import json
from datetime import date, timedelta
from string import Formatter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.notifications.kinds import KINDS, NOT_ASKED_FOR, REMINDER, SCHEDULED, scheduled
from domain.notifications.merging import merged, plain
from domain.notifications.parts import BEHIND, FREEZES, NEAR, Facts, Goal, News, Run, parts
from domain.notifications.reminders import Patience
from domain.notifications.reminders_text import Today

DAY = date(2026, 3, 2)
ONE = UUID(int=1)

todays = st.builds(
    Today,
    is_active=st.booleans(),
    is_off=st.booleans(),
    goal=st.none() | st.integers(1, 60),
    seconds=st.integers(0, 4_000),
    cards=st.integers(0, 30),
    days=st.integers(0, 40),
)
dates = st.integers(-30, 30).map(lambda n: DAY + timedelta(days=n))
goals = st.builds(
    Goal,
    id=st.uuids(),
    title=st.sampled_from(["OSI", "{days}", "*loud*"]),
    target=st.integers(1, 100),
    value=st.integers(0, 99),
    start=dates,
    by=st.none() | dates,
)
runs = st.builds(
    Run,
    days=st.integers(1, 40),
    freezes=st.integers(0, 2),
    kept=st.lists(dates, max_size=2, unique=True).map(lambda found: tuple(sorted(found))),
)
facts = st.builds(
    Facts,
    day=st.just(DAY),
    today=todays,
    run=st.none() | runs,
    is_down=st.booleans(),
    goals=st.lists(goals, max_size=3).map(tuple),
    news=st.lists(
        st.builds(News, course=st.uuids(), title=st.text(max_size=9), lessons=st.integers(1, 9)),
        max_size=4,
        unique_by=lambda one: one.course,
    ).map(tuple),
)
mutes = st.sets(st.sampled_from(SCHEDULED)).map(tuple)
patience = st.builds(Patience, st.integers(0, 11), st.booleans())


@given(facts, mutes, st.booleans())
def test_each_kind_speaks_once_in_order_and_no_muted_one(
    known: Facts, muted: tuple[str, ...], has_hour: bool
):
    kinds = [part.kind for part in parts(known, muted, has_hour=has_hour)]
    assert kinds == [kind for kind in KINDS if kind in kinds]
    assert not set(kinds) & set(muted)
    if not has_hour:
        assert REMINDER not in kinds


@given(facts, mutes, patience, st.booleans())
def test_every_blank_has_its_value_and_there_is_one_set_of_buttons(
    known: Facts, muted: tuple[str, ...], patient: Patience, has_hour: bool
):
    found = merged(known, muted, patient, has_hour=has_hour)
    if found is None:
        return
    payload = json.loads(found.payload)
    blanks = {name for _, name, _, _ in Formatter().parse(payload["text"]) if name}
    assert blanks <= payload["values"].keys()
    choices = payload["choices"]
    assert len(set(choices)) == len(choices) <= 9
    if not patient.says_end:
        mutes = {f"/mute {kind}" for kind in payload["kinds"] if kind != REMINDER}
        assert mutes == {choice for choice in choices if choice.startswith("/mute")}
    assert found.kind in payload["kinds"]


@given(facts, st.booleans())
def test_what_was_told_once_is_not_told_the_next_day(known: Facts, has_hour: bool):
    told = {
        (part.kind, fact): DAY
        for part in parts(known, (), has_hour=has_hour)
        for fact in part.facts
        if part.kind != "news"  # what is still new is read from the courses
    }
    tomorrow = Facts(DAY + timedelta(days=1), known.today, known.run, told=told, goals=known.goals)
    again = {
        (part.kind, fact) for part in parts(tomorrow, (), has_hour=has_hour) for fact in part.facts
    }
    assert not again & told.keys()


@given(facts)
def test_nothing_urges_on_a_day_that_is_done_or_free(known: Facts):
    kinds = {part.kind for part in parts(known, (), has_hour=False)}
    if not known.is_open:
        assert not kinds & {"streak", "cards"}
        assert all(BEHIND not in part.texts for part in parts(known, (), has_hour=False))


def test_a_goal_behind_its_pace_says_what_would_reach_it():
    start, by = DAY - timedelta(days=10), DAY + timedelta(days=9)
    goal = Goal(ONE, "OSI", 40, 4, start, by)
    (part,) = parts(Facts(DAY, Today(), goals=(goal,)), (), has_hour=False)
    assert part.texts == (BEHIND,)
    assert (part.values["rate"], part.values["days_left"]) == (4, 10)
    on_pace = Goal(ONE, "OSI", 40, 19, start, by)
    assert parts(Facts(DAY, Today(), goals=(on_pace,)), (), has_hour=False) == ()
    near = Goal(ONE, "OSI", 40, 37, start, by)
    (part,) = parts(Facts(DAY, Today(), goals=(near,)), (), has_hour=False)
    assert (part.texts, part.values["left"]) == ((NEAR,), 3)


def test_two_freezes_are_told_as_two():
    run = Run(8, 0, (DAY - timedelta(days=2), DAY - timedelta(days=1)))
    (part,) = parts(Facts(DAY, Today(), run), (), has_hour=False)
    assert part.texts == (FREEZES,)


def test_what_nobody_asked_for_would_rather_be_missed():
    assert {KINDS[kind].policy for kind in SCHEDULED} == {NOT_ASKED_FOR} == {"at_most_once"}
    waited_for = [kind.policy for kind in KINDS.values() if not kind.is_scheduled]
    assert set(waited_for) == {"at_least_once"}


def test_an_answer_cannot_be_muted():
    assert scheduled(" News ").name == "news"
    for word in ("graded", "everything", ""):
        with pytest.raises(Refusal, match="I know these kinds"):
            scheduled(word)


def test_a_plain_day_is_written_once_for_all():
    today = Today(cards=3)
    assert plain(today, (), Patience()) is plain(today, (), Patience())
    assert plain(Today(is_active=True), (), Patience()) is None
