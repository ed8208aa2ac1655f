"""What players do: join, leave, ask for more time, answer and change the answer.

Answering touches only the player's own rows, so a thousand people do it at once without waiting
for one another. Whether an answer came in time is judged by the platform's time of the event where
it has one, and the round's own clock, from which outages are taken out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.errors import N_, NotFound, Refusal
from domain.live import rules
from domain.live.rounds import Live
from domain.live.rules import Player
from domain.quizzes import answers, marking, questions, typed
from domain.quizzes.answers import Answer, Picks
from domain.quizzes.matching import Vocabulary
from domain.quizzes.questions import PublicQuestion, Question
from domain.sql import sql

MOST_VOCABULARIES = 32
LATE = timedelta(seconds=30)  # how long after closing a press that was in time may still arrive

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
_QUESTION = sql("""
    SELECT kind, prompt, data, answer, explanation, points, option_order, is_void, closed_at
    FROM live_questions WHERE round_id = :round AND position = :position
""")
_ALL = sql("""
    SELECT kind, prompt, data, answer, explanation, points, option_order, is_void, closed_at
    FROM live_questions WHERE round_id = :round
""")
_REVIEW = sql("""
    SELECT q.position, q.kind, q.prompt, q.data, q.answer, q.explanation, q.points,
           q.option_order, q.is_void, q.closed_at, a.answer AS given, a.right_parts, a.parts
    FROM live_questions q
    LEFT JOIN live_answers a ON a.player_id = :player AND a.position = q.position
    WHERE q.round_id = :round AND q.opened_at IS NOT NULL ORDER BY q.position
""")
_MINE = sql("""
    SELECT answer FROM live_answers WHERE player_id = :player AND position = :position
""")
# An answer that was given later replaces an earlier one, whichever arrives first.
_ANSWER = sql(
    """
    INSERT INTO live_answers
        (player_id, position, round_id, user_id, answer, right_parts, parts, used_ms, event_key,
         answered_at)
    VALUES (:player, :position, :round, :learner, :answer, :right, :parts, :used, :key, :now)
    ON CONFLICT (player_id, position) DO UPDATE
        SET answer = excluded.answer, right_parts = excluded.right_parts, parts = excluded.parts,
            used_ms = excluded.used_ms, event_key = excluded.event_key,
            answered_at = excluded.answered_at
        WHERE live_answers.event_key < excluded.event_key
    """,
    answer=JSONB(),
)
_ORDER = ARRAY(SmallInteger())


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
class Locked:
    """An answer that was taken: `letters` of the options shown, or what was typed."""

    posed: Posed
    answer: Answer
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One closed question and what this learner answered to it."""

    posed: Posed
    answer: Answer | None
    is_right: bool


def event_key(at: datetime, event_id: str) -> UUID:
    """Orders the events of a round: by the platform's time, then by its own number of the event.

    A platform's numbers grow; without them events of one millisecond could change places.
    """
    numbers = _NUMBER.findall(event_id)
    if not numbers or int(numbers[-1]) >= _LARGEST:
        return ids.event_uuid7(at, event_id)
    return ids.uuid7(at, int(numbers[-1]).to_bytes(10, "big"))


def player_of(row: Any) -> Player:  # noqa: ANN401 - a row of live_players
    """A player from the columns the rules need."""
    return Player(
        id=row.id,
        team=row.team,
        extension=Fraction(row.extension_percent, 100),
        joined_at_position=row.joined_at_position,
        left=row.left_at is not None,
    )


async def me(conn: AsyncConnection, live: Live, learner: UUID) -> Player | None:
    """The learner as a player of this round, or None."""
    row = (await conn.execute(_ME, {"round": live.id, "learner": learner})).one_or_none()
    return None if row is None else player_of(row)


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
    return player_of(row.one())


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


async def posed(conn: AsyncConnection, live: Live, position: int) -> Posed:
    """A question of a round.

    Raises:
        NotFound: it has none at that place.
    """
    values = {"round": live.id, "position": position}
    row = (await conn.execute(_QUESTION, values)).one_or_none()
    if row is None:
        raise NotFound(N_("This question is not there any more."))
    return pose(row, position)


def pose(row: Any, position: int) -> Posed:  # noqa: ANN401 - a row of live_questions
    """A question from its row."""
    question = questions.load(
        row.kind,
        row.prompt,
        row.data,
        row.answer,
        explanation=row.explanation,
        points=row.points,
    )
    return Posed(position, question, tuple(row.option_order), row.is_void, row.closed_at)


