"""The one scheduled message of a learner's date: what every kind says, in one text. Pure."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from domain.errors import N_
from domain.notifications.kinds import REMINDER
from domain.notifications.parts import Facts, Part, parts
from domain.notifications.reminders import Patience
from domain.notifications.reminders_text import AGAIN, CHOICES, END, HALF, LAST_CHOICES, Today

LAST_NUDGE = N_(
    "My last {ignored} messages did not suit you. This is the last one until you write again."
)
MOST_MUTES = 5  # buttons: all kinds beside a reminder

_MESSAGES = 4_096  # most learners hear the same with few numbers


@dataclass(frozen=True, slots=True)
class Message:
    """A merged message: the kind it counts as, its payload as JSON, what is remembered as told."""

    kind: str
    payload: str
    told: tuple[tuple[str, str], ...]


def merged(
    facts: Facts, muted: Sequence[str], patience: Patience, *, has_hour: bool
) -> Message | None:
    """The one message of a date; None when nothing is worth saying."""
    said = parts(facts, muted, has_hour=has_hour)
    if not said:
        return None
    kinds = [part.kind for part in said]
    told = tuple((part.kind, fact) for part in said for fact in part.facts)
    lead = REMINDER if REMINDER in kinds else kinds[0]
    return Message(lead, json.dumps(_payload(said, patience)), told)


@lru_cache(maxsize=_MESSAGES)
def plain(today: Today, muted: tuple[str, ...], patience: Patience) -> Message | None:
    """The message at a learner's hour when there is nothing to know but what today looks like."""
    return merged(Facts(date.min, today), muted, patience, has_hour=True)


def _payload(said: Sequence[Part], patience: Patience) -> dict[str, Any]:
    """Paragraphs, values, one set of buttons, and the kinds in it."""
    kinds = [part.kind for part in said]
    texts = [text for part in said for text in part.texts]
    values: dict[str, Any] = {"ignored": patience.ignored}
    for part in said:
        values |= part.values
    if patience.says_half:
        texts.append(HALF)
    if patience.says_end:
        texts += [END, AGAIN] if REMINDER in kinds else [LAST_NUDGE]
    choices = list(_choices(kinds, is_last=patience.says_end))
    return {"text": "\n\n".join(texts), "values": values, "choices": choices, "kinds": kinds}


def _choices(kinds: Sequence[str], *, is_last: bool) -> Iterator[str]:
    if is_last:
        yield from LAST_CHOICES
    elif REMINDER in kinds:
        yield from CHOICES
        others = [kind for kind in kinds if kind != REMINDER]
        yield from (f"/mute {kind}" for kind in others[:MOST_MUTES])
    else:
        yield "/cards" if kinds[0] == "cards" else "/learn"
        yield from (f"/mute {kind}" for kind in kinds[:MOST_MUTES])
        yield "/remind"
