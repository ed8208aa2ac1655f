"""Reads what may be worth a message, for a set of learners at once; as the worker."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Text, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.notifications.merging import Message
from domain.notifications.parts import OVER_FOR, Facts, Goal, News, Run
from domain.notifications.reminders_sql import TODAY
from domain.notifications.reminders_text import Today
from domain.notifications.shared import Shared
from domain.sql import sql

RunOf = Callable[[AsyncConnection, UUID, datetime], Awaitable[Run]]

NEWS_FOR = timedelta(days=14)  # older lessons are no news
KEEP = timedelta(days=400)  # a goal that long is rare, and its learner may hear of it again
_LONGEST_GAP = timedelta(days=10)  # days off, freezes, a flight: a streak bridges no more
_FLOWN = 2  # days since the last active one, when a flight may have kept the streak
_SLACK = timedelta(hours=1)  # between a session's id and its beginning

_WHO = {"learners": ARRAY(Uuid())}
_OUTAGE = sql("SELECT max(ended_at) FROM outages WHERE ended_at > :since")
_GOALS = sql(
    """
    SELECT user_id, id, title, target_value, current_value, start_date, target_date, completed_date
    FROM study_goals
    WHERE user_id = ANY (:learners) AND (status = 'active'
        OR (status = 'completed' AND completed_date >= :since)
        OR (status = 'missed' AND target_date >= :since))
    ORDER BY target_date NULLS LAST, id
    """,
    since=Date(),
    **_WHO,
)
_FRESH = sql("""
    SELECT DISTINCT course_id FROM components
    WHERE kind = 'lesson' AND created_at > :since AND status = 'published'
