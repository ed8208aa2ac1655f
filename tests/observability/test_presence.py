"""A long time without an open door is an outage, a restart is none."""

import asyncio
from datetime import timedelta

from bots.observability.health import Health
from bots.observability.presence import OUTAGE, keep_noting, note_presence
from domain.database import Database
from domain.identity import presence
from domain.sql import sql
from tests.support.eventually import until
from tests.support.owner import owner_of

_OUTAGES = sql("SELECT ended_at - began_at AS length, reason FROM outages")


async def test_a_gap_of_hours_is_recorded_once_and_a_restart_is_not(
    empty_database: Database, server
):
    async def outages() -> list[timedelta]:
        async with empty_database.worker_unit_of_work() as conn:
            return [row.length for row in (await conn.execute(_OUTAGES)).all()]

    async def left_alone_for(hours: float) -> None:
        name = await _name(empty_database)
        async with owner_of(server, name) as owner:
            await owner.exec_driver_sql("set session_replication_role = replica")  # no triggers
            await owner.exec_driver_sql(
                f"update bot_accounts set updated_at = now() - interval '{hours} hours'"
            )
            await owner.commit()

    assert not await note_presence(empty_database, ["telegram"]), "the first start"
    async with empty_database.worker_unit_of_work() as conn:
        await presence.announce_bot(conn, "telegram", "stoa_bot")
        await presence.announce_bot(conn, "discord", "Stoa")
    await left_alone_for(0.5)
    assert not await note_presence(empty_database, ["telegram"])
    await left_alone_for(5)
    async with empty_database.worker_unit_of_work() as conn:
        await presence.announce_bot(conn, "telegram", "stoa_bot")  # hides nothing
    assert await note_presence(empty_database, ["discord"])
    assert not await note_presence(empty_database, ["telegram"]), "one open door is enough"
    (length,) = await outages()
    assert length >= 5 * OUTAGE


async def test_only_open_doors_are_noted(empty_database: Database):
    async def seen() -> list[str]:
        async with empty_database.worker_unit_of_work() as conn:
            rows = await conn.execute(
                sql("SELECT platform FROM bot_accounts WHERE updated_at > created_at")
            )
            return list(rows.scalars().all())

    async with empty_database.worker_unit_of_work() as conn:
        for platform in ("discord", "telegram"):
            await presence.announce_bot(conn, platform, "stoa")
    health, stop = Health(), asyncio.Event()
    health.up("telegram")
    health.down("discord", "cut off")
    noting = asyncio.create_task(keep_noting(empty_database, health, ("discord", "telegram"), stop))

    async def is_noted() -> bool:
        return await seen() == ["telegram"]

    async with asyncio.timeout(20):
        await until(is_noted)
    stop.set()
    await noting


async def _name(database: Database) -> str:
    async with database.worker_unit_of_work() as conn:
        found = (await conn.execute(sql("SELECT current_database()"))).scalar_one()
    return str(found)
