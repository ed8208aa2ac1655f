"""Dates as people type them: "1 Dec", "2026-12-01", "Friday", "tomorrow", "in 2 weeks". Pure."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from babel import Locale
from babel.dates import get_day_names, get_month_names

from domain.errors import N_, Refusal

_LEAP_CYCLE = 8  # years in which a 29 February comes, whatever the century
_LETTERS, _ENDING = 3, 2  # how far a weekday may be cut short, and what of it may be bent
_AHEAD = {"today": 0, "tomorrow": 1, "dziś": 0, "dzisiaj": 0, "jutro": 1, "jutra": 1}
_DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_DAYS |= {"dzień": 1, "dni": 1, "tydzień": 7, "tygodnie": 7, "tygodni": 7}
_MONTHS = {"month", "months", "miesiąc", "miesiące", "miesięcy"}


def date_from(text: str, today: date, language: str) -> date:
    """A date from "2026-12-01", "1 Dec", "Dec 1 2026", "1.12.", "Friday", "tomorrow", "in 2 weeks".

    Args:
        text: what was typed.
        today: without a year it is the next one from here; a weekday is a later one.
        language: months and weekdays may be called as in this language, or in English.

    Raises:
        Refusal: it is no date.
    """
    words = re.sub(r"[.,/]", " ", text.strip().lower()).split()
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    if (ahead := _ahead(words, today, language)) is not None:
        return ahead
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


def _ahead(words: Sequence[str], today: date, language: str) -> date | None:
    """A date that is told by how far away it is."""
    match words:
        case [word] if word in _AHEAD:
            return today + timedelta(days=_AHEAD[word])
        case [word] if (weekday := _weekday(word, language)) is not None:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
        case ["in" | "za", number, unit] if number.isdecimal() and len(number) <= _LETTERS:
            if unit in _DAYS:
                return today + timedelta(days=int(number) * _DAYS[unit])
            if unit in _MONTHS:
                years, month = divmod(today.month - 1 + int(number), 12)
                last = monthrange(today.year + years, month + 1)[1]
                return date(today.year + years, month + 1, min(today.day, last))
    return None


def _weekday(word: str, language: str) -> int | None:
    """The weekday (Monday is 0) that a word names, in full, cut short, or with another ending."""
    for locale in {language, "en"}:
        names = get_day_names("wide", "format", locale=Locale.parse(locale))
        for number, named in names.items():
            name = named.lower()
            is_short = len(word) >= _LETTERS and name.startswith(word)
            if is_short or word.startswith(name[:-_ENDING]):
                return int(number)
    return None


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
