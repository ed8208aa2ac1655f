"""Which passages of a course a learner's question finds, and which it must not find."""

from pathlib import Path
from uuid import UUID

from domain.activity import service as activity
from domain.authoring.shipped import ensure_shipped
from domain.clock import ManualClock
from domain.database import Database
from domain.sql import sql
from domain.tutoring.passages import Found, find
from tests.domain.tutoring.reading import learner, publish

_FORGET = sql("DELETE FROM passages")


async def ask(database: Database, user: UUID, course: UUID, text: str) -> list[Found]:
    async with database.unit_of_work(user) as conn:
        return await find(conn, course=course, user=user, text=text)


async def keys(database: Database, user: UUID, course: UUID, text: str) -> list[str]:
    return [one.key for one in await ask(database, user, course, text)]


async def test_a_question_finds_the_section_and_where_to_open_it(
    database: Database, clock: ManualClock, tmp_path: Path
):
    ids = await publish(database, tmp_path)
    ada = await learner(database, clock, "ada", ids["course"])
    found = await ask(database, ada.user_id, ids["course"], "How long does bread take to bake?")
    best = found[0]
    assert (best.key, best.title, best.lesson) == ("L2.2", "Baking bread", "Ovens")
    assert (best.component, best.page) == (ids["kit-ovens"], 1)
    assert "forty minutes" in best.text
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


async def test_words_of_code_are_found_that_stemming_drops(
    database: Database, clock: ManualClock, tmp_path: Path
):
    ids = await publish(database, tmp_path)
    ada = await learner(database, clock, "ada", ids["course"])
    assert await keys(database, ada.user_id, ids["course"], "what does == do") == ["L2.2"]
    assert await keys(database, ada.user_id, ids["course"], "`if`") == ["L2.2"]
    assert await keys(database, ada.user_id, ids["course"], "when do I do if?") == ["L2.2"]


async def test_what_the_course_does_not_speak_of_is_not_answered(
    database: Database, clock: ManualClock, tmp_path: Path
):
    ids = await publish(database, tmp_path)
    ada = await learner(database, clock, "ada", ids["course"])
    for text in ("Who won the football cup last summer?", "the", "", "'); DROP TABLE passages; --"):
        assert await keys(database, ada.user_id, ids["course"], text) == []


async def test_locked_lessons_stay_locked_until_what_comes_first_is_done(
    database: Database, clock: ManualClock, tmp_path: Path
):
    ids = await publish(database, tmp_path)
    ben = await learner(database, clock, "ben", ids["course"])
    question = "Where does the wine stand, in the cellar?"
    assert await keys(database, ben.user_id, ids["course"], question) == []
    async with database.unit_of_work(ben.user_id) as conn:
        await activity.complete(conn, ben.user_id, ids["kit-ovens"], ids["course"], clock.now())
    assert await keys(database, ben.user_id, ids["course"], question) == ["L3.1"]


async def test_who_has_not_joined_finds_previews_only(
    database: Database, clock: ManualClock, tmp_path: Path
):
    ids = await publish(database, tmp_path)
    eve = await learner(database, clock, "eve")
    assert await keys(database, eve.user_id, ids["course"], "sharpen a bread knife") == ["L1.1"]
    assert await keys(database, eve.user_id, ids["course"], "heating up the oven") == []


async def test_no_answer_of_a_quiz_is_found(database: Database, clock: ManualClock, tmp_path: Path):
    ids = await publish(database, tmp_path)
    ada = await learner(database, clock, "ada", ids["course"])
    assert await keys(database, ada.user_id, ids["course"], "turmeric cardamom") == []


async def test_publishing_again_replaces_the_passages(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids = await publish(empty_database, tmp_path)
    ada = await learner(empty_database, clock, "ada", ids["course"])
    await publish(empty_database, tmp_path, ovens="## Cold\n\nThe refrigerator hums.\n")
    assert await keys(empty_database, ada.user_id, ids["course"], "refrigerator") == ["L2.1"]
    assert await keys(empty_database, ada.user_id, ids["course"], "bread bakes forty minutes") == []


async def test_courses_without_passages_get_them_at_the_next_start(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids = await publish(empty_database, tmp_path)
    ada = await learner(empty_database, clock, "ada", ids["course"])
    async with empty_database.worker_unit_of_work() as conn:
        await conn.execute(_FORGET)
    assert await keys(empty_database, ada.user_id, ids["course"], "bread knife") == []
    await ensure_shipped(empty_database, folder=tmp_path / "none")
    assert await keys(empty_database, ada.user_id, ids["course"], "bread knife") == ["L1.1"]


async def test_a_language_without_stems_is_found_in_its_endings_too(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids = await publish(
        empty_database,
        tmp_path,
        "pl",
        knives="## Noże\n\nNóż do chleba ma ząbki. Zmienne noże ostrz na kamieniu.\n",
        ovens="## Piekarnik\n\nPiekarnik grzeje się dziesięć minut.\n",
    )
    ola = await learner(empty_database, clock, "ola", ids["course"])
    question = "ile minut nagrzewa sie piekarnika grzanie?"
    assert await keys(empty_database, ola.user_id, ids["course"], question) == ["L2.1"]
    assert await keys(empty_database, ola.user_id, ids["course"], "ostrzenie na kamien") == ["L1.1"]
