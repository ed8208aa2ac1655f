"""Compares what happened in a simulated year with what the rules give."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple

from tests.year.chats import Message
from tests.year.diary import Run
from tests.year.expected import Reader
from tests.year.lives import DAY, HOUR, ZONES, Life, Year
from tests.year.moments import Expected, Moment
from tests.year.walls import Wall, is_quiet
from tests.year.world import World

TICK = timedelta(seconds=30)  # how much later than its instant a message may be written
MANY = 50  # learners that one process judges at a time


class Told(NamedTuple):
    """One learner's year, as it was.

    Attributes:
        messages: that were written to them, in order.
        states: what became of each, by its key.
        runs: their streak at each look.
    """

    life: Life
    messages: Sequence[Message]
    states: Mapping[str, str]
    runs: Sequence[tuple[datetime, Run]]


async def differences(
    world: World, looks: Sequence[datetime], say: Callable[[str], None]
) -> list[str]:
    """What is not as the rules say, in words; judged on all processors, for it takes long."""
    states = await world.states()
    by_learner: dict[int, list[Message]] = {life.number: [] for life in world.year.lives}
    for message in world.messages.values():
        by_learner[message.learner].append(message)
    told = [
        Told(
            life,
            by_learner[life.number],
            {m.key: states.get(m.key, ("gone", None))[0] for m in by_learner[life.number]},
            world.learners.runs.get(life.number, ()),
        )
        for life in world.year.lives
    ]
    year = replace(world.year, lives=[])
    if len(told) < MANY:
        return judge_some(year, told, looks)
    some = [told[n : n + MANY] for n in range(0, len(told), MANY)]
    found: list[str] = []
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for n, more in enumerate(pool.map(partial(judge_some, year, looks=looks), some), 1):
            found += more
            say(f"{min(n * MANY, len(told)):,} learners judged, {len(found)} differences")
    return found


def judge_some(year: Year, told: Sequence[Told], looks: Sequence[datetime]) -> list[str]:
    """What is not as the rules say about some learners."""
    walls = {zone: Wall(zone, year.span) for zone in ZONES}
    return [found for one in told for found in Judge(year, one).judge(walls, looks)]


def day_of(message: Message) -> date:
    """The local date in a message's key."""
    return date.fromisoformat(message.key.split(":")[1])


def _frozen(message: Message, moment: Moment) -> date | None:
    """The frozen date that a message told of."""
    kept = moment.run.kept_now
    return kept[-1] if "freeze" in message.kinds and kept else None


def _is_of(message: Message, expected: Sequence[Expected]) -> bool:
    """Whether it comes from an hour of theirs, which quiet hours may have moved to another date."""
    return any(
        one.day == day_of(message) and timedelta(0) <= message.written - one.at <= TICK
        for one in expected
    )


def is_put_off(message: Message) -> bool:
    """Whether the learner had put it off."""
    return message.key.count(":") == 3


