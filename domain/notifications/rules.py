"""What is sent to whom, what became of it, and what follows from that. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from domain.jobs.rules import backoff

MOST_ATTEMPTS = 20  # with their pauses about an hour; then the message is dead
LONGEST_REASON = 500  # characters kept of an error

Policy = Literal["at_most_once", "at_least_once"]
State = Literal["pending", "done", "dead"]
Result = Literal["sent", "wait", "not_sent", "unknown", "rejected", "blocked"]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be told later, to one person or in one channel.

    Args:
        key: names the fact ("graded:<attempt>"); the same key is sent once.
        kind: what sort of news it is; people mute kinds.
        text: English sentence(s) with named placeholders, marked with `N_`; or several, each a
            paragraph of its own.
        values: the placeholders' values (JSON); they may hold learner text.
        run_at: not before this instant.
        user_id: who is told, in their chat used last.
        identity_id: the account to prefer, such as the one the work was handed in from.
        channel_id: instead of a person: a row of `delivery_channels`.
        choices: command lines offered as next steps.
        policy: when a sender dies in the middle: rather missed, or rather doubled.
        expires_at: not after this instant.
    """

    key: str
    kind: str
    text: str
    values: Mapping[str, Any]
    run_at: datetime
    user_id: UUID | None = None
    identity_id: UUID | None = None
    channel_id: UUID | None = None
    choices: tuple[str, ...] = ()
    policy: Policy = "at_least_once"
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message this process may send while its lease lasts.

    Args:
        id: of the outbox row.
        fence: this claim's number; what is written under an older one is refused.
        attempts: tries begun, this one included once it has begun.
        platform: which platform it goes to.
        address: the chat there.
        language: the one the person chose, else the platform's of that account, if known.
    """

    id: UUID
    fence: int
    attempts: int
    user_id: UUID | None
    platform: str
    address: str
    kind: str
    payload: Mapping[str, Any]
    policy: Policy
    expires_at: datetime | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sender says about one message.

    Args:
        result: "sent"; "wait": the platform asks to come back later; "not_sent": it surely did
            not arrive; "unknown": it may have arrived; "rejected": it will never be taken;
            "blocked": this person or chat does not take messages from us.
        reason: what the platform said, for the log.
        retry_after: what the platform asks for with "wait".
    """

    result: Result
    reason: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the outbox row becomes."""

    state: State
    attempts: int
    run_at: datetime | None = None
    error: str | None = field(default=None)


def decide(
    message: Claimed, outcome: Outcome, now: datetime, spread: float, most: int = MOST_ATTEMPTS
) -> Decision:
    """What follows from an outcome; "blocked" ends here only when there is no other chat.

    Args:
        message: as it was sent.
        outcome: what the sender said.
        now: the present.
        spread: a random number from 0 to 1.
        most: tries after which a message is dead.
    """
    reason = outcome.reason[:LONGEST_REASON] or None
    if outcome.result == "sent":
        return Decision("done", message.attempts)
    if outcome.result in {"rejected", "blocked"}:
        return Decision("dead", message.attempts, error=reason or outcome.result)
    if outcome.result == "unknown" and message.policy == "at_most_once":
        return Decision("done", message.attempts, error=reason or "outcome unknown")
    attempts = message.attempts
    if outcome.result == "wait" and outcome.retry_after is not None:
        attempts = max(0, attempts - 1)  # being asked to wait is no failure
        pause = outcome.retry_after
    elif attempts >= most:
        return Decision("dead", attempts, error=reason or "too many tries")
    else:
        pause = backoff(max(1, attempts), spread)
    if message.expires_at is not None and now + pause >= message.expires_at:
        return Decision("dead", attempts, error=reason or "expired")
    return Decision("pending", attempts, run_at=now + pause, error=reason)
