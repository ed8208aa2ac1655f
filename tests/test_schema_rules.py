"""What the database refuses or does by itself, tried on rows."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import Base
from tests.support.rows import Rows


async def refused(connection: AsyncConnection, statement: str, constraint: str, **values: Any):
    async def attempt() -> None:
        await connection.execute(text(statement), values)
        await connection.execute(text("set constraints all immediate"))

    nested = await connection.begin_nested()
    with pytest.raises(DBAPIError) as caught:
        await attempt()
    await nested.rollback()
    cause: Any = caught.value.orig
    assert cause.__cause__.constraint_name == constraint, str(caught.value)


async def test_nesting_is_three_deep_and_never_a_circle(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    course = filled[0]["courses"]["id"]
    units = [uuid4() for _ in range(4)]
    add = (
        "insert into units (id, course_id, parent_id, key, title, position)"
        " values (:id, :course, :parent, :key, 'U', :place)"
    )
    parent: UUID | None = None
    for place, unit in enumerate(units[:3]):
        values = {"id": unit, "course": course, "parent": parent, "key": str(place)}
        await owner.execute(text(add), values | {"place": 10 + place})
        parent = unit
    await refused(
        owner, add, "ck_units_nesting", id=units[3], course=course, parent=parent, key="4", place=14
    )
    move = "update units set parent_id = :parent where id = :id"
    await refused(owner, move, "ck_units_nesting", id=units[0], parent=units[2])
    await refused(owner, move, "ck_units_nesting", id=units[0], parent=filled[0]["units"]["id"])
    other = filled[1]["units"]["id"]  # of another course
    await refused(owner, move, "fk_units_parent", id=units[2], parent=other)


async def test_prerequisites_never_go_round(owner: AsyncConnection, filled: Sequence[Rows]):
    for table, one, other in (
        ("components", "component_id", "requires_component_id"),
        ("units", "unit_id", "requires_unit_id"),
        ("courses", "course_id", "requires_course_id"),
    ):
        links = f"{table[:-1]}_prerequisites"
        await refused(
            owner,
            f"insert into {links} ({one}, {other}) values (:later, :first)",
            f"ck_{links}_circle",
            later=filled[1][table]["id"],
            first=filled[0][table]["id"],
        )


async def test_a_lesson_has_one_primary_quiz(owner: AsyncConnection, filled: Sequence[Rows]):
    component = filled[0]["components"]
    add = (
        "insert into components (course_id, lesson_id, key, slug, kind, title, is_primary, status)"
        " values (:course, :lesson, :key, :key, :kind, 'Q', true, :status)"
    )
    values = {"course": component["course_id"], "lesson": component["id"], "kind": "quiz"}
    await owner.execute(text(add), values | {"key": "one", "status": "published"})
    await refused(owner, add, "uq_components_primary_quiz", **values, key="two", status="draft")
    await owner.execute(text(add), values | {"key": "old", "status": "archived"})
    await refused(
        owner,
        add,
        "ck_components_primary",
        **values | {"kind": "challenge"},
        key="x",
        status="draft",
    )


@pytest.mark.parametrize(
    ("table", "start", "path", "refusals"),
    [
        ("enrollments", "active", ["dropped", "active", "completed"], ["active", "dropped"]),
        ("user_progress", "not_started", ["in_progress", "completed"], ["in_progress"]),
        (
            "assessment_attempts",
            "in_progress",
            ["submitted", "graded"],
            ["submitted", "in_progress"],
        ),
        ("challenge_attempts", "queued", ["running", "queued", "running", "partial"], ["running"]),
    ],
)
async def test_states_move_as_drawn(
    owner: AsyncConnection,
    filled: Sequence[Rows],
    table: str,
    start: str,
    path: list[str],
    refusals: list[str],
):
    also = {
        "enrollments": "completed_at = coalesce(completed_at, now())",
        "user_progress": "first_completed_at = case when cast(:to as text) = 'completed'"
        " then now() end",
        "assessment_attempts": "submitted_at = now(), graded_at = case when cast(:to as text)"
        " = 'graded' then now() end, score = 1, max_score = 1, percentage = 100, passed = true",
        "challenge_attempts": "finished_at = case when cast(:to as text) = 'partial'"
        " then now() end",
    }[table]
    move = f"update {table} set status = :to, {also} where user_id = :user"
    user = filled[0]["users"]["id"]
    assert filled[0][table]["status"] == start
    for to in path:
        await owner.execute(text(move), {"to": to, "user": user})
    for to in refusals:
        await refused(owner, move, f"ck_{table}_moves", to=to, user=user)


async def test_numbers_out_of_range_are_refused(owner: AsyncConnection, filled: Sequence[Rows]):
    user = filled[0]["users"]["id"]
    for table, column, value, constraint in (
        ("enrollments", "progress_percentage", "100.01", "ck_enrollments_progress_percentage"),
        ("enrollments", "progress_percentage", "-1", "ck_enrollments_progress_percentage"),
        ("user_progress", "total_attempts", "-1", "ck_user_progress_total_attempts"),
        ("streaks", "current_streak", "-1", "ck_streaks_current_streak"),
        ("streaks", "current_streak", "5", "ck_streaks_longest"),
        ("course_feedback", "rating", "6", "ck_course_feedback_rating"),
        ("ai_interactions", "response_quality", "0", "ck_ai_interactions_response_quality"),
        ("user_settings", "daily_goal_minutes", "1441", "ck_user_settings_daily_goal_minutes"),
    ):
        await refused(
            owner,
            f"update {table} set {column} = {value} where user_id = :user",
            constraint,
            user=user,
        )


async def test_an_email_is_unique_once_it_is_verified(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    ada, bea = (rows["users"]["id"] for rows in filled)
    give = "update users set email = :email, email_verified_at = :at where id = :id"
    now = datetime.now(UTC)
    await owner.execute(text(give), {"id": ada, "email": "Ada@Example.org", "at": now})
    await owner.execute(text(give), {"id": bea, "email": "ada@example.org", "at": None})
    await refused(owner, give, "uq_users_email", id=bea, email="ada@example.org", at=now)


async def test_one_attempt_is_open_and_one_certificate_valid(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    attempt = filled[0]["assessment_attempts"]
    await refused(
        owner,
        "insert into assessment_attempts (user_id, assessment_id, attempt_number, started_at)"
        " values (:user, :assessment, 2, now())",
        "uq_assessment_attempts_one_open",
        user=attempt["user_id"],
        assessment=attempt["assessment_id"],
    )
    again = (
        "insert into certificates (enrollment_id, user_id, course_id, certificate_number,"
        " name_shown, completion_date) select enrollment_id, user_id, course_id, 'again',"
        " name_shown, completion_date from certificates where user_id = :user"
    )
    await refused(owner, again, "uq_certificates_valid", user=attempt["user_id"])
    await owner.execute(
        text("update certificates set revoked_at = now(), revoked_reason = 'a wrong name'")
    )
    await owner.execute(text(again), {"user": attempt["user_id"]})


async def test_an_answer_belongs_to_the_learner_of_its_attempt(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    await refused(
        owner,
        "update assessment_answers set user_id = :other where user_id = :user",
        "fk_assessment_answers_attempt",
        user=filled[0]["users"]["id"],
        other=filled[1]["users"]["id"],
    )


async def test_likes_are_counted_where_they_point(owner: AsyncConnection, filled: Sequence[Rows]):
    post = filled[0]["forum_posts"]["id"]
    counts = text("select like_count, reply_count from forum_posts where id = :post")
    assert (await owner.execute(counts, {"post": post})).one() == (1, 1)
    await owner.execute(
        text("insert into forum_post_likes (post_id, user_id) values (:post, :user)"),
        {"post": post, "user": filled[1]["users"]["id"]},
    )
    assert (await owner.execute(counts, {"post": post})).one() == (2, 1)
    await owner.execute(text("delete from forum_post_likes where post_id = :post"), {"post": post})
    assert (await owner.execute(counts, {"post": post})).one() == (0, 1)


async def test_an_erased_person_leaves_no_trace(owner: AsyncConnection, filled: Sequence[Rows]):
    ada = filled[0]["users"]["id"]
    reply = text("insert into forum_replies (post_id, user_id, body) values (:post, :user, 'Hi')")
    post = filled[0]["forum_posts"]["id"]
    await owner.execute(reply, {"post": post, "user": filled[1]["users"]["id"]})
    await owner.execute(text("update activity_log set ip = '192.0.2.1', user_agent = 'x'"))
    await owner.execute(text("delete from users where id = :ada"), {"ada": ada})
    for table in Base.metadata.sorted_tables:
        text_of_rows = await owner.scalars(text(f"select t::text from {table.name} t"))
        assert not [row for row in text_of_rows if str(ada) in row], table.name
    left = (await owner.execute(text("select * from forum_posts where user_id is null"))).one()
    assert (left.id, left.title, left.body) == (post, "", "")
    assert left.deleted_at is not None
    assert await owner.scalar(text("select count(*) from forum_replies where body = 'Hi'")) == 1
    logged = (await owner.execute(text("select * from activity_log where user_id is null"))).one()
    assert (logged.activity_description, logged.metadata, logged.ip, logged.user_agent) == (
        None,
    ) * 4


async def test_a_course_can_be_purged_with_all_that_hangs_on_it(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    course = filled[1]["courses"]["id"]
    await owner.execute(text("delete from courses where id = :course"), {"course": course})
    await owner.execute(text("set constraints all immediate"))
    for table in ("components", "question_versions", "assessment_answers", "challenge_attempts"):
        assert await owner.scalar(text(f"select count(*) from {table}")) == 1, table


async def test_updated_at_moves_with_every_change(owner: AsyncConnection, filled: Sequence[Rows]):
    user = filled[0]["users"]["id"]
    await owner.execute(
        text("update user_settings set updated_at = '2020-01-01' where user_id = :user"),
        {"user": user},
    )
    changed = await owner.scalar(
        text("select updated_at = now() from user_settings where user_id = :user"), {"user": user}
    )
    assert changed is True


def test_learner_texts_have_a_longest_length():
    """What people type is bounded in the database too."""
    bounded = {"bookmarks.note", "forum_posts.body", "course_feedback.review", "flashcards.front"}
    for name in bounded:
        table, column = name.split(".")
        checks = [str(getattr(c, "sqltext", "")) for c in Base.metadata.tables[table].constraints]
        assert any(re.match(rf"char_length\({column}\) BETWEEN", check) for check in checks), name
