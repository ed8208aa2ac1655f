"""Goals: so much of a metric by a date, counted from the ledger in the transaction of the work."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Date
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound, Refusal
from domain.sql import sql

METRICS = ("minutes", "xp", "lessons", "quizzes", "challenges", "cards", "days")
MOST_GOALS = 10
LARGEST_TARGET = 1_000_000
LONGEST_TITLE = 200

# A goal's value is a sum over dates; it is reached on the first date on which the sum is enough.
# What is done beyond it is not counted. Minutes are added up as seconds. `:day` is the date of
# new work; NULL counts everything anew.
_ADVANCE = sql(
    """
    WITH counted AS (
        SELECT g.id, g.status AS before, c.reached,
               least(coalesce(c.value, 0), g.target_value)::int AS value,
               CASE WHEN c.reached IS NOT NULL THEN 'completed'
                    WHEN g.target_date < :today THEN 'missed' ELSE 'active' END AS after
        FROM study_goals g CROSS JOIN LATERAL (
            SELECT max(t.total) / CASE g.metric WHEN 'minutes' THEN 60 ELSE 1 END AS value,
                   min(t.local_date) FILTER (WHERE t.total >= g.target_value
                       * CASE g.metric WHEN 'minutes' THEN 60 ELSE 1 END) AS reached
            FROM (
                SELECT f.local_date, sum(f.n) OVER (ORDER BY f.local_date) AS total FROM (
                    SELECT d.local_date, CASE g.metric WHEN 'xp' THEN d.xp
                        WHEN 'days' THEN (d.finished > 0)::int ELSE d.seconds END AS n
                    FROM active_days d
                    WHERE d.user_id = :learner AND g.metric IN ('xp', 'days', 'minutes')
                    UNION ALL
                    SELECT l.local_date, 1 FROM activity_ledger l
                    WHERE l.user_id = :learner AND l.kind = CASE g.metric
                        WHEN 'lessons' THEN 'lesson' WHEN 'quizzes' THEN 'quiz'
                        WHEN 'challenges' THEN 'challenge' END
                    UNION ALL
                    SELECT r.local_date, 1 FROM flashcard_reviews r
                    WHERE r.user_id = :learner AND r.is_first AND g.metric = 'cards'
                ) f WHERE f.local_date BETWEEN g.start_date
                    AND coalesce(g.target_date, 'infinity'::date)
            ) t
        ) c
        WHERE g.user_id = :learner AND g.status <> 'dropped'
            AND (CAST(:day AS date) IS NULL
                 OR (g.start_date <= :day
                     AND (g.status = 'active' OR coalesce(g.target_date >= :day, true))
                     AND coalesce(g.completed_date >= :day, true)))
    ), changed AS (
        UPDATE study_goals g
        SET current_value = c.value, completed_date = c.reached, status = c.after
        FROM counted c
        WHERE g.id = c.id AND (g.current_value, g.completed_date, g.status) IS DISTINCT FROM
            (c.value, c.reached, c.after)
        RETURNING g.id, g.title, g.metric, g.target_value,
            c.after = 'completed' AND c.before <> 'completed' AS is_new
    ), told AS (
        INSERT INTO told (user_id, kind, fact, day, told_at, message_key)
        SELECT :learner, 'goal', concat('over:', id), :today, now(), ''
        FROM changed WHERE is_new AND :says_so
        ON CONFLICT (user_id, kind, fact) DO NOTHING
    )
    SELECT id, title, metric, target_value FROM changed WHERE is_new
""",
    day=Date(),
    today=Date(),
)
_GOAL = """
    SELECT id, title, metric, target_value, current_value, start_date, target_date,
           CASE WHEN status = 'active' AND target_date < :today THEN 'missed' ELSE status END
               AS status, completed_date
    FROM study_goals WHERE user_id = :learner AND status <> 'dropped'
"""
_LIST = sql(
    f"""
    {_GOAL}
    AND (status = 'active' OR updated_at > now() - interval '60 days')
    ORDER BY status = 'active' DESC, target_date NULLS LAST, id LIMIT 20
""",
    today=Date(),
)
_COUNT = sql(
    """
    SELECT count(*)::int FROM study_goals
    WHERE user_id = :learner AND status = 'active' AND coalesce(target_date >= :today, true)
""",
    today=Date(),
)
_ADD = sql(
    """
    INSERT INTO study_goals (id, user_id, goal_type, title, metric, target_value, start_date,
                             target_date)
    VALUES (:goal, :learner, 'custom', :title, :metric, :target, :today, :by)
    ON CONFLICT (id) DO NOTHING
""",
    today=Date(),
    by=Date(),
)
_ONE = sql(f"{_GOAL} AND id = :goal", today=Date())
_CHANGE = sql(
    """
    UPDATE study_goals
    SET title = :title, metric = :metric, target_value = :target, target_date = :by,
        status = 'active', completed_date = NULL
    WHERE id = :goal AND user_id = :learner AND status <> 'dropped'
