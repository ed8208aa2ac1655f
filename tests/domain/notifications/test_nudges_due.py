"""Messages at no hour of one's own: found by zone, decided when due, one a local date."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bots.reminding import remind_all
from domain.clock import ManualClock
from domain.database import Database
from domain.jobs.slots import claim_slot
from domain.jobs.ticks import PATIENCE
from domain.motivation.journey import choose_study_days
from domain.notifications.merging import LAST_NUDGE
from domain.notifications.mutes import mute, silence, unmute
from domain.notifications.nudges_plan import FIRST, JOB, open_zones
from domain.notifications.nudges_sql import CLAIM, SCAN, ZONES
from domain.notifications.parts import BEHIND, FREEZE, MORE_NEWS, NEAR, NEWS, RISK
from domain.notifications.reminders import EVERY_DAY
from domain.notifications.reminders_own import remind_at
from domain.notifications.reminders_text import CARDS, HALF, OPEN
from domain.notifications.reminders_zones import reckon_some
from domain.postgres import EmbeddedServer
from tests.support import nudges
from tests.support.eventually import until
from tests.support.nudges import nudge, person, said
from tests.support.outbox import forget_all
from tests.support.processes import kill, start
from tests.support.reminders import change, move, reminded, tick

TODAY = date(2026, 3, 2)  # a Monday
_VALUES = {
    "zone": "'Asia/Tokyo'",
    "after": f"'{FIRST}'",
    "since": "'2026-01-01'",
    "worth": "3",
    "day": "'2026-03-03'",
    "now": "now()",
    "all": "'{}'",
    "end": "10",
    "cards": "10",
    "courses": "'{}'",
    "most": "100",
    "later_than": "'1970-01-01'",
    "beyond": f"'{FIRST}'",
}
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SIX, TEN, EVENING = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (6, 10, 19))
LATE = EVENING + timedelta(minutes=45)
AT_EIGHT = datetime(2026, 3, 2, 20, tzinfo=UTC)
SEEN = SIX - DAY


@pytest.fixture(autouse=True)
async def nothing_left(database: Database) -> None:
    await forget_all(database)
    await change(database, "DELETE FROM courses WHERE slug LIKE 'news%'")


async def texts(database: Database) -> list[str]:
    return [one.payload["text"] for one in await said(database)]


async def a_day(database: Database, after: timedelta = timedelta(0)) -> dict[str, int]:
    """The rounds of a day; by the end of the evening's everybody of the zone is due."""
    await nudges.plan(database, SIX + after)
    morning = await nudge(database, TEN + timedelta(minutes=15) + after)
    return dict(morning + await nudge(database, LATE + after))


