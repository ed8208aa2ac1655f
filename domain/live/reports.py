"""What everybody is told in private once a round has ended: one message each, once, or none.

The reports of a round are written to the outbox in one transaction with the mark that they were.
They wait until no press that a platform held back can change a total any more. Whoever has muted
them, or all messages, gets none; whoever cannot be written to is left alone by the outbox.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.errors import N_
from domain.live import answering, rounds, scene
from domain.live.scene import Scene
from domain.notifications import outbox
from domain.notifications.kinds import KINDS
from domain.notifications.rules import Message
from domain.quizzes import marking
from domain.quizzes.rules import rounded
from domain.sql import sql

KIND = KINDS["live"]
AFTER = answering.LATE
APART = timedelta(milliseconds=200)  # between two people, so that a large round is no burst
EXPIRES = timedelta(hours=12)  # nobody wants to hear of yesterday's quiz
SHOWN_PLACES = 10
SHOWN_MISSES = 10
LONGEST = 120  # characters of a question or an answer

ENDED = N_("**{title}** is over. Players: {count}.")
OWN = N_("You: place {place} with {points} points; {right} of {asked} right.")
BOARD = N_("The board:\n{board}")
HARDEST = N_("Hardest: question {number} ({most} of {of} right).")
MISSED = N_("Not right:\n{missed}")
ALL_RIGHT = N_("You got everything right.")

_DUE = sql("""
    SELECT id FROM live_rounds
    WHERE ended_at <= :before AND reported_at IS NULL
    ORDER BY ended_at LIMIT 1 FOR UPDATE SKIP LOCKED
""")
_REPORTED = sql("UPDATE live_rounds SET reported_at = :now WHERE id = :round")
# Who wants to hear of it, and the account they played from.
_READERS = sql(
    """
    SELECT u.id, p.identity_id
    FROM users u
    LEFT JOIN live_players p ON p.round_id = :round AND p.user_id = u.id
    LEFT JOIN user_settings s ON s.user_id = u.id
    WHERE u.id = ANY(:people) AND coalesce(s.notifications_enabled, true)
        AND NOT coalesce(s.muted_kinds @> ARRAY[:kind], false)
    ORDER BY u.id
    """,
    people=ARRAY(Uuid()),
)


async def report_next(conn: AsyncConnection, now: datetime) -> int | None:
    """Write the reports of one round that has ended; as the worker.

    Returns:
        How many; None when no round waits for them.
    """
    round_id = (await conn.execute(_DUE, {"before": now - AFTER})).scalar_one_or_none()
    if round_id is None:
        return None
    await conn.execute(_REPORTED, {"round": round_id, "now": now})
    live = await rounds.load(conn, round_id)
    known = await scene.load(conn, live)
    if not known.given:
        return 0  # nobody has answered anything: there is nothing to tell
    people = {*known.users.values(), *((live.host_id,) if live.host_id else ())}
    values = {"round": round_id, "people": list(people), "kind": KIND.name}
    written = 0
    for place, row in enumerate((await conn.execute(_READERS, values)).all()):
        message = _report(known, row.id, row.identity_id, now + place * APART)
        written += await outbox.post(conn, message)
    return written


def _report(known: Scene, user: UUID, identity: UUID | None, at: datetime) -> Message:
    live = known.live
    missed = list(_missed(known, user))
    word = ids.to_base62(live.id)
    own = _own(known, user)
    parts = [ENDED, *((OWN,) if own else ()), BOARD, *((HARDEST,) if known.hardest() else ())]
    choices = ["/mute live"]
    if own:
        parts.append(MISSED if missed else ALL_RIGHT)
        choices = [f"/host review {word}", *([f"/host cards {word}"] if missed else []), *choices]
    return Message(
        key=f"live:{live.id}:{user}",
        kind=KIND.name,
        text="\n\n".join(parts),
        values={
            "title": live.title,
            "board": "\n".join(_board(known)),
            "missed": "\n".join(missed[:SHOWN_MISSES]),
            **_hardest(known),
            **own,
            "count": len(known.players),
        },
        run_at=at,
        user_id=user,
        identity_id=identity,
        choices=tuple(choices),
        policy=KIND.policy,
        expires_at=at + EXPIRES,
    )


def _board(known: Scene) -> Iterator[str]:
    standings = known.board()
    for one in standings[:SHOWN_PLACES]:
        yield f"({one.place}) {known.names[one.player]}: {rounded(one.points).normalize():f}"
    if len(standings) > SHOWN_PLACES:
        yield "…"


def _own(known: Scene, user: UUID) -> Mapping[str, Any]:
    """The reader's own line; empty when they did not play."""
    standing = next((one for one in known.board() if known.users[one.player] == user), None)
    if standing is None:
        return {}
    return {
        "place": standing.place,
        "points": float(rounded(standing.points)),
        "right": standing.right,
        "asked": sum(not one.is_void for one in known.closed),
    }


def _hardest(known: Scene) -> Mapping[str, Any]:
    found = known.hardest()
    if found is None:
        return {}
    position, right, count = found
    # "count" names the players elsewhere in the message.
    return {"number": position + 1, "most": right, "of": count}


def _missed(known: Scene, user: UUID) -> Iterator[str]:
    """What the reader did not get right, with its answer, one line each."""
    player = next((one for one, who in known.users.items() if who == user), None)
    right = {one.position for one in known.given if one.player == player and one.is_right}
    for asked in known.closed:
        if asked.is_void or asked.position in right:
            continue
        posed = known.posed[asked.position]
        key = "; ".join(marking.right_answer(posed.question, posed.view))
        yield f"({asked.position + 1}) {_short(posed.view.prompt)} – {_short(key)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
