"""Where a learner is, and how long they stay there."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.sql import sql

PAUSE = timedelta(minutes=10)  # a longer silence ends a session and is not counted

# The last session, and the same longer by the time since, unless the pause was over.
_LONGER = """
    last AS (
        SELECT id, component_id, started_at, ended_at, duration_seconds
        FROM learning_sessions WHERE user_id = :learner AND id >= :floor
        ORDER BY id DESC LIMIT 1),
    longer AS (
        UPDATE learning_sessions s
        SET ended_at = greatest(s.ended_at, :now), interaction_count = s.interaction_count + 1,
            duration_seconds = greatest(s.duration_seconds,
                extract(epoch FROM greatest(s.ended_at, :now) - s.started_at)::int)
        FROM last WHERE s.id = last.id AND :now - last.ended_at < :pause
        RETURNING s.component_id, s.duration_seconds - last.duration_seconds AS seconds)"""
_BEGUN = """
    INSERT INTO learning_sessions (id, user_id, component_id, started_at, ended_at, device_type)
    SELECT :session, :learner, :component, :now, :now, :device
    WHERE NOT EXISTS
        (SELECT 1 FROM longer WHERE component_id IS NOT DISTINCT FROM :component)"""
_PLACED = """
    INSERT INTO user_progress (user_id, component_id, status, last_position, started_at)
    VALUES (:learner, :component, 'in_progress', :position, :now)
    ON CONFLICT (user_id, component_id) DO UPDATE
        SET last_position = excluded.last_position,
            status = CASE WHEN user_progress.status = 'not_started' THEN 'in_progress'
                          ELSE user_progress.status END,
            started_at = coalesce(user_progress.started_at, excluded.started_at)"""
_REACHED = sql(_PLACED, position=JSONB())
_LAST = sql("""
    UPDATE enrollments SET last_component_id = :component
    WHERE user_id = :learner AND last_component_id IS DISTINCT FROM :component
          AND course_id = (SELECT course_id FROM components WHERE id = :component)
""")
_CONTINUE = sql(f"""
    WITH {_LONGER},
    counted AS (
        UPDATE user_progress p SET seconds_spent = p.seconds_spent + longer.seconds
        FROM longer WHERE p.user_id = :learner AND p.component_id = longer.component_id
              AND longer.seconds > 0),
    summed AS (
        UPDATE enrollments e SET seconds_spent = e.seconds_spent + longer.seconds
        FROM longer JOIN components k ON k.id = longer.component_id
        WHERE e.user_id = :learner AND e.course_id = k.course_id AND longer.seconds > 0)
    {_BEGUN}
""")  # noqa: S608 - constants
# As `_CONTINUE`, `_REACHED` and `_LAST` one after the other. A row that several of them change is
# changed once: the time since the last action may belong to this component and this course.
_VISIT = sql(
    f"""
    WITH here AS (SELECT course_id FROM components WHERE id = :component),
    {_LONGER},
    begun AS ({_BEGUN}),
    spent AS (
        SELECT l.component_id, k.course_id, l.seconds
        FROM longer l JOIN components k ON k.id = l.component_id WHERE l.seconds > 0),
    elsewhere AS (
        UPDATE user_progress p SET seconds_spent = p.seconds_spent + spent.seconds
        FROM spent WHERE p.user_id = :learner AND p.component_id = spent.component_id
              AND spent.component_id <> :component),
    enrolled AS (
        UPDATE enrollments e
        SET seconds_spent = e.seconds_spent
                + coalesce((SELECT seconds FROM spent WHERE course_id = e.course_id), 0),
            last_component_id = CASE WHEN e.course_id = (SELECT course_id FROM here)
                                     THEN :component ELSE e.last_component_id END
        WHERE e.user_id = :learner
              AND (e.course_id = (SELECT course_id FROM spent)
                   OR e.course_id = (SELECT course_id FROM here)
                      AND e.last_component_id IS DISTINCT FROM :component))
    {_PLACED},
            seconds_spent = user_progress.seconds_spent
                + coalesce((SELECT seconds FROM spent WHERE component_id = :component), 0)
""",  # noqa: S608 - constants
    position=JSONB(),
)


async def reached(
    conn: AsyncConnection, learner: UUID, component: UUID, position: dict[str, Any], now: datetime
) -> None:
    """Keep where the learner is inside a component, and that it was the last one."""
    values = {"learner": learner, "component": component}
    await conn.execute(_REACHED, {**values, "position": position, "now": now})
    await conn.execute(_LAST, values)


async def touch(
    conn: AsyncConnection, learner: UUID, component: UUID | None, device: str, now: datetime
) -> None:
    """Count the time since the learner's last action, unless the pause was over ten minutes.

    The time goes to the component they were at; another component begins another session.

    Args:
        conn: an open transaction.
        learner: whose time.
        component: what they are at from now on.
        device: the platform.
        now: this instant.
    """
    await conn.execute(_CONTINUE, _present(learner, component, device, now))


async def visit(
    conn: AsyncConnection,
    learner: UUID,
    component: UUID,
    position: dict[str, Any],
    device: str,
    now: datetime,
) -> None:
    """`touch` and `reached` in one statement."""
    values = _present(learner, component, device, now)
    await conn.execute(_VISIT, {**values, "position": position})


def _present(
    learner: UUID, component: UUID | None, device: str, now: datetime
) -> dict[str, object]:
    return {
        "learner": learner,
        "component": component,
        "device": device,
        "now": now,
        "pause": PAUSE,
        "floor": ids.uuid7(now - timedelta(days=1), bytes(10)),
        "session": ids.uuid7(now),
    }
