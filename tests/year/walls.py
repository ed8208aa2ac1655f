"""Clocks on walls, the slow way: the offset of a zone is looked up for each quarter of an hour.

The reference's own view of time: no folds, no arithmetic with zones, only stretches with an offset.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.year.lives import DAY, MINUTE, Span

QUARTER = timedelta(minutes=15)


class Stretch(NamedTuple):
    """From one instant until another the wall shows UTC and an offset."""

    begins: datetime
    ends: datetime
    offset: timedelta


class Wall:
    """The clock on the wall in one zone.

    Args:
        zone: IANA name.
        span: some days around it are known as well.
    """

    def __init__(self, zone: str, span: Span) -> None:
        info = ZoneInfo(zone)
        at = span.begins.replace(hour=0, minute=0, second=0) - 25 * DAY
        self.stretches: list[Stretch] = []
        while at < span.ends + 45 * DAY:
            offset = at.astimezone(info).utcoffset()
            assert offset is not None
            if self.stretches and self.stretches[-1].offset == offset:
                self.stretches[-1] = self.stretches[-1]._replace(ends=at + QUARTER)
            else:
                self.stretches.append(Stretch(at, at + QUARTER, offset))
            at += QUARTER

    def shows(self, at: datetime) -> datetime:
        """Date and time on the wall, without a zone."""
        for one in self.stretches:
            if one.begins <= at < one.ends:
                return (at + one.offset).replace(tzinfo=None)
        raise AssertionError(at)

    def first(self, day: date, at: time) -> datetime:
        """When the wall shows a time on a date for the first time; a skipped one is put off."""
        wanted = datetime.combine(day, at, tzinfo=UTC)
        before: Stretch | None = None
        for one in self.stretches:
            if (
                before is not None
                and before.ends + before.offset <= wanted < one.begins + one.offset
            ):
                return wanted - before.offset  # the clocks jumped over it
            if one.begins <= wanted - one.offset < one.ends:
                return wanted - one.offset
            before = one
        raise AssertionError(wanted)

    def after_quiet(self, at: datetime, quiet: tuple[time, time]) -> datetime:
        """The instant, or the first minute after it at which quiet hours are over."""
        while is_quiet(self.shows(at).time(), quiet):
            at += MINUTE
        return at


def is_quiet(shown: time, quiet: tuple[time, time]) -> bool:
    """Whether a time on the wall lies in quiet hours."""
    begins, ends = quiet
    minutes = (shown.hour * 60 + shown.minute - begins.hour * 60 - begins.minute) % 1440
    length = (ends.hour * 60 + ends.minute - begins.hour * 60 - begins.minute) % 1440
    return minutes < length
