"""What players do beside answering: join, leave, ask for more time, look at what they answered."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, Refusal
from domain.live import rules
from domain.live.rounds import Live
from domain.live.rules import Player
from domain.quizzes import answers, questions
from domain.quizzes.answers import Answer
from domain.quizzes.questions import PublicQuestion, Question
from domain.sql import sql

_ME = sql("""
    SELECT id, team, extension_percent, joined_at_position, left_at FROM live_players
    WHERE round_id = :round AND user_id = :learner
""")
_JOIN = sql(
    """
    INSERT INTO live_players
        (round_id, user_id, identity_id, name, team, joined_at_position)
    VALUES (:round, :learner, :identity, :name, live_next_team(:round, :teams), :position)
    ON CONFLICT (round_id, user_id) DO UPDATE SET left_at = NULL
    RETURNING id, team, extension_percent, joined_at_position, left_at
    """,
    identity=Uuid(),
)
_LEAVE = sql("""
    UPDATE live_players SET left_at = :now
    WHERE round_id = :round AND user_id = :learner AND left_at IS NULL
    RETURNING id
""")
_MORE_TIME = sql("""
    UPDATE live_players SET extension_percent = :percent
    WHERE round_id = :round AND user_id = :learner RETURNING id
""")
_REVIEW = sql("""
    SELECT q.position, q.kind, q.prompt, q.data, q.answer, q.explanation, q.points,
           q.option_order, q.is_void, q.closed_at, a.answer AS given, a.right_parts, a.parts
    FROM live_questions q
    LEFT JOIN live_answers a ON a.player_id = :player AND a.position = q.position
    WHERE q.round_id = :round AND q.opened_at IS NOT NULL ORDER BY q.position
""")


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as it is asked in a round; the key stays with those who mark and reveal."""

    position: int
    question: Question
    order: tuple[int, ...]
    is_void: bool
    closed_at: datetime | None

    @property
    def view(self) -> PublicQuestion:
        """What may be shown before the reveal."""
        return questions.public(self.question, self.order)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One closed question and what this learner answered to it."""

    posed: Posed
    answer: Answer | None
    is_right: bool


def player_of(row: Any, ident: UUID) -> Player:  # noqa: ANN401 - a row of live_players
    """A player from the columns the rules need."""
    return Player(
        id=ident,
        team=row.team,
        extension=Fraction(row.extension_percent, 100),
        joined_at_position=row.joined_at_position,
        left=row.left_at is not None,
    )


async def me(conn: AsyncConnection, live: Live, learner: UUID) -> Player | None:
    """The learner as a player of this round, or None."""
    row = (await conn.execute(_ME, {"round": live.id, "learner": learner})).one_or_none()
    return None if row is None else player_of(row, row.id)


async def join(
    conn: AsyncConnection, live: Live, learner: UUID, identity: UUID, name: str
) -> Player:
    """Join, or come back after leaving; late is allowed, and what was asked before counts 0.

    Raises:
        Refusal: the round is over.
    """
    if live.at.is_over:
        raise Refusal(N_("This quiz has ended. Start another with /host."))
    asked = live.at.position + (0 if live.at.phase == "question" else 1)
    row = await conn.execute(
        _JOIN,
        {
            "round": live.id,
            "learner": learner,
            "identity": identity,
            "name": name[:100] or "?",
            "teams": live.teams,
            "position": max(0, asked),
        },
    )
    joined = row.one()
    return player_of(joined, joined.id)


async def leave(conn: AsyncConnection, live: Live, learner: UUID, now: datetime) -> None:
    """Leave; what was earned stays on the board, and nobody waits for this player.

    Raises:
        Refusal: they are not in.
    """
    values = {"round": live.id, "learner": learner, "now": now}
    if (await conn.execute(_LEAVE, values)).one_or_none() is None:
        raise Refusal(N_("You are not in this quiz."))


async def more_time(conn: AsyncConnection, live: Live, learner: UUID, factor: Fraction) -> None:
    """Stretch every time limit for one person; nobody else is told.

    Raises:
        Refusal: they are not in.
        ValueError: not one of `rules.EXTENSIONS`.
    """
    if factor not in rules.EXTENSIONS:
        raise ValueError(f"no such extension: {factor}")
    values = {"round": live.id, "learner": learner, "percent": int(factor * 100)}
    if (await conn.execute(_MORE_TIME, values)).one_or_none() is None:
        raise Refusal(N_("Join first, then ask for more time."))


def pose(row: Any, position: int) -> Posed:  # noqa: ANN401 - a row of live_questions
    """A question from its row."""
    question = questions.from_row(row)
    return Posed(position, question, tuple(row.option_order), row.is_void, row.closed_at)


async def review(conn: AsyncConnection, live: Live, learner: UUID) -> list[Reviewed]:
    """The questions of a finished round with this learner's answers.

    Raises:
        Refusal: they did not play.
    """
    player = await me(conn, live, learner)
    if player is None:
        raise Refusal(N_("You did not play in this quiz."))
    rows = await conn.execute(_REVIEW, {"round": live.id, "player": player.id})
    return [
        Reviewed(
            posed=pose(row, row.position),
            answer=None if row.given is None else answers.load(row.kind, row.given),
            is_right=row.given is not None and row.right_parts == row.parts,
        )
        for row in rows
    ]