async def test_a_streak_at_risk_is_told_once_in_the_evening(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.streak(database, ana, 12, TODAY - DAY)
    assert await nudge(database, SIX) == {}
    assert await nudge(database, EVENING - timedelta(seconds=1)) == {}
    assert await nudge(database, LATE) == {"sent": 1}
    assert await nudge(database, EVENING + HOUR) == {}
    (message,) = await said(database)
    assert (message.kind, message.policy) == ("streak", "at_most_once")
    assert message.payload["text"] == RISK
    assert message.payload["values"]["days"] == 12
    assert message.payload["choices"] == ["/learn", "/mute streak", "/remind"]
    assert message.key == f"reminder:{TODAY}:{ana.user_id}"


async def test_after_days_off_it_is_told_in_the_evening_too(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    days = [TODAY - n * DAY for n in (5, 4, 3)]  # to Friday
    await nudges.work(database, ana, *days)
    await nudges.streak(database, ana, 3, days[-1])
    async with database.worker_unit_of_work() as conn:
        await choose_study_days(conn, ana.user_id, days[0], frozenset(range(1, 6)))
    assert await a_day(database) == {"early": 1, "sent": 1}
    (message,) = await said(database)
    assert (message.payload["text"], message.run_at) == (RISK, LATE)


async def test_a_streak_that_a_flight_keeps_is_at_risk_as_well(database: Database) -> None:
    ana = await person(database, "ana", SEEN, "Pacific/Auckland")
    days = [TODAY - n * DAY for n in (4, 3, 2)]  # at noon in UTC, before the flight
    await nudges.work(database, ana, *days)
    await nudges.streak(database, ana, 3, days[-1])
    six = datetime(2026, 3, 1, 17, tzinfo=UTC)  # in Auckland, where it is the second of March
    assert await nudges.plan(database, six) == 1
    assert await nudge(database, six + 4.25 * HOUR) == {"early": 1}
    assert await nudge(database, six + 13.75 * HOUR) == {"sent": 1}
    (message,) = await said(database)
    assert (message.payload["text"], message.payload["values"]["days"]) == (RISK, 3)


async def test_who_is_not_at_risk_hears_nothing(database: Database) -> None:
    yesterday = TODAY - DAY
    for name, days, last, freezes in (
        ("short", 2, yesterday, 0),
        ("frozen", 30, yesterday, 1),
        ("today", 30, TODAY, 0),
        ("broken", 30, TODAY - 2 * DAY, 0),
    ):
        somebody = await person(database, name, SEEN)
        await nudges.streak(database, somebody, days, last, freezes)
    lapsed = await person(database, "lapsed", SIX - 61 * DAY)
    await nudges.streak(database, lapsed, 30, yesterday)
    nowhere = await person(database, "nowhere", SEEN)
    await nudges.streak(database, nowhere, 30, yesterday)
    await change(
        database, "UPDATE user_profiles SET timezone = NULL WHERE user_id = :u", u=nowhere.user_id
    )  # at which hour would it be night?
    judged = await a_day(database)
    assert "sent" not in judged
    assert await said(database) == []


async def test_what_happens_after_the_plan_is_heard_when_it_is_due(database: Database) -> None:
    names = ("gone", "shut", "silent", "mutes", "done", "off", "hidden", "down", "quiet", "wanted")
    who = {name: await person(database, name, SEEN) for name in names}
    for one in who.values():
        await nudges.streak(database, one, 12, TODAY - DAY)
    assert await nudges.plan(database, SIX) == len(names)
    settings = "INSERT INTO user_settings (user_id, {}) VALUES (:u, {})"
    for name, statement in {
        "gone": "UPDATE users SET status = 'closing', erase_after = '2026-04-01' WHERE id = :u",
        "shut": "UPDATE users SET status = 'suspended', status_reason = 'x' WHERE id = :u",
        "done": "UPDATE streaks SET last_activity_date = '2026-03-02' WHERE user_id = :u",
        "off": "INSERT INTO study_days (user_id, since, weekdays)"
        " VALUES (:u, '2026-01-01', '{6,7}')",
        "hidden": settings.format("show_streak", "false"),
        "quiet": settings.format("quiet_from", "'18:30'"),
    }.items():
        await change(database, statement, u=who[name].user_id)
    for name in ("silent", "mutes"):
        async with database.unit_of_work(who[name].user_id) as conn:
            user = who[name].user_id
            await (silence(conn, user) if name == "silent" else mute(conn, user, ["streak"]))
    judged = await nudge(database, LATE)
    assert judged == {"closed": 2, "muted": 1, "nothing": 3, "off": 1, "quiet": 1, "sent": 2}
    assert {one.who for one in await said(database)} == {"wanted", "down"}


async def test_an_outage_of_ours_puts_no_streak_at_risk(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.streak(database, ana, 12, TODAY - DAY)
    await change(
        database,
        "INSERT INTO outages (began_at, ended_at, reason) VALUES (:a, :b, 'x')",
        a=TEN,
        b=TEN + HOUR,
    )
    assert await a_day(database) == {"nothing": 1}
    await change(database, "DELETE FROM outages")


async def test_a_freeze_is_told_the_next_morning_and_not_again(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    first = TODAY - 9 * DAY
    await nudges.work(database, ana, *(first + n * DAY for n in range(8)))  # until Saturday
    await nudges.streak(database, ana, 8, TODAY - 2 * DAY, freezes=1)
    await nudges.plan(database, SIX)
    assert await nudge(database, TEN + timedelta(minutes=15)) == {"sent": 1}
    (message,) = await said(database)
    assert (message.kind, message.payload["text"]) == ("freeze", FREEZE)
    assert (message.payload["values"]["days"], message.payload["values"]["freezes"]) == (8, 0)
    await nudges.arrive(database)
    assert await a_day(database) == {}
    assert await a_day(database, DAY) == {"nothing": 1}  # the streak has ended: not a word


async def test_beside_a_reminder_a_freeze_is_told_first_and_once(
    database: Database, clock: ManualClock
) -> None:
    ana = await reminded(database, "ana", time(20), clock.now())
    first = TODAY - 9 * DAY
    await nudges.work(database, ana, *(first + n * DAY for n in range(8)))
    await nudges.streak(database, ana, 8, TODAY - 2 * DAY, freezes=1)
    for day in range(2):
        assert await remind_all(database, ManualClock(AT_EIGHT + day * DAY)) == {"sent": 1}
        await nudges.arrive(database)
    first_day, second_day = await texts(database)
    assert first_day.split("\n\n") == [FREEZE, OPEN]
    assert second_day == OPEN  # the streak has ended: not a word


async def test_all_kinds_are_merged_into_one_message(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.streak(database, ana, 12, TODAY - DAY)
    await nudges.cards(database, ana, 12, SEEN)
    await nudges.goal(database, ana, "Finish OSI", 10, 1, TODAY - 10 * DAY, TODAY + 9 * DAY)
    await nudges.course(database, "news-one", 3, SEEN)
    await nudges.join(database, ana, "news-one", SEEN - DAY)
    assert await a_day(database) == {"sent": 1}
    (message,) = await said(database)
    assert message.payload["text"].split("\n\n") == [RISK, CARDS, BEHIND, NEWS]
    assert message.payload["choices"] == [
        *("/learn", "/mute streak", "/mute cards", "/mute goal", "/mute news", "/remind")
    ]
    values = message.payload["values"]
    assert (values["goal"], values["value"], values["rate"]) == ("Finish OSI", 1, 1)
    assert (values["course"], values["lessons"]) == ("News-One", 3)


async def test_news_come_once_collapsed_and_again_when_they_never_arrived(
    database: Database,
) -> None:
    ana = await person(database, "ana", SEEN)
    for slug, lessons in (("news-one", 1), ("news-two", 2)):
        await nudges.course(database, slug, lessons, SEEN)
        await nudges.join(database, ana, slug, SEEN - DAY)
    late = await person(database, "late", SEEN)
    await nudges.join(database, late, "news-one", SEEN + timedelta(minutes=1))
    await nudges.plan(database, SIX)
    judged = await nudge(database, TEN + timedelta(minutes=15))
    assert judged == {"sent": 1, "nothing": 1}  # who joined later knows no other course
    (message,) = await said(database)
    assert (message.kind, message.payload["text"]) == ("news", MORE_NEWS)
    assert message.payload["values"]["courses"] == "News-Two, News-One"
    await nudges.arrive(database, "dead")
    assert (await a_day(database, DAY))["sent"] == 1
    await nudges.arrive(database)
    assert "sent" not in await a_day(database, 2 * DAY)
    assert len(await said(database)) == 2


async def test_cards_are_told_every_third_day_and_a_goal_once_a_week(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.cards(database, ana, 10, SEEN)
    await nudges.goal(database, ana, "Ten", 10, 9, TODAY, TODAY + 30 * DAY)
    told = []
    for number in range(8):
        await nudges.plan(database, SIX + number * DAY)
        await nudge(database, TEN + timedelta(minutes=15) + number * DAY)
        await change(database, "UPDATE users SET last_active_at = :at", at=EVENING + number * DAY)
        await nudges.arrive(database)
        told.append(len(await said(database)))
    assert told == [1, 1, 1, 2, 2, 2, 3, 3]
    assert await texts(database) == [f"{CARDS}\n\n{NEAR}", CARDS, CARDS]


async def test_beside_a_reminder_nothing_else_comes_and_it_says_all(
    database: Database, clock: ManualClock
) -> None:
    ana = await reminded(database, "ana", time(20), clock.now())
    await change(database, "UPDATE users SET last_active_at = :at", at=SEEN)
    await nudges.streak(database, ana, 12, TODAY - DAY)
    await nudges.course(database, "news-one", 3, SEEN)
    await nudges.join(database, ana, "news-one", SEEN - DAY)
    assert await a_day(database) == {}
    assert await tick(database, AT_EIGHT) == {"sent": 1}
    (message,) = await said(database)
    assert message.kind == "reminder"
    assert message.payload["text"].split("\n\n")[0] == OPEN
    assert message.payload["text"].split("\n\n")[-1] == NEWS
    assert message.payload["choices"][-3:] == ["/remind off", "/mute streak", "/mute news"]


async def test_a_date_has_one_message_even_when_a_reminder_is_set_after_it(
    database: Database, clock: ManualClock
) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.streak(database, ana, 12, TODAY - DAY)
    assert await a_day(database) == {"sent": 1}
    await reminded(database, "ben", time(20), clock.now())
    await change(
        database,
        "INSERT INTO reminders (user_id, local_time, timezone, next_fire_at)"
        " VALUES (:u, '20:00', 'UTC', :at)",
        u=ana.user_id,
        at=AT_EIGHT,
    )
    assert await tick(database, AT_EIGHT) == {"told": 1, "sent": 1}
    assert len(await said(database)) == 2


async def test_the_daily_reckoning_counts_such_a_message(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.streak(database, ana, 12, TODAY - DAY)
    assert await a_day(database) == {"sent": 1}
    async with database.unit_of_work(ana.user_id) as conn:
        own = await remind_at(conn, ana.user_id, time(21), EVERY_DAY, LATE)
    assert own.next is not None
    assert own.next.day == TODAY + DAY
    async with database.worker_unit_of_work() as conn:
        assert (await reckon_some(conn, LATE))[0] == 0


async def test_who_lets_them_pass_hears_less_and_then_nothing(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.streak(database, ana, 12, TODAY - DAY)
    for number in range(24):
        day = TODAY + number * DAY
        await change(database, "UPDATE streaks SET last_activity_date = :d", d=day - DAY)
        await a_day(database, number * DAY)
        await nudges.arrive(database)
    written = await said(database)
    assert [(one.run_at.date() - TODAY).days for one in written] == [
        *(0, 1, 2, 3, 5, 7, 9, 11, 13, 15, 16)
    ]
    assert written[3].payload["text"] == f"{RISK}\n\n{HALF}"
    assert written[-1].payload["text"] == f"{RISK}\n\n{LAST_NUDGE}"
    await change(database, "UPDATE users SET last_active_at = :at", at=SIX + 24 * DAY)
    await change(database, "UPDATE streaks SET last_activity_date = :d", d=TODAY + 23 * DAY)
    assert await a_day(database, 24 * DAY) == {"sent": 1}
    assert ana.name == "ana"


async def test_a_flight_moves_the_message_and_adds_none(database: Database) -> None:
    ana = await person(database, "ana", SEEN, "Asia/Tokyo")
    await nudges.streak(database, ana, 12, TODAY - DAY)
    noon = datetime(2026, 3, 2, 3, tzinfo=UTC)  # in Tokyo
    assert await nudges.plan(database, noon) == 1
    await move(database, ana, "Europe/Warsaw")
    assert await nudge(database, datetime(2026, 3, 2, 10, 45, tzinfo=UTC)) == {"moved": 1}
    assert await nudge(database, datetime(2026, 3, 2, 18, 45, tzinfo=UTC)) == {"sent": 1}
    await nudge(database, datetime(2026, 3, 2, 20, 45, tzinfo=UTC))
    assert len(await said(database)) == 1


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_on_the_days_the_clocks_change_it_is_the_same_hour(
    database: Database, day: date
) -> None:
    noon = datetime.combine(day, time(10), UTC)
    ana = await person(database, "ana", noon - DAY, "Europe/Warsaw")
    await nudges.streak(database, ana, 12, day - DAY)
    assert await nudges.plan(database, noon) == 1
    async with database.worker_unit_of_work() as conn:
        due = await conn.exec_driver_sql("select next_at at time zone 'Europe/Warsaw' from nudges")
        shown = due.scalar_one()
    assert shown.date() == day
    assert shown.hour == 19


async def test_what_is_not_wanted_any_more_is_taken_out_of_the_outbox(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.streak(database, ana, 12, TODAY - DAY)
    await nudges.cards(database, ana, 12, SEEN)
    assert await a_day(database) == {"sent": 1}
    async with database.unit_of_work(ana.user_id) as conn:
        assert "cards" not in (await mute(conn, ana.user_id, ["cards"])).kinds
    assert await said(database) == []
    async with database.unit_of_work(ana.user_id) as conn:
        await silence(conn, ana.user_id)
        assert (await unmute(conn, ana.user_id, ["news"])).kinds == ("news",)


async def test_who_opts_out_while_a_worker_writes_hears_nothing(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.streak(database, ana, 12, TODAY - DAY)
    await nudges.plan(database, SIX)

    async def opts_out() -> None:
        async with database.unit_of_work(ana.user_id) as conn:
            await silence(conn, ana.user_id)

    async with database.worker_unit_of_work() as conn:
        assert await nudges.one_set(conn, LATE, 9) == {"sent": 1}
        asked = asyncio.create_task(opts_out())
        await asyncio.sleep(0.2)
        assert not asked.done()  # it waits for what is being written
    await asked
    assert await said(database) == []


async def test_workers_share_the_work_and_double_nothing(database: Database) -> None:
    for number in range(30):
        somebody = await person(database, f"p{number}", SEEN)
        await nudges.streak(database, somebody, 12, TODAY - DAY)
    planned = await asyncio.gather(*(nudges.plan(database, SIX) for _ in range(3)))
    assert sorted(planned) == [0, 0, 30]

    async def a_set() -> Counter[str]:
        async with database.worker_unit_of_work() as conn:
            return await nudges.one_set(conn, LATE, 4)

    judged = await asyncio.gather(*(a_set() for _ in range(10)))
    assert sum(one["sent"] for one in judged) == len(await said(database))
    await nudge(database, LATE)
    written = await said(database)
    assert len({one.key for one in written}) == len(written) == 30


async def test_after_an_outage_one_message_comes(database: Database) -> None:
    ana = await person(database, "ana", SEEN)
    await nudges.cards(database, ana, 12, SEEN)
    await nudges.plan(database, SIX)
    assert await nudge(database, TEN + 4 * HOUR) == {"late": 1}
    assert await nudge(database, LATE) == {"sent": 1}
    assert await nudge(database, EVENING + 2 * HOUR) == {}
    assert ana.name == "ana"


async def test_workers_that_are_killed_lose_nothing_and_double_nothing(
    database: Database, database_name: str, server: EmbeddedServer, tmp_path: Path
) -> None:
    for number in range(30):
        somebody = await person(database, f"p{number}", SEEN)
        await nudges.streak(database, somebody, 12, TODAY - DAY)
    await nudges.plan(database, SIX)
    for number in range(2):
        what = (LATE.isoformat(), number, "nudges")
        worker = await start("reminder_process.py", server, database_name, tmp_path, *what)

        async def has_begun(least: int = 5 * (number + 1)) -> bool:
            return len(await said(database)) >= least

        async with asyncio.timeout(60):
            await until(has_begun)
        await kill(worker)
    before = len(await said(database))
    assert await nudge(database, LATE) == {"sent": 30 - before}
    assert len({one.who for one in await said(database)}) == 30


async def test_a_zone_whose_planner_died_is_planned_by_another(database: Database) -> None:
    ana = await person(database, "ana", SEEN, "Europe/Warsaw")
    await nudges.streak(database, ana, 12, TODAY - DAY)
    job = f"{JOB}Europe/Warsaw"
    async with database.worker_unit_of_work() as conn:
        assert await open_zones(conn, SIX) == [("Europe/Warsaw", TODAY)]
        assert await claim_slot(conn, job, str(TODAY), SIX, PATIENCE)
    assert await nudges.plan(database, SIX + PATIENCE / 2) == 0
    assert await nudges.plan(database, SIX + PATIENCE) == 1
    async with database.worker_unit_of_work() as conn:
        assert await open_zones(conn, SIX + HOUR) == []


async def test_a_scan_of_a_zone_reads_no_table_from_end_to_end(empty_database: Database) -> None:
    async with empty_database.worker_unit_of_work() as conn:
        for statement in (
            "insert into users (metadata, last_active_at)"
            " select '{}', now() from generate_series(1, 5000)",
            "insert into user_profiles (user_id, display_name, timezone)"
            " select id, 'x', case when random() < 0.01 then 'Asia/Tokyo' else 'UTC' end"
            " from users",
            "insert into nudges (user_id, timezone, day, next_at)"
            " select id, 'UTC', '2026-03-02', now() from users",
            "insert into reminders (user_id, local_time, timezone)"
            " select id, '20:00', 'UTC' from users",
            "analyze users, user_profiles, nudges, reminders",
        ):
            await conn.exec_driver_sql(statement)
        plans = []
        for text in (SCAN.text, ZONES.text, CLAIM.text):
            filled = text
            for name, value in _VALUES.items():
                filled = filled.replace(f":{name}", value)
            explained = await conn.exec_driver_sql(f"explain {filled}")
            plans.append("\n".join(explained.scalars()))
    scan, zones, claim = plans
    assert "ix_user_profiles_timezone" in scan
    assert "ix_user_profiles_timezone" in zones
    assert "ix_nudges_due" in claim
    for plan in plans:
        assert "Seq Scan on user_profiles" not in plan
        assert "Seq Scan on nudges" not in plan
