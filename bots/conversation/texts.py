"""Sentences in the learner's language: gettext catalogues, and Babel for numbers and dates."""

import gettext
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers

from bots.conversation.dialogue import escape
from domain.errors import Refusal

DOMAIN = "stoa"
FALLBACK = "en"
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


@lru_cache(maxsize=1)
def available() -> tuple[str, ...]:
    """The languages Stoa speaks, English first; the folder is read once."""
    found = {path.parent.parent.name for path in CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return (FALLBACK, *sorted(found - {FALLBACK}))


def choose(*wishes: str | None) -> str:
    """The first wished locale that Stoa speaks, else English; "pl-PL" and "pl_PL" find "pl"."""
    spoken = available()
    for wish in wishes:
        if not wish:
            continue
        tag = wish.replace("-", "_")
        for candidate in (tag, tag.partition("_")[0]):
            if candidate in spoken:
                return candidate
    return FALLBACK


class Texts:
    """The words of one language.

    Args:
        language: one of `available()`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation(
            DOMAIN, str(CATALOGUES), languages=[language], fallback=True
        )
        try:
            self._locale = Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            self._locale = Locale.parse(FALLBACK)
        self._tag = str(self._locale)

    def say(self, message: str, **values: object) -> str:
        """A sentence, its named placeholders filled in."""
        return self._catalogue.gettext(message).format(**values)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """A sentence about `number` things, in the language's plural form; `{n}` is the number."""
        text = self._catalogue.ngettext(one, many, number)
        return text.format(n=self.number(number), **values)

    def refusal(self, refusal: Refusal) -> str:
        """A refusal's sentence; what a learner typed is escaped."""
        values = {
            name: escape(value) if isinstance(value, str) else value
            for name, value in refusal.values.items()
        }
        return self.say(refusal.message, **values)

    def number(self, value: int | Decimal) -> str:
        """A number as the language writes it; a Decimal keeps the places it is stored with."""
        places = 0 if isinstance(value, int) else max(0, -int(value.as_tuple().exponent))
        return _number(self._tag, value, places)

    def percent(self, value: Decimal) -> str:
        """A stored percentage (0 to 100, two places), without trailing zeros: "29.17 %"."""
        plain = value.quantize(Decimal("0.01")).normalize()
        if plain == plain.to_integral():
            plain = plain.quantize(Decimal(1))
        return f"{self.number(plain)} %"

    def points(self, value: Decimal) -> str:
        """Points without trailing zeros: "7.33", "2"."""
        return self.percent(value).removesuffix(" %")

    def day(self, at: datetime, timezone: str) -> str:
        """A date in the person's zone: "5 Dec 2026"."""
        local = at.astimezone(ZoneInfo(timezone))
        return str(dates.format_date(local, format="d MMM y", locale=self._locale))

    def weekday(self, day: date) -> str:
        """A local date with its weekday: "Fri 20 Nov"."""
        return str(dates.format_date(day, format="EEE d MMM", locale=self._locale))

    def time(self, at: datetime, timezone: str) -> str:
        """A time of day in the person's zone, 24 hours: "18:40"."""
        return at.astimezone(ZoneInfo(timezone)).strftime("%H:%M")


@lru_cache(maxsize=64)
def texts_for(language: str) -> Texts:
    """The (shared, immutable) texts of a language."""
    return Texts(language)


@lru_cache(maxsize=4096, typed=True)
def _number(locale: str, value: int | Decimal, places: int) -> str:
    """Formatting takes as long as a query, and most numbers are small and come again."""
    pattern = None  # the language's own grouping
    if isinstance(value, Decimal):
        pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(numbers.format_decimal(value, format=pattern, locale=locale))
