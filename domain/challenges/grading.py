"""From a stored submission to its result: the claim with its lease and fence, and the finish."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.activity import service as activity
from domain.activity.service import CourseProgress
from domain.adaptivity.service import learn_from_challenge
from domain.challenges import rules
from domain.grading import Result, Task, TestCase, task_from_stored
from domain.motivation.levels import xp_for_score
from domain.motivation.service import Activity, Outcome, record_activity
from domain.sql import sql

LEASE = timedelta(seconds=30)  # renewed while the grading goes on; then somebody else may do it
LATELY = timedelta(minutes=1)  # who had much graded lately waits behind who had little
RETRY_AFTER = timedelta(seconds=30)  # after a fault of the sandbox's

_CLAIM = sql("""
    UPDATE challenge_attempts a
    SET status = 'running', lease_until = :until, fence = a.fence + 1
    WHERE a.id = :attempt
          AND (a.status = 'queued' OR (a.status = 'running' AND a.lease_until < :now))
    RETURNING a.id, a.user_id, a.component_id, a.version, a.identity_id, a.place_id, a.files,
              a.fence, a.hint_cost, a.submitted_at
""")
_TASK = sql("""
    SELECT v.language, v.mode, v.function_name, v.limits, v.starter_files, t.key, t.name, t.points,
           t.is_sample, t.spec
    FROM challenge_versions v
    JOIN challenge_tests t ON t.component_id = v.component_id AND t.version = v.version
    WHERE v.component_id = :challenge AND v.version = :version ORDER BY t.position
""")
_RENEW = sql("""
    UPDATE challenge_attempts SET lease_until = :until
    WHERE id = :attempt AND fence = :fence AND status = 'running'
""")
_RELEASE = sql("""
    UPDATE challenge_attempts SET status = 'queued', lease_until = :until
    WHERE id = :attempt AND fence = :fence AND status = 'running'
""")
_COURSE = sql("SELECT course_id FROM components WHERE id = :challenge")
_HOLD = sql("""
    SELECT 1 FROM user_progress WHERE user_id = :learner AND component_id = :challenge FOR UPDATE
""")
_FINISH = sql(
    """
    UPDATE challenge_attempts
    SET status = :status, test_results = :tests, score = :score, max_score = :most,
        percentage = :percentage, execution_time_ms = :wall, cpu_time_ms = :cpu,
        memory_peak_kb = :peak, runtime_logs = :logs, error_messages = :errors,
        finished_at = :now, lease_until = NULL
    WHERE id = :attempt AND fence = :fence AND status = 'running'
    RETURNING id
""",
    tests=JSONB(),
    errors=JSONB(none_as_null=True),
)
_SCORED = sql("""
    UPDATE user_progress p
    SET latest_score = n.percentage, best_score = greatest(p.best_score, :percentage, n.percentage),
        progress_percentage = CASE WHEN p.status = 'completed' THEN 100
                                   ELSE greatest(p.progress_percentage, :percentage) END
    FROM (SELECT a.percentage FROM challenge_attempts a
          WHERE a.user_id = :learner AND a.component_id = :challenge
                AND a.finished_at IS NOT NULL
          ORDER BY a.id DESC LIMIT 1) n
    WHERE p.user_id = :learner AND p.component_id = :challenge
""")
# One waiting attempt per learner, the oldest; first comes who had the least graded lately. So a
# learner's hundredth submission waits for everybody else's first.
_FAIREST = sql("""
    WITH waiting AS (
        SELECT DISTINCT ON (user_id) user_id, id FROM challenge_attempts
        WHERE status IN ('queued', 'running') AND lease_until < :now
        ORDER BY user_id, id)
    SELECT w.id
    FROM waiting w
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE b.finished_at > :lately OR b.status = 'running') AS served
        FROM (SELECT finished_at, status FROM challenge_attempts a
              WHERE a.user_id = w.user_id ORDER BY a.id DESC LIMIT 200) b) s
    ORDER BY s.served, w.id LIMIT :most
""")
_AT_ONCE = 10  # claimed by others while we look


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to grade one attempt, until the lease ends; `fence` proves it at the finish."""

    attempt: UUID
    user_id: UUID
    component_id: UUID
    identity_id: UUID
    place_id: str | None
    files: dict[str, str]
    fence: int
    hint_cost: Decimal
    submitted_at: datetime
    task: Task


@dataclass(frozen=True, slots=True)
class Graded:
    """A finished attempt.

    Attributes:
        progress: how far the course is; set when this attempt completed the challenge.
        outcome: points and streak; set likewise.
    """

    attempt: UUID
    user_id: UUID
    identity_id: UUID | None
    place_id: str | None
    progress: CourseProgress | None = None
    outcome: Outcome | None = None


Told = Callable[[AsyncConnection, Graded], Awaitable[object]]


def news_key(attempt: UUID) -> str:
    """The outbox key of the message that tells a result; it is told once."""
    return f"graded:{attempt}"


