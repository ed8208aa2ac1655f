"""Delivery: what is due is sent in the reader's words, and kills neither lose nor double it."""

import asyncio
import io
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import ClassVar

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bots.conversation.controls import control
from bots.conversation.dialogue import Platform, Reply
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.delivery import Delivery
from bots.terminal.chat import run_interactive, run_plain
from bots.terminal.door import Door
from bots.terminal.screen import PlainScreen, RichScreen
from bots.terminal.sender import TerminalSender
from domain.clock import ManualClock, SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.notifications import claims
from domain.notifications.rules import Outcome
from domain.postgres import EmbeddedServer
from domain.settings import Settings
from domain.sql import sql
from tests.support.eventually import until
from tests.support.outbox import Reader, forget_all, message, reader, row, tell
from tests.support.processes import Process, kill, start
from tests.support.sender_process import AT_ONCE

RANDOM = Random(1)  # noqa: S311
_SETTLED = sql("SELECT bool_and(state = 'done') FROM outbox WHERE idempotency_key LIKE :like")


class Loopback:
    """A platform in memory that answers what it is told to answer."""

    platform: Platform = "discord"
    address: str | None = None

    def __init__(self, *answers: Outcome | Exception) -> None:
        self.answers = list(answers)
        self.received: list[Reply] = []

    async def send(self, address: str, reply: Reply) -> Outcome:
        answer = self.answers.pop(0) if self.answers else Outcome("sent")
        if isinstance(answer, Exception):
            raise answer
        self.received.append(reply)
        return answer


def delivery(database: Database, clock: ManualClock, platform: Loopback) -> Delivery:
    return Delivery(database, clock, RANDOM, platform)


@pytest.fixture(autouse=True)
async def nothing_left(database: Database) -> None:
    await forget_all(database)


async def test_a_message_is_written_in_words_with_learner_text_escaped(
    database: Database, clock: ManualClock
) -> None:
    ana = await reader(database, "ana", "discord")
    told = message(
        ana,
        "graded",
        clock.now(),
        text="{name} is graded: {points} points.",
        values={"name": "*Two* Fer", "points": 7},
        choices=("/progress",),
    )
    await tell(database, ana, told)
    platform = Loopback()
    assert await delivery(database, clock, platform).deliver() == 1
    (reply,) = platform.received
    assert reply.text == r"\*Two\* Fer is graded: 7 points."
    assert [(button.label, button.payload) for button in reply.buttons] == [
        ("My progress", control("say", None, "progress"))
    ]


async def test_each_outcome_does_what_it_says(database: Database, clock: ManualClock) -> None:
    ana = await reader(database, "ana", "discord", "terminal")
    answers: dict[str, Outcome | Exception] = {
        "sent": Outcome("sent"),
        "raised": OSError("cut off"),
        "rejected": Outcome("rejected", "too long"),
        "blocked": Outcome("blocked", "left the server"),
        "wait": Outcome("wait", "429", timedelta(seconds=9)),  # last: what comes after it waits
    }
    account = ana.accounts["discord"]
    broken = message(ana, "broken", clock.now(), text="{missing}", identity_id=account)
    await tell(database, ana, broken)
    await tell(database, ana, *(message(ana, k, clock.now(), identity_id=account) for k in answers))
    await delivery(database, clock, Loopback(*answers.values())).deliver()
    rows = {key: await row(database, key) for key in (*answers, "broken")}
    assert {key: r.state for key, r in rows.items()} == {
        "sent": "done",
        "wait": "pending",
        "raised": "pending",
        "rejected": "dead",
        "blocked": "pending",
        "broken": "dead",
    }
    assert rows["wait"].run_at == clock.now() + timedelta(seconds=9)
    assert rows["raised"].last_error == "OSError: cut off"
    assert rows["blocked"].platform == "terminal"


async def test_a_sender_told_to_stop_gives_the_rest_back(
    database: Database, clock: ManualClock
) -> None:
    for number in range(12):
        one = await reader(database, f"p{number}", "discord")
        await tell(database, one, message(one, f"{number}", clock.now()))
    stop = asyncio.Event()

    class Stopping(Loopback):
        async def send(self, address: str, reply: Reply) -> Outcome:
            stop.set()
            return await super().send(address, reply)

    platform = Stopping()
    await delivery(database, clock, platform).run(stop)
    assert len(platform.received) == 5  # what was in flight together
    assert await delivery(database, clock, platform).deliver() == 7


async def test_a_chat_with_many_messages_keeps_nobody_waiting(
    database: Database, clock: ManualClock
) -> None:
    full = await reader(database, "full", "discord")
    await tell(database, full, *(message(full, f"{n:02}", clock.now()) for n in range(40)))
    for number in range(12):
        one = await reader(database, f"p{number}", "discord")
        await tell(database, one, message(one, f"later {number}", clock.now()))

    class Slow(Loopback):
        order: ClassVar[list[str]] = []

        async def send(self, address: str, reply: Reply) -> Outcome:
            assert address not in self.order[-1:] or address == "full"
            await asyncio.sleep(0.05 if address == "full" else 0)
            self.order.append(address)
            return await super().send(address, reply)

    platform = Slow()
    assert await delivery(database, clock, platform).deliver() == 52
    last = max(n for n, address in enumerate(platform.order) if address != "full")
    assert platform.order[: last + 1].count("full") <= 6
    texts = [one.text for one in platform.received if not one.text.startswith("Number later")]
    assert texts == sorted(texts)


