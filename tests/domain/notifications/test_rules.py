"""What follows from each outcome of a send."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.notifications.rules import MOST_ATTEMPTS, Claimed, Outcome, decide

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
MESSAGE = Claimed(
    id=UUID(int=1),
    fence=1,
    attempts=1,
    user_id=UUID(int=2),
    platform="terminal",
    address="ana",
    kind="news",
    payload={},
    policy="at_least_once",
    expires_at=None,
)


def test_what_was_sent_is_done() -> None:
    assert decide(MESSAGE, Outcome("sent"), NOW, 0.5).state == "done"


@pytest.mark.parametrize("result", ["rejected", "blocked"])
def test_what_will_never_arrive_is_dead_and_says_why(result: str) -> None:
    decision = decide(MESSAGE, Outcome(result, "no such chat"), NOW, 0.5)  # type: ignore[arg-type]
    assert (decision.state, decision.error) == ("dead", "no such chat")


def test_a_failed_try_comes_again_after_a_growing_pause() -> None:
    pauses = []
    for attempts in range(1, 12):
        decision = decide(replace(MESSAGE, attempts=attempts), Outcome("not_sent"), NOW, 1.0)
        assert decision.state == "pending"
        assert decision.run_at is not None
        pauses.append((decision.run_at - NOW).total_seconds())
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_spread_halves_the_pause_at_most() -> None:
    decision = decide(MESSAGE, Outcome("not_sent"), NOW, 0.0)
    assert decision.run_at == NOW + timedelta(seconds=1)


def test_after_too_many_tries_it_is_dead() -> None:
    tired = replace(MESSAGE, attempts=MOST_ATTEMPTS)
    assert decide(tired, Outcome("not_sent", "503"), NOW, 0.5).state == "dead"


def test_being_asked_to_wait_is_obeyed_and_is_no_try() -> None:
    tired = replace(MESSAGE, attempts=MOST_ATTEMPTS)
    outcome = Outcome("wait", "429", timedelta(seconds=17))
    decision = decide(tired, outcome, NOW, 0.5)
    assert decision.state == "pending"
    assert decision.run_at == NOW + timedelta(seconds=17)
    assert decision.attempts == MOST_ATTEMPTS - 1


def test_an_unknown_outcome_is_tried_again_only_where_twice_is_better_than_never() -> None:
    rather_missed = replace(MESSAGE, policy="at_most_once")
    assert decide(MESSAGE, Outcome("unknown"), NOW, 0.5).state == "pending"
    assert decide(rather_missed, Outcome("unknown"), NOW, 0.5).state == "done"
    assert decide(rather_missed, Outcome("not_sent"), NOW, 0.5).state == "pending"


def test_nothing_is_tried_again_after_it_expires() -> None:
    soon = replace(MESSAGE, expires_at=NOW + timedelta(seconds=1))
    assert decide(soon, Outcome("not_sent"), NOW, 1.0).state == "dead"