""")
_NEWS = sql(
    """
    SELECT e.user_id, k.id, k.title, count(*)::int AS lessons
    FROM enrollments e
    JOIN courses k ON k.id = e.course_id AND k.status = 'published' AND k.deleted_at IS NULL
    LEFT JOIN told t ON t.user_id = e.user_id AND t.kind = 'news' AND t.fact = k.id::text
        AND NOT EXISTS (SELECT FROM outbox o
                        WHERE o.idempotency_key = t.message_key AND o.state = 'dead')
    JOIN components c ON c.course_id = k.id AND c.kind = 'lesson' AND c.status = 'published'
        AND c.created_at > greatest(e.enrolled_at, t.told_at, :since)
    WHERE e.user_id = ANY (:learners) AND e.course_id = ANY (:courses)
        AND e.status IN ('active', 'completed')
        AND NOT EXISTS (SELECT FROM user_progress p
                        WHERE p.user_id = e.user_id AND p.component_id = c.id)
    GROUP BY e.user_id, k.id, k.title
    """,
    courses=ARRAY(Uuid()),
    since=DateTime(timezone=True),
    **_WHO,
)
_TOLD = sql(
    """
    SELECT t.user_id, t.kind, t.fact, t.day FROM told t
    WHERE t.user_id = ANY (:learners) AND NOT EXISTS (
        SELECT FROM outbox o WHERE o.idempotency_key = t.message_key AND o.state = 'dead')
    """,
    **_WHO,
)
_TELL = sql(
    """
    INSERT INTO told (user_id, kind, fact, day, told_at, message_key)
    SELECT o.user_id, m.kind, m.fact, CAST(m.day AS date), :now, m.name
    FROM unnest(CAST(:names AS text[]), CAST(:days AS text[]), CAST(:kinds AS text[]),
                CAST(:facts AS text[])) AS m (name, day, kind, fact)
    JOIN outbox o ON o.idempotency_key = m.name
    ON CONFLICT (user_id, kind, fact) DO UPDATE
        SET day = excluded.day, told_at = excluded.told_at, message_key = excluded.message_key
    """,
    now=DateTime(timezone=True),
    names=ARRAY(Text()),
    days=ARRAY(Text()),
    kinds=ARRAY(Text()),
    facts=ARRAY(Text()),
)
_PRUNE = sql("DELETE FROM told WHERE told_at < :before")


class Asked(NamedTuple):
    """A learner about whom facts are wanted.

    Attributes:
        day: their date, which began at `began`.
        goal: minutes they want to study on a day.
        shows_streak: they want to see their streak.
        is_alone: no reminder is said beside the facts, so that the streak must be known too.
    """

    user_id: UUID
    day: date
    began: datetime
    goal: int | None
    shows_streak: bool
    is_alone: bool


class Looked(NamedTuple):
    """What a learner's day looks like so far, and how their streak's row stands.

    Attributes:
        today: the day.
        days: of the streak, as the row has it; 0 without one that may go on.
        freezes: that are left.
        last: the last active date.
        has_days_off: they have ever chosen not to learn on a weekday.
    """

    today: Today
    days: int
    freezes: int
    last: date
    has_days_off: bool


async def look(
    conn: AsyncConnection, asked: Sequence[Asked], now: datetime
) -> Mapping[UUID, Looked]:
    """What the day of each learner looks like so far; in a transaction of the worker."""
    if not asked:
        return {}
    shared = Shared("days", "begins", "goals")
    places = [shared.place(one.day, one.began, one.goal is not None) for one in asked]
    values = {
        "learners": [one.user_id for one in asked],
        "places": places,
        **shared.columns(),
        "floor": ids.uuid7(min(one.began for one in asked) - _SLACK, bytes(10)),
        "ceiling": ids.uuid7(now + _SLACK, bytes(10)),
    }
    rows = {row[0]: row for row in await conn.execute(TODAY, {**values, "now": now})}
    since = (now - _LONGEST_GAP).date()
    found = {}
    for one in asked:
        _, is_active, is_off, seconds, cards, days, freezes, last = rows[one.user_id]
        if not (one.shows_streak and last is not None and last >= since):
            days, freezes, last = 0, 0, date.min
        shown = days if (one.day - last).days <= 1 else 0
        today = Today(is_active, bool(is_off), one.goal, seconds, cards, shown)
        found[one.user_id] = Looked(today, days, freezes, last, is_off is not None)
    return found


async def facts_of(
    conn: AsyncConnection,
    asked: Sequence[Asked],
    looked: Mapping[UUID, Looked],
    now: datetime,
    run_of: RunOf | None,
) -> Mapping[UUID, Facts]:
    """What there is to say to some learners beside what today looks like.

    Args:
        conn: a transaction of the worker.
        asked: who.
        looked: what their days look like so far.
        now: the present.
        run_of: derives a streak that freezes or days off may have kept; None leaves those out.

    Returns:
        Only those of whom there is more to know, and those who are alone.
    """
    if not asked:
        return {}
    who = {"learners": [one.user_id for one in asked]}
    down = (await conn.execute(_OUTAGE, {"since": now - _LONGEST_GAP})).scalar_one_or_none()
    runs = await _runs(conn, asked, looked, now, run_of, was_down=down is not None)
    goals: dict[UUID, list[Goal]] = defaultdict(list)
    lately = min(one.day for one in asked) - OVER_FOR
    for row in await conn.execute(_GOALS, {**who, "since": lately}):
        goals[row.user_id].append(Goal(*row[1:]))
    news = await _news(conn, who["learners"], now)
    more = [
        one
        for one in asked
        if one.is_alone or one.user_id in runs or one.user_id in goals or one.user_id in news
    ]
    told = await _told(conn, more)
    return {
        one.user_id: Facts(
            day=one.day,
            today=looked[one.user_id].today,
            run=runs.get(one.user_id),
            is_down=down is not None and down >= one.began,
            goals=tuple(goals.get(one.user_id, ())),
            news=tuple(news.get(one.user_id, ())),
            told=told.get(one.user_id, {}),
        )
        for one in more
    }


async def _runs(
    conn: AsyncConnection,
    asked: Sequence[Asked],
    looked: Mapping[UUID, Looked],
    now: datetime,
    run_of: RunOf | None,
    *,
    was_down: bool,
) -> dict[UUID, Run]:
    """Streaks of those who are alone, and those that freezes have kept.

    Of nearly everybody the row says it all; the others' streaks are derived.
    """
    runs: dict[UUID, Run] = {}
    for one in asked:
        found = looked[one.user_id]
        if not found.days:
            continue
        gap = (one.day - found.last).days
        may_be_kept = found.has_days_off or was_down or gap <= _FLOWN
        if gap <= 1:
            run = Run(found.days, found.freezes)
        elif run_of is not None and (found.freezes or (one.is_alone and may_be_kept)):
            # beside a reminder only a freeze is worth deriving the streak
            run = await run_of(conn, one.user_id, now)
        else:
            continue
        if run.days and (run.kept or one.is_alone):
            runs[one.user_id] = run
    return runs


async def _told(
    conn: AsyncConnection, asked: Sequence[Asked]
) -> dict[UUID, dict[tuple[str, str], date]]:
    found: dict[UUID, dict[tuple[str, str], date]] = defaultdict(dict)
    if asked:
        for row in await conn.execute(_TOLD, {"learners": [one.user_id for one in asked]}):
            found[row.user_id][row.kind, row.fact] = row.day
    return found


async def fresh_courses(conn: AsyncConnection, now: datetime) -> list[UUID]:
    """Courses that got lessons lately."""
    return list((await conn.execute(_FRESH, {"since": now - NEWS_FOR})).scalars())


async def _news(
    conn: AsyncConnection, learners: Iterable[UUID], now: datetime
) -> dict[UUID, list[News]]:
    found: dict[UUID, list[News]] = defaultdict(list)
    courses = await fresh_courses(conn, now)
    if courses:
        values = {"learners": list(learners), "courses": courses, "since": now - NEWS_FOR}
        for row in await conn.execute(_NEWS, values):
            found[row.user_id].append(News(*row[1:]))
    return found


async def remember(
    conn: AsyncConnection, written: Sequence[tuple[str, date, Message]], now: datetime
) -> None:
    """Keep what messages said that were written in this transaction.

    Args:
        conn: a transaction of the worker.
        written: of each message its key in the outbox, the learner's date, and itself.
        now: the present.
    """
    told = [(key, day.isoformat(), *fact) for key, day, message in written for fact in message.told]
    if told:
        names, days, kinds, facts = (list(column) for column in zip(*told, strict=True))
        values = {"names": names, "days": days, "kinds": kinds, "facts": facts}
        await conn.execute(_TELL, {**values, "now": now})


async def prune(conn: AsyncConnection, now: datetime) -> int:
    """Forget what was told long ago; how much it was."""
    return (await conn.execute(_PRUNE, {"before": now - KEEP})).rowcount