""",
    by=Date(),
)
_DROP = sql("""
    UPDATE study_goals SET status = 'dropped', completed_date = NULL
    WHERE id = :goal AND user_id = :learner AND status <> 'dropped' RETURNING title
""")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a goal is: what its learner calls it, so much of one of `METRICS`, its last date."""

    title: str
    metric: str
    target: int
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A goal that was reached by this work."""

    id: UUID
    title: str
    metric: str
    target: int


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal as it stands; `status` is "active", "completed" or "missed"."""

    id: UUID
    title: str
    metric: str
    target: int
    value: int
    start: date
    by: date | None
    status: str
    completed: date | None


async def advance_goals(
    conn: AsyncConnection, learner: UUID, day: date, *, anew: bool = False, says_so: bool = True
) -> tuple[Reached, ...]:
    """Count a learner's goals again; those that were reached just now.

    Args:
        conn: an open transaction.
        learner: whose goals.
        day: the local date of new work; with `anew` it is today.
        anew: count every goal, not only those that work on `day` can move.
        says_so: the caller tells the learner which goals they reached; else a message will.
    """
    when = {"day": None if anew else day, "today": day}
    rows = await conn.execute(_ADVANCE, {"learner": learner, **when, "says_so": says_so})
    return tuple(Reached(*row) for row in rows.all())


async def goals_of(conn: AsyncConnection, learner: UUID, today: date) -> list[Goal]:
    """The goals that are open, and those that ended lately."""
    rows = (await conn.execute(_LIST, {"learner": learner, "today": today})).all()
    return [Goal(*row) for row in rows]


async def add_goal(conn: AsyncConnection, learner: UUID, goal: UUID, aim: Aim, today: date) -> None:
    """Set a goal; the same id again changes nothing.

    Args:
        conn: an open transaction.
        learner: whose goal.
        goal: its id, derived from the event.
        aim: what it is.
        today: the local date it begins on.

    Raises:
        Refusal: the target or the date makes no sense, or there are too many goals.
        ValueError: the metric is none of ours.
    """
    _check(aim, today)
    open_goals = await conn.execute(_COUNT, {"learner": learner, "today": today})
    if open_goals.scalar_one() >= MOST_GOALS:
        raise Refusal(
            N_("You have {most} open goals. Drop one first, with /goal."), {"most": MOST_GOALS}
        )
    await conn.execute(_ADD, {"goal": goal, "learner": learner, "today": today, **_row(aim)})


def _row(aim: Aim) -> dict[str, object]:
    title = aim.title[:LONGEST_TITLE]
    return {"title": title, "metric": aim.metric, "target": aim.target, "by": aim.by}


def _check(aim: Aim, today: date) -> None:
    if aim.metric not in METRICS:
        raise ValueError(f"nothing that can be counted: {aim.metric!r}")
    if not 1 <= aim.target <= LARGEST_TARGET:
        raise Refusal(N_("A goal needs a number from 1 up. For example: /goal new 12 lessons"))
    if aim.by is not None and aim.by < today:
        raise Refusal(N_("That date is over. Choose today or a later day."))


async def goal_of(conn: AsyncConnection, learner: UUID, goal: UUID, today: date) -> Goal:
    """One goal of a learner.

    Raises:
        NotFound: there is no such goal of this learner.
    """
    values = {"goal": goal, "learner": learner, "today": today}
    row = (await conn.execute(_ONE, values)).one_or_none()
    if row is None:
        raise _gone()
    return Goal(*row)


async def change_goal(
    conn: AsyncConnection, learner: UUID, goal: UUID, aim: Aim, today: date
) -> None:
    """Set a goal anew; what was done since its first date still counts.

    Args:
        conn: an open transaction; count the goal again in it (`advance_goals` with `anew`).
        learner: whose goal.
        goal: which.
        aim: what it is from now on.
        today: the local date.

    Raises:
        NotFound: there is no such goal of this learner.
        Refusal: the target or the date makes no sense.
        ValueError: the metric is none of ours.
    """
    _check(aim, today)
    changed = await conn.execute(_CHANGE, {"goal": goal, "learner": learner, **_row(aim)})
    if not changed.rowcount:
        raise _gone()


def _gone() -> NotFound:
    return NotFound(N_("This goal is gone already. Your goals: /goal"), choices=("/goal",))


async def drop_goal(conn: AsyncConnection, learner: UUID, goal: UUID) -> str:
    """Give a goal up; its title.

    Raises:
        NotFound: there is no such goal of this learner.
    """
    title = await conn.execute(_DROP, {"learner": learner, "goal": goal})
    found: str | None = title.scalar_one_or_none()
    if found is None:
        raise _gone()
    return found
