"""Handing in, hints and giving up: everything a learner changes about a challenge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.activity import service as activity
from domain.activity.service import CourseProgress
from domain.challenges import queries, rules
from domain.challenges.queries import Challenge
from domain.challenges.rules import Hint
from domain.errors import N_, Refusal
from domain.identity.rules import Learner
from domain.jobs.port import Job
from domain.jobs.posting import enqueue
from domain.sql import sql

HEAD_START = timedelta(seconds=2)  # of the process that stores a submission, then anybody's
JUST_AFTER = timedelta(seconds=0.5)  # clocks differ
GRADE = "grade"  # job: grade the attempt whose turn it is

_OPENED = sql(
    """
    INSERT INTO user_progress AS p (user_id, component_id, status, last_position, started_at)
    VALUES (:learner, :challenge, 'in_progress', :position, :now)
    ON CONFLICT (user_id, component_id) DO UPDATE
        SET last_position = coalesce(p.last_position, '{}') || excluded.last_position,
            status = CASE WHEN p.status = 'not_started' THEN 'in_progress' ELSE p.status END,
            started_at = coalesce(p.started_at, excluded.started_at)
""",
    position=JSONB(),
)
_LAST = sql("""
    UPDATE enrollments SET last_component_id = :challenge
    WHERE user_id = :learner AND course_id = :course
          AND last_component_id IS DISTINCT FROM :challenge
""")
_SUBMIT = sql(
    """
    WITH submitted AS (
        INSERT INTO challenge_attempts (id, user_id, component_id, version, identity_id, place_id,
                                        files, hints_used, hint_cost, submitted_at, lease_until)
        VALUES (:attempt, :learner, :challenge, :version, :identity, :place, :files, :hints, :cost,
                :at, :until)
        ON CONFLICT (id) DO NOTHING
        RETURNING user_id, component_id, submitted_at)
    INSERT INTO user_progress AS p (user_id, component_id, status, total_attempts, started_at,
                                    last_attempt_at)
    SELECT user_id, component_id, 'in_progress', 1, submitted_at, submitted_at FROM submitted
    ON CONFLICT (user_id, component_id) DO UPDATE
        SET total_attempts = p.total_attempts + 1,
            last_attempt_at = greatest(p.last_attempt_at, excluded.last_attempt_at),
            started_at = coalesce(p.started_at, excluded.started_at),
            status = CASE WHEN p.status = 'not_started' THEN 'in_progress' ELSE p.status END
    RETURNING p.total_attempts
""",
    files=JSONB(),
)
_TAKE = sql("""
    INSERT INTO hint_unlocks (user_id, component_id, position, cost, unlocked_at)
    VALUES (:learner, :challenge, :position, :cost, :now)
    ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class Submitted:
    """A stored submission. `number` counts the learner's attempts; None when it came before."""

    attempt: UUID
    number: int | None


@dataclass(frozen=True, slots=True)
class GaveUp:
    """A challenge that was given up: its solution may be shown now."""

    challenge: Challenge
    progress: CourseProgress | None


async def open_challenge(
    conn: AsyncConnection, learner: Learner, challenge_id: UUID, device: str, now: datetime
) -> Challenge:
    """Show a challenge and keep that it was the last one.

    Args:
        conn: an open transaction.
        learner: who opens it.
        challenge_id: which.
        device: the platform, for the time that is counted.
        now: this instant; hints that open by the clock count from the first time.

    Raises:
        NotFound: no such published challenge.
        Refusal: it needs enrolment, or something else first.
    """
    found = await queries.challenge(conn, learner.user_id, challenge_id)
    values = {"learner": learner.user_id, "challenge": challenge_id}
    await activity.touch(conn, learner.user_id, challenge_id, device, now)
    await conn.execute(_OPENED, {**values, "position": {"opened": now.isoformat()}, "now": now})
    await conn.execute(_LAST, {**values, "course": found.course_id})
    return found


