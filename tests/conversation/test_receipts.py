"""An event that arrives twice changes things once, and is answered as it was the first time."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bots.conversation import receipts
from bots.conversation.dialogue import (
    Action,
    Actor,
    Button,
    Command,
    File,
    Incoming,
    Place,
    Press,
    Prompt,
    Reply,
    Text,
)
from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings
from domain.sql import sql
from tests.support.courses import teach

WRONG = "def double(number):\n    return number\n"
_ATTEMPTS = sql("""
    SELECT count(*) FROM challenge_attempts t JOIN identities i ON i.user_id = t.user_id
    WHERE i.subject = :name
""")
_NOTES = sql("""
    SELECT count(*) FROM bookmarks b JOIN identities i ON i.user_id = b.user_id
    WHERE i.subject = :name
""")


@pytest.fixture
async def routers(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> tuple[Router, Router]:
    """Two doors' routers, as two processes have them."""
    await teach(database)
    services = Services(database, clock, settings, grader)
    return Router(services, receipts=True), Router(services, receipts=True)


def event(name: str, number: int, action: Action, at: datetime) -> Incoming:
    return Incoming(
        f"{name}-{number}", at, Actor("telegram", name, name), Place("private", name), action
    )


async def answers(router: Router, incoming: Incoming) -> list[Reply]:
    return [reply async for reply in router.answer(incoming)]


async def count(database: Database, statement: object, name: str) -> int:
    async with database.worker_unit_of_work() as conn:
        return int((await conn.execute(statement, {"name": name})).scalar_one())  # type: ignore[call-overload]


async def test_the_same_event_is_answered_alike_and_changes_nothing_more(
    routers: tuple[Router, Router], database: Database, clock: ManualClock
):
    for number, line in enumerate(("start", "learn")):
        await answers(routers[0], event("ann", number, Command(line, "tiny"), clock.now()))
    save = event("ann", 5, Command("save", "look again"), clock.now())
    first = await answers(routers[0], save)
    again = await answers(routers[1], save)
    assert again == first
    assert await count(database, _NOTES, "ann") == 1


async def test_the_same_event_at_the_same_time_in_two_processes(
    routers: tuple[Router, Router], database: Database, clock: ManualClock
):
    for number, line in enumerate(("start", "learn")):
        await answers(routers[0], event("bob", number, Command(line, "tiny"), clock.now()))
    save = event("bob", 5, Command("save", "look again"), clock.now())
    shown = await asyncio.gather(*(answers(router, save) for router in routers * 4))
    assert all(replies == shown[0] for replies in shown)
    assert await count(database, _NOTES, "bob") == 1


async def test_code_that_is_delivered_twice_is_handed_in_once(
    routers: tuple[Router, Router], database: Database, clock: ManualClock
):
    for number, (verb, rest) in enumerate((("learn", "tiny"), ("code", "tiny-double"))):
        await answers(routers[0], event("cyd", number, Command(verb, rest), clock.now()))
    code = event("cyd", 5, Text(f"```python\n{WRONG}```"), clock.now())
    first = await answers(routers[0], code)
    again = await answers(routers[1], code)
    assert len(first) == 2
    assert again == first[:1]  # the result went to the chat once, or comes by the outbox
    assert await count(database, _ATTEMPTS, "cyd") == 1


async def test_a_refusal_is_decided_anew(routers: tuple[Router, Router], clock: ManualClock):
    nothing = event("dan", 1, Command("code", "no-such-challenge"), clock.now())
    [refused] = await answers(routers[0], nothing)
    [again] = await answers(routers[1], nothing)
    assert refused.notice
    assert refused == again
    started = replace(nothing, action=Command("start"))
    assert (await answers(routers[0], started))[0].text != refused.text


async def test_an_event_of_another_account_is_another_event(
    routers: tuple[Router, Router], clock: ManualClock
):
    one = event("eve", 1, Command("help"), clock.now())
    two = replace(one, actor=Actor("telegram", "fay", "fay"), action=Press("v1:nothing:-:"))
    await answers(routers[0], one)
    assert (await answers(routers[0], two))[0].text != (await answers(routers[0], one))[0].text


async def test_a_receipt_holds_every_part_of_a_reply(
    routers: tuple[Router, Router], database: Database, clock: ManualClock
):
    await answers(routers[0], event("gus", 0, Command("start"), clock.now()))
    whole = Reply(
        "text",
        rows=((Button("One", "v1:a:-:", primary=True), Button("Two", url="https://a.example")),),
        files=(File("a.png", bytes(range(256)), "all bytes"),),
        prompt=Prompt("label", "placeholder", multiline=True),
        private=False,
        edits=True,
        protect=True,
        notice="notice",
        compact=True,
        ends_at=clock.now(),
        more=(Reply("more"),),
    )
    async with database.worker_unit_of_work() as conn:
        identity = (
            await conn.execute(sql("SELECT id FROM identities WHERE subject = 'gus'"))
        ).scalar_one()
        await receipts.keep(conn, database.seals, identity, "one", whole)
        written = await conn.execute(
            sql("SELECT CAST(reply AS text) FROM receipts WHERE event_id = 'one'")
        )
        assert receipts.read(database.seals, identity, "one", written.scalar_one()) == whole
    of_before = receipts._ONE.dump_json((whole,), exclude_defaults=True).decode()  # not sealed yet
    assert receipts.read(database.seals, identity, "one", of_before) == whole
