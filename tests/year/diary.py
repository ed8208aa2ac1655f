"""Days in a row, the slow way: a diary with a page for each date, written from docs/motivation.md.

It knows nothing of the product: pages are turned one by one from the first day of work.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from tests.year.lives import DAY, EVERY_DAY, Span
from tests.year.walls import Wall

NIGHT = timedelta(hours=3)  # the day ends at three on the wall
FLIGHT = timedelta(hours=48)
FREEZE = 7  # active days
JAR = 14


class Run(NamedTuple):
    """How it stands: days in a row now and at most, in all, freezes left, dates frozen."""

    current: int = 0
    longest: int = 0
    total: int = 0
    freezes: int = 0
    frozen: tuple[date, ...] = ()
    kept_now: tuple[date, ...] = ()  # of them those since the last active day


@dataclass
class Page:
    """A date with work."""

    first: datetime
    last: datetime
    zones: set[str]


@dataclass
class Diary:
    """One learner's.

    Args:
        walls: of all zones.
        zone: where they are.
    """

    walls: dict[str, Wall]
    zone: str
    pages: dict[date, Page] = field(default_factory=dict)
    days_off: list[tuple[date, frozenset[int]]] = field(default_factory=list)
    stays: list[tuple[datetime, str]] = field(default_factory=list)  # until when in which zone
    down: list[Span] = field(default_factory=list)

    def today(self, at: datetime) -> date:
        """The learner's date: a date with later work is never left again."""
        natural = self.date_in(self.zone, at)
        return max([natural, *list(self.pages)[-1:]])

    def date_in(self, zone: str, at: datetime) -> date:
        """The date by the wall, which changes at three."""
        return (self.walls[zone].shows(at) - NIGHT).date()

    def work(self, at: datetime) -> None:
        """Something is finished."""
        day = self.today(at)
        page = self.pages.setdefault(day, Page(at, at, set()))
        page.last = at
        page.zones.add(self.zone)

    def move(self, at: datetime, zone: str) -> None:
        """The learner is elsewhere from now on."""
        self.stays.append((at, self.zone))
        self.zone = zone

    def choose(self, at: datetime, weekdays: frozenset[int]) -> None:
        """From today on only these weekdays are for learning; not before an older choice."""
        today = max([self.today(at), *(since for since, _ in self.days_off)])
        self.days_off = [one for one in self.days_off if one[0] != today]
        self.days_off.append((today, weekdays))
        self.days_off.sort(key=lambda one: one[0])

    def is_off(self, day: date) -> bool:
        """Whether a date's weekday was chosen to be off."""
        weekdays = EVERY_DAY
        for since, chosen in self.days_off:
            if since <= day:
                weekdays = chosen
        return day.isoweekday() not in weekdays

    def run(self, now: datetime) -> Run:
        """How it stands at an instant."""
        if not self.pages:
            return Run()
        down = self._days_down(now)
        jar = run = longest = 0
        frozen: list[date] = []
        kept: list[date] = []
        dates = sorted(self.pages)
        following = dict(pairwise(dates))
        end = max(self.today(now), dates[-1])
        day = dates[0]
        free = False
        while day <= end:
            if day in self.pages:
                run, jar, kept = run + 1, min(JAR, jar + 1), []
                longest = max(longest, run)
                free = self._flies(day, following.get(day), now)
            elif day < end and run and day not in down and not self.is_off(day):
                if free:
                    free = False
                elif jar >= FREEZE:
                    jar -= FREEZE
                    frozen.append(day)
                    kept.append(day)
                else:
                    run, jar, kept = 0, 0, []
            day += DAY
        return Run(run, longest, len(dates), jar // FREEZE, tuple(frozen), tuple(kept))

    def _flies(self, day: date, later: date | None, now: datetime) -> bool:
        """The next work, or now, is in another zone and less than two days away."""
        page = self.pages[day]
        if later:
            following = self.pages[later]
            zones, begins = following.zones, following.first
        else:
            zones, begins = {self.zone}, now
        return len(page.zones | zones) > 1 and begins - page.last < FLIGHT

    def _days_down(self, now: datetime) -> Counter[date]:
        """The learner's dates on which an outage of ours lay, as far as it is recorded by now."""
        found: Counter[date] = Counter()
        for one in self.down:
            if one.ends > now:
                continue
            moves = [at for at, _ in self.stays if one.begins < at <= one.ends]
            ats = [one.begins, one.ends, *moves, *(at - timedelta.resolution for at in moves)]
            dates = [self.date_in(self._zone_at(at), at) for at in ats]
            day = min(dates)
            while day <= max(dates):
                found[day] += 1
                day += DAY
        return found

    def _zone_at(self, at: datetime) -> str:
        for until, zone in self.stays:
            if at < until:
                return zone
        return self.zone