async def submit(
    conn: AsyncConnection,
    learner: Learner,
    challenge: Challenge,
    files: Mapping[str, str],
    attempt: UUID,
    now: datetime,
    place: str | None = None,
) -> Submitted:
    """Store a submission, count it, and add the job that grades it should we die.

    The same event stores it once.

    Args:
        conn: an open transaction.
        learner: whose.
        challenge: as `queries.challenge` gave it.
        files: text by name.
        attempt: the id that follows from the event.
        now: when it was handed in.
        place: the chat that waits for the result.

    """
    if challenge.language == "web":
        files = {**challenge.starter, **files}  # what was not sent is as it was given
    values = {
        "attempt": attempt,
        "learner": learner.user_id,
        "challenge": challenge.id,
        "version": challenge.version,
        "identity": learner.identity_id,
        "place": place,
        "files": dict(files),
        "hints": sum(hint.taken for hint in challenge.hints),
        # Who has seen the solution learns from trying, and earns nothing.
        "cost": challenge.most if challenge.given_up else challenge.paid,
        "at": now,
        "until": now + HEAD_START,
    }
    row = (await conn.execute(_SUBMIT, values)).one_or_none()
    if row is not None:
        await enqueue(conn, Job(GRADE, key=f"{GRADE}:{attempt}", delay=HEAD_START + JUST_AFTER))
    return Submitted(attempt, row.total_attempts if row else None)


async def ask_hint(
    conn: AsyncConnection, learner: UUID, challenge_id: UUID, now: datetime
) -> tuple[Challenge, Hint]:
    """The next hint, not taken yet: what it costs may be said.

    Raises:
        Refusal: there is none, or it is not open yet.
    """
    found = await queries.challenge(conn, learner, challenge_id)
    hint = rules.next_hint(found.hints)
    if hint is None:
        raise Refusal(
            N_("There are no more hints for “{title}”."),
            {"title": found.title},
            choices=(f"/code {found.slug}",),
        )
    rules.require_open(hint, found.attempts, found.started_at, now)
    return found, hint


async def take_hint(
    conn: AsyncConnection, learner: UUID, challenge_id: UUID, position: int, now: datetime
) -> tuple[Challenge, Hint]:
    """Take a hint at its cost; one that was taken before is shown again and costs nothing.

    Raises:
        Refusal: an earlier hint is not taken, it is not open yet, or it is not there any more.
    """
    found = await queries.challenge(conn, learner, challenge_id)
    hint = next((one for one in found.hints if one.position == position), None)
    if hint is None:
        raise Refusal(N_("This hint is not there any more."), choices=(f"/code {found.slug}",))
    if hint.taken:
        return found, hint
    first = rules.next_hint(found.hints)
    if first is not None and first.position < position:
        raise Refusal(
            N_("Hint {next} comes after hint {first}."),
            {"next": position + 1, "first": first.position + 1},
            choices=("/hint",),
        )
    rules.require_open(hint, found.attempts, found.started_at, now)
    cost = Decimal(0) if found.given_up or found.is_done else hint.cost
    values = {"learner": learner, "challenge": challenge_id, "position": position}
    await conn.execute(_TAKE, {**values, "cost": cost, "now": now})
    return await queries.challenge(conn, learner, challenge_id), hint


async def give_up(
    conn: AsyncConnection, learner: UUID, challenge_id: UUID, now: datetime
) -> GaveUp:
    """Complete a challenge with 0 points and open its solution; nothing changes once it is done.

    Raises:
        NotFound: no such published challenge.
    """
    found = await queries.challenge(conn, learner, challenge_id)
    if found.is_done:
        return GaveUp(found, None)
    values = {"learner": learner, "challenge": challenge_id, "now": now}
    await conn.execute(_OPENED, {**values, "position": {"given_up": now.isoformat()}})
    progress = await activity.complete(conn, learner, challenge_id, found.course_id, now)
    return GaveUp(await queries.challenge(conn, learner, challenge_id), progress)


async def solution(conn: AsyncConnection, learner: UUID, challenge_id: UUID) -> Challenge:
    """A challenge whose solution may be shown: passed or given up.

    Raises:
        Refusal: neither.
    """
    found = await queries.challenge(conn, learner, challenge_id)
    if not found.is_done:
        raise Refusal(
            N_("The solution opens when you have passed “{title}”, or given it up."),
            {"title": found.title},
            choices=(f"/code {found.slug}",),
        )
    return found
