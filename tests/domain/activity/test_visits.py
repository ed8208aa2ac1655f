"""A visit is a touch and a place kept; together they write what they write one after the other."""

import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.activity import service as activity
from domain.clock import ManualClock
from domain.database import Database
from domain.identity.rules import Learner
from domain.sql import sql
from tests.domain.challenges.course import join, prepare

_ANOTHER = sql("""
    WITH course AS (
        INSERT INTO courses (slug, title, status) VALUES ('other', 'Other', 'published')
        ON CONFLICT (slug) DO UPDATE SET title = excluded.title RETURNING id)
    INSERT INTO components (course_id, key, slug, kind, title, status)
    SELECT id, 'other', 'other', 'lesson', 'Other', 'published' FROM course
    ON CONFLICT (course_id, key) DO UPDATE SET title = excluded.title
    RETURNING id, course_id
""")
_KEPT = (
    sql("""
    SELECT c.slug, p.status, p.last_position, p.seconds_spent, p.started_at
    FROM user_progress p JOIN components c ON c.id = p.component_id
    WHERE p.user_id = :learner ORDER BY c.slug
    """),
    sql("""
    SELECT c.slug, e.seconds_spent, k.slug AS last FROM enrollments e
    JOIN courses c ON c.id = e.course_id LEFT JOIN components k ON k.id = e.last_component_id
    WHERE e.user_id = :learner ORDER BY c.slug
    """),
    sql("""
    SELECT c.slug, s.started_at, s.ended_at, s.duration_seconds, s.interaction_count,
           s.device_type
    FROM learning_sessions s LEFT JOIN components c ON c.id = s.component_id
    WHERE s.user_id = :learner ORDER BY s.id
    """),
)


@pytest.fixture
async def known(database: Database, tmp_path: Path) -> dict[str, UUID]:
    found = await prepare(database, tmp_path)
    async with database.worker_unit_of_work() as conn:
        row = (await conn.execute(_ANOTHER)).one()
    return {**found, "other": row.id, "elsewhere": row.course_id}


async def kept(database: Database, learner: Learner) -> Sequence[Sequence[Any]]:
    async with database.worker_unit_of_work() as conn:
        rows = [(await conn.execute(one, {"learner": learner.user_id})).all() for one in _KEPT]
    return [[tuple(row) for row in some] for some in rows]


async def test_a_visit_writes_what_its_parts_write(
    database: Database, clock: ManualClock, known: dict[str, UUID]
) -> None:
    parts, whole = [await join(database, clock, name, known["course"]) for name in ("a", "b")]
    chance = random.Random(7)  # noqa: S311
    moments = 0
    for number in range(60):
        clock.advance(timedelta(seconds=chance.choice((0.01, 1, 20, 300, 599, 600, 4000))))
        now = clock.now()
        component = known[chance.choice(("two-fer", "two-fer", "square", "other"))]
        if number == 30:  # until here, the other course's lesson is a preview
            for one in (parts, whole):
                async with database.unit_of_work(one.user_id) as conn:
                    await activity.enroll(conn, one.user_id, known["elsewhere"], now)
        async with database.unit_of_work(parts.user_id) as conn:
            await activity.touch(conn, parts.user_id, component, "terminal", now)
            await activity.reached(conn, parts.user_id, component, {"page": number}, now)
        async with database.unit_of_work(whole.user_id) as conn:
            await activity.visit(conn, whole.user_id, component, {"page": number}, "terminal", now)
        expected = await kept(database, parts)
        assert await kept(database, whole) == expected, number
        moments += 1
    progress, courses, sessions = expected
    assert moments == 60
    assert len(progress) == 3
    assert all(row[3] > 0 for row in progress)
    assert all(row[1] > 0 for row in courses)
    assert len(courses) == 2
    assert len(sessions) > 10


async def test_what_was_finished_stays_so(
    database: Database, clock: ManualClock, known: dict[str, UUID]
) -> None:
    ada = await join(database, clock, "ada", known["course"])
    async with database.unit_of_work(ada.user_id) as conn:
        component, course = known["two-fer"], known["course"]
        await activity.complete(conn, ada.user_id, component, course, clock.now())
        await activity.visit(conn, ada.user_id, component, {"page": 1}, "terminal", clock.now())
    (row,), _, _ = await kept(database, ada)
    assert row[1:3] == ("completed", {"page": 1})
