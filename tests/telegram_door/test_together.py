"""Two processes with one bot: one asks for updates, and the other goes on when it is gone."""

import asyncio
from datetime import timedelta

from bots.conversation.turn import Services
from bots.telegram.pace import Limits
from bots.telegram.run import run_telegram
from bots.telegram.standing import Timing
from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings
from tests.platforms.person import sees
from tests.platforms.telegram.house import app_over
from tests.platforms.telegram.person import TelegramPerson
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.eventually import until

QUICK = Timing(term=timedelta(seconds=2), beat=timedelta(seconds=0.2))
FAST = Limits(overall=1e6, overall_burst=1000, private=1e6, private_burst=1000, group=100_000)


async def test_the_second_process_takes_over_from_the_first(
    telegram: LoopbackTelegram, inboxes: Database, settings: Settings
) -> None:
    services = Services(inboxes, SystemClock(), settings, Grader())
    app = app_over(services, telegram.url, telegram.token)
    ada = TelegramPerson(telegram, telegram.people.user("Ada"))
    stops = [asyncio.Event(), asyncio.Event()]
    first = asyncio.create_task(run_telegram(app, stops[0], limits=FAST, timing=QUICK))
    async with asyncio.timeout(60):
        await until(lambda: telegram.calls["getUpdates"] > 0)
        second = asyncio.create_task(run_telegram(app, stops[1], limits=FAST, timing=QUICK))
        await ada.command("/start")
        await sees(ada, "study hall")
        first.cancel()  # cut off: what is said next waits at Telegram
        await asyncio.gather(first, return_exceptions=True)
        await ada.command("/help")
        await sees(ada, "/progress")
        await until(lambda: not telegram.updates.pending)
        stops[1].set()
        await second
