"""Sentences in the learner's language: gettext catalogues, and Babel for numbers and dates."""

import gettext
import re
from collections.abc import Mapping
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
_ENCODING = re.compile(r"[.@].*")  # what POSIX adds to a locale: pl_PL.UTF-8, sr@latin
_NAMES = frozenset({"line", "version"})  # placeholders whose number is a name: never "1,204"


@lru_cache(maxsize=1)
def available() -> tuple[str, ...]:
    """The languages Stoa speaks, English first; the folder is read once."""
    found = {path.parent.parent.name for path in CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return (FALLBACK, *sorted(found - {FALLBACK}))


def find(wish: str) -> str | None:
    """The language of `available()` that a locale asks for; "pl-PL" and "pl_PL.UTF-8" find "pl"."""
    spoken = {language.casefold(): language for language in available()}
    tag = _ENCODING.sub("", wish).strip().replace("-", "_").casefold()
    while tag and tag not in spoken:
        tag = tag.rpartition("_")[0]
    return spoken.get(tag)


@lru_cache(maxsize=1024)
def choose(*wishes: str | None) -> str:
    """The language of the first wished locale that Stoa speaks, else English."""
    found = (find(wish) for wish in wishes if wish)
    return next((language for language in found if language), FALLBACK)


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

    @property
    def name(self) -> str:
        """The language's own name for itself: "polski"."""
        return str(self._locale.get_language_name(self._locale) or self.language)

    def say(self, message: str, **values: object) -> str:
        """A sentence, its named placeholders filled in; numbers as the language writes them."""
        return self._catalogue.gettext(message).format(**self._shown(values))

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """A sentence about `number` things, in the language's plural form; `{n}` is the number."""
        text = self._catalogue.ngettext(one, many, number)
        return text.format(n=self.number(number), **self._shown(values))

    def _shown(self, values: Mapping[str, object]) -> dict[str, object]:
        return {name: self._one_shown(name, value) for name, value in values.items()}

    def _one_shown(self, name: str, value: object) -> object:
        match value:
            case bool():
                return value
            case int():
                return value if name in _NAMES else self.number(value)
            case float():
                return self.points(Decimal(repr(value)))
            case Decimal():
                return self.points(value)
        return value

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

    def worth(self, value: Decimal) -> str:
        """How many points something is worth: "1 point", "2.5 points"."""
        if value == value.to_integral():
            return self.count("{n} point", "{n} points", int(value))
        return self.say("{points} points", points=value)

    def day(self, at: datetime, timezone: str) -> str:
        """A date in the person's zone: "5 Dec 2026"."""
        local = at.astimezone(ZoneInfo(timezone))
        return str(dates.format_date(local, format="d MMM y", locale=self._locale))

    def weekday(self, day: date) -> str:
        """A local date with its weekday: "Fri 20 Nov"."""
        return str(dates.format_date(day, format="EEE d MMM", locale=self._locale))

    def short_day_names(self) -> tuple[str, ...]:
        """The weekdays from Monday on, short: "Mon"."""
        names = dates.get_day_names("abbreviated", "stand-alone", self._locale)
        return tuple(str(names[number]) for number in range(7))

    def short_month(self, day: date) -> str:
        """The month of a date, short: "Nov"."""
        return str(dates.format_date(day, format="LLL", locale=self._locale))

    def day_name(self, day: date) -> str:
        """The weekday of a date: "Saturday"."""
        return str(dates.format_date(day, format="EEEE", locale=self._locale))

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