async def press(
    conn: AsyncConnection,
    live: Live,
    learner: UUID,
    position: int,
    place: int,
    at: datetime,
    now: datetime,
    key: UUID,
) -> Locked:
    """Answer with an option; where several are right, a press takes one in or out.

    Args:
        conn: an open transaction.
        live: the round as it stands.
        learner: who pressed.
        position: of the question the button belonged to.
        place: of the option as it is shown, from 0.
        at: the platform's time of the press.
        now: this instant.
        key: of the event; orders presses of one person.

    Raises:
        Refusal: too late, not in, or nothing to press there.
    """
    player, asked, used = await _open(conn, live, learner, position, at, now)
    if not 0 <= place < len(asked.view.options) or asked.question.kind not in _PRESSED:
        raise NotFound(N_("That option is not there any more. Choose one of those shown."))
    chosen = asked.order[place]
    picks = {chosen}
    if asked.question.kind == "multi":
        before = await _mine(conn, player, asked)
        picks = set(before.picks) if isinstance(before, Picks) else set()
        picks ^= {chosen}
    answer = Picks(picks=tuple(sorted(picks)))
    await _write(conn, live, learner, player, asked, answer, used, now, key)
    return Locked(asked, answer, is_complete=bool(picks))


async def type_answer(
    conn: AsyncConnection,
    live: Live,
    learner: UUID,
    position: int,
    text: str,
    at: datetime,
    now: datetime,
    key: UUID,
) -> Locked:
    """Answer with text; arguments as for `press`.

    Raises:
        Refusal: too late, not in, or the text cannot be an answer; nothing is counted.
    """
    player, asked, used = await _open(conn, live, learner, position, at, now)
    answer = typed.parse(asked.view, asked.order, text)
    await _write(conn, live, learner, player, asked, answer, used, now, key)
    return Locked(asked, answer, is_complete=True)


_NUMBER = re.compile(r"[0-9]+")
_LARGEST = 1 << 62  # what a uuid of version 7 keeps in its last part
_PRESSED = frozenset({"single", "true_false", "multi"})
_TYPED = frozenset({"short", "cloze"})
_vocabularies: dict[UUID, Vocabulary] = {}  # of rounds, whose questions never change


async def _open(
    conn: AsyncConnection, live: Live, learner: UUID, position: int, at: datetime, now: datetime
) -> tuple[Player, Posed, timedelta]:
    """Who answers, the question, and the time they took, if all of it may count.

    Raises:
        Refusal: it may not.
    """
    player = await me(conn, live, learner)
    if player is None or player.left:
        raise Refusal(N_("You are not in this quiz yet. Press Join, then answer."))
    stands = live.at
    if stands.phase == "paused":
        raise Refusal(N_("The quiz is paused. Your answer counts when it goes on."))
    if position != stands.position or stands.opened_at is None:
        raise Refusal(N_("This question is closed."))
    asked = await posed(conn, live, position)
    # A platform's clock is trusted to be right, but not to be before the question or after now.
    pressed = min(max(at, stands.opened_at), now)
    used = pressed - stands.opened_at
    if stands.phase == "question":
        late = not rules.in_time(live.limit, player, used - stands.extra)
    else:  # held back by the platform: given in time, delivered after the answer was shown
        late = asked.closed_at is None or pressed > asked.closed_at or now - pressed > LATE
    if late:
        raise Refusal(N_("Time is over for this question. The next one comes soon."))
    return player, asked, used


async def _mine(conn: AsyncConnection, player: Player, asked: Posed) -> Answer | None:
    values = {"player": player.id, "position": asked.position}
    row = (await conn.execute(_MINE, values)).one_or_none()
    return None if row is None else answers.load(asked.question.kind, row.answer)


async def _write(
    conn: AsyncConnection,
    live: Live,
    learner: UUID,
    player: Player,
    asked: Posed,
    answer: Answer,
    used: timedelta,
    now: datetime,
    key: UUID,
) -> None:
    share = marking.mark(asked.question, answer, await _vocabulary(conn, live, asked)).fraction
    await conn.execute(
        _ANSWER,
        {
            "player": player.id,
            "position": asked.position,
            "round": live.id,
            "learner": learner,
            "answer": answer.json_value(),
            "right": share.numerator,
            "parts": share.denominator,
            "used": used // timedelta(milliseconds=1),
            "key": key,
            "now": now,
        },
    )


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


async def _vocabulary(conn: AsyncConnection, live: Live, asked: Posed) -> Vocabulary:
    """The answers of the whole round, so that none of them passes for another's misspelling."""
    if asked.question.kind not in _TYPED:
        return marking.NOTHING_KNOWN
    if live.id not in _vocabularies:
        rows = (await conn.execute(_ALL, {"round": live.id})).all()
        if len(_vocabularies) >= MOST_VOCABULARIES:
            _vocabularies.pop(next(iter(_vocabularies)))
        _vocabularies[live.id] = marking.known_answers(pose(row, 0).question for row in rows)
    return _vocabularies[live.id]


def letters(asked: Posed, answer: Answer) -> Sequence[int]:
    """The places shown of what was picked, ascending; empty for typed answers."""
    if not isinstance(answer, Picks):
        return ()
    return sorted(asked.order.index(pick) for pick in answer.picks)
