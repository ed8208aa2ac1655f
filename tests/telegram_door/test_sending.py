"""What leaves for Telegram by itself: notices, greetings, menus; and what its answers mean."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random

import pytest
from pydantic import SecretStr
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bots.conversation.dialogue import Button, File, Reply
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.conversation.vocabulary import VERBS
from bots.observability.health import Health
from bots.observability.metrics import Metrics
from bots.observability.observed import Observed
from bots.running import App
from bots.telegram import files
from bots.telegram import sender as module
from bots.telegram.client import StoaBot
from bots.telegram.files import fetch
from bots.telegram.groups import Groups
from bots.telegram.hearing import Me, Membership, Moved, Scene, Sent
from bots.telegram.menus import set_menus
from bots.telegram.outlets import Outlets
from bots.telegram.pace import Limits, Pace
from bots.telegram.run import run_telegram
from bots.telegram.sender import TelegramSender, Try, outcome_of
from bots.telegram.transport import Flood, NotSent
from domain.clock import ManualClock
from domain.database import Database
from domain.errors import Refusal
from domain.grading import Grader
from domain.identity import service as identity
from domain.notifications.rules import Outcome
from domain.settings import ConfigurationError, Settings
from domain.sql import sql
from tests.platforms.telegram.server import LoopbackTelegram
from tests.support.eventually import until

FAST = Limits(overall=1e6, overall_burst=1000, private=1e6, private_burst=1000)
RANDOM = Random(1)  # noqa: S311
ME = Me(99, "stoa_bot")


@pytest.fixture
async def outlets() -> AsyncIterator[Outlets]:
    made = Outlets(Pace(FAST, asyncio.get_running_loop().time), RANDOM)
    yield made
    await made.close(0)


@pytest.mark.parametrize(
    ("error", "begun", "result"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), 0, "blocked"),
        (BadRequest("Bad Request: chat not found"), 0, "blocked"),
        (BadRequest("Bad Request: message is too long"), 0, "rejected"),
        (ChatMigrated(-100), 0, "blocked"),
        (Flood(7), 0, "wait"),
        (NotSent("no connection"), 0, "not_sent"),
        (TimedOut(), 0, "unknown"),
        (NetworkError("502"), 0, "unknown"),
        (Flood(7), 1, "unknown"),
        (NotSent("no connection"), 1, "unknown"),
    ],
)
def test_what_an_answer_means_for_a_notice(error: TelegramError, begun: int, result: str) -> None:
    outcome = outcome_of(error, Try(begun=True, parts=begun))
    assert outcome.result == result
    assert outcome.retry_after == (timedelta(seconds=7) if result == "wait" else None)


async def test_a_notice_arrives_or_says_why_not(
    telegram: LoopbackTelegram, bot: StoaBot, outlets: Outlets
) -> None:
    sender = TelegramSender(bot, outlets)
    ada = telegram.people.user("Ada", started=True)
    notice = Reply("**Done**: @ada", ((Button("/progress", "v1:say:-:progress"),),))
    assert await sender.send(str(ada.id), notice) == Outcome("sent")
    (shown,) = telegram.world.chats[ada.id].messages.values()
    assert shown.text == "Done: @\N{WORD JOINER}ada"
    assert [button["text"] for row in shown.rows for button in row] == ["/progress"]
    stranger = telegram.people.user("Bob")
    telegram.people.block(ada)
    for address in (str(ada.id), str(stranger.id), "12345"):
        assert (await sender.send(address, notice)).result == "blocked", address
    assert (await sender.send("general", notice)).result == "rejected"
    telegram.is_down = True
    telegram.people.unblock(ada)
    assert (await sender.send(str(ada.id), notice)).result == "unknown"


async def test_a_notice_in_a_long_queue_comes_back_later(
    bot: StoaBot, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_S", 0.05)
    held = asyncio.Event()

    async def work() -> None:
        await held.wait()

    outlets.put(7, work)
    outcome = await TelegramSender(bot, outlets).send("7", Reply("x"))
    assert (outcome.result, outcome.retry_after) == ("wait", module.LATER)
    held.set()


async def test_menus_are_set_once_and_put_right_again(
    telegram: LoopbackTelegram, bot: StoaBot
) -> None:
    assert await set_menus(bot) == 4  # private and group chats, in English and Polish
    assert telegram.calls["setMyCommands"] == 4
    assert await set_menus(bot) == 0
    lists = telegram.world.commands
    private = next(menu for name, menu in lists.items() if name == "all_private_chats")
    assert [one["command"] for one in private] == [verb.name for verb in VERBS]
    polish = lists["all_private_chats:pl"]
    assert len(polish) == len(private)
    assert polish != private
    assert len(lists["all_group_chats"]) < len(private)
    private[0]["description"] = "Edited by hand"
    assert await set_menus(bot) == 1


async def test_a_group_that_moves_takes_along_what_is_stored(
    inboxes: Database, clock: ManualClock
) -> None:
    setup = [
        "INSERT INTO communities (platform, place_id, title) VALUES ('telegram', '-5', 'Owls')",
        "INSERT INTO delivery_channels (community_id, platform, address)"
        " SELECT id, 'telegram', '-5' FROM communities WHERE place_id = '-5'",
    ]
    async with inboxes.worker_unit_of_work() as conn:
        for statement in setup:
            await conn.execute(sql(statement))
    groups = Groups(inboxes, clock)
    for _ in range(2):  # told twice
        await groups.moved(Moved(-5, -1005))
    found = sql("""
        SELECT c.place_id, d.address FROM communities c
        JOIN delivery_channels d ON d.community_id = c.id
    """)
    async with inboxes.worker_unit_of_work() as conn:
        assert (await conn.execute(found)).all() == [("-1005", "-1005")]


async def test_a_block_is_noted_and_taken_back(
    inboxes: Database, clock: ManualClock, bot: StoaBot, outlets: Outlets
) -> None:
    async with inboxes.unit_of_work() as conn:
        await identity.Accounts().learner(conn, "telegram", "700", "Ada", None, clock.now())
    groups, scene = Groups(inboxes, clock), Scene(700, None, 700, "Ada")
    closed = sql("SELECT blocked_reason FROM delivery_channels WHERE address = '700'")
    for is_in, reason in ((False, "the chat was closed to the bot"), (True, None)):
        change = Membership(scene, is_in, was_in=not is_in)
        await groups.changed(change, outlets, bot, ME)
        async with inboxes.worker_unit_of_work() as conn:
            assert (await conn.execute(closed)).scalar_one() == reason


def app_with(database: Database, clock: ManualClock, settings: Settings, **changes: object) -> App:
    services = Services(database, clock, settings.model_copy(update=changes), Grader())
    metrics = Metrics()
    return App(services, Observed(Router(services), metrics), metrics, Health(), RANDOM)


async def test_a_wrong_token_is_said_in_words(
    telegram: LoopbackTelegram, inboxes: Database, clock: ManualClock, settings: Settings
) -> None:
    wrong = SecretStr(telegram.token[:-4] + "oops")
    app = app_with(inboxes, clock, settings, telegram_token=wrong, telegram_api_url=telegram.url)
    with pytest.raises(ConfigurationError, match="BotFather"):
        await run_telegram(app, asyncio.Event())


async def test_a_telegram_that_is_away_is_waited_for_until_told_to_stop(
    telegram: LoopbackTelegram, inboxes: Database, clock: ManualClock, settings: Settings
) -> None:
    telegram.is_down = True
    token = SecretStr(telegram.token)
    app = app_with(inboxes, clock, settings, telegram_token=token, telegram_api_url=telegram.url)
    stop = asyncio.Event()
    running = asyncio.create_task(run_telegram(app, stop))
    async with asyncio.timeout(20):
        await until(lambda: app.health.part("telegram").state == "down")
        stop.set()
        await running


async def test_a_file_is_fetched_or_refused_in_words(
    telegram: LoopbackTelegram, bot: StoaBot, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = telegram.world.keep_file("ż.py", b"x = 1")
    assert await fetch(bot, outlets, 7, Sent(key, "ż.py", 5)) == File("ż.py", b"x = 1")
    with pytest.raises(Refusal, match=r"MiB\. Send a smaller"):
        await fetch(bot, outlets, 7, Sent(key, "a.py", files.LARGEST + 1))
    with pytest.raises(Refusal, match="could not get"):
        await fetch(bot, outlets, 7, Sent("unknown", "a.py", 5))
    monkeypatch.setattr(files, "LARGEST", 4)
    with pytest.raises(
        Refusal, match=r"MiB\. Send a smaller"
    ):  # Telegram did not say how large it is
        await fetch(bot, outlets, 7, Sent(key, "a.py", None))
    monkeypatch.setattr(files, "PATIENCE_S", 0.0)
    telegram.is_down = True
    with pytest.raises(Refusal, match="could not get"):
        await fetch(bot, outlets, 7, Sent(key, "a.py", None))
