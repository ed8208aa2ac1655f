"""What the door's parts are tested with: a database without updates, a Telegram, a bot on it."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bots.telegram.client import StoaBot, bot_for
from domain.database import Database
from domain.settings import Settings
from domain.sql import sql
from tests.platforms.telegram.limits import UNLIMITED
from tests.platforms.telegram.server import LoopbackTelegram


@pytest.fixture
async def inboxes(database: Database) -> Database:
    """The module's database, its inbox and leases empty."""
    async with database.worker_unit_of_work() as conn:
        for table in ("inbound_updates", "leases", "delivery_channels", "outbox"):
            await conn.execute(sql(f"DELETE FROM {table}"))
    return database


@pytest.fixture
async def telegram() -> AsyncIterator[LoopbackTelegram]:
    """A Telegram without limits of pace; what the bot does wrong fails the test."""
    async with LoopbackTelegram(UNLIMITED) as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def bot(telegram: LoopbackTelegram, settings: Settings) -> AsyncIterator[StoaBot]:
    """A bot that has met that Telegram."""
    changes = {
        "telegram_token": SecretStr(telegram.token),
        "telegram_api_url": telegram.url,
    }
    made = bot_for(settings.model_copy(update=changes))
    await made.initialize()
    yield made
    await made.shutdown()
