"""The tutor's log: what was asked and answered, how it came about, and how it was rated.

A row is written in the transaction of the question, before anything is looked at, with a lease; so
an event that comes twice asks once, and what a killed process left can be taken over. The fence
says who may write the answer. What was said is sealed (`domain/tutoring/sealed.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import LargeBinary

from domain.sealing import Seals
from domain.sql import sql
from domain.tutoring import sealed

Kind = Literal["question", "hint_request", "explanation", "code_review"]
Status = Literal["open", "answered", "refused", "failed"]

CLOSE = "tutor"  # the job that closes what a killed process left
LEASE = timedelta(seconds=40)  # twice as long as an answer may take
TURNS = 6  # that are told to a model
CARE = "care"  # the reason of an answer that points to people

_BEGIN = sql(
    """
    INSERT INTO ai_interactions
        (id, user_id, component_id, attempt_id, message_type, status, user_message_sealed,
         context_data, context_sealed, level, lease_until)
    SELECT :id, :learner, :component, :attempt, :kind, 'open', :asked, :context, :private, :level,
           :until
    WHERE NOT EXISTS (SELECT FROM ai_interactions o WHERE o.user_id = :learner
                      AND o.status = 'open' AND o.lease_until > :now AND o.id <> :id)
    ON CONFLICT DO NOTHING RETURNING fence
    """,
    context=JSONB(),
    asked=LargeBinary(),
    private=LargeBinary(),
)
_CLAIM = sql("""
    UPDATE ai_interactions SET fence = fence + 1, lease_until = :until
    WHERE id = :id AND status = 'open' AND lease_until <= :now RETURNING fence
""")
_FINISH = sql(
    """
    UPDATE ai_interactions
    SET status = :status, ai_response_sealed = :response,
        context_data = context_data || :context,
        context_sealed = coalesce(:private, context_sealed),
        provider = :provider, model = :model, input_tokens = :prompt, output_tokens = :output,
        thought_tokens = :thought, cached_tokens = :cached, first_token_ms = :first_ms,
        processing_time_ms = :ms, leak_blocked = :leaked, fallback_reason = :reason,
        finished_at = :now, lease_until = NULL
    WHERE id = :id AND status = 'open' AND fence = :fence RETURNING id
    """,
    context=JSONB(),
    response=LargeBinary(),
    private=LargeBinary(),
)
_ABANDON = sql("""
    UPDATE ai_interactions
    SET status = 'failed', fallback_reason = 'interrupted', finished_at = :now, lease_until = NULL
    WHERE id = :id AND status = 'open' AND lease_until <= :now RETURNING id
""")
_LOOK = sql("""
    SELECT id, component_id, attempt_id, message_type, status, user_message, ai_response, level,
           response_quality, provider, context_data, lease_until,
           user_message_sealed, ai_response_sealed, context_sealed
    FROM ai_interactions WHERE user_id = :learner AND id = :id
""")
_RATE = sql("""
    UPDATE ai_interactions SET response_quality = :quality
    WHERE user_id = :learner AND id = :id AND status = 'answered' RETURNING id
""")
_CARED = sql(
    """
    INSERT INTO ai_interactions
        (id, user_id, message_type, status, ai_response_sealed, provider, fallback_reason,
         finished_at)
    VALUES (:id, :learner, 'question', 'answered', :response, 'offline', :reason, :now)
    ON CONFLICT DO NOTHING
    """,
    response=LargeBinary(),
)
_HISTORY = sql("""
    SELECT id, user_message, ai_response, user_message_sealed, ai_response_sealed
    FROM ai_interactions
    WHERE user_id = :learner AND status = 'answered' AND id < :id
          AND component_id IS NOT DISTINCT FROM :component AND id > :oldest
          AND fallback_reason IS DISTINCT FROM :care
    ORDER BY id DESC LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is logged first.

    Args:
        id: made from the event, so that the event asks once.
        component: the item it is about, if any.
        attempt: the submission it is about, if any.
        asked: the learner's words, or "" where a button said it.
        context: what the answer will be made from; no name, no platform id.
    """

    id: UUID
    learner: UUID
    component: UUID | None
    attempt: UUID | None
    kind: Kind
    asked: str
    level: int
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """How a question ended.

    Args:
        response: what the learner was shown, as Markdown.
        context: what is added to the context; its sealed part takes the place of an earlier one.
        provider: who wrote it; "offline" without a model.
        first_ms: milliseconds until a model's first words; None without one.
        ms: milliseconds in all.
        leaked: the guard stopped a reply.
        reason: why no model wrote it, or it was not shown to the end; "" when one did.
    """

    status: Status
    response: str
    context: Mapping[str, Any] = field(default_factory=dict)
    provider: str = "offline"
    model: str = ""
    prompt: int = 0
    output: int = 0
    thought: int = 0
    cached: int = 0
    first_ms: int | None = None
    ms: int = 0
    leaked: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """One row of the learner's own log.

    `is_readable` is False where its words are sealed with a key that is not at hand; they are ""
    then.
    """

    id: UUID
    component: UUID | None
    attempt: UUID | None
    kind: Kind
    status: Status
    asked: str
    response: str
    level: int
    quality: int | None
    provider: str
    context: Mapping[str, Any]
    lease_until: datetime | None
    is_readable: bool = True


async def begin(conn: AsyncConnection, seals: Seals, asked: Asked, now: datetime) -> bool:
    """Write a question down; False while another one of the learner's is being answered."""
    plain, private = sealed.parted(asked.context)
    values = {
        "id": asked.id,
        "learner": asked.learner,
        "component": asked.component,
        "attempt": asked.attempt,
        "kind": asked.kind,
        "asked": sealed.seal_asked(seals, asked.id, asked.asked),
        "context": plain,
        "private": sealed.seal_context(seals, asked.id, private),
        "level": asked.level,
        "until": now + LEASE,
        "now": now,
    }
    return (await conn.execute(_BEGIN, values)).one_or_none() is not None


