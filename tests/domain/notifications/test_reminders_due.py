"""Reminders in the database: judged when they are due, and never doubled by workers or kills."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from domain import ids
from domain.clock import ManualClock
from domain.database import Database
from domain.motivation.journey import choose_study_days
from domain.notifications.reminders_own import remind_never, remind_not_today
from domain.notifications.reminders_sql import CLAIM, IS_DUE
from domain.notifications.reminders_text import AGAIN, CARDS, END, GOAL, HALF, OPEN, STREAK
from domain.notifications.reminders_zones import FIRST, reckon_some
from domain.postgres import EmbeddedServer
from tests.support.eventually import until
from tests.support.outbox import Reader, forget_all, row
from tests.support.processes import kill, start
from tests.support.reminders import change, move, reminded, reminder, sent, tick

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EIGHT = time(20)
DUE = datetime(2026, 3, 2, 20, tzinfo=UTC)
ARRIVED = "UPDATE outbox SET state = 'done', finished_at = run_at WHERE state = 'pending'"


@pytest.fixture(autouse=True)
async def nothing_left(database: Database) -> None:
    await forget_all(database)


async def told(database: Database) -> list[str]:
    return [one.key for one in await sent(database)]


def key(of: Reader, day: str = "2026-03-02") -> str:
    return f"reminder:{day}:{of.user_id}"


async def test_a_reminder_comes_once_and_again_the_next_day(
    database: Database, clock: ManualClock
) -> None:
    ana = await reminded(database, "ana", EIGHT, clock.now())
    assert await tick(database, DUE - timedelta(seconds=1)) == {}
    assert await tick(database, DUE) == {"sent": 1}
    assert await tick(database, DUE) == {}
    assert await told(database) == [key(ana)]
    written = await row(database, key(ana))
    assert (written.policy, written.expires_at) == ("at_most_once", DUE + HOUR)
    assert (await reminder(database, ana)).next_fire_at == DUE + DAY


async def test_what_speaks_against_it_is_heard_when_it_is_due(
    database: Database, clock: ManualClock
) -> None:
    names = (
        *("gone", "shut", "muted", "all off", "done", "reached", "open goal", "day off", "wanted"),
        *("blocked", "stopped", "not today", "back"),
    )
    who = {name: await reminded(database, name, EIGHT, clock.now()) for name in names}
    user = {name: one.user_id for name, one in who.items()}
    settings = "INSERT INTO user_settings (user_id, {}) VALUES (:u, {})"
    for name, statement in {
        "gone": "UPDATE users SET status = 'closing', erase_after = '2026-04-01' WHERE id = :u",
        "shut": "UPDATE users SET status = 'suspended', status_reason = 'x' WHERE id = :u",
        "back": "UPDATE users SET status = 'suspended', status_reason = 'x',"
        " status_until = '2026-03-01' WHERE id = :u",
        "muted": settings.format("muted_kinds", "'{reminder}'"),
        "all off": settings.format("notifications_enabled", "false"),
        "done": "INSERT INTO streaks (user_id, last_activity_date) VALUES (:u, '2026-03-02')",
        "reached": settings.format("daily_goal_minutes", "10"),
        "open goal": settings.format("daily_goal_minutes", "10"),
        "blocked": "INSERT INTO delivery_channels (user_id, platform, address, blocked_at,"
        " blocked_reason) VALUES (:u, 'terminal', 'blocked', '2026-03-01', 'said so')",
    }.items():
        await change(database, statement, u=user[name])
    study = """
        INSERT INTO learning_sessions (id, user_id, started_at, ended_at, duration_seconds,
                                       device_type)
        VALUES (:id, :u, CAST(:since AS timestamptz), CAST(:until AS timestamptz), :seconds,
                'terminal')
    """
    for name, seconds in (("reached", 600), ("open goal", 599)):
        began = DUE - HOUR
        values = {"since": began, "until": DUE, "seconds": seconds}
        await change(database, study, id=ids.uuid7(began), u=user[name], **values)
    async with database.worker_unit_of_work() as conn:
        for name in ("day off", "wanted"):
            await choose_study_days(conn, user[name], date(2026, 1, 1), frozenset({6, 7}))
        await conn.exec_driver_sql(
            f"update reminders set weekdays = '{{1,2,3}}' where user_id = '{user['wanted']}'"
        )
        await remind_never(conn, user["stopped"])
        await remind_not_today(conn, user["not today"], clock.now())
    judged = await tick(database, DUE)
    assert judged == {"closed": 2, "muted": 2, "done": 2, "off": 1, "sent": 4}
    assert set(await told(database)) == {key(who[n]) for n in ("open goal", "wanted", "back")}
    texts = {one.key: one.text for one in await sent(database)}
    assert (texts[key(who["open goal"])], texts[key(who["back"])]) == (GOAL, OPEN)
    assert (await reminder(database, who["blocked"])).sent_at is None
    assert (await reminder(database, who["not today"])).next_fire_at == DUE + DAY


async def test_it_says_what_is_so(database: Database, clock: ManualClock) -> None:
    ana = await reminded(database, "ana", EIGHT, clock.now())
    for statement in (
        "INSERT INTO streaks (user_id, current_streak, longest_streak, last_activity_date,"
        " streak_start_date, total_active_days) VALUES (:u, 4, 4, '2026-03-01', '2026-02-26', 4)",
        "WITH deck AS (INSERT INTO flashcard_sets (owner_id, title) VALUES (:u, 'Mine')"
        " RETURNING id), card AS (INSERT INTO flashcards (set_id, key, front, back, position)"
        " SELECT id, 'k', 'a', 'b', 1 FROM deck RETURNING id)"
        " INSERT INTO flashcard_progress (user_id, card_id, due_at)"
        " SELECT :u, id, '2026-03-01' FROM card",
    ):
        await change(database, statement, u=ana.user_id)
    await tick(database, DUE)
    written = await row(database, key(ana))
    assert written.payload["text"].split("\n\n") == [OPEN, STREAK, CARDS]
    assert (written.payload["values"]["days"], written.payload["values"]["cards"]) == (4, 1)


async def test_who_never_reacts_hears_less_and_then_nothing(
    database: Database, clock: ManualClock
) -> None:
    ana = await reminded(database, "ana", EIGHT, clock.now())
    for number in range(24):
        await tick(database, DUE + number * DAY)
        await change(database, ARRIVED)
    written = await sent(database)
    days = [(one.run_at - DUE).days for one in written]
    assert days == [0, 1, 2, 3, 5, 7, 9, 11, 13, 15, 16]
    assert written[3].text == f"{OPEN}\n\n{HALF}"
    assert written[-1].text == f"{OPEN}\n\n{END}\n\n{AGAIN}"
    assert {one.text for one in (*written[:3], *written[4:-1])} == {OPEN}
    assert not (await reminder(database, ana)).is_enabled


async def test_what_never_arrived_was_not_ignored(database: Database, clock: ManualClock) -> None:
    ana = await reminded(database, "ana", EIGHT, clock.now())
    for number in range(5):
        assert await tick(database, DUE + number * DAY) == {"sent": 1}
    assert (await reminder(database, ana)).ignored == 0


async def test_who_writes_is_reminded_every_day_again(
    database: Database, clock: ManualClock
) -> None:
    ana = await reminded(database, "ana", EIGHT, clock.now())
    for number in range(5):  # the last one of these is left out
        await tick(database, DUE + number * DAY)
        await change(database, ARRIVED)
    seen = "UPDATE users SET last_active_at = CAST(:seen AS timestamptz) WHERE id = :u"
    await change(database, seen, u=ana.user_id, seen=DUE + 4 * DAY + HOUR)
    for number in range(5, 8):
        await tick(database, DUE + number * DAY)
    days = [(one.run_at - DUE).days for one in await sent(database)]
    assert days == [0, 1, 2, 3, 5, 6, 7]


async def test_a_move_that_nobody_reckoned_with_neither_doubles_nor_disturbs(
    database: Database, clock: ManualClock
) -> None:
    ana = await reminded(database, "ana", EIGHT, clock.now())
    await move(database, ana, "Asia/Tokyo")  # where it is five in the morning when it would come
    assert await tick(database, DUE) == {"moved": 1}
    in_tokyo = DUE + 15 * HOUR  # 20:00 on 3 March
    assert (await reminder(database, ana)).next_fire_at == in_tokyo
    assert await tick(database, in_tokyo) == {"sent": 1}
    await move(database, ana, "Pacific/Honolulu")  # where it is 2 March again, and then 3 March
    for hours in range(1, 43):
        await tick(database, in_tokyo + hours * HOUR)
    assert await told(database) == [key(ana, "2026-03-03")]
    in_honolulu = datetime(2026, 3, 5, 6, tzinfo=UTC)
    assert await tick(database, in_honolulu) == {"sent": 1}
    assert await told(database) == [key(ana, "2026-03-03"), key(ana, "2026-03-04")]


async def test_the_rules_of_a_zone_have_changed(database: Database, clock: ManualClock) -> None:
    people = [await reminded(database, f"p{n}", EIGHT, clock.now()) for n in range(3)]
    ana, _, cyd = (one.user_id for one in people)
    wrong = "UPDATE reminders SET next_fire_at = CAST(:then AS timestamptz)"
    await change(database, f"{wrong} WHERE user_id = :u", u=ana, then=DUE + HOUR)
    later = f"{wrong}, snoozed_until = CAST(:then AS timestamptz) WHERE user_id = :u"
    await change(database, later, u=cyd, then=DUE + HOUR)
    await move(database, people[1], "Europe/London")
    corrected, after = 0, FIRST
    while True:
        async with database.worker_unit_of_work() as conn:
            found, last = await reckon_some(conn, clock.now(), after, most=2)
        corrected += found
        if last is None:
            break
        after = last
    assert corrected == 2
    rows = [await reminder(database, one) for one in people]
    assert [one.next_fire_at for one in rows] == [DUE, DUE, DUE + HOUR]
    assert [one.timezone for one in rows] == ["UTC", "Europe/London", "UTC"]


async def test_two_workers_share_what_is_due(database: Database, clock: ManualClock) -> None:
    people = [await reminded(database, f"p{n}", EIGHT, clock.now()) for n in range(25)]
    judged = await asyncio.gather(*(tick(database, DUE, most=3) for _ in range(2)))
    assert sum(judged, Counter()) == {"sent": 25}
    assert sorted(await told(database)) == sorted(map(key, people))


async def test_nine_hours_of_outage_are_not_made_up_for(
    database: Database, clock: ManualClock
) -> None:
    back = DUE
    hours = range(10, 21)
    who = {h: await reminded(database, f"h{h}", time(h), back - 11 * HOUR) for h in hours}
    far = await reminded(database, "far", time(9), back - 9 * HOUR, "Asia/Tokyo")
    assert await tick(database, back, most=4) == {"late": 9, "sent": 2}
    assert set(await told(database)) == {key(who[19]), key(who[20])}
    assert (await reminder(database, who[10])).next_fire_at == back + 14 * HOUR
    for ahead in range(1, 24):
        await tick(database, back + ahead * HOUR, most=4)
    assert Counter(one.split(":")[2] for one in await told(database)) == {
        str(one.user_id): 1 + (hour == 19) for hour, one in {**who, 0: far}.items()
    }


async def test_workers_that_are_killed_lose_nothing_and_double_nothing(
    database: Database,
    database_name: str,
    server: EmbeddedServer,
    clock: ManualClock,
    tmp_path: Path,
) -> None:
    """Each has two sets in hand at any moment, and both find all of the work."""
    people = [await reminded(database, f"p{n}", EIGHT, clock.now()) for n in range(60)]
    workers = [
        await start("reminder_process.py", server, database_name, tmp_path, DUE.isoformat(), number)
        for number in range(2)
    ]
    for number, worker in enumerate(workers):

        async def has_begun(least: int = 9 * (number + 1)) -> bool:
            return len(await told(database)) >= least

        async with asyncio.timeout(60):
            await until(has_begun)
        await kill(worker)
    before = len(await told(database))
    rest = await tick(database, DUE)
    assert rest == Counter(sent=60 - before)
    assert sorted(await told(database)) == sorted(map(key, people))
    assert {(await reminder(database, one)).next_fire_at for one in people} == {DUE + DAY}


async def test_a_set_reads_no_table_from_end_to_end(empty_database: Database) -> None:
    claim = CLAIM.text
    for place, name in enumerate((":now", ":most", ":later_than", ":beyond"), start=1):
        claim = claim.replace(name, f"${place}")
    look = IS_DUE.text.replace(":now", "$1")
    async with empty_database.worker_unit_of_work() as conn:
        for statement in (
            "insert into users (metadata) select '{}' from generate_series(1, 5000)",
            "insert into user_profiles (user_id, display_name) select id, 'x' from users",
            "insert into user_settings (user_id) select id from users",
            "insert into reminders (user_id, local_time, timezone, next_fire_at)"
            " select id, '20:00', 'UTC', now() from users",
            "set local plan_cache_mode = force_generic_plan",
            f"prepare claim (timestamptz, bigint, timestamptz, uuid) as {claim}",
            f"prepare look (timestamptz) as {look}",
            "analyze reminders",
        ):
            await conn.exec_driver_sql(statement)
        beginning = "'1970-01-01', '00000000-0000-0000-0000-000000000000'"
        for execute in (f"claim (now(), 100, {beginning})", "look (now())"):
            plan = await conn.exec_driver_sql(f"explain execute {execute}")
            text = "\n".join(plan.scalars())
            assert "ix_reminders_due" in text
            assert "Seq Scan" not in text
