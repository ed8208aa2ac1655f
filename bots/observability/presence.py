"""Notices when learners could not reach us for long, so that it costs nobody a day."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from bots.observability.health import Health
from domain.database import Database
from domain.identity import presence
from domain.motivation.journey import record_outage

log = logging.getLogger(__name__)

EVERY_S = 60.0
LOOK_S = 1.0  # until the first door is open
OUTAGE = timedelta(hours=1)  # shorter gaps, such as a restart, cost no day
REASON = "no door was open"


async def note_presence(database: Database, doors: Sequence[str]) -> bool:
    """These doors are open now; whether an outage came to an end by that."""
    async with database.worker_unit_of_work() as conn:
        gap = await presence.beat(conn, doors)
        if gap is None or gap.length < OUTAGE:
            return False
        await record_outage(conn, gap.began, gap.ended, REASON)
    log.warning("nobody could reach us from %s to %s", gap.began, gap.ended)
    return True


async def keep_noting(
    database: Database, health: Health, doors: Sequence[str], stop: asyncio.Event
) -> None:
    """Note every minute which of this process's doors are open, until told to stop."""
    while not stop.is_set():
        working = health.working()
        present = [door for door in doors if working.get(door)]
        if present:
            try:
                await note_presence(database, present)
            except Exception:
                log.exception("it could not be noted that the doors are open")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY_S if present else LOOK_S)