async def claim(conn: AsyncConnection, question: UUID, now: datetime) -> int | None:
    """Take over a question whose process died; the new fence, or None when nobody's lease ended."""
    values = {"id": question, "now": now, "until": now + LEASE}
    fence: int | None = (await conn.execute(_CLAIM, values)).scalar_one_or_none()
    return fence


async def finish(
    conn: AsyncConnection,
    seals: Seals,
    question: UUID,
    fence: int,
    answered: Answered,
    now: datetime,
) -> bool:
    """Write how a question ended, once; False when somebody else took it over or ended it."""
    plain, private = sealed.parted(answered.context)
    values = {
        "id": question,
        "fence": fence,
        "status": answered.status,
        "response": sealed.seal_answered(seals, question, answered.response or None),
        "context": plain,
        "private": sealed.seal_context(seals, question, private),
        "provider": answered.provider,
        "model": answered.model or None,
        "prompt": answered.prompt,
        "output": answered.output,
        "thought": answered.thought,
        "cached": answered.cached,
        "first_ms": answered.first_ms,
        "ms": answered.ms,
        "leaked": answered.leaked,
        "reason": answered.reason or None,
        "now": now,
    }
    return (await conn.execute(_FINISH, values)).one_or_none() is not None


async def abandon(conn: AsyncConnection, question: UUID, now: datetime) -> bool:
    """Close a question whose process died; False when it is closed, or somebody works on it."""
    values = {"id": question, "now": now}
    return (await conn.execute(_ABANDON, values)).one_or_none() is not None


async def look(conn: AsyncConnection, seals: Seals, learner: UUID, question: UUID) -> Logged | None:
    """One of the learner's own questions."""
    row = (await conn.execute(_LOOK, {"learner": learner, "id": question})).one_or_none()
    if row is None:
        return None
    words = sealed.opened(seals, row)
    return Logged(
        id=row.id,
        component=row.component_id,
        attempt=row.attempt_id,
        kind=row.message_type,
        status=row.status,
        asked=words.asked,
        response=words.response or "",
        level=row.level or 0,
        quality=row.response_quality,
        provider=row.provider or "",
        context=words.context,
        lease_until=row.lease_until,
        is_readable=words.is_readable,
    )


async def rate(conn: AsyncConnection, learner: UUID, question: UUID, quality: int) -> bool:
    """Keep how good an answer was, 1 (bad) to 5; again changes it. False: no such answer."""
    values = {"learner": learner, "id": question, "quality": quality}
    return (await conn.execute(_RATE, values)).one_or_none() is not None


async def cared(
    conn: AsyncConnection, seals: Seals, key: UUID, learner: UUID, response: str, now: datetime
) -> None:
    """Write down that somebody was pointed to people: nothing of what they wrote, and no course.

    So no instructor reads it, and no model is told of it later.
    """
    answer = sealed.seal_answered(seals, key, response)
    values = {"id": key, "learner": learner, "response": answer, "reason": CARE, "now": now}
    await conn.execute(_CARED, values)


async def history(
    conn: AsyncConnection,
    seals: Seals,
    *,
    learner: UUID,
    component: UUID | None,
    before: UUID,
    since: UUID,
) -> list[tuple[str, str]]:
    """The learner's last turns about an item, oldest first: what was asked, what was answered.

    Those that cannot be read with the keys at hand are left out.

    Args:
        conn: an open transaction.
        seals: opens them.
        learner: whose.
        component: the item; None: questions outside of any.
        before: the present question.
        since: an id of the earliest time that still belongs to the conversation.
    """
    values = {"learner": learner, "component": component, "id": before, "oldest": since}
    rows = (await conn.execute(_HISTORY, {**values, "most": TURNS, "care": CARE})).all()
    turns = [sealed.opened_turn(seals, row) for row in reversed(rows)]
    return [(turn.asked, turn.response or "") for turn in turns if turn.is_readable]
