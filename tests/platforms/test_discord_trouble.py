"""What goes wrong with Discord: each time the learner ends in a helpful state, once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.grading.model import Result, Task
from domain.postgres import EmbeddedServer
from domain.sql import sql
from tests.platforms import main_job
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.house import door, start_process
from tests.platforms.discord.limiter import Rate
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.world import COMPONENT
from tests.platforms.person import sees
from tests.support.eventually import until
from tests.support.processes import kill

_ANSWERS = sql("""
    SELECT count(*) FROM assessment_answers a JOIN identities i ON i.user_id = a.user_id
    WHERE i.subject = :subject AND a.answered_at IS NOT NULL
""")
_HOLD = sql("""
    SELECT 1 FROM identities i JOIN users u ON u.id = i.user_id
    WHERE i.subject = :subject FOR UPDATE OF i, u
""")
_ATTEMPTS = sql("""
    SELECT count(*) FROM challenge_attempts a JOIN identities i ON i.user_id = a.user_id
    WHERE i.subject = :subject
""")


class GatedGrader(Grader):
    """The real sandbox, which begins when the gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def grade(self, task: Task, files: Mapping[str, str]) -> Result:
        await self.gate.wait()
        return await super().grade(task, files)


@pytest.fixture
async def gated(services: Services) -> AsyncIterator[tuple[Services, GatedGrader]]:
    """Services whose grader waits for its gate."""
    async with GatedGrader() as grader:
        yield replace(services, grader=grader), grader


async def count(database: Database, query: object, person: DiscordPerson) -> int:
    async with database.worker_unit_of_work() as conn:
        found = await conn.execute(query, {"subject": person.subject})  # type: ignore[call-overload]
        return int(found.scalar_one())


async def to_first_question(person: DiscordPerson) -> str:
    """Join, open the quiz; the letter of the right answer."""
    await person.command("/learn doors")
    await sees(person, "page 1 of 2")
    await person.command("/quiz doors-quiz")
    await sees(person, "attempt 1 of 2")
    await person.press("Start")
    return (await sees(person, "Question 1 of 8")).letters["Walking through"]


async def test_an_outage_of_half_a_minute(
    platform: LoopbackDiscord, services: Services, clock: ManualClock, ada: DiscordPerson
):
    async with door(platform, services):
        letter = await to_first_question(ada)
        platform.api.is_down = True  # the answer to this press finds nobody
        await ada.press(letter)
        async with asyncio.timeout(30):
            await until(lambda: count_is(services.database, ada, 1))
        platform.go_down()
        message, data = ada.control("Skip")
        lost = await platform.interact(COMPONENT, ada.user, ada.place, data, message=message)
        typed = await platform.post(ada.user, ada.place, "/streak")
        clock.advance(timedelta(seconds=30))
        platform.come_back(30)
        screen = await sees(ada, "Answer saved", "Longest: ")  # both came, in new messages
        assert screen.text.count("Answer saved") == 1
        await ada.press("Next")
        await sees(ada, "Question 2 of 8")
        assert lost.answer is None  # too old to be answered: nothing was done
        assert typed.id
        assert platform.gateway.identified == 1
        assert platform.gateway.resumed == 1


async def count_is(database: Database, person: DiscordPerson, wanted: int) -> bool:
    return await count(database, _ANSWERS, person) == wanted


async def test_killed_between_question_and_answer_old_buttons_and_dialogs_work(
    services: Services, server: EmbeddedServer, database_name: str, tmp_path: Path
):
    async with LoopbackDiscord() as platform:
        ada = DiscordPerson(platform, "Ada")
        process = await start_process(platform, server, database_name, tmp_path)
        letter = await to_first_question(ada)
        for _ in range(3):
            await ada.press("Skip")
            await sees(ada, "Question ")
        await sees(ada, "Question 4 of 8", "What opens a lock?")
        dialog = await ada.opens(next(one for one in ada.screen.labels if one.endswith("…")))
        await kill(process)
        await ada.press(letter)  # nobody is there: Discord says that it did not respond
        assert ada.done[-1].answer is None
        process = await start_process(platform, server, database_name, tmp_path)
        await ada.submits(dialog, "key")
        await sees(ada, "Answer saved")
        await ada.press("Skip")  # drawn by the process that was killed
        await sees(ada, "Question 5 of 8")
        assert platform.world.command_writes == 1  # they have not changed
        process.terminate()
        assert await process.wait() == 0
        assert platform.gateway.closed[-1] in (1000, 1001)
        assert platform.violations == []
    assert await count(services.database, _ANSWERS, ada) == 1


