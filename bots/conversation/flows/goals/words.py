"""What somebody types after /goal, understood. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import get_month_names

from domain.errors import N_, Refusal
from domain.motivation.goals import METRICS

_MINUTES = re.compile(r"(\d{1,5})\s*(?:m|min|minutes?)?", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,2})\s*(?:h|hours?)", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«']([^\"”“»']{1,200})[\"”“»']")
_KEYED = re.compile(r"\b(metric|target):(\S+)", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|do)\s+(.+)$", re.IGNORECASE)
_NUMBER = r"-?(?:\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+|\d+)"  # thousands may be parted
_AMOUNT = re.compile(rf"(?<!\S)({_NUMBER})\s*([^\W\d_]+)")
_WHOLE = re.compile(_NUMBER)
_SINGULAR = {"quiz": "quizzes", "minute": "minutes", "min": "minutes", "point": "xp"}
_SINGULAR["points"] = "xp"
_MOST_DIGITS = 9
_LEAP_CYCLE = 8  # years in which a 29 February comes, whatever the century


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


def date_from(text: str, today: date, language: str) -> date:
    """A date from "2026-12-01", "1 Dec", "Dec 1 2026" or "1.12."; the next one without a year.

    Raises:
        Refusal: it is no date.
    """
    words = re.sub(r"[.,/]", " ", text.strip().lower()).split()
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    months = dict(_months(language))
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= 4]
    named = [months[word] for word in words if word in months]
    if len(numbers) + len(named) != len(words) or len(named) > 1:
        raise _no_date(text)
    day, *others = numbers or [0]
    if named:
        month, years = named[0], others
    elif others:
        month, years = others[0], others[1:]
    else:
        raise _no_date(text)
    if len(years) > 1:
        raise _no_date(text)
    try:
        if years:
            return date(years[0], month, day)
        return next(_yearly(day, month, today))
    except (ValueError, StopIteration) as error:
        raise _no_date(text) from error


def _yearly(day: int, month: int, today: date) -> Iterator[date]:
    """The dates from today on with this day and month: of 29 February not every year has one."""
    for year in range(today.year, today.year + _LEAP_CYCLE + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            yield found


def _months(language: str) -> Iterator[tuple[str, int]]:
    for locale in {language, "en"}:
        for width in ("wide", "abbreviated"):
            names = get_month_names(width, "format", locale=Locale.parse(locale))
            for number, name in names.items():
                yield name.lower().rstrip("."), int(number)


def _no_date(text: str) -> Refusal:
    return Refusal(
        N_("“{text}” is no date. Write it like this: 1 Dec, or 2026-12-01."), {"text": text[:30]}
    )
