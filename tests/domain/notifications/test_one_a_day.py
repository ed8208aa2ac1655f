"""Days of random lives: of all kinds together a local date has one message, and none at night."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from domain.database import Database
from domain.motivation.days import EVERY_DAY
from domain.notifications.kinds import SCHEDULED
from domain.notifications.mutes import mute
from domain.notifications.reminders import Quiet, wall
from domain.notifications.reminders_own import choose_quiet, remind_at
from tests.support import nudges
from tests.support.nudges import nudge, person, said
from tests.support.outbox import Reader, forget_all
from tests.support.reminders import change, move, tick

# Ten days around both changes of the clocks, seen every hour.
BEGINS = (datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 10, 22, tzinfo=UTC))
HOURS = 5 * 24
ZONES = (
    *("Europe/Warsaw", "America/Santiago", "Asia/Kolkata", "Pacific/Kiritimati"),
    *("Pacific/Pago_Pago", "Australia/Lord_Howe", "Africa/Casablanca"),
)


class Life:
    """One person, where they are, and what they do not want."""

    def __init__(self, reader: Reader, zone: str, quiet: Quiet, muted: list[str]) -> None:
        self.reader, self.zone, self.quiet, self.muted = reader, zone, quiet, muted
        self.dates: list[date] = []


async def born(database: Database, number: int, now: datetime, random: Random) -> Life:
    zone = random.choice(ZONES)
    somebody = await person(database, f"p{number}", now, zone)
    user = somebody.user_id
    begins = time(random.randrange(16, 24))
    quiet = Quiet(begins, time((begins.hour + random.randrange(4, 16)) % 24))
    muted = random.sample(SCHEDULED, random.randrange(3))
    async with database.unit_of_work(user) as conn:
        await choose_quiet(conn, user, quiet, now)
        await mute(conn, user, muted)
        if random.random() < 0.4:
            hour = time((quiet.ends.hour + 1) % 24, 30)
            if not quiet.covers(hour):
                days = frozenset(random.sample(sorted(EVERY_DAY), random.randrange(1, 8)))
                await remind_at(conn, user, hour, days, now)
    today = wall(now, zone).date()
    await nudges.streak(database, somebody, random.randrange(1, 30), today - timedelta(days=1))
    if random.random() < 0.5:
        await nudges.cards(database, somebody, random.randrange(1, 20), now)
    if random.random() < 0.5:
        first, last = today - timedelta(days=9), today + timedelta(days=9)
        await nudges.goal(database, somebody, "Ten", 10, random.randrange(10), first, last)
    return Life(somebody, zone, quiet, muted)


@pytest.mark.parametrize("seed", [1, 2])
async def test_one_message_a_date_and_none_at_night(empty_database: Database, seed: int) -> None:
    database, random = empty_database, Random(seed)  # noqa: S311
    await forget_all(database)
    now = BEGINS[seed % 2]
    people = {f"p{n}": await born(database, n, now, random) for n in range(24)}
    seen: set[str] = set()
    judged: Counter[str] = Counter()
    for _ in range(HOURS):
        now += timedelta(minutes=random.randrange(50, 60))
        if random.random() < 0.2:
            flier = random.choice(list(people.values()))
            flier.zone = random.choice(ZONES)
            await move(database, flier.reader, flier.zone)
        if random.random() < 0.1:
            # Somebody writes, and their streak goes on.
            one = random.choice(list(people.values()))
            values = {"u": one.reader.user_id, "at": now, "day": wall(now, one.zone).date()}
            await change(
                database,
                "UPDATE users SET last_active_at = :at WHERE id = :u",
                u=values["u"],
                at=now,
            )
            await change(
                database,
                "UPDATE streaks SET last_activity_date = greatest(last_activity_date, :day)"
                " WHERE user_id = :u",
                u=values["u"],
                day=values["day"],
            )
        judged += await nudge(database, now)
        judged += await tick(database, now)
        for message in await said(database):
            if message.key in seen:
                continue
            seen.add(message.key)
            life = people[message.who]
            shown = wall(message.run_at, life.zone)
            life.dates.append(shown.date())
            assert not life.quiet.covers(shown.time()), (seed, message)
            assert not set(message.payload["kinds"]) & set(life.muted), (seed, message)
        await nudges.arrive(database)
    for life in people.values():
        assert life.dates == sorted(set(life.dates)), (seed, life.reader.name, life.dates)
    assert judged["sent"] == len(seen) > 24
