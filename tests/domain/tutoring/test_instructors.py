"""Who may look after a course's tutor, what they see of learners, and what they may change."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row

from domain import ids
from domain.challenges import queries as challenges
from domain.clock import ManualClock
from domain.database import Database
from domain.errors import NotFound, Refusal
from domain.identity.rules import Learner
from domain.sql import sql
from domain.tutoring import guidance, instructors, instructors_log, log
from domain.tutoring.instructors_log import Entry, Only
from domain.tutoring.log import Answered, Asked
from tests.domain.challenges.course import join, prepare, write_course
from tests.domain.tutoring.reading import learner
from tests.support.courses import teach

_OWN = sql("UPDATE courses SET owner_id = :user WHERE id = :course")
_HELP = sql("INSERT INTO course_collaborators (course_id, user_id) VALUES (:course, :user)")
_ADMIN = sql("UPDATE users SET is_platform_admin = true WHERE id = :user")
_HIDE = sql("""
    INSERT INTO user_settings (user_id, tutor_history) VALUES (:user, false)
    ON CONFLICT (user_id) DO UPDATE SET tutor_history = false
""")
_AUDIT = sql("SELECT action FROM audit_log WHERE actor_id = :user ORDER BY id")


async def own(database: Database, clock: ManualClock, course: UUID) -> Learner:
    """The author of the course."""
    ivy = await learner(database, clock, f"ivy-{uuid4()}")
    async with database.worker_unit_of_work() as conn:
        await conn.execute(_OWN, {"user": ivy.user_id, "course": course})
    return ivy


async def talk(
    database: Database,
    clock: ManualClock,
    who: Learner,
    component: UUID | None,
    *,
    quality: int | None = None,
    context: dict[str, str] | None = None,
    answered: Answered | None = None,
) -> UUID:
    """One question that was answered, through the tutor's own log."""
    question = ids.uuid7(clock.now())
    asked = Asked(question, who.user_id, component, None, "explanation", "Why?", 2, context or {})
    async with database.unit_of_work(who.user_id) as conn:
        assert await log.begin(conn, database.seals, asked, clock.now())
        done = answered or Answered("answered", "Look at line 3.", prompt=70, output=30)
        assert await log.finish(conn, database.seals, question, 0, done, clock.now())
        if quality is not None:
            assert await log.rate(conn, who.user_id, question, quality)
    clock.advance(timedelta(seconds=1))
    return question


async def seen_by(
    database: Database, who: Learner, course: UUID, only: Only = "all"
) -> Sequence[Entry]:
    async with database.unit_of_work(who.user_id) as conn:
        return await instructors_log.entries(conn, database.seals, course, only, limit=50)


async def audit(database: Database, who: Learner) -> list[str]:
    async with database.worker_unit_of_work() as conn:
        rows: Sequence[Row[Any]] = (await conn.execute(_AUDIT, {"user": who.user_id})).all()
        return [row.action for row in rows]


