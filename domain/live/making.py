"""Making a round from its questions and options, and adding chats to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, Refusal
from domain.live import rounds
from domain.live.options import Options
from domain.live.picking import Picked
from domain.live.rounds import Live
from domain.quizzes import rules
from domain.sql import sql

_MAKE = sql(
    """
    INSERT INTO live_rounds
        (id, community_id, host_id, title, source, mode, entry, seconds, team_count,
         question_count, created_at)
    VALUES (:round, :community, :host, :title, :source, :mode, :entry, :seconds, :teams, :count,
            :now)
    ON CONFLICT (id) DO NOTHING
    """,
    source=JSONB(),
    seconds=SmallInteger(),
)
_CHANGE = sql(
    """
    UPDATE live_rounds
    SET mode = :mode, entry = :entry, seconds = :seconds, team_count = :teams, version = version + 1
    WHERE id = :round AND phase = 'lobby'
    RETURNING id
    """,
    seconds=SmallInteger(),
)
_DEAL = sql("SELECT live_deal_teams(:round)")
_CHAT = sql("""
    INSERT INTO live_chats (round_id, platform, address) VALUES (:round, :platform, :address)
    ON CONFLICT (platform, address) WHERE ended_at IS NULL DO NOTHING RETURNING id
""")
_ADD = sql(
    """
    INSERT INTO live_questions
        (round_id, position, question_id, kind, prompt, data, answer, explanation, points,
         option_order)
    VALUES (:round, :position, :question, :kind, :prompt, :data, :answer, :explanation, :points,
            :order)
    """,
    question=Uuid(),
    data=JSONB(),
    answer=JSONB(),
    order=ARRAY(SmallInteger()),
)


async def make(
    conn: AsyncConnection,
    round_id: UUID,
    host: UUID,
    community: UUID,
    chat: tuple[str, str],
    picked: Picked,
    options: Options,
    now: datetime,
) -> None:
    """Open the lobby of a round in one chat.

    Args:
        conn: an open transaction of the host.
        round_id: made from the event, so that the same event makes one round.
        host: who leads it.
        community: the group it belongs to.
        chat: platform and address.
        picked: its questions.
        options: what the host chose.
        now: this instant.

    Raises:
        Refusal: another round is open in this chat.
    """
    values = {
        "round": round_id,
        "community": community,
        "host": host,
        "title": picked.title[:200],
        "source": picked.source,
        "mode": options.mode,
        "entry": "typed" if options.typed else "buttons",
        "seconds": options.seconds,
        "teams": options.teams,
        "count": len(picked.questions),
        "now": now,
    }
    await conn.execute(_MAKE, values)
    await add_chat(conn, round_id, *chat)
    for position, (ident, question) in enumerate(picked.questions):
        order = rules.option_order(question, round_id.int, position, shuffle=True)
        await conn.execute(
            _ADD,
            {
                "round": round_id,
                "position": position,
                "question": ident,
                "kind": question.kind,
                "prompt": question.prompt,
                "data": question.data_json(),
                "answer": question.answer_json(),
                "explanation": question.explanation,
                "points": question.points,
                "order": list(order),
            },
        )
    await rounds.tell(conn, round_id, "made", now, actor=host, details=picked.source)


async def add_chat(conn: AsyncConnection, round_id: UUID, platform: str, address: str) -> None:
    """Play a round in one more chat.

    Raises:
        Refusal: another round is open there.
    """
    values = {"round": round_id, "platform": platform, "address": address}
    if (await conn.execute(_CHAT, values)).one_or_none() is None:
        raise Refusal(
            N_("A quiz is already open in this chat. Finish it first, or stop it with /stop.")
        )


def options_of(live: Live) -> Options:
    """What the host has chosen for a round."""
    seconds = None if live.limit is None else int(live.limit.total_seconds())
    return Options(live.mode, seconds, live.teams, typed=live.typed)


async def change(conn: AsyncConnection, live: Live, options: Options) -> None:
    """Choose other options while the lobby is open; other teams are dealt anew, evenly.

    Raises:
        Refusal: the quiz has begun.
    """
    values = {
        "round": live.id,
        "mode": options.mode,
        "entry": "typed" if options.typed else "buttons",
        "seconds": options.seconds,
        "teams": options.teams,
    }
    if (await conn.execute(_CHANGE, values)).one_or_none() is None:
        raise Refusal(N_("The quiz has begun. Its options can be changed in the lobby only."))
    if options.teams != live.teams:
        await conn.execute(_DEAL, {"round": live.id})
