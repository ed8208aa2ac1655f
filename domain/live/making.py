"""Making a round: from a quiz of a course, from the banks by a filter, or from a pasted list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.errors import N_, NotFound, Refusal
from domain.live import rounds
from domain.live.rounds import Live
from domain.live.rules import MODES, Mode
from domain.quizzes import questions, rules
from domain.quizzes.questions import Question
from domain.sql import sql

MOST_QUESTIONS = 50
USUAL_QUESTIONS = 10
LEAST_SECONDS, MOST_SECONDS = 5, 600
USUAL_SECONDS = 30
MOST_TEAMS = 4
MOST_OFFERED = 9
AVOIDED = 50  # a draw leaves out as many of the questions the group saw last
Item = TypeVar("Item")
_OPTION = re.compile(r"(?<!\S)([a-z]+):(\S+)", re.IGNORECASE)

_BANK = sql("""
    SELECT q.id, q.kind, v.prompt, v.data, v.answer, v.explanation, v.points
    FROM question_bank q
    JOIN question_versions v ON v.question_id = q.id AND v.version = q.version
    JOIN courses c ON c.id = q.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    LEFT JOIN domains d ON d.id = q.domain_id
    LEFT JOIN domains u ON u.id = d.parent_id
    WHERE q.status = 'published' AND q.deleted_at IS NULL
        AND (:course = '' OR c.slug = :course)
        AND (:domain = '' OR d.code = :domain OR u.code = :domain)
        AND (:level = 0 OR q.difficulty = :level)
        AND (:tag = '' OR EXISTS (
            SELECT FROM course_tags ct JOIN tags t ON t.id = ct.tag_id
            WHERE ct.course_id = c.id AND lower(t.name) = :tag))
    ORDER BY q.id
""")
_QUIZ = sql("""
    SELECT q.id, q.kind, v.prompt, v.data, v.answer, v.explanation, v.points, k.title
    FROM components k
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    JOIN assessment_questions f ON f.assessment_id = k.id
    JOIN question_bank q ON q.id = f.question_id AND q.deleted_at IS NULL
    JOIN question_versions v ON v.question_id = q.id AND v.version = q.version
    WHERE k.kind = 'quiz' AND k.status = 'published' AND k.slug = :slug
    ORDER BY k.id, f.position
""")
_SEEN = sql("""
    SELECT q.question_id FROM live_questions q JOIN live_rounds r ON r.id = q.round_id
    WHERE r.community_id = :community AND q.question_id IS NOT NULL AND q.opened_at IS NOT NULL
    ORDER BY q.opened_at DESC LIMIT :most
""")
_HOSTABLE = sql("""
    SELECT k.slug, k.title, count(*)::int AS questions
    FROM components k
    JOIN courses c ON c.id = k.course_id AND c.status = 'published' AND c.deleted_at IS NULL
    JOIN assessments s ON s.component_id = k.id AND s.assessment_type = 'practice'
    JOIN assessment_questions f ON f.assessment_id = k.id
    WHERE k.kind = 'quiz' AND k.status = 'published'
    GROUP BY k.id ORDER BY count(*) DESC, k.slug LIMIT :most
""")
_ROUND = sql("""
    SELECT q.question_id, q.kind, q.prompt, q.data, q.answer, q.explanation, q.points
    FROM live_questions q
    WHERE q.round_id = :round AND (NOT :missed OR live_was_missed(q.round_id, q.position))
    ORDER BY q.position
""")
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
    WHERE id = :round AND phase = 'lobby' AND (
        team_count = :teams
        OR NOT EXISTS (SELECT FROM live_players p WHERE p.round_id = :round AND p.team IS NOT NULL))
    RETURNING id
    """,
    seconds=SmallInteger(),
)
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


@dataclass(frozen=True, slots=True)
class Options:
    """What the host chose before the start.

    Args:
        mode: how points are given.
        seconds: of each question; None: no timer.
        teams: how many; 0: none.
        typed: everybody types, also where buttons would do.
        count: how many questions at most.
        domain, level, tag, course: which questions of the banks; "" and 0 do not filter.
    """

    mode: Mode = "accuracy"
    seconds: int | None = USUAL_SECONDS
    teams: int = 0
    typed: bool = False
    count: int | None = None
    domain: str = ""
    level: int = 0
    tag: str = ""
    course: str = ""

    @property
    def filters(self) -> bool:
        """Whether they choose from the banks."""
        return bool(self.domain or self.level or self.tag or self.course)


@dataclass(frozen=True, slots=True)
class Picked:
    """Questions for a round, with where they came from."""

    title: str
    questions: tuple[tuple[UUID | None, Question], ...]
    source: dict[str, Any]


def understand(words: str) -> tuple[str, Options]:
    """Read `quiz mode:timed time:30 teams:2 n:10 domain:1.0`: the words, and the options.

    Raises:
        Refusal: an option that is not known, or a value it cannot have.
    """
    chosen = Options()
    for found in _OPTION.finditer(words):
        chosen = _set(chosen, found[1].lower(), found[2].lower())
    return " ".join(_OPTION.sub(" ", words).split()), chosen