class Judge:
    """One learner's messages.

    Args:
        year: what went wrong in it.
        told: what there was.
    """

    def __init__(self, year: Year, told: Told) -> None:
        self.year = year
        self.life, self.messages, self.states, self.runs = told
        self.by_day = {day_of(one): one for one in self.messages if not is_put_off(one)}

    def judge(self, walls: dict[str, Wall], looks: Sequence[datetime]) -> list[str]:
        """All differences."""
        unasked = [
            one for one in self.messages if "reminder" not in one.kinds and not is_put_off(one)
        ]
        asked = self._read(walls, [], [one.written for one in unasked])
        nudges = [
            (one, moment)
            for one, moment in zip(unasked, asked.moments, strict=True)
            if not moment.has_hour and not _is_of(one, asked.expected)
        ]
        told = [(day_of(one), one.written, _frozen(one, moment)) for one, moment in nudges]
        reader = self._read(walls, told, looks)
        found = self._streaks(reader)
        found += self._at_no_hour(nudges)
        found += self._missed(walls, told)
        found += self._at_their_hour(reader.expected, [one for one, _ in nudges])
        found += self._sent(reader)
        return [f"learner {self.life.number}: {one}" for one in found]

    def _read(
        self,
        walls: dict[str, Wall],
        nudged: Sequence[tuple[date, datetime, date | None]],
        looks: Sequence[datetime],
    ) -> Reader:
        reader = Reader(self.life, self.year, walls, nudged, self._arrived, self._is_lost)
        reader.live(looks)
        return reader

    def _at_no_hour(self, nudges: Sequence[tuple[Message, Moment]]) -> list[str]:
        """What was told unasked was worth it, and came at a sensible time."""
        found = []
        known: set[date] = set()
        for one, moment in nudges:
            shown = moment.worth
            if one.kinds != shown or not shown:
                found.append(f"unasked: {one.key} says {sorted(one.kinds)}, but {moment}")
            frozen = _frozen(one, moment)
            if frozen is not None and self.states[one.key] != "dead":
                if frozen in known:
                    found.append(f"told again: {one.key}")
                known.add(frozen)
            if day_of(one) != moment.day:
                found.append(f"on another date: {one.key} on {moment.day}")
        return found

    def _missed(
        self, walls: dict[str, Wall], told: Sequence[tuple[date, datetime, date | None]]
    ) -> list[str]:
        """Of an ordinary day with something worth telling it was told.

        Ordinary: they are where they were, have changed nothing, wrote lately, and nothing was
        down or idle from the morning to the evening.
        """
        found = []
        for morning, late_morning, night in self._ordinary_days(walls, told):
            mine = self.by_day.get(morning.day)
            said = mine.kinds if mine is not None else frozenset()
            if morning.worth == late_morning.worth == {"freeze"}:
                frozen = morning.run.kept_now[-1]
                if "freeze" not in said and frozen not in {one for *_, one in told}:
                    found.append(f"freeze not told: {morning}")
            if morning.worth == late_morning.worth == night.worth == {"streak"}:
                if "streak" not in said:
                    found.append(f"risk not told: {night}")
                elif mine is not None and morning.quiet == (time(22), time(8)):
                    at = walls[morning.zone].shows(mine.written).time()
                    if not time(19) <= at <= time(19, 41):
                        found.append(f"risk told at {at}: {night}")
        return found

    def _ordinary_days(
        self, walls: dict[str, Wall], told: Sequence[tuple[date, datetime, date | None]]
    ) -> list[tuple[Moment, Moment, Moment]]:
        year, life = self.year, self.life
        moves = [one.at for one in life.events if one.kind == "move"]
        zone_at = [(year.span.begins, life.zone)]
        zone_at += [(one.at, str(one.what)) for one in life.events if one.kind == "move"]
        looks: list[datetime] = []
        day = year.span.begins.date() + 3 * DAY
        while day < year.span.ends.date() - 3 * DAY:
            zone = [zone for at, zone in zone_at if at.date() <= day][-1]
            times = [
                walls[zone].first(day, at) + timedelta(seconds=45)
                for at in (time(5, 50), time(10, 20), time(20, 45))
            ]
            begins, ends = times[0] - 2 * HOUR, times[2]
            wrote = any(ends - 2 * DAY < one.at < begins for one in life.events)
            is_calm = not any(begins <= one.at <= ends for one in life.events)
            away = any(one.begins < ends and begins < one.ends for one in (*year.down, *year.idle))
            if (
                wrote
                and is_calm
                and not away
                and not any(abs(at - times[1]) < 3 * DAY for at in moves)
            ):
                looks += times
            day += DAY
        moments = self._read(walls, told, looks).moments
        triples = zip(moments[::3], moments[1::3], moments[2::3], strict=True)
        return [
            three
            for three in triples
            if len({(one.day, one.quiet, one.zone) for one in three}) == 1
            and not three[0].is_blocked
            and three[0].quiet in ((time(22), time(8)), (time(23), time(7)), (time(0), time(0)))
        ]

    def _arrived(self, day: date) -> bool:
        message = self.by_day.get(day)
        return message is not None and self.states[message.key] == "done"

    def _is_lost(self, day: date, put_off: bool) -> bool:
        like = [one for one in self.messages if (day_of(one), is_put_off(one)) == (day, put_off)]
        return all(self.states[one.key] == "dead" for one in like)

    def _streaks(self, reader: Reader) -> list[str]:
        found = []
        for (at, is_so), moment in zip(self.runs, reader.moments, strict=True):
            if is_so[:5] != moment.run[:5]:
                found.append(f"streak on {at:%Y-%m-%d %H:%M}: is {is_so}, should be {moment.run}")
        return found

    def _at_their_hour(self, expected: Sequence[Expected], nudges: Sequence[Message]) -> list[str]:
        found = []
        left = {one.key: one for one in self.messages}
        for one in expected:
            like = [
                message
                for message in left.values()
                if day_of(message) == one.day
                and is_put_off(message) == one.put_off
                and timedelta(0) <= message.written - one.at <= TICK
            ]
            if len(like) != 1:
                found.append(f"missing: {_words(one)}")
                continue
            del left[like[0].key]
            if like[0].kinds != one.kinds:
                found.append(f"{_words(one)}: says {sorted(like[0].kinds)}")
        found += [
            f"not due: {one.key} at {one.written:%m-%d %H:%M:%S}, {sorted(one.kinds)}"
            for one in left.values()
            if one not in nudges
        ]
        return found

    def _sent(self, reader: Reader) -> list[str]:
        """None doubled, none too late, none in quiet hours, none lost."""
        found = []
        for one in self.messages:
            for at in (one.written, *one.reached):
                zone, quiet = reader.settings(at)
                if is_quiet(reader.walls[zone].shows(at).time(), quiet):
                    found.append(f"in quiet hours: {one.key} at {at:%m-%d %H:%M:%S}")
            if len(one.reached) > 1:
                found.append(f"doubled: {one.key}")
            if any(at > one.expires for at in one.reached):
                found.append(f"late: {one.key} at {one.reached}")
            if self.states[one.key] == "done" and not one.reached and not one.may_have:
                found.append(f"lost: {one.key}")
        return found


def _words(one: Expected) -> str:
    late = f" (looked at {one.at:%H:%M:%S})" if one.at != one.due else ""
    return f"{one.day}, due {one.due:%m-%d %H:%M}{late}, {sorted(one.kinds)}"


def summary(world: World, seed: int) -> str:
    """The year in a line."""
    reached = Counter(len(one.reached) for one in world.messages.values())
    said = Counter("+".join(sorted(one.kinds)) for one in world.messages.values())
    deaths = ", ".join(f"{number} {where}" for where, number in world.died.items())
    return (
        f"seed {seed}: {len(world.year.lives)} learners, "
        f"{sum(len(one.events) for one in world.year.lives)} events, "
        f"{len(world.messages)} messages, {reached[1]} of them arrived, {reached[2]} twice; "
        f"said: {dict(said)}; deaths: {deaths}; judged: {dict(world.judged)}"
    )
