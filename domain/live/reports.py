"""What everybody is told in private once a round has ended: one message each, once, or none.

The reports of a round are written to the outbox in one transaction with the mark that they were.
They wait until no press that a platform held back can change a total any more. Whoever has muted
them, or all messages, gets none; whoever cannot be written to is left alone by the outbox.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.errors import N_
from domain.live import answering, rounds, scene
from domain.live.playing import Posed
from domain.live.rounds import Live
from domain.live.rules import Standing
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
    summary = _sum_up(known)
    people = {*summary.standings, *((live.host_id,) if live.host_id else ())}
    values = {"round": round_id, "people": list(people), "kind": KIND.name}
    written = 0
    for place, row in enumerate((await conn.execute(_READERS, values)).all()):
        message = _report(live, summary, row.id, row.identity_id, now + place * APART)
        written += await outbox.post(conn, message)
    return written


@dataclass(frozen=True, slots=True)
class _Summary:
    """What the reports of a round are made of, reckoned once.

    Args:
        said: the values that are the same in all of them.
        standings: of everybody who played.
        right: the positions of what somebody got right.
        answers: of each question that counts, its position and a line with its answer.
    """

    said: Mapping[str, Any]
    standings: Mapping[UUID, Standing]
    right: Mapping[UUID, Collection[int]]
    answers: Sequence[tuple[int, str]]


def _sum_up(known: Scene) -> _Summary:
    standings = known.board()
    lines = [
        f"({one.place}) {known.names[one.player]}: {rounded(one.points).normalize():f}"
        for one in standings[:SHOWN_PLACES]
    ]
    if len(standings) > SHOWN_PLACES:
        lines.append("…")
    said: dict[str, Any] = {
        "title": known.live.title,
        "count": len(standings),
        "board": "\n".join(lines),
    }
    if (found := known.hardest()) is not None:
        position, most, of = found
        said |= {"number": position + 1, "most": most, "of": of}
    right: dict[UUID, set[int]] = {}
    for given in known.given:
        if given.is_right:
            right.setdefault(known.users[given.player], set()).add(given.position)
    counting = [known.posed[one.position] for one in known.closed if not one.is_void]
    return _Summary(
        said=said,
        standings={known.users[one.player]: one for one in standings},
        right=right,
        answers=[(posed.position, _answer(posed)) for posed in counting],
    )


def _report(
    live: Live, summary: _Summary, user: UUID, identity: UUID | None, at: datetime
) -> Message:
    own = summary.standings.get(user)
    parts = [ENDED, *((OWN,) if own else ()), BOARD]
    parts += [HARDEST] if "number" in summary.said else []
    values = dict(summary.said)
    word = ids.to_base62(live.id)
    choices = []
    if own is not None:
        right = summary.right.get(user, frozenset())
        missed = [line for position, line in summary.answers if position not in right]
        values |= {
            "place": own.place,
            "points": float(rounded(own.points)),
            "right": own.right,
            "asked": len(summary.answers),
            "missed": "\n".join(missed[:SHOWN_MISSES]),
        }
        parts.append(MISSED if missed else ALL_RIGHT)
        choices += [f"/host review {word}", *([f"/host cards {word}"] if missed else [])]
    return Message(
        key=f"live:{live.id}:{user}",
        kind=KIND.name,
        text="\n\n".join(parts),
        values=values,
        run_at=at,
        user_id=user,
        identity_id=identity,
        choices=(*choices, f"/host report {word}", "/mute live"),
        policy=KIND.policy,
        expires_at=at + EXPIRES,
    )


def _answer(posed: Posed) -> str:
    key = "; ".join(marking.right_answer(posed.question, posed.view))
    return f"({posed.position + 1}) {_short(posed.view.prompt)} – {_short(key)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
