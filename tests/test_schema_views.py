"""What the database derives: views, counts, and generated columns."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import Base
from tests.support.rows import Rows, copies


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