async def test_only_who_teaches_the_course_sees_its_log(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids_ = await prepare(empty_database, tmp_path)
    ada = await join(empty_database, clock, "ada", ids_["course"])
    answer = await talk(empty_database, clock, ada, ids_["two-fer"])
    eve = await learner(empty_database, clock, "eve")
    for stranger in (ada, eve):
        assert await seen_by(empty_database, stranger, ids_["course"]) == []
        async with empty_database.unit_of_work(stranger.user_id) as conn:
            assert await instructors.taught(conn) == []
            assert await instructors.totals(conn, ids_["course"], clock.now()) is None
            for change in (
                instructors.pin(conn, answer, "Mine"),
                instructors.unpin(conn, answer),
                instructors.seen(conn, ids_["course"], answer),
                instructors.guide(
                    conn, course=ids_["course"], component=None, level=4, style=None, notes="x"
                ),
                instructors_log.entry(conn, empty_database.seals, ids_["course"], answer),
            ):
                with pytest.raises(NotFound):
                    await change
    helper = await learner(empty_database, clock, "hal")
    admin = await learner(empty_database, clock, "adm")
    async with empty_database.worker_unit_of_work() as conn:
        await conn.execute(_HELP, {"user": helper.user_id, "course": ids_["course"]})
        await conn.execute(_ADMIN, {"user": admin.user_id})
    for who in (await own(empty_database, clock, ids_["course"]), helper, admin):
        assert [one.id for one in await seen_by(empty_database, who, ids_["course"])] == [answer]


async def test_learners_are_pseudonyms_and_may_stay_out(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids_ = await prepare(empty_database, tmp_path)
    ivy = await own(empty_database, clock, ids_["course"])
    ada = await join(empty_database, clock, "ada", ids_["course"])
    ben = await join(empty_database, clock, "ben", ids_["course"])
    for who in (ada, ben, ada):
        await talk(empty_database, clock, who, ids_["two-fer"])
    names = [one.learner for one in await seen_by(empty_database, ivy, ids_["course"])]
    assert names[0] == names[2] != names[1]
    assert {len(name) for name in names} == {10}  # so that no two of ten thousand are alike
    assert not {"ada", "ben", str(ada.user_id)} & set(names)
    async with empty_database.worker_unit_of_work() as conn:
        await conn.execute(_HIDE, {"user": ada.user_id})
    left = [one.learner for one in await seen_by(empty_database, ivy, ids_["course"])]
    assert left == [names[1]]


async def test_the_queue_holds_what_went_wrong_until_somebody_looked(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids_ = await prepare(empty_database, tmp_path)
    ivy = await own(empty_database, clock, ids_["course"])
    ada = await join(empty_database, clock, "ada", ids_["course"])
    where = {"course": str(ids_["course"])}
    good = await talk(empty_database, clock, ada, ids_["two-fer"], quality=5)
    low = await talk(empty_database, clock, ada, ids_["two-fer"], quality=2)
    blocked = await talk(
        empty_database, clock, ada, ids_["square"],
        answered=Answered("answered", "A hint.", provider="gemini", leaked=True, prompt=100),
    )  # fmt: skip
    unsure = await talk(empty_database, clock, ada, None, context={**where, "confidence": "test"})
    elsewhere = await talk(empty_database, clock, ada, None)

    async def listed(only: Only) -> list[UUID]:
        return [one.id for one in await seen_by(empty_database, ivy, ids_["course"], only)]

    assert await listed("queue") == [unsure, blocked, low]
    assert await listed("low") == [low]
    assert await listed("blocked") == await listed("model") == [blocked]
    assert await listed("unsure") == [unsure]
    assert await listed("all") == [unsure, blocked, low, good]
    assert elsewhere not in await listed("all")
    async with empty_database.unit_of_work(ivy.user_id) as conn:
        await instructors.seen(conn, ids_["course"], low)
        page = await instructors_log.entries(
            conn, empty_database.seals, ids_["course"], "all", before=low, limit=5
        )
        sums = await instructors.totals(conn, ids_["course"], clock.now().replace(hour=0))
    assert [one.id for one in page] == [good]
    assert await listed("queue") == [unsure, blocked]
    assert sums is not None
    assert (sums.answers, sums.learners, sums.by_model, sums.tokens) == (4, 1, 1, 400)
    assert (sums.rated, sums.low, sums.blocked) == (2, 1, 1)


async def test_an_answer_becomes_the_last_hint_and_stays_it_when_the_course_is_published_again(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids_ = await prepare(empty_database, tmp_path)
    ivy = await own(empty_database, clock, ids_["course"])
    ada = await join(empty_database, clock, "ada", ids_["course"])
    answer = await talk(empty_database, clock, ada, ids_["two-fer"])

    async def hints() -> list[str]:
        async with empty_database.unit_of_work(ada.user_id) as conn:
            found = await challenges.challenge(conn, ada.user_id, ids_["two-fer"])
        assert [one.position for one in found.hints] == list(range(len(found.hints)))
        return [one.text for one in found.hints]

    authored = await hints()
    async with empty_database.unit_of_work(ivy.user_id) as conn:
        await instructors.pin(conn, answer, "Which values are false?")
        await instructors.pin(conn, answer, "Which values count as false?")
        await instructors.pin(conn, answer, "Which values count as false?")
    assert await hints() == [*authored, "Which values count as false?"]
    async with empty_database.unit_of_work(ada.user_id) as conn:
        told = await guidance.notes_for(conn, ids_["two-fer"])
    assert told.pinned == ("Which values count as false?",)
    file = write_course(tmp_path) / "10-unit" / "01-two-fer" / "challenge.yaml"
    text = file.read_text("utf-8")
    more = 'hints:\n  - {text: "A fourth.", cost: 0, after_attempts: 1}\n'
    file.write_text(text.replace("hints:\n", more), encoding="utf-8")
    await teach(empty_database, tmp_path / "challenges-course")
    assert await hints() == ["A fourth.", *authored, "Which values count as false?"]
    async with empty_database.unit_of_work(ivy.user_id) as conn:
        await instructors.unpin(conn, answer)
    assert await hints() == ["A fourth.", *authored]
    assert await audit(empty_database, ivy) == ["tutor.pin", "tutor.pin", "tutor.unpin"]


async def test_what_is_no_hint_is_refused(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids_ = await prepare(empty_database, tmp_path)
    ivy = await own(empty_database, clock, ids_["course"])
    ada = await join(empty_database, clock, "ada", ids_["course"])
    about = await talk(empty_database, clock, ada, None, context={"course": str(ids_["course"])})
    answer = await talk(empty_database, clock, ada, ids_["two-fer"])
    async with empty_database.unit_of_work(ivy.user_id) as conn:
        with pytest.raises(NotFound):
            await instructors.pin(conn, about, "A hint")
        for text in (" ", "x" * 1501):
            with pytest.raises(Refusal):
                await instructors.pin(conn, answer, text)


async def test_an_items_wishes_come_before_the_courses(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids_ = await prepare(empty_database, tmp_path)
    ivy = await own(empty_database, clock, ids_["course"])
    course = ids_["course"]
    async with empty_database.unit_of_work(ivy.user_id) as conn:
        assert (await guidance.notes_for(conn, ids_["two-fer"])).support_level == 4
        await instructors.guide(
            conn, course=course, component=None, level=2, style="questions", notes="Be brief."
        )
        await instructors.guide(
            conn, course=course, component=ids_["two-fer"], level=1, style=None, notes="No or."
        )
        one = await guidance.notes_for(conn, ids_["two-fer"])
        other = await guidance.notes_for(conn, ids_["square"])
        whole = await guidance.course_notes(conn, course)
        with pytest.raises(Refusal):
            await instructors.guide(
                conn, course=course, component=None, level=1, style=None, notes="x" * 4001
            )
    assert (one.support_level, one.style, one.notes) == (1, "questions", "Be brief.\nNo or.")
    assert (other.support_level, other.notes) == (2, "Be brief.")
    assert (whole.support_level, whole.style) == (2, "questions")
    assert await audit(empty_database, ivy) == ["tutor.guide", "tutor.guide"]


async def test_the_course_is_named_when_there_are_several(
    empty_database: Database, clock: ManualClock, tmp_path: Path
):
    ids_ = await prepare(empty_database, tmp_path)
    await teach(empty_database)
    admin = await learner(empty_database, clock, "adm")
    async with empty_database.worker_unit_of_work() as conn:
        await conn.execute(_ADMIN, {"user": admin.user_id})
    async with empty_database.unit_of_work(admin.user_id) as conn:
        with pytest.raises(NotFound) as asked:
            await instructors.require_taught(conn, "")
        assert "/teach tutor challenges-course" in asked.value.choices
        assert (await instructors.require_taught(conn, "challenges-course")).id == ids_["course"]
        with pytest.raises(NotFound):
            await instructors.require_taught(conn, "nothing")
