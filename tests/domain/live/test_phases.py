"""The course of a round: what follows what, and what pauses and outages cost nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.live import phases
from domain.live.phases import Round

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
LOBBY = Round("lobby", -1, 3)
QUIET: tuple[phases.Phase, ...] = ("lobby", "paused", "finished")
SECONDS = st.integers(0, 4_000).map(lambda s: timedelta(seconds=s))


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def asking(seconds: float = 21) -> Round:
    """A question that was opened and shown at once."""
    return phases.shown(phases.open_next(LOBBY, at(seconds), NOW), NOW)


def test_a_round_from_lobby_to_end():
    now = LOBBY
    seen = []
    for _ in range(3):
        now = phases.open_next(now, at(21), NOW)
        seen.append((now.phase, now.position))
        now = phases.reveal(now, 2, NOW)
        seen.append((now.phase, now.position))
    now = phases.open_next(now, None, NOW)
    assert seen == [(phase, n) for n in range(3) for phase in ("question", "reveal")]
    assert now.phase == "finished"
    assert now.is_over


def test_three_questions_that_nobody_answers_make_it_rest():
    now = replace(LOBBY, count=9)
    for answered in (1, 0, 0, 0):
        now = phases.reveal(phases.open_next(now, at(21), NOW), answered, NOW)
    assert (now.phase, now.why, now.position) == ("paused", "silence", 3)
    woken = phases.resume(now, at(3600))
    assert (woken.phase, woken.silent) == ("reveal", 0)
    assert phases.open_next(woken, None, NOW).position == 4


def test_the_last_question_ends_even_when_nobody_answers():
    now = replace(asking(), position=2, silent=2)
    assert phases.reveal(now, 0, NOW).phase == "reveal"


@given(SECONDS, SECONDS)
def test_a_rest_keeps_the_time_that_was_left(before: timedelta, rest: timedelta):
    now = phases.pause(asking(5_000), NOW + before)
    woken = phases.resume(now, NOW + before + rest)
    assert woken.closes_at is not None
    assert woken.opened_at is not None
    assert woken.closes_at - (NOW + before + rest) == at(5_000) - (NOW + before)
    assert NOW + before + rest - woken.opened_at == before
    assert not phases.due(now, at(10_000))


@given(SECONDS)
def test_an_outage_costs_nobody_time(lost: timedelta):
    now = replace(asking(5_000), seen_at=at(7))
    back = at(7) + lost
    found = phases.take_over(now, back)
    if lost <= phases.UNNOTICED:
        assert (found.round.closes_at, found.moved) == (now.closes_at, timedelta(0))
    elif lost <= phases.LONGEST_OUTAGE:
        assert found.round.closes_at is not None
        assert found.round.closes_at - back == at(5_000) - at(7)
        assert found.moved == lost
    else:
        assert (found.round.phase, found.round.why) == ("paused", "outage")
        woken = phases.resume(found.round, back)
        assert woken.closes_at is not None
        assert woken.closes_at - back == at(5_000) - at(7)


@given(SECONDS)
def test_a_clock_begins_when_its_message_is_there(late: timedelta):
    waiting = phases.open_next(LOBBY, at(21), NOW)
    assert not phases.due(waiting, at(9_999))
    begun = phases.shown(waiting, NOW + late)
    waited = timedelta(0) if late <= phases.AT_ONCE else min(late, phases.PATIENCE)
    assert begun.opened_at == NOW + waited
    assert begun.closes_at == at(21) + waited
    assert phases.due(begun, at(21) + waited)
    assert phases.shown(begun, at(9_999)) == begun  # nothing is given twice


@given(SECONDS)
def test_who_answers_before_the_clock_runs_has_used_nothing(after: timedelta):
    waiting = phases.open_next(LOBBY, at(21), NOW)
    assert phases.used(waiting, NOW + after) == max(timedelta(0), after - phases.PATIENCE)
    assert phases.used(asking(), NOW + after) == after


@given(SECONDS, SECONDS)
def test_an_answer_that_is_shown_late_changes_nothing_of_its_question(
    late: timedelta, rest: timedelta
):
    revealed = phases.reveal(asking(), 1, at(10))
    begun = phases.shown(revealed, at(10) + late)
    assert begun.opened_at == asking().opened_at
    assert begun.closes_at is not None
    assert begun.closes_at - at(10) - phases.REVEAL <= phases.PATIENCE
    resting = phases.pause(revealed, at(10) + late)
    woken = phases.resume(resting, at(10) + late + rest)
    assert woken.unseen_since == at(10) + rest


def test_taking_over_what_waits_for_people_changes_nothing():
    for phase in QUIET:
        quiet = replace(LOBBY, phase=phase, seen_at=NOW)
        assert phases.take_over(quiet, at(9_999)).round == quiet


def test_time_ends_a_question_only_when_it_has_a_timer():
    assert not phases.due(asking(21), at(20.9))
    assert phases.due(asking(21), at(21))
    assert phases.due(phases.extend(asking(21), timedelta(seconds=9)), at(30))
    assert not phases.due(replace(asking(), closes_at=None), at(9_999))


@pytest.mark.parametrize(
    "step",
    [
        lambda: phases.reveal(LOBBY, 0, NOW),
        lambda: phases.open_next(asking(), None, NOW),
        lambda: phases.pause(LOBBY, NOW),
        lambda: phases.resume(asking(), NOW),
        lambda: phases.extend(replace(asking(), closes_at=None), timedelta(1)),
        lambda: phases.stop(phases.stop(asking())),
        lambda: phases.resume(phases.pause(asking(), NOW), NOW + timedelta(days=31)),
    ],
)
def test_what_does_not_fit_the_phase_is_refused(step: Callable[[], object]):
    with pytest.raises(Refusal):
        step()
