"""What learners ask the tutor and what it answers is nowhere in the database as it was said."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bots.conversation.controls import control
from bots.conversation.dialogue import Command, Press
from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.identity.service import Accounts
from domain.postgres import EmbeddedServer
from domain.settings import Settings, load_settings
from domain.sql import sql
from tests.platforms.gemini.scenarios import Scenario
from tests.platforms.gemini.server import LoopbackGemini
from tests.support.account import Account
from tests.support.owner import owner_of
from tests.support.tutor_log import logged
from tests.support.with_model import agree, learners, with_model

CODE = re.compile(r"/link ([0-9A-Z]{4}-[0-9A-Z]{4})")
ASKED, AGAIN, ANSWERED = "quagga", "numbat", "axolotl"
_OWN = sql("UPDATE courses SET owner_id = :user WHERE slug = 'challenges-course'")
_NAME = sql("SELECT current_database()::text")
_SWAP = sql("""
    UPDATE ai_interactions i SET ai_response_sealed = o.ai_response_sealed
    FROM ai_interactions o WHERE i.id = :here AND o.id = :there
""")
_TABLES = """
    SELECT c.oid::regclass::text FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('public', 'jobs')
"""


@dataclass
class Study:
    """A learner who has asked, the author of the course, and the parts they talk with."""

    services: Services
    ada: Account
    ivy: Account
    server: EmbeddedServer
    name: str

    async def tables_with(self, word: str) -> list[str]:
        """The tables in whose rows a word stands, as text or as bytes."""
        found = []
        async with owner_of(self.server, self.name) as conn:
            tables = list(await conn.exec_driver_sql(_TABLES))
            assert len(tables) > 90
            for (table,) in tables:
                like = f"t::text ~* '{word}|{word.encode().hex()}'"
                rows = await conn.exec_driver_sql(f"SELECT count(*) FROM {table} t WHERE {like}")
                found += [table] * bool(rows.scalar_one())
        return found


@pytest.fixture
async def study(
    empty_database: Database,
    server: EmbeddedServer,
    clock: ManualClock,
    settings: Settings,
    grader: Grader,
    tmp_path: Path,
) -> AsyncIterator[Study]:
    """Ada has asked twice, once by typing on, has looked at an answer again and rated it."""
    plain = Services(empty_database, clock, settings, grader)
    async with LoopbackGemini() as gemini, with_model(plain, gemini) as services:
        ada = await (await learners(services, empty_database, tmp_path))("ada")
        gemini.usual = Scenario(text=f"Have you met an {ANSWERED}?")
        await agree(ada)
        assert ANSWERED in await ada.says(f"/ask why is there no {ASKED} in it?")
        assert ANSWERED in await ada.says(f"and a {AGAIN}?")
        assert ASKED in gemini.asked[-1].text  # earlier turns are told to a model
        newest = (await logged(empty_database, "ada"))[-1]
        assert ANSWERED in await ada.does(Press(control("ask.show", newest.id)))
        await ada.presses("1 bad")
        async with empty_database.unit_of_work() as conn:
            author = await Accounts().learner(conn, "terminal", "ivy", "Ivy", None, clock.now())
        async with empty_database.worker_unit_of_work() as conn:
            await conn.execute(_OWN, {"user": author.user_id})
            name = (await conn.execute(_NAME)).scalar_one()
        ivy = Account(Router(services, receipts=True), clock, "terminal", "ivy")
        yield Study(services, ada, ivy, server, name)


def with_another_key(study: Study, folder: Path) -> tuple[Database, Router]:
    """The same database, as a process sees it whose key is another."""
    settings = load_settings(data_dir=folder)
    database = Database(lambda role: study.server.connect_arguments(role, study.name), settings)
    services = Services(database, study.services.clock, settings, study.services.grader)
    return database, Router(services, receipts=True)


async def test_no_row_of_any_table_holds_what_was_said(study: Study) -> None:
    rows = await logged(study.services.database, "ada")
    assert [row.user_message for row in rows[-2:]] == [
        f"why is there no {ASKED} in it?",
        f"and a {AGAIN}?",
    ]
    assert ANSWERED in rows[-1].ai_response
    assert rows[-1].context_data["evidence"]
    await study.ivy.says("/teach tutor")
    await study.ivy.presses("To look at")
    shown = await study.ivy.presses("Open 1")
    assert AGAIN in shown
    assert ANSWERED in shown
    await study.ivy.presses("Keep as a hint")
    assert ANSWERED in study.ivy.seen[-1].text
    await study.ivy.presses("Change the words")
    await study.ivy.says("Which names count as a wombat?")
    assert await study.tables_with("wombat")  # a hint is text of the course
    for word in (ASKED, AGAIN, ANSWERED, "two_fer.. should give"):
        assert await study.tables_with(word) == []
    phone = Account(study.ivy.router, study.ada.clock, "telegram", "phone")
    await study.ada.says("/link")
    code = CODE.search(study.ada.seen[-1].text)
    assert code is not None
    await phone.says(f"/link {code[1]}")
    await phone.presses("Yes, that is me")
    await study.ada.is_told(study.services.database)
    await study.ada.presses("Yes, that is me")
    assert ANSWERED in await phone.does(Press(control("ask.show", rows[-1].id)))
    assert await study.tables_with(ANSWERED) == []


async def test_what_was_moved_or_is_of_another_key_is_said_in_a_sentence_and_all_goes_on(
    study: Study, tmp_path: Path
) -> None:
    *_, there, newest = await logged(study.services.database, "ada")
    await study.ada.does(Press(control("ask.show", newest.id)), event="again")
    await study.ivy.says("/teach tutor")
    await study.ivy.presses("To look at")
    opens = study.ivy.payload("Open 1")
    database, router = with_another_key(study, tmp_path / "elsewhere")
    for account in (study.ada, study.ivy):
        account.router = router
    shows = Press(control("ask.show", newest.id))
    assert "stored with another key, so I cannot read it" in await study.ada.does(shows)
    assert "I have done that already" in await study.ada.does(shows, event="again")
    assert "so it cannot be read here" in await study.ivy.does(Press(opens))
    assert "Keep as a hint" not in study.ivy.labels
    assert "Offline tutor" in await study.ada.does(Command("ask", "explain"))
    await database.close()
    study.ada.router = Router(study.services)
    assert ANSWERED in await study.ada.does(shows)
    async with study.services.database.worker_unit_of_work() as conn:
        await conn.execute(_SWAP, {"here": newest.id, "there": there.id})
    moved = await study.ada.does(shows)
    assert "I cannot read it" in moved
    assert ANSWERED not in moved
