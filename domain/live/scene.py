"""All that is known of a round at one moment, for whoever shows it: read as the worker."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.live import playing, rules
from domain.live.playing import Posed
from domain.live.rounds import Live
from domain.live.rules import Asked, Given, Player, Standing
from domain.quizzes import answers
from domain.quizzes.answers import Picks
from domain.sql import sql

_PLAYERS = sql("""
    SELECT id, user_id, name, team, extension_percent, joined_at_position, left_at
    FROM live_players WHERE round_id = :round ORDER BY id
""")
_QUESTIONS = sql("""
    SELECT position, kind, prompt, data, answer, explanation, points, option_order, is_void,
           opened_at, closed_at
    FROM live_questions WHERE round_id = :round AND opened_at IS NOT NULL ORDER BY position
""")
_ANSWERS = sql("""
    SELECT player_id, position, answer, right_parts, parts, used_ms
    FROM live_answers WHERE round_id = :round ORDER BY event_key
""")


@dataclass(frozen=True, slots=True)
class Scene:
    """A round with its players, its questions so far and every answer.

    Args:
        live: where it stands.
        players: all who ever joined, by when.
        names: what to call them.
        users: who they are.
        posed: the questions that were opened, by position.
        given: the answers, in the order they were given.
        picks: for each position, how many chose each option, as places of the stored list.
    """

    live: Live
    players: tuple[Player, ...]
    names: Mapping[UUID, str]
    users: Mapping[UUID, UUID]
    posed: Mapping[int, Posed]
    given: tuple[Given, ...]
    picks: Mapping[int, Counter[int]]

    @property
    def here(self) -> tuple[Player, ...]:
        """Who has not left."""
        return tuple(player for player in self.players if not player.left)

    @property
    def current(self) -> Posed | None:
        """The question that is open or was last."""
        return self.posed.get(self.live.at.position)

    @property
    def closed(self) -> tuple[Asked, ...]:
        """The questions that count for the board."""
        stands = self.live.at
        is_open = stands.phase == "question" or stands.paused_in == "question"
        return tuple(
            Asked(position, Fraction(one.question.points), one.is_void)
            for position, one in self.posed.items()
            if not (is_open and position == stands.position)
        )

    def as_of(self, position: int) -> "Scene":
        """The round as it stood when a question was closed: nothing of a later one is in it."""
        stands = replace(
            self.live.at,
            phase="reveal",
            position=position,
            closes_at=None,
            paused_at=None,
            paused_in=None,
            why=None,
        )
        posed = {number: one for number, one in self.posed.items() if number <= position}
        return replace(self, live=replace(self.live, at=stands), posed=posed)

    def answered(self, position: int) -> set[UUID]:
        """Who has answered a question."""
        return {one.player for one in self.given if one.position == position}

    def board(self) -> Sequence[Standing]:
        """All players, best first."""
        live = self.live
        return rules.board(live.mode, self.closed, self.players, self.given, live.limit)

    def hardest(self) -> tuple[int, int, int] | None:
        """The question fewest got right: its position, how many did, of how many that answered.

        None: nobody has answered any that counts.
        """
        rows = []
        for asked in self.closed:
            given = [one for one in self.given if one.position == asked.position]
            if given and not asked.is_void:
                right = sum(one.is_right for one in given)
                rows.append((Fraction(right, len(given)), asked.position, right, len(given)))
        if not rows:
            return None
        _, position, right, count = min(rows)
        return position, right, count

    def out(self) -> set[UUID]:
        """Who has no life left in a survival round."""
        if self.live.mode != "survival":
            return set()
        return {one.player for one in self.board() if not one.lives}

    def everybody_answered(self) -> bool:
        """Whether nobody is waited for."""
        answered = self.answered(self.live.at.position)
        return rules.everybody_answered(self.players, answered, self.out())


async def load(conn: AsyncConnection, live: Live) -> Scene:
    """Read everything of a round; three statements, whatever its size."""
    values = {"round": live.id}
    people = (await conn.execute(_PLAYERS, values)).all()
    asked = (await conn.execute(_QUESTIONS, values)).all()
    rows = (await conn.execute(_ANSWERS, values)).all()
    posed = {row.position: playing.pose(row, row.position) for row in asked}
    return Scene(
        live=live,
        players=tuple(playing.player_of(row, row.id) for row in people),
        names={row.id: row.name for row in people},
        users={row.id: row.user_id for row in people},
        posed=posed,
        given=tuple(_given(row, turn) for turn, row in enumerate(rows, start=1)),
        picks=_picks(rows, posed),
    )


def _given(row: Row[Any], turn: int) -> Given:
    return Given(
        player=row.player_id,
        position=row.position,
        share=Fraction(row.right_parts, row.parts),
        used=timedelta(milliseconds=row.used_ms),
        turn=turn,
    )


def _picks(rows: Sequence[Row[Any]], posed: Mapping[int, Posed]) -> Mapping[int, Counter[int]]:
    counted: dict[int, Counter[int]] = {}
    for row in rows:
        one = posed.get(row.position)
        if one is None:
            continue
        answer = answers.load(one.question.kind, row.answer)
        if isinstance(answer, Picks):
            counted.setdefault(row.position, Counter()).update(answer.picks)
    return counted
