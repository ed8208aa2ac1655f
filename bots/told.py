"""What a worker's ticks did, in words. Pure."""

import re

from domain.jobs.ticks import Fired

IDLE = "nothing to do"
_WORDS = {
    "made": "{} monthly partitions made",
    "returned": "{} messages taken back from senders that stopped",
    "planned": "{} messages planned",
    "sent": "{} messages written",
    "done": "{} not needed, the day was done",
    "nothing": "{} not needed any more",
    "off": "{} left out on a day off",
    "spared": "{} left out, since the latest were ignored",
    "late": "{} too late",
    "quiet": "{} left out in quiet hours",
    "muted": "{} muted",
    "closed": "{} for closed accounts",
    "moved": "{} put to another hour, since the zone changed",
    "told": "{} left out, since the date had its message",
    "corrected": "{} hours corrected",
    "graded": "{} graded",
    "answers": "{} answers learned from",
    "vectors": "{} texts turned into vectors",
    "unready": "{} passages still found by words alone",
    "ended": "{} forgotten rounds ended",
    "days": "{} days of components derived",
    "questions": "{} questions counted",
    "expired": "{} enrollments over",
    "refreshed": "{} reports filled again",
    "deleted": "{} old rows deleted",
    "error": "{}",
}
_MANY = re.compile(
    r"\b(partition|message|hour|answer|text|passage|round|day|question|enrollment|report|row)s\b"
)


def describe(fired: Fired) -> str:
    """One run of a tick in words, without what came to nothing: "attempts: 3 graded"."""
    facts = [_said(name, value) for name, value in fired.details.items() if value]
    return f"{fired.name}: {'failed: ' if fired.failed else ''}{', '.join(facts) or IDLE}"


def _said(name: str, value: object) -> str:
    words = _WORDS.get(name, f"{name} {{}}").format(value)
    return _MANY.sub(r"\1", words, count=1) if value == 1 else words
