"""Answering: by a press or by typed text, changed until the question closes, never doubled.

An answer touches only the player's own row, so a thousand people give one at once without waiting
for one another. Whether it came in time is judged by the platform's time of the event where it has
one, and the round's own clock, from which outages are taken out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import ids
from domain.errors import N_, NotFound, Refusal
from domain.live import phases, rules
from domain.live.playing import Posed, player_of, pose
from domain.live.rounds import FIELDS, Live, read
from domain.live.rules import Player
from domain.quizzes import answers, marking, typed
from domain.quizzes.answers import Answer, Picks
from domain.quizzes.matching import Vocabulary
from domain.sql import sql

LATE = timedelta(seconds=30)  # how long after closing a press that was in time may still arrive
MOST_VOCABULARIES = 32
_NUMBER = re.compile(r"[0-9]+")
_LARGEST = 1 << 62  # what a uuid of version 7 keeps in its last part
_PRESSED = frozenset({"single", "true_false", "multi"})
_TYPED = frozenset({"short", "cloze"})
_vocabularies: dict[UUID, Vocabulary] = {}  # of rounds, whose questions never change

_SEAT = sql(
    "SELECT"
    + FIELDS
    + """
    , p.id AS player, p.team, p.extension_percent, p.joined_at_position, p.left_at,
    q.kind, q.prompt, q.data, q.answer, q.explanation, q.points, q.option_order, q.is_void,
    q.closed_at
    FROM live_rounds r
    LEFT JOIN live_players p ON p.round_id = r.id AND p.user_id = :learner
    LEFT JOIN live_questions q ON q.round_id = r.id AND q.position = :position
    WHERE r.id = :round
    """
)
_ALL = sql("""
    SELECT kind, prompt, data, answer, explanation, points, option_order, is_void, closed_at
    FROM live_questions WHERE round_id = :round
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


@dataclass(frozen=True, slots=True)
class Arrived:
    """When something happened: on the platform, here, and in the order of the round's events."""

    at: datetime
    now: datetime
    key: UUID


def arrived(at: datetime, now: datetime, event_id: str) -> Arrived:
    """An event of a platform.

    Events are ordered by the platform's time and then by its own number of the event, which grows;
    without it, events of one millisecond could change places.

    Args:
        at: the platform's time of it.
        now: this instant.
        event_id: the platform's name of it.
    """
    numbers = _NUMBER.findall(event_id)
    if not numbers or int(numbers[-1]) >= _LARGEST:
        return Arrived(at, now, ids.event_uuid7(at, event_id))
    return Arrived(at, now, ids.uuid7(at, int(numbers[-1]).to_bytes(10, "big")))


@dataclass(frozen=True, slots=True)
class Seat:
    """A learner before a question of a round: the round, who they are in it, the question."""

    live: Live
    learner: UUID
    player: Player | None
    posed: Posed


@dataclass(frozen=True, slots=True)
class Locked:
    """An answer that was taken."""

    posed: Posed
    answer: Answer
    is_complete: bool


async def seat(conn: AsyncConnection, round_id: UUID, learner: UUID, position: int) -> Seat:
    """Everything about one learner's answer to one question, in one statement.

    Raises:
        NotFound: there is no such round or question.
    """
    values = {"round": round_id, "learner": learner, "position": position}
    row = (await conn.execute(_SEAT, values)).one_or_none()
    if row is None or row.kind is None:
        raise NotFound(N_("This question is not there any more."))
    player = None if row.player is None else player_of(row, row.player)
    return Seat(read(row), learner, player, pose(row, position))


async def press(conn: AsyncConnection, here: Seat, place: int, when: Arrived) -> Locked:
    """Answer with an option; where several are right, a press takes one in or out.

    Args:
        conn: an open transaction.
        here: the learner and the question the button belonged to.
        place: of the option as it is shown, from 0.
        when: it happened.

    Raises:
        Refusal: too late, not in, or nothing to press there.
    """
    player, used = _open(here, when)
    asked = here.posed
    if not 0 <= place < len(asked.view.options) or asked.question.kind not in _PRESSED:
        raise NotFound(N_("That option is not there any more. Choose one of those shown."))
    chosen = asked.order[place]
    picks = {chosen}
    if asked.question.kind == "multi":
        before = await _mine(conn, player, asked)
        picks = set(before.picks) if isinstance(before, Picks) else set()
        picks ^= {chosen}
    answer = Picks(picks=tuple(sorted(picks)))
    await _write(conn, here, player, answer, used, when)
    return Locked(asked, answer, is_complete=bool(picks))


async def type_answer(conn: AsyncConnection, here: Seat, text: str, when: Arrived) -> Locked:
    """Answer with text; arguments as for `press`.

    Raises:
        Refusal: too late, not in, or the text cannot be an answer; nothing is counted.
    """
    player, used = _open(here, when)
    answer = typed.parse(here.posed.view, here.posed.order, text)
    await _write(conn, here, player, answer, used, when)
    return Locked(here.posed, answer, is_complete=True)


def _open(here: Seat, when: Arrived) -> tuple[Player, timedelta]:
    """Who answers and the time they took, if it may count.

    Raises:
        Refusal: it may not.
    """
    live, player, asked = here.live, here.player, here.posed
    if player is None or player.left:
        raise Refusal(N_("You are not in this quiz yet. Press Join, then answer."))
    stands = live.at
    if stands.phase == "paused":
        raise Refusal(N_("The quiz is paused. Your answer counts when it goes on."))
    if asked.position != stands.position or stands.opened_at is None:
        raise Refusal(N_("This question is closed."))
    # A platform's clock is trusted to be right, but not to be before the question or after now.
    pressed = min(max(when.at, stands.opened_at), when.now)
    used = phases.used(stands, pressed)
    if stands.phase == "question":
        late = not rules.in_time(live.limit, player, used - stands.extra)
    else:  # held back by the platform: given in time, delivered after the answer was shown
        late = asked.closed_at is None or pressed > asked.closed_at or when.now - pressed > LATE
    if late:
        raise Refusal(N_("Time is over for this question. The next one comes soon."))
    return player, used


async def _mine(conn: AsyncConnection, player: Player, asked: Posed) -> Answer | None:
    values = {"player": player.id, "position": asked.position}
    row = (await conn.execute(_MINE, values)).one_or_none()
    return None if row is None else answers.load(asked.question.kind, row.answer)


async def _write(
    conn: AsyncConnection,
    here: Seat,
    player: Player,
    answer: Answer,
    used: timedelta,
    when: Arrived,
) -> None:
    asked = here.posed
    vocabulary = await _vocabulary(conn, here.live, asked)
    share = marking.mark(asked.question, answer, vocabulary).fraction
    values = {
        "player": player.id,
        "position": asked.position,
        "round": here.live.id,
        "learner": here.learner,
        "answer": answer.json_value(),
        "right": share.numerator,
        "parts": share.denominator,
        "used": used // timedelta(milliseconds=1),
        "key": when.key,
        "now": when.now,
    }
    await conn.execute(_ANSWER, values)


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
