"""Running the Telegram door: everything opened, joined, and closed again in order."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bots.delivery import Delivery
from bots.live.director import Director
from bots.running import App
from bots.telegram.client import WRONG, StoaBot, bot_for
from bots.telegram.door import Door
from bots.telegram.groups import Groups
from bots.telegram.hearing import Me
from bots.telegram.lanes import Finisher, Lanes
from bots.telegram.menus import set_menus
from bots.telegram.outlets import LONGEST_PAUSE_S, Outlets
from bots.telegram.pace import Limits, Pace
from bots.telegram.raw import album_of
from bots.telegram.receiving import Poller, Store
from bots.telegram.sender import TelegramSender
from bots.telegram.stage import TelegramStage
from bots.telegram.standing import Standing, Timing, owner_name
from bots.telegram.transport import Flood
from bots.telegram.webhook import announce, listening
from domain.identity.presence import announce_bot
from domain.inbox import Box
from domain.jobs.rules import backoff
from domain.settings import ConfigurationError

log = logging.getLogger(__name__)

DRAIN_S = 15.0  # for what is in flight when told to stop


async def run_telegram(
    app: App, stop: asyncio.Event, *, limits: Limits | None = None, timing: Timing | None = None
) -> None:
    """Answer people on Telegram until told to stop.

    Args:
        app: what the process has opened.
        stop: ends it: no more is asked for, what is in flight is finished, the rest given back.
        limits: how fast the bot may send, when Telegram has allowed it more.
        timing: of the leases.

    Raises:
        ConfigurationError: there is no token, or Telegram does not know it.
    """
    bot = bot_for(app.settings)
    try:
        me = await _meet(app, bot, stop)
        if me is not None:
            await _serve(app, bot, me, stop, limits or Limits(), timing or Timing())
    finally:
        with suppress(TelegramError, RuntimeError):
            await bot.shutdown()


async def _meet(app: App, bot: StoaBot, stop: asyncio.Event) -> Me | None:
    """Ask Telegram who the bot is; None: told to stop meanwhile."""
    try:
        await _insist(app, bot.initialize, stop)
    except InvalidToken as error:
        raise ConfigurationError(WRONG) from error
    return (
        None if stop.is_set() else Me(bot.id, bot.username, bool(bot.can_read_all_group_messages))
    )


async def _insist(app: App, call: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """Call until Telegram can be reached, or until told to stop."""
    failures = 0
    while not stop.is_set():
        try:
            await call()
        except (BadRequest, InvalidToken):
            raise
        except (NetworkError, Flood) as error:
            failures += 1
            log.warning("Telegram cannot be reached: %s", error)
            app.health.down("telegram", f"{type(error).__name__}: {error}")
            pause = backoff(failures, app.random.random()).total_seconds()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), min(pause, LONGEST_PAUSE_S))
        else:
            return


async def _menus(app: App, bot: StoaBot, stop: asyncio.Event) -> None:
    try:
        await _insist(app, lambda: set_menus(bot), stop)
    except TelegramError:
        log.exception("the menus of commands could not be set; commands work without them")


async def _serve(
    app: App, bot: StoaBot, me: Me, stop: asyncio.Event, limits: Limits, timing: Timing
) -> None:
    loop = asyncio.get_running_loop()
    box = Box("telegram", str(me.id))
    owner = owner_name(box, secrets.token_hex(8))
    pace = Pace(limits, loop.time)
    outlets = Outlets(pace, app.random)
    groups = Groups(app.database, app.clock)

    def acknowledged(received_at: datetime) -> None:
        seconds = (app.clock.now() - received_at).total_seconds()
        app.metrics.acknowledged("telegram", seconds)

    door = Door(app.router, bot, outlets, me, box, groups, acknowledged)
    finisher = Finisher(app.database, app.clock, box, app.random)
    lanes = Lanes(box, owner, door.work, finisher, lambda update: album_of(update.payload))

    def shared(processes: int) -> None:
        pace.share(processes)
        pace.tidy()

    standing = Standing(app.database, app.clock, box, owner, lanes, shared, timing)
    store = Store(app.database, app.clock, box, owner, lanes.add, standing.wake)
    sender = TelegramSender(bot, outlets)
    delivery = Delivery(app.database, app.clock, app.random, sender, counted=app.metrics.delivered)
    director = Director(app.database, app.clock, {"telegram": TelegramStage(bot, outlets)})

    def tell(problem: str | None) -> None:
        if problem is None:
            app.health.up("telegram")
        else:
            app.health.down("telegram", problem)

    by_webhook = app.settings.telegram_webhook_url is not None
    if not by_webhook:
        standing.want_to_poll()
    await standing.beat()
    async with app.database.worker_unit_of_work() as conn:
        await announce_bot(conn, "telegram", me.username)  # other doors may point at it
    background = [asyncio.create_task(standing.run()), asyncio.create_task(finisher.run())]
    sending = asyncio.create_task(delivery.run(stop))
    directing = asyncio.create_task(director.run(stop))
    background.append(asyncio.create_task(_menus(app, bot, stop)))
    try:
        if by_webhook:
            async with listening(app.settings, store):
                await _insist(app, lambda: announce(bot, app.settings), stop)
                tell(None)
                await stop.wait()
        else:
            await _insist(app, bot.delete_webhook, stop)
            poller = Poller(
                bot, store, standing.may_poll, lambda: standing.polls, tell, app.random.random
            )
            tell(None)
            await poller.run(stop)
        await asyncio.gather(sending, directing, lanes.drain(DRAIN_S))
    finally:
        sending.cancel()
        directing.cancel()
        await lanes.drain(0.0)
        await outlets.close(0.0)
        for task in background:
            task.cancel()
        await asyncio.gather(sending, directing, *background, return_exceptions=True)
        try:
            async with asyncio.timeout(DRAIN_S / 3):
                await finisher.flush()
                await standing.leave()
        except Exception:
            log.exception("the leases are not given back; others have them when they end")
