"""What the database refuses or does by itself, tried on rows."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.database import Base
from domain.postgres import EmbeddedServer
from tests.conftest import run_apart
from tests.support.owner import owner_of
from tests.support.rows import Rows, fill


@pytest.fixture
async def owner(server: EmbeddedServer, database_name: str) -> AsyncIterator[AsyncConnection]:
    """A superuser's connection; all a test does is undone."""
    async with owner_of(server, database_name) as connection:
        yield connection


@pytest.fixture(scope="module")
def filled(server: EmbeddedServer, database_name: str) -> Sequence[Rows]:
    """Rows in every table, which stay when what a test does is undone."""

    async def work() -> Sequence[Rows]:
        async with owner_of(server, database_name) as connection:
            rows = await connection.run_sync(fill)
            await connection.commit()
            return rows

    return run_apart(work())


def partitioned() -> list[Table]:
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.dialect_options["postgresql"]["partition_by"]
    ]


def copies(table: Table, row: Any, days: Sequence[datetime]) -> list[dict[str, Any]]:
    stored = {name for name, column in table.columns.items() if column.computed is None}
    return [{name: row[name] for name in stored - {"id"}} | {"id": ids.uuid7(day)} for day in days]


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


async def test_every_day_of_the_next_sixty_has_a_partition(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    now = datetime.now(UTC)
    days = [now + timedelta(days=ahead) for ahead in range(61)]
    assert len(partitioned()) >= 8
    for table in partitioned():
        await owner.execute(insert(table), copies(table, filled[0][table.name], days))
        strays = await owner.scalar(text(f"select count(*) from {table.name}_default"))
        assert strays == 0, table.name
        found = await owner.scalar(text(f"select count(*) from {table.name}"))
        assert found == len(days) + 2


async def test_rows_that_waited_in_the_default_partition_are_moved(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    later = datetime.now(UTC) + timedelta(days=330)
    for table in partitioned():
        await owner.execute(insert(table), copies(table, filled[0][table.name], [later]))
        assert await owner.scalar(text(f"select count(*) from {table.name}_default")) == 1
    await owner.execute(text("set local role stoa_worker"))
    made = await owner.scalar(text("select ensure_partitions(12)"))
    assert made == len(partitioned()) * 9
    assert await owner.scalar(text("select ensure_partitions(12)")) == 0
    await owner.execute(text("reset role"))
    for table in partitioned():
        assert await owner.scalar(text(f"select count(*) from {table.name}_default")) == 0
        assert await owner.scalar(text(f"select count(*) from {table.name}")) == 3
        rights = await owner.scalar(
            text("select has_table_privilege('stoa_app', :name, 'select')"),
            {"name": f"{table.name}_{later:%Y_%m}"},
        )
        assert rights is False


async def test_the_edge_of_a_partition_is_the_first_uuid_of_its_millisecond(
    owner: AsyncConnection,
):
    at = datetime(2026, 12, 1, tzinfo=UTC)
    edge = await owner.scalar(
        text("select uuid7_floor(cast('2026-12-01 00:00+00' as timestamptz))")
    )
    assert ids.uuid7(at - timedelta(milliseconds=1), b"\xff" * 10) < edge
    assert edge <= ids.uuid7(at, bytes(10))


async def test_created_at_is_the_time_of_the_id(owner: AsyncConnection, filled: Sequence[Rows]):
    day = datetime(2026, 3, 2, 18, tzinfo=UTC)
    for table in partitioned():
        [row] = copies(table, filled[0][table.name], [day])
        await owner.execute(insert(table), row)
        created = await owner.scalar(
            text(f"select created_at from {table.name} where id = :id"), {"id": row["id"]}
        )
        assert created == day


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


async def test_reports_do_not_multiply_rows(owner: AsyncConnection, filled: Sequence[Rows]):
    rows = filled[0]
    user, attempt, ledger = (
        rows[name] for name in ("users", "challenge_attempts", "activity_ledger")
    )
    table = Base.metadata.tables["challenge_attempts"]
    now = datetime.now(UTC)
    for number, status in enumerate(("passed", "failed", "failed")):
        [copy] = copies(table, attempt, [now])
        done = {"status": status, "finished_at": now, "execution_time_ms": 10 * number}
        await owner.execute(insert(table), copy | done)
    more = text(
        "insert into activity_ledger (user_id, source, kind, component_id, xp, seconds,"
        " occurred_at, local_date, timezone)"
        " select user_id, :source, 'quiz', component_id, 80, 60, occurred_at,"
        " local_date, timezone from activity_ledger where id = :id"
    )
    for source in ("quiz:1", "quiz:2"):
        await owner.execute(more, {"source": source, "id": ledger["id"]})
    await owner.execute(text("set local role stoa_worker"))
    for view in (
        "user_performance_summary",
        "problem_difficulty_stats",
        "mv_daily_user_activity",
        "mv_weekly_domain_progress",
    ):
        await owner.execute(text(f"refresh materialized view concurrently {view}"))

    async def report(view: str, column: str, key: UUID) -> Any:
        return (
            await owner.execute(text(f"select * from {view} where {column} = :key"), {"key": key})
        ).one()

    summary = await report("user_performance_summary", "user_id", user["id"])
    assert (summary.total_attempts, summary.total_xp) == (3, 160)
    assert summary.success_rate == Decimal("0.3333")
    assert summary.avg_execution_time_ms == 10
    nobody = await report("user_performance_summary", "user_id", filled[1]["users"]["id"])
    assert (nobody.total_attempts, nobody.success_rate) == (0, None)
    day = await report("mv_daily_user_activity", "user_id", user["id"])
    assert (day.activities, day.components, day.xp, day.seconds) == (3, 1, 160, 120)
    week = await report("mv_weekly_domain_progress", "user_id", user["id"])
    assert (week.components, week.activities, week.xp) == (1, 3, 160)
    assert week.week_start.weekday() == 0
    await owner.execute(
        text("update components set kind = 'challenge' where id = :id"),
        {"id": rows["components"]["id"]},
    )
    await owner.execute(text("refresh materialized view problem_difficulty_stats"))
    item = await report("problem_difficulty_stats", "component_id", rows["components"]["id"])
    assert (item.attempt_count, item.pass_rate) == (3, Decimal("0.3333"))


async def test_progress_is_a_recount_of_published_required_leaves(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    rows = filled[0]
    course, unit, user = (rows[name]["id"] for name in ("courses", "units", "users"))
    add = text(
        "insert into components (course_id, unit_id, parent_id, key, slug, kind, title, position,"
        " status, is_required) values (:course, :unit, :parent, :key, :key, 'lesson', 'L', :place,"
        " :status, :required) returning id"
    )
    made: dict[str, UUID] = {}
    for place, (key, parent, status, required) in enumerate(
        (
            ("done", None, "published", True),
            ("open", None, "published", True),
            ("around", None, "published", True),
            ("inside", "around", "published", True),
            ("draft", None, "draft", True),
            ("extra", None, "published", False),
        )
    ):
        values = {"course": course, "unit": unit, "key": key, "status": status, "place": place + 9}
        values |= {"parent": made.get(parent or ""), "required": required}
        made[key] = (await owner.execute(add, values)).scalar_one()
    finish = text(
        "insert into user_progress (user_id, component_id, status, first_completed_at)"
        " values (:user, :component, 'completed', now())"
    )
    for key in ("done", "around", "extra"):
        await owner.execute(finish, {"user": user, "component": made[key]})
    for view, column in (("course_progress", "progress"), ("unit_progress", "completion")):
        row = (
            await owner.execute(text(f"select * from {view} where user_id = :user"), {"user": user})
        ).one()
        assert (row.completed_count, row.total_count) == (1, 3), view
        assert row._mapping[f"{column}_percentage"] == Decimal("33.33")


async def test_streak_history_is_read_from_the_days(owner: AsyncConnection, filled: Sequence[Rows]):
    user = filled[0]["users"]["id"]  # has 2 March 2026
    add = text(
        "insert into active_days (user_id, local_date, finished, is_frozen)"
        " values (:user, :day, :finished, :frozen)"
    )
    for day, finished in ((3, 1), (4, 0), (5, 2), (9, 1)):
        values = {"user": user, "day": date(2026, 3, day), "finished": finished}
        await owner.execute(add, values | {"frozen": finished == 0})
    runs = await owner.execute(
        text(
            "select days, active_days from streak_history where user_id = :user order by end_date"
        ),
        {"user": user},
    )
    assert [tuple(run) for run in runs] == [(4, 3), (1, 1)]


@pytest.mark.parametrize(
    ("language", "word", "found"), [("en", "networks", True), ("xx", "networks", False)]
)
async def test_courses_are_found_by_the_words_of_their_language(
    owner: AsyncConnection, language: str, word: str, found: bool
):
    await owner.execute(
        text("insert into languages values (:code, :code) on conflict do nothing"),
        {"code": language},
    )
    course = await owner.scalar(
        text(
            "insert into courses (slug, title, language_code)"
            " values ('networking', 'Networking for all', :code) returning id"
        ),
        {"code": language},
    )
    config = "english" if language == "en" else "simple"
    hit = await owner.scalar(
        text(f"select id from courses where search @@ plainto_tsquery('{config}', :word)"),
        {"word": word},
    )
    assert (hit == course) is found


async def test_skill_and_mastery_are_read_from_the_model(
    owner: AsyncConnection, filled: Sequence[Rows]
):
    state = await owner.execute(
        text(
            "update adaptive_state set ability_mean = :mean, ability_variance = 0.0375"
            " returning current_skill_level, confidence_score"
        ),
        {"mean": 1.0},
    )
    assert set(map(tuple, state)) == {(Decimal("0.73"), Decimal("0.75"))}
    for stability, mastery in ((None, 0), (1.0, 1), (30.0, 4), (400.0, 5)):
        found = await owner.execute(
            text("update flashcard_progress set stability = :stability returning mastery"),
            {"stability": stability},
        )
        assert {row.mastery for row in found} == {mastery}


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
