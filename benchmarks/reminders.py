"""Reminders of a million learners: how fast those that are due are judged, written and put forward.

    python -m benchmarks.reminders [--learners 1000000] [--due 150000] [--hours 9] [--json] [--anew]

The learners live in forty zones; the clock of the benchmark runs ahead, from one due minute to the
next, as the worker's tick does: claim a set, judge it, write the outbox rows and the next instants,
commit. Then the same statements with the same parameters by bare asyncpg, on as many connections
and in turn with the product, which judges nothing (the floor); ticks when nothing is due; and a
worker that was away for nine hours. Last the same learners without an hour of their own: a scan of
each zone plans their messages, and its evening comes.

Goals: 15,000 due reminders a second; an empty tick under 1 ms; nine hours caught up in under 20 s,
with no burst and no double. Exit code 1 when one is missed.
"""

import argparse
import asyncio
import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from pathlib import Path

import asyncpg
import uvloop

import migrations
from benchmarks.home import Home, default_folder, open_home
from benchmarks.reminders_floor import EACH, beside_the_floor
from benchmarks.reminders_nudges import Nudged, nudge
from benchmarks.timing import Times, machine, table
from bots.cli import COLLECT_AFTER
from bots.reminding import SETS_AT_ONCE, day_of, remind_all
from domain.clock import ManualClock
from domain.database import Database
from domain.notifications.reminders_due import BATCH, remind_due

NAME = "reminders"
MADE = "reminders_made"
TODAY = date(2026, 11, 10)  # no clocks change within weeks of it
PER_SECOND = 15_000
EMPTY_MS = 1.0
CAUGHT_UP_S = 20.0
EMPTY_TICKS = 300
FLOOR_ROUNDS = 8
_LEARNERS = Path(__file__).parent / "data" / "reminders" / "learners.sql"
_FIRST = "SELECT min(next_fire_at) FROM reminders WHERE is_enabled"
_NEXT = "SELECT min(next_fire_at) FROM reminders WHERE is_enabled AND next_fire_at > $1"
_BURSTS = "SELECT count(*) - count(DISTINCT user_id) FROM outbox WHERE run_at = $1"
_LATE = """
    SELECT count(*) FROM outbox o JOIN reminders r USING (user_id)
    WHERE o.run_at = $1 AND $1 - (
        (substr(o.idempotency_key, 10, 10)::date + r.local_time) AT TIME ZONE r.timezone
    ) NOT BETWEEN interval '0' AND interval '1 hour'
"""


class NotAsItShould(Exception):
    """The benchmark's own look at the rows found something wrong."""


@dataclass(slots=True)
class Found:
    """What was measured; times in seconds."""

    learners: int
    due: int = 0
    seconds: float = 0.0
    busiest: int = 0
    busiest_seconds: float = 0.0
    judged: Counter[str] = field(default_factory=Counter)
    warm_per_second: float = 0.0
    floor_ratio: float = 0.0
    floor_per_second: float = 0.0
    beside_floor_per_second: float = 0.0
    empty_p50_ms: float = 0.0
    empty_p99_ms: float = 0.0
    outage_hours: int = 0
    outage_due: int = 0
    outage_sent: int = 0
    outage_seconds: float = 0.0
    nudged: Nudged = field(default_factory=Nudged)

    @property
    def per_second(self) -> float:
        """Due reminders a second."""
        return self.due / self.seconds

    @property
    def goals(self) -> dict[str, bool]:
        """What was promised, and whether it holds."""
        return {
            f"{self.per_second:,.0f} due reminders a second (goal {PER_SECOND:,})": (
                self.per_second >= PER_SECOND
            ),
            f"an empty tick takes {self.empty_p50_ms:.2f} ms (goal {EMPTY_MS:.0f})": (
                self.empty_p50_ms < EMPTY_MS
            ),
            f"{self.outage_hours} hours, {self.outage_due:,} reminders, are caught up in "
            f"{self.outage_seconds:.1f} s (goal {CAUGHT_UP_S:.0f}), {self.outage_sent:,} of them "
            "sent, none twice": self.outage_seconds < CAUGHT_UP_S,
        }


