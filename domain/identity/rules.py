"""Who is learning, and how they want to be spoken to. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process

from domain.errors import N_, Refusal

Display = Literal["full", "compact"]
DISPLAYS: tuple[Display, ...] = ("full", "compact")
LATEST_DAY_END = time(6, 0)
LONGEST_OFFSET = 6  # characters, as in +05:30
# The areas of the time zone database that are named for places; the rest are old aliases.
CONTINENTS = tuple(
    f"{area}/"
    for area in (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
)


@dataclass(frozen=True, slots=True)
class Learner:
    """One person, and the account (identity) they are writing from."""

    user_id: UUID
    identity_id: UUID
    name: str
    status: str
    is_admin: bool
    language: str | None
    timezone: str
    timezone_is_known: bool
    day_ends: time
    display: Display
    is_new: bool = False


def find_timezone(wish: str, now: datetime) -> str:
    """The IANA zone for what somebody typed: a zone, a city, or an offset like +2 or UTC-03:30.

    Raises:
        Refusal: nothing fits; the five closest zones are its choices.
    """
    zones = available_timezones() - {"localtime", "Factory"}
    text = " ".join(wish.split())
    folded = text.replace(" ", "_").casefold()
    by_name = {zone.casefold(): zone for zone in zones}
    if folded in by_name:
        return by_name[folded]
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(zones) if "/" in zone}
    if folded in cities and not cities[folded].startswith("Etc/"):
        return cities[folded]
    offset = _offset(text)
    if offset is not None:
        return _zone_with(offset, now)
    if text.isdecimal():  # an offset without its sign
        near = [f"{sign}{text[:2]}" for sign in "+-"]
    else:
        places = [zone for zone in sorted(zones) if zone.startswith(CONTINENTS)]
        close = process.extract(folded, places, scorer=fuzz.ratio, processor=_city, limit=5)
        near = [zone for zone, *_ in close]
    raise Refusal(
        N_("I do not know the time zone “{wish}”. Type a city, such as Warsaw, or an offset: +2."),
        {"wish": text[:40]},
        choices=tuple(f"/settings time {zone}" for zone in near),
    )


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].casefold()


def _offset(text: str) -> timedelta | None:
    bare = text.upper().removeprefix("UTC").removeprefix("GMT").strip().replace("−", "-")
    if bare[:1] not in {"+", "-"}:
        return None
    hours, _, minutes = bare[1:].partition(":")
    if len(bare) > LONGEST_OFFSET or not hours.isdecimal() or (minutes and not minutes.isdecimal()):
        return None
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return -size if bare[0] == "-" else size


def _zone_with(offset: timedelta, now: datetime) -> str:
    """A zone with that offset now. Whole hours use Etc/GMT, whose sign is the other way round.

    Raises:
        Refusal: no zone has it.
    """
    hours = offset / timedelta(hours=1)
    if hours == int(hours) and -12 <= hours <= 14:
        return "Etc/UTC" if hours == 0 else f"Etc/GMT{-int(hours):+d}"
    for zone in sorted(available_timezones()):
        if "/" in zone and now.astimezone(ZoneInfo(zone)).utcoffset() == offset:
            return zone
    raise Refusal(N_("No place uses that offset. Type a city, such as Kathmandu."))


def zone_words(zone: str) -> str:
    """A zone as people write it: Etc/GMT-2, whose sign is the other way round, is UTC+2."""
    sign, number = zone.removeprefix("Etc/GMT")[:1], zone.removeprefix("Etc/GMT")[1:]
    if not zone.startswith("Etc/GMT") or not number.isdecimal():
        return "UTC" if zone == "Etc/UTC" else zone
    return f"UTC{'+' if sign == '-' else '-'}{number}"


def day_end_from(text: str) -> time:
    """The hour at which a learner's day ends, from "03:00".

    Raises:
        Refusal: not a time, or later than 06:00.
    """
    try:
        value = time.fromisoformat(text.strip().rjust(5, "0"))
    except ValueError:
        value = time.max
    if value > LATEST_DAY_END:
        raise Refusal(
            N_("A day can end between 00:00 and 06:00. Type it like this: /settings day 03:00"),
            choices=("/settings day 00:00", "/settings day 03:00"),
        )
    return value