async def claim(conn: AsyncConnection, attempt: UUID, now: datetime) -> Claim | None:
    """Take an attempt for grading; None when it is finished, or somebody else grades it."""
    values = {"attempt": attempt, "now": now, "until": now + LEASE}
    row = (await conn.execute(_CLAIM, values)).one_or_none()
    if row is None:
        return None
    return Claim(
        attempt=row.id,
        user_id=row.user_id,
        component_id=row.component_id,
        identity_id=row.identity_id,
        place_id=row.place_id,
        files=row.files,
        fence=row.fence,
        hint_cost=row.hint_cost,
        submitted_at=row.submitted_at,
        task=await task_of(conn, row.component_id, row.version),
    )


async def task_of(conn: AsyncConnection, challenge: UUID, version: int) -> Task:
    """A challenge as the grader sees it, as one version of its course had it."""
    values = {"challenge": challenge, "version": version}
    return _task((await conn.execute(_TASK, values)).all())


def _task(rows: Sequence[Row[Any]]) -> Task:
    first = rows[0]
    default = {"function": first.function_name} if first.function_name else {}
    return task_from_stored(
        language=first.language,
        mode=first.mode,
        main=str(first.limits.get("main") or next(iter(first.starter_files), "main.py")),
        limits={
            name: first.limits[name] for name in ("time_s", "memory_mb") if name in first.limits
        },
        tests=[
            TestCase(row.key, row.name, row.points, row.is_sample, {**default, **row.spec})
            for row in rows
        ],
    )


async def renew(conn: AsyncConnection, held: Claim, now: datetime) -> None:
    """Keep an attempt for another lease."""
    values = {"attempt": held.attempt, "fence": held.fence, "until": now + LEASE}
    await conn.execute(_RENEW, values)


async def release(conn: AsyncConnection, held: Claim, now: datetime) -> None:
    """Give an attempt back ungraded; it may be tried again a little later."""
    values = {"attempt": held.attempt, "fence": held.fence, "until": now + RETRY_AFTER}
    await conn.execute(_RELEASE, values)


async def finish(
    conn: AsyncConnection, held: Claim, result: Result, now: datetime
) -> Graded | None:
    """Write a result, once; None when the claim was lost to somebody else meanwhile.

    The first pass completes the challenge and is rewarded; what happens in the learner's life
    (streak, day) counts from when the code was handed in.
    """
    values = {"learner": held.user_id, "challenge": held.component_id}
    await conn.execute(_HOLD, values)  # results of one learner queue here
    scored = rules.score(result.score, result.max_score, held.hint_cost)
    errors = None
    if result.note or result.traceback:
        errors = {
            "note": result.note.as_json() if result.note else None,
            "traceback": result.traceback,
            "traceback_of": result.traceback_of,
        }
    written = await conn.execute(
        _FINISH,
        {
            "attempt": held.attempt,
            "fence": held.fence,
            "status": result.status,
            "tests": rules.trimmed([test.as_json() for test in result.tests]),
            "score": scored.points,
            "most": scored.most,
            "percentage": scored.percentage,
            "wall": result.wall_ms,
            "cpu": result.cpu_ms,
            "peak": max(0, result.peak_kb),
            "logs": result.traceback,
            "errors": errors,
            "now": now,
        },
    )
    if written.one_or_none() is None:
        return None
    await conn.execute(_SCORED, {**values, "percentage": scored.percentage})
    progress, outcome = None, None
    if result.status == "passed":
        progress, outcome = await _complete(conn, held, scored.points)
    await learn_from_challenge(conn, held.attempt)
    return Graded(held.attempt, held.user_id, held.identity_id, held.place_id, progress, outcome)


async def _complete(
    conn: AsyncConnection, held: Claim, points: Decimal
) -> tuple[CourseProgress | None, Outcome | None]:
    at = held.submitted_at
    course = (await conn.execute(_COURSE, {"challenge": held.component_id})).scalar_one()
    progress = await activity.complete(conn, held.user_id, held.component_id, course, at)
    if progress is None:
        return None, None
    outcome = await record_activity(
        conn,
        Activity(
            user_id=held.user_id,
            identity_id=held.identity_id,
            source=f"challenge:{held.component_id}",
            kind="challenge",
            component_id=held.component_id,
            xp=xp_for_score(points),
            seconds=0,
            occurred_at=at,
        ),
    )
    return progress, outcome


async def claim_next(conn: AsyncConnection, now: datetime) -> Claim | None:
    """Take the waiting attempt whose turn it is, by learner; as the worker. None when none waits.

    An attempt waits when it is queued and the process that stored it has had its head start, or
    when whoever claimed it let the lease end.
    """
    values = {"now": now, "lately": now - LATELY, "most": _AT_ONCE}
    while candidates := (await conn.execute(_FAIREST, values)).scalars().all():
        for attempt in candidates:
            held = await claim(conn, attempt, now)
            if held is not None:
                return held
    return None