def say(text: str) -> None:
    """Tell how far it is, apart from the results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


async def prepare(home: Home, learners: int, *, anew: bool) -> None:
    """Make a database of learners, unless an earlier run did, and a copy of it to work on."""
    wanted = (
        f"{migrations.head()}: {learners} learners on {TODAY}, two in five with five days in a row"
    )
    began = time.monotonic()
    if anew or await home.note(MADE) != wanted:
        say(f"Making {learners:,} learners with a reminder each ...")
        await home.make(MADE)
        async with home.owner(MADE) as owner:
            await fill(owner, learners)
        await home.write_note(MADE, wanted)
    say("Copying them ...")
    await home.make(NAME, MADE)
    async with home.owner(NAME) as owner:
        await owner.execute("CHECKPOINT")
    say(f"Ready after {time.monotonic() - began:.0f} s.")


async def fill(owner: asyncpg.Connection, learners: int) -> None:
    """Fill a migrated, empty database; as a superuser."""
    text = _LEARNERS.read_text(encoding="utf-8").format(learners=learners, today=TODAY)
    for setting in ("synchronous_commit = off", "timezone = 'UTC'", "work_mem = '256MB'"):
        await owner.execute(f"SET {setting}")
    await owner.execute("SET session_replication_role = replica")
    async with owner.transaction():
        for statement in text.split(";\n"):
            await owner.execute(statement)
    await owner.execute("VACUUM ANALYZE")


async def day_goes_by(home: Home, database: Database, found: Found, due: int) -> datetime:
    """Tick at each instant at which something is due, until so many were; the last instant."""
    late, late_seconds = 0, 0.0  # in the second half, when the pages that are needed are cached
    async with home.owner(NAME) as owner:
        now: datetime = await owner.fetchval(_FIRST)
        while found.due < due:
            began = time.perf_counter()
            judged = await remind_all(database, ManualClock(now))
            took = time.perf_counter() - began
            found.judged += judged
            found.due += judged.total()
            found.seconds += took
            if judged.total() > found.busiest:
                found.busiest, found.busiest_seconds = judged.total(), took
            if found.due > due / 2:
                late += judged.total()
                late_seconds += took
            if found.due // 25_000 != (found.due - judged.total()) // 25_000:
                say(f"  {found.due:,} due, {found.per_second:,.0f} a second")
            following: datetime | None = await owner.fetchval(_NEXT, now)
            if following is None:
                break
            now, last = following, now
    if late:
        found.warm_per_second = late / late_seconds
    return last


async def empty_ticks(database: Database, now: datetime, number: int) -> Times:
    """How long it takes to see that nothing is due."""
    took = []
    for _ in range(number):
        began = time.perf_counter()
        async with database.worker_unit_of_work() as conn:
            judged = await remind_due(conn, now, day_of)
        took.append(time.perf_counter() - began)
        if judged:
            raise NotAsItShould("something was due")
    return Times(tuple(took))


async def after_an_outage(home: Home, database: Database, found: Found, hours: int) -> None:
    """Let nobody tick for hours, then catch up; nobody may be told twice or late."""
    async with home.owner(NAME) as owner:
        back: datetime = await owner.fetchval(_FIRST) + timedelta(hours=hours)
        await owner.execute("CHECKPOINT")
        began = time.perf_counter()
        judged = await remind_all(database, ManualClock(back))
        found.outage_seconds = time.perf_counter() - began
        found.outage_hours, found.outage_due = hours, judged.total()
        found.outage_sent = judged["sent"]
        bursts = await owner.fetchval(_BURSTS, back)
        late = await owner.fetchval(_LATE, back)
    if bursts or late:
        raise NotAsItShould(f"{bursts} learners were told twice, {late} too late")


async def measure(
    home: Home, learners: int, due: int, hours: int, rounds: int = FLOOR_ROUNDS
) -> Found:
    """Everything, on a database that `prepare` has made."""
    database, found = home.database(NAME), Found(learners)
    try:
        say("The day goes by ...")
        last = await day_goes_by(home, database, found, due)
        say("Nothing is due ...")
        empty = await empty_ticks(database, last, EMPTY_TICKS)
        found.empty_p50_ms, found.empty_p99_ms = empty.p50, empty.p99
        say("Beside bare asyncpg ...")
        beside = await beside_the_floor(home, NAME, rounds)
        if beside is not None:
            product, floor = (times.p50 for times in beside)
            in_a_round = 1000 * SETS_AT_ONCE * EACH * BATCH
            found.floor_ratio = product / floor
            found.floor_per_second = in_a_round / floor
            found.beside_floor_per_second = in_a_round / product
        say(f"The worker was away for {hours} hours ...")
        await after_an_outage(home, database, found, hours)
    finally:
        await database.close()
    say("The same learners without an hour of their own ...")
    found.nudged = await nudge(home, NAME, MADE, TODAY, due, say)
    return found


def report(found: Found) -> str:
    """The figures as a table and sentences."""
    rows = [
        ["due reminders a second", f"{found.per_second:,.0f}"],
        ["of them in the second half", f"{found.warm_per_second:,.0f}"],
        ["full sets beside bare asyncpg", f"{found.beside_floor_per_second:,.0f}"],
        ["the same statements by bare asyncpg", f"{found.floor_per_second:,.0f}"],
        ["so many times the floor's time", f"{found.floor_ratio:.2f}"],
        [f"the busiest instant, {found.busiest:,} due, s", f"{found.busiest_seconds:.2f}"],
        ["empty tick p50 / p99, ms", f"{found.empty_p50_ms:.2f} / {found.empty_p99_ms:.2f}"],
        [f"{found.outage_hours} h of outage, {found.outage_due:,} due, s",
         f"{found.outage_seconds:.1f}"],
    ]  # fmt: skip
    nudged = found.nudged
    if nudged.due:
        rows += [
            [f"planning {nudged.zones} zones, {nudged.planned:,} messages, s",
             f"{nudged.planning:.1f}"],
            [f"messages at no hour of one's own, {nudged.due:,}, a second",
             f"{nudged.due / nudged.seconds:,.0f}"],
        ]  # fmt: skip
    if nudged.backlog:
        rows += [
            [f"{nudged.backlog:,} of them in one tick, a second",
             f"{nudged.backlog / nudged.backlog_seconds:,.0f}"],
            ["empty tick of reminders meanwhile p50 / worst, ms",
             f"{nudged.beside_p50_ms:.2f} / {nudged.beside_worst_ms:.1f}"],
        ]  # fmt: skip
    words, others = (
        ", ".join(f"{name} {number:,}" for name, number in judged.most_common())
        for judged in (found.judged, nudged.judged)
    )
    goals = [f"{'ok   ' if held else 'MISS '} {text}" for text, held in found.goals.items()]
    head = [f"{found.learners:,} learners", ""]
    return "\n".join(
        [
            table(head, rows),
            "",
            f"Judged: {words}.",
            f"At no hour of one's own: {others}.",
            "",
            *goals,
        ]
    )


def as_json(found: Found) -> str:
    """The figures for programs."""
    figures, nudged = (
        {one.name: getattr(part, one.name) for one in fields(part)}
        for part in (found, found.nudged)
    )
    figures["nudged"] = nudged
    return json.dumps({**figures, "per_second": found.per_second, "goals": found.goals})


async def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reminders", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--folder", type=Path, default=default_folder(), help="the server's data")
    parser.add_argument("--learners", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=150_000, help="to judge while the day goes by")
    parser.add_argument("--hours", type=int, default=9, help="of the outage")
    parser.add_argument("--shared-buffers", default="2GB", help="of PostgreSQL (a new server)")
    parser.add_argument("--json", action="store_true", help="print figures for programs")
    parser.add_argument("--anew", action="store_true", help="make the learners anew")
    chosen = parser.parse_args(arguments)
    extra = {"shared_buffers": chosen.shared_buffers, "max_wal_size": "8GB"}
    async with open_home(chosen.folder, extra) as home:
        await prepare(home, chosen.learners, anew=chosen.anew)
        found = await measure(home, chosen.learners, chosen.due, chosen.hours)
    if chosen.json:
        sys.stdout.write(as_json(found) + "\n")
    else:
        sys.stdout.write(f"{machine()}\n\n{report(found)}\n")
    return 0 if all(found.goals.values()) else 1


if __name__ == "__main__":
    gc.set_threshold(*COLLECT_AFTER)  # as `stoa worker` does, and its loop
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(main()))
