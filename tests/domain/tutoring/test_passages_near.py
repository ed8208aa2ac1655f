"""Which passages a question finds by its meaning, and what it still must not find."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from domain.activity import service as activity
from domain.clock import ManualClock
from domain.database import Database
from domain.sql import sql
from domain.tutoring import vectors_kept
from domain.tutoring.passages import Found, find
from domain.tutoring.passages_near import find_near
from domain.tutoring.vectors import Asked
from domain.tutoring.vectors_foreign import FOREIGN
from domain.tutoring.vectors_kept import digest_of
from tests.domain.tutoring.reading import learner, publish
from tests.platforms.gemini.vectors import vector_of

MODEL = "hashed"
MEANT = "Which blade is right for a loaf?"  # "knife" and "bread", as the model knows
_TASKS = sql("SELECT task, count(*) AS n FROM passage_vectors GROUP BY task")


def asked(text: str, model: str = MODEL, size: int = 768) -> Asked:
    return Asked(model, tuple(vector_of(text, size)))


async def fill(
    database: Database, clock: ManualClock, *, model: str = MODEL, size: int = 768, most: int = 40
) -> list[int]:
    """Make what is missing; how many in each request."""
    made: list[int] = []
    while True:
        async with database.worker_unit_of_work() as conn:
            texts = await vectors_kept.missing(conn, model, most)
            if not texts:
                return made
            vectors = [vector_of(one.text, size) for one in texts]
            await vectors_kept.keep(conn, model, texts, vectors, clock.now())
            made.append(len(texts))


async def near(
    database: Database, user: UUID, course: UUID, text: str, vector: Asked | None = None
) -> list[Found]:
    async with database.unit_of_work(user) as conn:
        return await find_near(
            conn, course=course, user=user, text=text, asked=vector or asked(text)
        )


async def worded(database: Database, user: UUID, course: UUID, text: str) -> list[Found]:
    async with database.unit_of_work(user) as conn:
        return await find(conn, course=course, user=user, text=text)


def keys(found: Sequence[Found]) -> list[str]:
    return [one.key for one in found]


async def test_a_question_in_other_words_finds_its_section(
    empty_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    ids = await publish(empty_database, tmp_path)
    ada = await learner(empty_database, clock, "ada", ids["course"])
    assert await fill(empty_database, clock, most=30) == [30, 2, 4]
    assert await worded(empty_database, ada.user_id, ids["course"], MEANT) == []
    best = (await near(empty_database, ada.user_id, ids["course"], MEANT))[0]
    assert (best.key, best.lesson, best.component) == ("L1.1", "Knives", ids["kit-knives"])
    assert best.text.startswith("A bread knife")
    (polish, *_) = await near(empty_database, ada.user_id, ids["course"], "jak nagrzać piekarnik?")
    assert polish.title == "Heating up"


async def test_both_rankings_count(
    empty_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    ids = await publish(empty_database, tmp_path)
    ada = await learner(empty_database, clock, "ada", ids["course"])
    await fill(empty_database, clock)
    text = "How long does the oven need for a loaf?"
    assert keys(await worded(empty_database, ada.user_id, ids["course"], text)) == ["L2.1"]
    found = await near(empty_database, ada.user_id, ids["course"], text)
    assert set(keys(found)) >= {"L2.1"}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize("text", [*FOREIGN[::6], "the", "", "Which train goes to the sea?"])
async def test_what_is_about_something_else_is_not_answered_because_something_is_nearest(
    database: Database, clock: ManualClock, tmp_path: Path, text: str
) -> None:
    ids = await publish(database, tmp_path)
    ada = await learner(database, clock, "ada", ids["course"])
    await fill(database, clock)
    assert await near(database, ada.user_id, ids["course"], text) == []


async def test_locked_lessons_stay_locked_and_previews_are_all_that_strangers_find(
    empty_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    ids = await publish(empty_database, tmp_path)
    await fill(empty_database, clock)
    ben = await learner(empty_database, clock, "ben", ids["course"])
    eve = await learner(empty_database, clock, "eve")
    question = "Where is the vintage, in the basement?"
    assert await near(empty_database, ben.user_id, ids["course"], question) == []
    async with empty_database.unit_of_work(ben.user_id) as conn:
        await activity.complete(conn, ben.user_id, ids["kit-ovens"], ids["course"], clock.now())
    assert keys(await near(empty_database, ben.user_id, ids["course"], question))[:1] == ["L3.1"]
    assert keys(await near(empty_database, eve.user_id, ids["course"], MEANT)) == ["L1.1"]
    assert await near(empty_database, eve.user_id, ids["course"], "jak nagrzać piekarnik?") == []


async def test_vectors_of_another_model_or_size_are_never_compared(
    empty_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    ids = await publish(empty_database, tmp_path)
    ada = await learner(empty_database, clock, "ada", ids["course"])
    course = ids["course"]
    await fill(empty_database, clock)
    for vector in (asked(MEANT, "another"), asked(MEANT, size=512)):
        assert await near(empty_database, ada.user_id, course, MEANT, vector) == []
        known = "How long does bread take to bake?"  # words find it all the same
        assert keys(await near(empty_database, ada.user_id, course, known, vector))[0] == "L2.2"
    await fill(empty_database, clock, model="another", size=512)
    vector = asked(MEANT, "another", 512)
    assert keys(await near(empty_database, ada.user_id, course, MEANT, vector))[0] == "L1.1"
    assert keys(await near(empty_database, ada.user_id, course, MEANT))[0] == "L1.1"


async def test_passages_without_a_vector_are_found_by_their_words(
    empty_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    ids = await publish(empty_database, tmp_path)
    ada = await learner(empty_database, clock, "ada", ids["course"])
    await fill(empty_database, clock)
    await publish(empty_database, tmp_path, ovens="## Cold\n\nThe refrigerator hums.\n")
    async with empty_database.worker_unit_of_work() as conn:
        await vectors_kept.digest_new(conn)
        now = await vectors_kept.progress(conn, MODEL)
    assert (now.passages, now.ready) == (3, 2)  # what has not changed keeps its vector
    found = await near(empty_database, ada.user_id, ids["course"], "refrigerator")
    assert keys(found)[0] == "L2.1"
    assert await fill(empty_database, clock) == [1]


async def test_without_foreign_questions_meaning_admits_nothing(
    empty_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    ids = await publish(empty_database, tmp_path)
    ada = await learner(empty_database, clock, "ada", ids["course"])
    await fill(empty_database, clock)
    async with empty_database.worker_unit_of_work() as conn:
        await conn.execute(sql("DELETE FROM passage_vectors WHERE task = 'question'"))
    assert await near(empty_database, ada.user_id, ids["course"], MEANT) == []


async def test_what_nothing_needs_goes_after_a_week(
    empty_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    await publish(empty_database, tmp_path)
    await fill(empty_database, clock)
    await fill(empty_database, clock, model="another")
    await publish(empty_database, tmp_path, ovens="## Cold\n\nThe refrigerator hums.\n")
    async with empty_database.worker_unit_of_work() as conn:
        assert await vectors_kept.prune(conn, MODEL, clock.now()) == 0
        later = clock.now() + vectors_kept.OTHER_MODELS * 2
        assert await vectors_kept.prune(conn, MODEL, later) == 2 + 4 + len(FOREIGN)
        left = {row.task: row.n for row in (await conn.execute(_TASKS)).all()}
    assert left == {"question": len(FOREIGN), "passage": 2}


async def test_what_is_turned_into_a_vector_is_known_by_its_digest(
    empty_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    del clock
    await publish(empty_database, tmp_path)
    async with empty_database.worker_unit_of_work() as conn:
        refused = [digest_of(text) for text in FOREIGN]
        texts = await vectors_kept.missing(conn, MODEL, 40, refused)
        rest = await vectors_kept.missing(conn, MODEL, 40, [*refused, texts[0].digest])
    assert all(digest_of(one.text) == one.digest for one in texts)
    assert "Knives: Which knife?\n\nA bread knife has teeth." in " ".join(one.text for one in texts)
    assert [one.digest for one in rest] == [one.digest for one in texts[1:]]