async def test_a_result_finds_its_way_when_the_message_is_deleted_or_the_token_is_over(
    platform: LoopbackDiscord,
    gated: tuple[Services, GatedGrader],
    clock: ManualClock,
    ada: DiscordPerson,
):
    services, grader = gated
    async with door(platform, services):
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        for trouble in ("deleted", "expired"):
            await ada.command("/code doors-double")
            await sees(ada, "Double doors")
            opener = next(one for one in ada.screen.labels if one.endswith("…"))
            await ada.submits(await ada.opens(opener), main_job.WRONG)
            await sees(ada, "Running")
            if trouble == "deleted":
                await platform.channels.remove(ada.messages()[-1])
            else:
                clock.advance(timedelta(minutes=16))
            assert "1 of 3 tests passed" not in ada.screen.text
            grader.gate.set()
            await sees(ada, "1 of 3 tests passed")
            grader.gate.clear()
        assert ada.screen.text.count("1 of 3 tests passed") == 1
    assert await count(services.database, _ATTEMPTS, ada) == 2


@pytest.mark.parametrize("slow", [False, True])
async def test_a_result_is_shown_though_the_answer_before_it_was_lost(
    platform: LoopbackDiscord, gated: tuple[Services, GatedGrader], ada: DiscordPerson, slow: bool
):
    """Discord has taken the first answer, says 502, and refuses it when it is given again."""
    services, grader = gated
    async with door(platform, services):
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        await ada.command("/code doors-double")
        await sees(ada, "Double doors")
        opener = await ada.opens(next(one for one in ada.screen.labels if one.endswith("…")))
        platform.trouble("/callback$", 502, after=True)
        async with held(services.database, ada, seconds=0.8 if slow else 0.0):
            await ada.submits(opener, main_job.RIGHT)
        await sees(ada, "Running")
        grader.gate.set()
        await sees(ada, "3 of 3 tests passed")
    assert 40060 in {error.code for error in platform.api.refusals}
    assert len([one for one in ada.messages() if "3 of 3 tests passed" in one.content]) == 1


@asynccontextmanager
async def held(database: Database, person: DiscordPerson, seconds: float) -> AsyncIterator[None]:
    """Let what somebody does wait in the database for so long."""
    async with database.worker_unit_of_work() as conn:
        await conn.execute(_HOLD, {"subject": person.subject})
        yield
        await asyncio.sleep(seconds)


async def test_closing_finishes_what_was_begun(
    platform: LoopbackDiscord, gated: tuple[Services, GatedGrader], ada: DiscordPerson
):
    services, grader = gated
    async with door(platform, services) as stop:
        await ada.command("/learn doors")
        await sees(ada, "page 1 of 2")
        await ada.command("/code doors-double")
        await sees(ada, "Double doors")
        await ada.says(f"```python\n{main_job.RIGHT}```")
        await sees(ada, "Running")
        stop.set()
        grader.gate.set()  # no earlier: it was being answered when told to stop
        await sees(ada, "3 of 3 tests passed")
    assert platform.gateway.closed[-1] in (1000, 1001)


async def test_what_is_replayed_too_late_is_dropped(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson
):
    async with door(platform, services):
        letter = await to_first_question(ada)
        message, data = ada.control(letter)
        late = await platform.interact(
            COMPONENT, ada.user, ada.place, data, message=message, ago=10.0
        )
        await ada.press("Skip")
        await sees(ada, "Question 2 of 8")
    assert late.answer is None
    assert platform.api.refusals == []
    assert await count(services.database, _ANSWERS, ada) == 0


async def test_limits_and_faults_of_the_platform_lose_nothing(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson
):
    async with door(platform, services):
        await to_first_question(ada)
        platform.limiter.rates["POST /channels/{channel}/messages"] = Rate(2, 0.4)
        for number in range(6):
            await platform.post(ada.user, ada.place, f"/help {number}")
        async with asyncio.timeout(30):
            await until(lambda: len(said(ada)) == 6)
        platform.trouble("/callback$", 502)
        await ada.press("Skip")
        await sees(ada, "Question 2 of 8")
        platform.trouble("/messages$", 502, after=True, method="POST")
        await ada.says("/streak")
        await sees(ada, "Longest: ")
        assert len([one for one in ada.messages() if "Longest: " in one.content]) == 1


def said(person: DiscordPerson) -> list[str]:
    """The answers of the bot that are no question of the quiz."""
    return [one.content for one in person.messages() if "There is no command" in one.content]
