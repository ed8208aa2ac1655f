"""What the host does: start, go on, pause, give more time, void a question, hand over, stop."""

from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound, Refusal
from domain.live import phases, rounds, rules
from domain.live.rounds import Live
from domain.live.rules import Player
from domain.sql import sql

MORE = timedelta(seconds=30)

_SLOWEST = sql("SELECT live_slowest(:round)")
_ANSWERED = sql("SELECT live_answered(:round, :position)")
_CALLED = sql("SELECT live_player_called(:round, :name)")
_VOID = sql("""
    UPDATE live_questions SET is_void = NOT is_void
    WHERE round_id = :round AND position = :position AND opened_at IS NOT NULL
    RETURNING is_void
""")
_HAND_OVER = sql("""
    UPDATE live_rounds SET host_id = :to, version = version + 1
    WHERE id = :round AND version = :version RETURNING version
""")
_LED_BY = sql("""
    SELECT EXISTS (
        SELECT FROM live_rounds r JOIN identities i ON i.user_id = r.host_id
        WHERE r.id = :round AND i.provider = :platform AND i.subject = :subject)
""")
_TOUCH = sql("UPDATE live_rounds SET version = version + 1 WHERE id = :round")


def check(live: Live, actor: UUID, *, manages: bool) -> None:
    """Let pass who may lead the round: its host, and whoever manages the group.

    Raises:
        Refusal: anybody else.
    """
    if actor != live.host_id and not manages:
        raise Refusal(N_("Only the host can do that. You can still answer and leave."))


async def is_led_by(conn: AsyncConnection, round_id: UUID, platform: str, subject: str) -> bool:
    """Whether an account is the host's."""
    values = {"round": round_id, "platform": platform, "subject": subject}
    return bool((await conn.execute(_LED_BY, values)).scalar_one())


async def ends_at(conn: AsyncConnection, live: Live, now: datetime) -> datetime | None:
    """When a question that is opened now closes at the latest."""
    percent = (await conn.execute(_SLOWEST, {"round": live.id})).scalar_one()
    slowest = Player(live.id, extension=Fraction(percent, 100))
    return rules.closes_at(now, live.limit, [slowest])


async def go_on(conn: AsyncConnection, live: Live, actor: UUID, now: datetime) -> None:
    """The next thing: the first question, the answer of the open one, or the next question.

    Raises:
        Conflict: somebody was faster.
        Refusal: the round rests or is over.
    """
    if live.at.phase == "question":
        values = {"round": live.id, "position": live.at.position}
        answered = (await conn.execute(_ANSWERED, values)).scalar_one()
        following = phases.reveal(live.at, answered, now)
        await rounds.save(conn, live, following, now, kind="revealed", actor=actor)
        return
    following = phases.open_next(live.at, await ends_at(conn, live, now), now)
    kind = "opened" if following.phase == "question" else "finished"
    await rounds.save(conn, live, following, now, kind=kind, actor=actor)


async def pause(conn: AsyncConnection, live: Live, actor: UUID, now: datetime) -> None:
    """Rest; what is open keeps its time.

    Raises:
        Conflict: somebody was faster.
        Refusal: there is nothing to pause.
    """
    await rounds.save(conn, live, phases.pause(live.at, now), now, kind="paused", actor=actor)


async def resume(conn: AsyncConnection, live: Live, actor: UUID, now: datetime) -> None:
    """Go on after a rest.

    Raises:
        Conflict: somebody was faster.
        Refusal: it does not rest, or rested too long.
    """
    await rounds.save(conn, live, phases.resume(live.at, now), now, kind="resumed", actor=actor)


async def extend(conn: AsyncConnection, live: Live, actor: UUID, now: datetime) -> None:
    """Give everybody half a minute more for the open question.

    Raises:
        Conflict: somebody was faster.
        Refusal: no question with a timer is open.
    """
    following = phases.extend(live.at, MORE)
    await rounds.save(conn, live, following, now, kind="extended", actor=actor, moved=live.moved)


async def void(
    conn: AsyncConnection, live: Live, actor: UUID, position: int, now: datetime
) -> bool:
    """Let a question count for nobody, or count again; every total follows by itself.

    Returns:
        Whether it is void now.

    Raises:
        Refusal: it was not asked.
    """
    values = {"round": live.id, "position": position}
    row = (await conn.execute(_VOID, values)).one_or_none()
    if row is None:
        raise Refusal(N_("That question was not asked in this quiz."))
    await conn.execute(_TOUCH, {"round": live.id})
    kind = "voided" if row.is_void else "counted"
    await rounds.tell(conn, live.id, kind, now, actor=actor, details={"position": position})
    return bool(row.is_void)


async def player_called(conn: AsyncConnection, live: Live, name: str) -> UUID:
    """The person who plays under a name.

    Raises:
        NotFound: nobody does, or several do.
    """
    found: UUID | None = (
        await conn.execute(_CALLED, {"round": live.id, "name": name})
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("No one player here is called “{name}”."), {"name": name[:40]})
    return found


async def hand_over(
    conn: AsyncConnection, live: Live, actor: UUID, to: UUID, now: datetime
) -> None:
    """Make somebody else the host.

    Raises:
        Refusal: somebody was faster.
    """
    values = {"round": live.id, "to": to, "version": live.version}
    if (await conn.execute(_HAND_OVER, values)).one_or_none() is None:
        raise Refusal(N_("The quiz moved on meanwhile. Try that again."))
    await rounds.tell(conn, live.id, "handed over", now, actor=actor, details={"to": str(to)})


async def stop(conn: AsyncConnection, live: Live, actor: UUID, now: datetime) -> None:
    """End now; the scores so far stay.

    Raises:
        Conflict: somebody was faster.
        Refusal: it has ended already.
    """
    await rounds.save(conn, live, phases.stop(live.at), now, kind="stopped", actor=actor)
