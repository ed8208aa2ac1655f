"""Code that comes twice, is cut off, or is run by a worker: graded once, told once."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

from bots.conversation.dialogue import Reply, Text
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.terminal.door import Door
from bots.terminal.plain import to_plain
from bots.worker import Worker
from domain.challenges import grading
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader, SandboxError
from domain.notifications import claims
from domain.settings import Settings
from domain.sql import sql
from tests.conversation.coding import Coder, attempts
from tests.domain.challenges.course import GOOD, HALF, join, prepare

_MESSAGES = sql("""
    SELECT count(*) FROM outbox o JOIN identities i ON i.user_id = o.user_id
    WHERE i.subject = :name AND o.state = 'pending'
""")


async def test_one_message_delivered_twice_is_one_attempt(coder: Coder, database: Database) -> None:
    await coder.types("/code two-fer")
    event = coder.door._event(Text(f"```\n{GOOD}```"))
    first = (await coder.hears(event))[-1]
    second = (await coder.hears(event))[-1]
    assert "3 of 3 tests passed" in first.text
    assert "3 of 3 tests passed" in second.text
    assert "XP" in first.text
    assert "XP" not in second.text
    assert await attempts(database, coder) == ["passed"]


async def test_a_submission_cut_off_is_run_when_the_learner_is_back(
    coder: Coder, database: Database, clock: ManualClock
) -> None:
    await coder.types("/code two-fer")
    answer = coder.door.router.answer(coder.door._event(Text(f"```\n{GOOD}```")))
    now = await anext(answer)
    assert isinstance(answer, AsyncGenerator)
    await answer.aclose()  # the process ends here
    assert "Running" in now.text
    assert await attempts(database, coder) == ["queued"]
    clock.advance(timedelta(minutes=5))
    said, card = [to_plain(one.text) for one in await coder.types("/code two-fer")]
    assert said == "Your last submission was not finished. I am running it now."
    assert "3 of 3 tests passed" in card
    assert "+100 XP" in card
    assert await attempts(database, coder) == ["passed"]


async def test_a_broken_sandbox_keeps_the_code(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader, tmp_path: Path
) -> None:
    class Broken(Grader):
        async def grade(self, *_: object):
            raise SandboxError("out of order")

    known = await prepare(database, tmp_path)
    await join(database, clock, "unlucky", known["course"])

    def at(running: Grader) -> Coder:
        router = Router(Services(database, clock, settings, running))
        return Coder(Door(router, clock, "unlucky", tmp_path / "files"))

    coder = at(Broken())
    await coder.types("/code two-fer")
    said = (await coder.pastes(GOOD))[-1]
    assert "Yours is kept" in said
    assert await attempts(database, coder) == ["queued"]
    clock.advance(timedelta(minutes=1))
    coder = at(grader)
    assert "3 of 3 tests passed" in to_plain((await coder.types("/code two-fer"))[-1].text)


async def handed_in(coder: Coder, code: str) -> AsyncGenerator[Reply]:
    """The replies to a submission one by one: what others do in between happens in between."""
    await coder.types("/code two-fer")
    event = coder.door._event(Text(f"```python\n{code}```"))
    return coder.door.router.answer(event)


async def test_what_a_worker_was_faster_with_is_shown_here_and_not_told_again(
    coder: Coder, database: Database, clock: ManualClock, grader: Grader
) -> None:
    replies = await handed_in(coder, HALF)
    assert "Running" in (await anext(replies)).text
    clock.advance(timedelta(seconds=3))
    worker = Worker(database, clock, grader)
    await worker._grade({})
    assert await waiting_messages(database, coder) == 1
    assert to_plain((await anext(replies)).text).startswith("2 of 3 tests passed · 60 of 100")
    assert await waiting_messages(database, coder) == 0
    assert await attempts(database, coder) == ["partial"]


async def test_what_was_told_already_is_not_shown_again(
    coder: Coder, database: Database, clock: ManualClock, grader: Grader
) -> None:
    replies = await handed_in(coder, GOOD)
    await anext(replies)
    clock.advance(timedelta(seconds=3))
    await Worker(database, clock, grader)._grade({})
    async with database.worker_unit_of_work() as conn:
        await claims.claim(conn, "terminal", limit=5, lease=timedelta(minutes=1), now=clock.now())
    reply = await anext(replies)
    assert reply.text == "It is checked. The result has a message of its own."
    assert [button.label for button in reply.buttons] == ["Look again"]
    coder.door._remember(reply)
    assert "3 of 3 tests passed" in await coder.presses("Look again")


async def test_what_a_worker_still_runs_is_told_by_it(
    coder: Coder, database: Database, clock: ManualClock
) -> None:
    replies = await handed_in(coder, GOOD)
    await anext(replies)
    clock.advance(timedelta(seconds=3))
    async with database.worker_unit_of_work() as conn:
        held = await grading.claim_next(conn, clock.now())
    assert held is not None
    assert (await anext(replies)).text == "It is still running. I tell you when it is done."


async def waiting_messages(database: Database, coder: Coder) -> int:
    async with database.worker_unit_of_work() as conn:
        return int((await conn.execute(_MESSAGES, {"name": coder.door.name})).scalar_one())
