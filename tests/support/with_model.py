"""A learner whose program fails, and a model behind the tutor: the real SDK, a loopback Gemini."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.sql import sql
from tests.domain.challenges.course import WRONG, join, prepare
from tests.platforms.gemini.server import KEY, LoopbackGemini
from tests.support.account import Account
from tutor.models.router import Models
from tutor.models.trying import Patience

Learn = Callable[[str], Awaitable[Account]]
_RESERVED = sql("""
    SELECT r.outcome, r.spent
    FROM tutor_reservations r JOIN identities i ON i.user_id = r.user_id
    WHERE i.subject = :name ORDER BY r.id
""")


@asynccontextmanager
async def with_model(
    services: Services, gemini: LoopbackGemini, **more: object
) -> AsyncIterator[Services]:
    """The same services with one model whose words are not used for training; little patience.

    Args:
        services: without one.
        gemini: the model's service.
        more: settings, such as budgets.
    """
    changes = {
        "gemini_api_key": SecretStr(KEY),
        "gemini_api_url": gemini.url,
        "gemini_trains_on_content": False,
        "tutor_fallback_model": "none",
        "tutor_hearts": 3,
        **more,
    }
    settings = services.settings.model_copy(update=changes)
    models = Models.from_settings(settings, Patience(whole=10.0, first=5.0, pause=0.01))
    try:
        yield replace(services, settings=settings, models=models)
    finally:
        await models.close()


async def learners(services: Services, database: Database, folder: Path) -> Learn:
    """Makes learners by name, each with a program that fails."""
    known = await prepare(database, folder)
    router = Router(services, receipts=True)

    async def begin(name: str) -> Account:
        clock = services.clock
        assert isinstance(clock, ManualClock)
        await join(database, clock, name, known["course"])
        account = Account(router, clock, "terminal", name)
        await account.says("/code two-fer")
        await account.says(f"```python\n{WRONG}```")
        return account

    return begin


async def agree(account: Account) -> None:
    """Have an error explained offline, then by the model."""
    await account.presses("Explain my error")
    await account.presses("Yes, ask it")


async def reservations(database: Database, name: str) -> list[Any]:
    """What somebody's questions to the model set aside: `outcome` and `spent`, oldest first."""
    async with database.worker_unit_of_work() as conn:
        return list((await conn.execute(_RESERVED, {"name": name})).all())
