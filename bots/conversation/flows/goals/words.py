"""What somebody types after /goal, understood. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bots.conversation.flows.goals.dates import date_from
from domain.errors import N_, Refusal
from domain.motivation.goals import METRICS

_MINUTES = re.compile(r"(\d{1,5})\s*(?:m|min|minutes?)?", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,2})\s*(?:h|hours?)", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«']([^\"”“»']{1,200})[\"”“»']")
_KEYED = re.compile(r"\b(metric|target):(\S+)", re.IGNORECASE)
_BY = re.compile(r"\b(?:(?:by|until|do)\s+(?=\S)|(?=(?:in|za)\s+\d))(.+)$", re.IGNORECASE)
_NUMBER = r"-?(?:\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+|\d+)"  # thousands may be parted
_AMOUNT = re.compile(rf"(?<!\S)({_NUMBER})\s*([^\W\d_]+)")
_WHOLE = re.compile(_NUMBER)
_SINGULAR = {"quiz": "quizzes", "minute": "minutes", "min": "minutes", "point": "xp"}
_SINGULAR["points"] = "xp"
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Wish:
    """A goal as it was typed; `title` is empty when none was given."""

    title: str
    metric: str
    target: int
    by: date | None


def minutes_from(text: str) -> int | None:
    """The minutes in "20", "20m", "20 min" or "1h"; None when it is no length of time."""
    if hours := _HOURS.fullmatch(text.strip()):
        return int(hours[1]) * 60
    found = _MINUTES.fullmatch(text.strip())
    return int(found[1]) if found else None


def wish_from(
    text: str, today: date, language: str, units: Mapping[str, str] | None = None
) -> Wish:
    """A goal from "50 cards by 1 Dec" or '"Finish OSI" by 1 Dec metric:lessons target:12'.

    Args:
        text: what was typed.
        today: a date without a year is the next one from here.
        language: months may be called as in this language, or in English.
        units: what the metrics are called in this language, in any form.

    Raises:
        Refusal: something is missing or not understood; the message has an example.
    """
    quoted = _QUOTED.search(text)
    rest = text.replace(quoted[0], " ", 1) if quoted else text
    keyed: dict[str, str] = {key.lower(): value for key, value in _KEYED.findall(rest)}
    rest = " ".join(_KEYED.sub(" ", rest).split())
    due = _BY.search(rest)
    by = date_from(due[1], today, language) if due else None
    amount = _AMOUNT.search(rest[: due.start()] if due else rest)
    number, unit = (amount[1], amount[2]) if amount else ("", "")
    number = keyed.get("target", number)
    digits = re.sub(r"[^\d-]", "", number)
    if not _WHOLE.fullmatch(number) or len(digits) > _MOST_DIGITS:
        raise Refusal(
            N_("How much should it be? For example: /goal new 50 cards by 1 Dec"),
            choices=("/goal",),
        )
    metric = _metric(keyed.get("metric", unit).lower(), units or {})
    return Wish(quoted[1].strip() if quoted else "", metric, int(digits), by)


def _metric(word: str, units: Mapping[str, str]) -> str:
    """The metric that a word means; the word itself if it means none."""
    word = _SINGULAR.get(word, word)
    if word in METRICS:
        return word
    return f"{word}s" if f"{word}s" in METRICS else units.get(word, word)
