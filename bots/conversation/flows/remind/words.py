"""What somebody types after /remind, understood. Pure."""

import re
from datetime import time

from bots.conversation.flows.day_words import weekdays_from
from domain.errors import N_, Refusal
from domain.notifications.reminders import EVERY_DAY, Quiet

_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?(?=\s|$|-)", re.IGNORECASE)
_NAMED = {
    "": EVERY_DAY,
    "daily": EVERY_DAY,
    "every day": EVERY_DAY,
    "weekdays": frozenset(range(1, 6)),
    "weekends": frozenset((6, 7)),
}


def clock_at_start(text: str) -> tuple[time, str] | None:
    """The time of day that a text begins with, as in "20:00", "8 pm" or "7.30", and the rest."""
    found = _CLOCK.match(text)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        return None
    return time(hour, minute), text[found.end() :].strip()


def wish_from(text: str) -> tuple[time, frozenset[int]]:
    """The time and the weekdays (ISO) in "20:00" or "18:30 mon-fri".

    Raises:
        Refusal: no time, or a word that is no weekday; the message has an example.
    """
    found = clock_at_start(text.strip())
    if found is None:
        raise Refusal(
            N_("When shall I remind you? Type a time, and days if you like: /remind 18:30 mon-fri"),
            choices=("/remind 20:00", "/remind off"),
        )
    at, days = found
    known = _NAMED.get(days.lower())
    return at, known or weekdays_from(days, f"/remind {at:%H:%M}")


def quiet_from(text: str) -> Quiet:
    """Quiet hours from "22:00-08:00", or none from "off".

    Raises:
        Refusal: neither of the two.
    """
    if text.strip().lower() == "off":
        return Quiet(time(0), time(0))
    first, _, last = text.strip().partition("-")
    begins, ends = clock_at_start(first.strip()), clock_at_start(last.strip())
    if begins is None or ends is None or begins[1] or ends[1]:
        raise Refusal(
            N_("Quiet hours are typed like this: /remind quiet 22:00-08:00, or /remind quiet off"),
            choices=("/remind quiet 22:00-08:00", "/remind quiet off"),
        )
    return Quiet(begins[0], ends[0])
