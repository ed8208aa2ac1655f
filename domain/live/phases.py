"""The course of a round: lobby, question, reveal, pause, end; and what an outage does to it. Pure.

A round is a row; this module says what the row becomes. Nothing here waits or sends. Whoever owns
the round asks `due` what time has brought about, and anybody's press is answered by one of the
other functions; both write the new row only if its version is still the one they read.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from domain.errors import N_, Refusal
from domain.live.rules import UNANSWERED_BEFORE_PAUSE

Phase = Literal["lobby", "question", "reveal", "paused", "finished", "stopped"]
Why = Literal["host", "silence", "outage"]

UNNOTICED = timedelta(seconds=5)  # an outage this short moves nothing
LONGEST_OUTAGE = timedelta(minutes=10)  # after a longer one people have gone; the host decides
KEPT = timedelta(days=30)  # a paused round can be taken up again
REVEAL = timedelta(seconds=8)  # long enough to read an explanation of two sentences
AT_ONCE = timedelta(seconds=1)  # a message that appears this soon moves nothing
PATIENCE = timedelta(seconds=30)  # how long a clock waits for a message to appear


@dataclass(frozen=True, slots=True)
class Round:
    """Where a round stands.

    Args:
        phase: what is going on.
        position: of the question that is open or was last, from 0; -1 before the first.
        count: how many questions it has.
        opened_at: when the open question was shown, moved on by outages and pauses.
        closes_at: the latest end of this phase; None: it waits for somebody.
        extra: what the host has added to everybody's time for this question.
        seen_at: when its owner last said that it lives.
        unseen_since: since when no message shows this phase; its clock waits. None: it is shown.
        silent: questions in a row that nobody answered.
        paused_at: since when it rests.
        paused_in: the phase it goes on with after a rest.
        why: why it rests.
    """

    phase: Phase
    position: int
    count: int
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    extra: timedelta = timedelta(0)
    seen_at: datetime | None = None
    unseen_since: datetime | None = None
    silent: int = 0
    paused_at: datetime | None = None
    paused_in: Phase | None = None
    why: Why | None = None

    @property
    def is_last(self) -> bool:
        """Whether no question follows."""
        return self.position + 1 >= self.count

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.phase in {"finished", "stopped"}


@dataclass(frozen=True, slots=True)
class Recovered:
    """What taking over did: `moved` is the time that was added, zero when nobody noticed."""

    round: Round
    moved: timedelta
    paused: bool


def open_next(now_: Round, closes_at: datetime | None, now: datetime) -> Round:
    """Show the next question, or end after the last one.

    Args:
        now_: in the lobby, or with an answer revealed.
        closes_at: when the question ends; see `rules.closes_at`.
        now: this instant.

    Raises:
        Refusal: a question is open, or the round is over.
    """
    if now_.phase not in {"lobby", "reveal"}:
        raise Refusal(N_("This quiz is not waiting for its next question."))
    if now_.is_last:
        return replace(now_, phase="finished", closes_at=None, unseen_since=None)
    return replace(
        now_,
        phase="question",
        position=now_.position + 1,
        opened_at=now,
        closes_at=closes_at,
        extra=timedelta(0),
        seen_at=now,
        unseen_since=now,
    )


def reveal(now_: Round, answered: int, now: datetime, shown: timedelta = REVEAL) -> Round:
    """Close the open question and show its answer; rest after too many that nobody answered.

    Raises:
        Refusal: no question is open.
    """
    if now_.phase != "question":
        raise Refusal(N_("No question is open."))
    silent = 0 if answered else now_.silent + 1
    shut = replace(
        now_,
        phase="reveal",
        closes_at=now + shown,
        silent=silent,
        seen_at=now,
        unseen_since=now,
    )
    if silent >= UNANSWERED_BEFORE_PAUSE and not shut.is_last:
        return pause(replace(shut, silent=0), now, "silence")
    return shut


def pause(now_: Round, now: datetime, why: Why = "host") -> Round:
    """Rest; the time that is left of a question is kept.

    Raises:
        Refusal: there is nothing to pause.
    """
    if now_.phase not in {"question", "reveal"}:
        raise Refusal(N_("There is nothing to pause."))
    return replace(now_, phase="paused", paused_at=now, paused_in=now_.phase, why=why)


def resume(now_: Round, now: datetime) -> Round:
    """Go on where it rested: what was open keeps the time it had left.

    Raises:
        Refusal: it does not rest, or rested for so long that it is over.
    """
    if now_.paused_at is None or now_.paused_in is None:
        raise Refusal(N_("This quiz is not paused."))
    if now - now_.paused_at > KEPT:
        raise Refusal(N_("This quiz was paused for over 30 days, and has ended."))
    woken = replace(now_, phase=now_.paused_in, paused_at=None, paused_in=None, why=None)
    return _moved(woken, now - now_.paused_at, now)


def extend(now_: Round, by: timedelta) -> Round:
    """Give everybody more time for the open question.

    Raises:
        Refusal: no question with a timer is open.
    """
    if now_.phase != "question" or now_.closes_at is None:
        raise Refusal(N_("No question with a timer is open."))
    return replace(now_, closes_at=now_.closes_at + by, extra=now_.extra + by)


def stop(now_: Round) -> Round:
    """End early; the scores so far stay.

    Raises:
        Refusal: it has ended already.
    """
    if now_.is_over:
        raise Refusal(N_("This quiz has ended already."))
    return replace(
        now_,
        phase="stopped",
        closes_at=None,
        unseen_since=None,
        paused_at=None,
        paused_in=None,
        why=None,
    )


def shown(now_: Round, at: datetime) -> Round:
    """Let the clock of a phase begin: its message is there. What was late is added to its end.

    Args:
        now_: with a phase that nobody has seen yet; any other is not changed.
        at: when it was there; it counts as shown after `PATIENCE` at the latest.
    """
    if now_.unseen_since is None:
        return now_
    seen = replace(now_, unseen_since=None)
    late = min(at - now_.unseen_since, PATIENCE)
    return seen if late <= AT_ONCE else _later(seen, late)


def used(now_: Round, at: datetime) -> timedelta:
    """How long the open question has been on the screen at some time after it was opened."""
    if now_.opened_at is None:
        return timedelta(0)
    if now_.phase == "question" and now_.unseen_since is not None:
        return max(timedelta(0), at - now_.unseen_since - PATIENCE)
    return max(timedelta(0), at - now_.opened_at)


def due(now_: Round, now: datetime) -> bool:
    """Whether time alone ends what is going on; it does not while nothing shows it."""
    runs = now_.phase != "paused" and now_.unseen_since is None
    return runs and now_.closes_at is not None and now >= now_.closes_at


def take_over(now_: Round, now: datetime) -> Recovered:
    """What becomes of a round whose owner was silent since `seen_at`.

    A short silence changes nothing. After a longer one the time of the outage is given back to
    the players; after a very long one the round rests until the host goes on.
    """
    if now_.seen_at is None or now_.phase not in {"question", "reveal"}:
        return Recovered(now_, timedelta(0), paused=False)
    lost = now - now_.seen_at
    if lost <= UNNOTICED:
        return Recovered(replace(now_, seen_at=now), timedelta(0), paused=False)
    if lost > LONGEST_OUTAGE:
        # The clock stood still when the owner fell silent.
        return Recovered(pause(now_, now_.seen_at, "outage"), lost, paused=True)
    return Recovered(_moved(now_, lost, now), lost, paused=False)


def _moved(now_: Round, by: timedelta, now: datetime) -> Round:
    waits = now_.unseen_since + by if now_.unseen_since else None
    return replace(_later(now_, by), seen_at=now, unseen_since=waits)


def _later(now_: Round, by: timedelta) -> Round:
    """With a clock that began later; a question that is closed keeps the time it was opened."""
    is_open = "question" in {now_.phase, now_.paused_in}
    opened = now_.opened_at + by if now_.opened_at and is_open else now_.opened_at
    closes = now_.closes_at + by if now_.closes_at else None
    return replace(now_, opened_at=opened, closes_at=closes)