async def test_a_chat_that_must_wait_holds_no_place(database: Database, clock: ManualClock) -> None:
    full = await reader(database, "full", "discord")
    await tell(database, full, *(message(full, f"{n}", clock.now()) for n in range(3)))
    one = await reader(database, "one", "discord")
    await tell(database, one, message(one, "next", clock.now()))

    class Limited(Loopback):
        async def send(self, address: str, reply: Reply) -> Outcome:
            if address == "full" and clock.now() < until_then:
                return Outcome("wait", "429", until_then - clock.now())
            return await super().send(address, reply)

    until_then = clock.now() + timedelta(seconds=30)
    platform = Limited()
    sender = delivery(database, clock, platform)
    assert await sender.deliver() == 4
    assert [reply.text for reply in platform.received] == ["Number next."]
    clock.advance(timedelta(seconds=30))
    assert await sender.deliver() == 3
    assert [(await row(database, f"{n}")).attempts for n in range(3)] == [1, 1, 1]


@pytest.fixture
async def door(database: Database, clock: ManualClock, settings: Settings, tmp_path: Path) -> Door:
    router = Router(Services(database, clock, settings, Grader()))
    return Door(router, clock, "ana", tmp_path)


async def person_behind(database: Database, name: str) -> Reader:
    """The learner whom the router has made at their first message."""
    async with database.worker_unit_of_work() as conn:
        found = await conn.execute(
            sql("SELECT user_id, id FROM identities WHERE subject = :name"), {"name": name}
        )
        user_id, identity = found.one()
    return Reader(user_id, name, {"terminal": identity})


async def test_a_piped_chat_shows_notices_after_the_reply(
    database: Database, clock: ManualClock, door: Door
) -> None:
    out = io.StringIO()
    screen = PlainScreen(out)
    notices = Delivery(database, clock, RANDOM, TerminalSender("ana", screen))

    async def lines() -> AsyncIterator[str]:
        yield "/help"
        ana = await person_behind(database, "ana")
        other = await reader(database, "ben")
        await tell(database, other, message(other, "not-hers", clock.now()))
        news = message(ana, "hers", clock.now(), text="Well done.", choices=("/progress",))
        await tell(database, ana, news)
        yield "/help learn"

    await run_plain(door, lines(), screen, notices)
    shown = out.getvalue()
    assert shown.count("Well done.") == 1
    assert shown.index("> /help learn") < shown.index("Well done.") < shown.index("/progress\n")
    assert (await row(database, "hers")).state == "done"
    assert (await row(database, "not-hers")).state == "pending"


async def test_an_open_chat_shows_notices_while_nobody_types(
    database: Database, door: Door, tmp_path: Path
) -> None:
    out = io.StringIO()
    screen = RichScreen(Console(file=out, width=80))
    notices = Delivery(database, SystemClock(), RANDOM, TerminalSender("ana", screen))
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        chat = asyncio.create_task(run_interactive(door, tmp_path / "history", screen, notices))
        async with asyncio.timeout(20):
            await until(lambda: "Stoa" in out.getvalue())
            ana = await person_behind(database, "ana")
            news = message(ana, "while", SystemClock().now(), text="A card is due.")
            await tell(database, ana, news)
            await until(lambda: "A card is due." in out.getvalue())
            keys.send_text("/quit\r")
            await chat
    assert (await row(database, "while")).state == "done"


@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_senders_lose_nothing_and_double_only_what_was_in_flight(
    server: EmbeddedServer, database: Database, database_name: str, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)  # noqa: S311
    clock = SystemClock()
    ana = await reader(database, f"killed-{seed}", "telegram")
    each, kills = 200, 3
    for policy in ("at_least_once", "at_most_once"):
        keys = [f"{policy}:{seed}:{n}" for n in range(each)]
        now = clock.now()
        messages = [message(ana, key, now, text="{n}", policy=policy) for key in keys]
        await tell(database, ana, *messages)

    async def sender(its_seed: int) -> Process:
        folder, arrived = tmp_path, tmp_path / "arrived"
        return await start("sender_process.py", server, database_name, folder, arrived, its_seed)

    async def nothing_waits() -> bool:
        async with database.worker_unit_of_work() as conn:
            await claims.reap(conn, clock.now())
            return bool((await conn.execute(_SETTLED, {"like": f"%:{seed}:%"})).scalar_one())

    senders = [await sender(seed * 10 + n) for n in (0, 1)]
    try:
        for number in range(kills):
            await asyncio.sleep(random.random() * 0.4)
            victim = senders[number % 2]
            await kill(victim)
            senders[number % 2] = await sender(seed * 100 + number)
        async with asyncio.timeout(30):
            await until(nothing_waits)
    finally:
        for one in senders:
            await kill(one)

    arrived = Counter((tmp_path / "arrived").read_text().replace("\\", "").split())
    least = [arrived[f"at_least_once:{seed}:{n}"] for n in range(each)]
    most = [arrived[f"at_most_once:{seed}:{n}"] for n in range(each)]
    in_flight = (kills + 2) * AT_ONCE  # the last two are killed as well
    assert min(least) == 1
    assert sum(least) - each <= in_flight
    assert max(most) == 1
    assert each - sum(most) <= in_flight