def _set(chosen: Options, name: str, value: str) -> Options:
    match name:
        case "mode" if value == "type":
            return replace(chosen, typed=True)
        case "mode" if value in MODES:
            return replace(chosen, mode=value)
        case "time" if value in {"no", "none", "off", "0"}:
            return replace(chosen, seconds=None)
        case "time":
            return replace(chosen, seconds=_number(name, value, LEAST_SECONDS, MOST_SECONDS))
        case "teams" if value in {"no", "none", "off"}:
            return replace(chosen, teams=0)
        case "teams":
            return replace(chosen, teams=_number(name, value, 2, MOST_TEAMS))
        case "n":
            return replace(chosen, count=_number(name, value, 1, MOST_QUESTIONS))
        case "level":
            return replace(chosen, level=_number(name, value, 1, 5))
        case "domain" | "tag" | "course":
            return replace(chosen, **{name: value})  # type: ignore[arg-type]
    if name == "mode":
        raise Refusal(
            N_("“{value}” is no mode. Modes are accuracy, timed, first, survival and type."),
            {"value": value[:20]},
        )
    raise Refusal(
        N_("I do not know “{name}:”. Use mode, time, teams, n, domain, level, tag or course."),
        {"name": name[:20]},
    )


def _number(name: str, value: str, low: int, high: int) -> int:
    digits = value.removesuffix("s")
    if not digits.isascii() or not digits.isdecimal() or not low <= int(digits[:6]) <= high:
        raise Refusal(
            N_("“{name}:” takes a number from {low} to {high}."),
            {"name": name, "low": low, "high": high},
        )
    return int(digits)


async def of_quiz(conn: AsyncConnection, slug: str, options: Options, seed: int) -> Picked:
    """The questions of a course quiz, in its order; with `n:` so many of them, drawn.

    Raises:
        NotFound: no published quiz of that name has questions of its own.
    """
    rows = (await conn.execute(_QUIZ, {"slug": slug.casefold()})).all()
    if not rows:
        raise NotFound(
            N_("I know no quiz called “{wish}” with questions of its own. Try /host n:10."),
            {"wish": slug[:40]},
            choices=("/host n:10",),
        )
    found = [(row.id, _question(row)) for row in rows]
    if options.count is not None and options.count < len(found):
        found = _some(found, options.count, seed)
    return Picked(rows[0].title, tuple(found[:MOST_QUESTIONS]), {"quiz": slug})


async def of_bank(conn: AsyncConnection, community: UUID, options: Options, seed: int) -> Picked:
    """Questions drawn from the banks; those the group saw last come only when no others are left.

    Raises:
        NotFound: nothing fits the filter.
    """
    values = {
        "course": options.course,
        "domain": options.domain,
        "level": options.level,
        "tag": options.tag,
    }
    rows = (await conn.execute(_BANK, values)).all()
    if not rows:
        raise NotFound(
            N_("No question fits. Leave out a filter, or look at /courses."), choices=("/courses",)
        )
    seen = await conn.execute(_SEEN, {"community": community, "most": AVOIDED})
    recent = list(dict.fromkeys(row.question_id for row in seen))
    by_id = {row.id: row for row in rows}
    drawn = rules.draw(list(by_id), options.count or min(USUAL_QUESTIONS, len(rows)), recent, seed)
    named = " ".join(f"{name}:{value}" for name, value in values.items() if value)
    return Picked(
        named or "Mixed questions",
        tuple((ident, _question(by_id[ident])) for ident in drawn),
        {"bank": {name: value for name, value in values.items() if value}},
    )


def of_list(title: str, given: Sequence[Question], options: Options, seed: int) -> Picked:
    """Questions of a list that the host brought.

    Raises:
        Refusal: it holds none.
    """
    if not given:
        raise Refusal(N_("I found no question in that list."))
    count = min(options.count or len(given), MOST_QUESTIONS)
    some = _some(list(given), count, seed)
    return Picked(title, tuple((None, question) for question in some), {"list": title})


def _some(items: Sequence[Item], count: int, seed: int) -> list[Item]:
    """So many of the items, in their order."""
    kept = sorted(rules.shuffled(range(len(items)), seed, "some")[:count])
    return [items[place] for place in kept]


def _question(row: Any) -> Question:  # noqa: ANN401 - a row of question_versions
    return questions.load(
        row.kind,
        row.prompt,
        row.data,
        row.answer,
        explanation=row.explanation,
        points=row.points,
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


@dataclass(frozen=True, slots=True)
class Hostable:
    """A quiz with questions of its own, and how many."""

    slug: str
    title: str
    count: int


async def hostable(conn: AsyncConnection) -> list[Hostable]:
    """A few quizzes that can be hosted, by course and place."""
    rows = await conn.execute(_HOSTABLE, {"most": MOST_OFFERED})
    return [Hostable(row.slug, row.title, row.questions) for row in rows]


async def of_round(conn: AsyncConnection, before: Live, *, missed_only: bool) -> Picked:
    """The questions of an earlier round, all or only those that somebody got wrong.

    Raises:
        Refusal: nobody got one wrong.
    """
    rows = (await conn.execute(_ROUND, {"round": before.id, "missed": missed_only})).all()
    if not rows:
        raise Refusal(N_("Nobody missed a question in that quiz. Play it again, or another one."))
    return Picked(
        before.title,
        tuple((row.question_id, _question(row)) for row in rows),
        {"round": str(before.id), "missed": missed_only},
    )


async def change(conn: AsyncConnection, live: Live, options: Options) -> None:
    """Choose other options while the lobby is open.

    Raises:
        Refusal: the quiz has begun, or teams have been chosen already.
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
