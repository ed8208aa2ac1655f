"""A web challenge in the conversation: blocks by language, files, results."""

import re
from pathlib import Path

import pytest

from bots.conversation.dialogue import File, Text, Upload
from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.terminal.door import Door
from bots.terminal.plain import to_plain
from domain.activity import service as activity
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.identity.service import Accounts
from domain.settings import Settings
from domain.sql import sql
from tests.support.conversation import Person
from tests.support.courses import teach

COURSE = Path(__file__).parents[2] / "courses" / "web-pages"
SOLUTION = COURSE / "20-structure" / "05-swim-form" / "solution" / "index.html"
_COURSE = sql("SELECT id FROM courses WHERE slug = 'web-pages'")
_OPEN = sql("DELETE FROM component_prerequisites WHERE true")


@pytest.fixture
async def builder(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader, tmp_path: Path
) -> Person:
    await teach(database, COURSE)
    async with database.worker_unit_of_work() as conn:
        course = (await conn.execute(_COURSE)).scalar_one()
        await conn.execute(_OPEN)
    async with database.unit_of_work() as conn:
        learner = await Accounts().learner(conn, "terminal", "Ada", "Ada", None, clock.now())
        await activity.enroll(conn, learner.user_id, course, clock.now())
    router = Router(Services(database, clock, settings, grader))
    return Person(Door(router, clock, "Ada", tmp_path / "files"))


async def sends(person: Person, action: Text | Upload) -> list[str]:
    event = person.door._event(action)
    heard = [reply async for reply in person.door.router.answer(event)]
    for reply in heard:
        person.door._remember(reply)
    return [to_plain(reply.text) for reply in heard]


async def test_the_statement_shows_every_file_in_its_language(builder: Person) -> None:
    (reply,) = await builder.types("/code lunch-menu")
    text = reply.text
    assert "HTML, CSS, JavaScript" in text
    assert "```css\nh1 {" in text
    assert "```html\n<!doctype html>" in text
    assert {file.name for file in reply.files} == {"index.html", "style.css"}


async def test_blocks_files_and_what_was_not_sent(builder: Person) -> None:
    await builder.types("/code departures")
    got, card = await sends(builder, Text("```js\nfunction show() {}\nshow();\n```"))
    assert "Got 2 lines of HTML, CSS, JavaScript" in got
    assert "0 of 6 tests passed" in card  # index.html is there although only a script was sent
    assert "FAIL 1 The page shows its first train" in card
    script = COURSE / "40-behaviour" / "06-departures" / "solution" / "script.js"
    _, card = await sends(builder, Upload((File("mine.js", script.read_bytes()),)))
    assert "6 of 6 tests passed · 100 of 100" in card


async def test_a_script_that_stops_and_a_hidden_test(builder: Person) -> None:
    await builder.types("/code market-till")
    _, card = await sends(builder, Text("```js\nconst a = 1;\npricetext(2);\n```"))
    assert "A script of your page stopped: ReferenceError: pricetext is not defined" in card
    assert "script.js, line 2" in card
    timeless = re.sub(r"\d+ (?:ms|MB)", "", card)
    assert "99" not in timeless.replace("999", "")  # nothing of the hidden tests
    _, card = await sends(builder, Text("```js\nfunction priceText() { return '€3.50'; }\n```"))
    assert "PASS 1 A price becomes text" in card
    assert "(hidden) Small and round prices keep two digits" in card
    assert "€0.05" not in card


async def test_a_whole_page_as_plain_text(builder: Person) -> None:
    await builder.types("/code swim-form")
    _, card = await sends(builder, Text(SOLUTION.read_text()))
    assert "6 of 6 tests passed" in card
