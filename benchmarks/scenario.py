"""The five commonest requests, as streams of events of many learners in a filled database."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from benchmarks.filling import Sizes
from bots.conversation import registry
from bots.conversation.controls import control
from bots.conversation.dialogue import Action, Actor, Command, Incoming, Place, Press, Text
from bots.conversation.router import Router
from domain import ids

PLATFORM: Final = "terminal"
PAGES = 4  # of each generated lesson
QUESTIONS = 5  # of each generated quiz
BEGIN = datetime(2026, 11, 1, 18, tzinfo=UTC)
THINKING = timedelta(seconds=20)  # between two messages of one learner
SEARCHES = ("python", "networks", "tag:topic-7", "practical")
SOLUTION = "```python\ndef add(a, b):\n    return a + b\n```"
_BEGUN = """
    SELECT i.subject, i.user_id,
           (array_agg(p.component_id ORDER BY k.position) FILTER (WHERE k.kind = 'lesson'))[1],
           (array_agg(p.component_id ORDER BY k.position) FILTER (WHERE k.kind = 'quiz'))[1],
           (array_agg(p.component_id ORDER BY k.position) FILTER (WHERE k.kind = 'challenge'))[1]
    FROM identities i
    JOIN user_progress p ON p.user_id = i.user_id AND p.status = 'completed'
    JOIN components k ON k.id = p.component_id
    JOIN units u ON u.id = k.unit_id AND u.position = 0
    GROUP BY i.subject, i.user_id ORDER BY i.user_id
"""

_instant: ContextVar[datetime] = ContextVar("instant")


class EventClock:
    """The time of the event that is being answered, so that a stream can be repeated exactly."""

    def now(self) -> datetime:
        """The instant of the event of this task."""
        return _instant.get()


@dataclass(frozen=True, slots=True)
class Student:
    """One generated learner and what they have finished in their first unit."""

    subject: str
    user_id: UUID
    lesson: UUID
    quiz: UUID
    challenge: UUID


@dataclass(frozen=True, slots=True)
class Stream:
    """Many requests of one kind.

    Args:
        name: what they are.
        before: events that must have been answered first; not measured.
        events: the requests; those of one learner stand in their order.
    """

    name: str
    before: tuple[Incoming, ...]
    events: tuple[Incoming, ...]


def sizes(students: int) -> Sizes:
    """What the requests are measured on: a study group of some size, half a year old."""
    return Sizes(learners=students, items=50, attempts=10 * students, courses=200)


async def students(connection: asyncpg.Connection) -> list[Student]:
    """All generated learners."""
    return [Student(*row) for row in await connection.fetch(_BEGUN)]


def streams(people: Sequence[Student], length: int) -> list[Stream]:
    """The streams of the requests that the conversation knows, each of that length."""
    made = [
        Stream("next page", (), tuple(_events(people, length, 1, _page))),
        Stream(
            "quiz answer",
            tuple(event(who, 2, 0, Press(control("quiz.start", who.quiz))) for who in people),
            tuple(_in_turn(people, length, 2, _pick)),
        ),
        Stream("progress", (), tuple(_events(people, length, 4, _progress))),
        Stream("courses search", (), tuple(_events(people, length, 5, _search))),
    ]
    if "code.open" in registry.controls:
        opened = (event(who, 3, 0, Press(control("code.open", who.challenge))) for who in people)
        submits = tuple(_events(people, length, 3, _submit))
        made.insert(2, Stream("submit attempt", tuple(opened), submits))
    return made


async def graded(router: Router, who: Student, number: int) -> tuple[float, float]:
    """Hand in a solution; seconds until it is acknowledged, and from then until it is graded."""
    await answer(router, event(who, 7, 2 * number, Press(control("code.open", who.challenge))))
    incoming = event(who, 7, 2 * number + 1, Text(SOLUTION))
    _instant.set(incoming.at)
    began = time.perf_counter()
    stored, result = [time.perf_counter() async for _ in router.answer(incoming)]
    return stored - began, result - stored


async def answer(router: Router, incoming: Incoming, *, first_only: bool = True) -> list[str]:
    """The texts of the replies; only what is shown at once, unless asked for all."""
    _instant.set(incoming.at)
    replies = router.answer(incoming)
    texts = []
    async for reply in replies:
        texts.append(reply.text)
        if first_only:
            break
    await replies.aclose()
    return texts


def _events(
    people: Sequence[Student],
    length: int,
    kind: int,
    action: Callable[[Student, int], Action],
) -> Iterator[Incoming]:
    """One event of each learner after another, round and round."""
    for number in range(length):
        who, step = people[number % len(people)], number // len(people)
        yield event(who, kind, step + 1, action(who, step))


def _in_turn(
    people: Sequence[Student],
    length: int,
    kind: int,
    action: Callable[[Student, int], Action],
) -> Iterator[Incoming]:
    """All answers of one learner's quiz, then those of the next."""
    for number in range(length):
        who, step = people[number // QUESTIONS], number % QUESTIONS
        yield event(who, kind, step + 1, action(who, step))


def event(who: Student, kind: int, step: int, action: Action) -> Incoming:
    """What a learner does, as an event; kinds begin an hour apart, steps some seconds."""
    return Incoming(
        event_id=f"{who.subject} {kind} {step}",
        at=BEGIN + timedelta(hours=kind) + step * THINKING,
        actor=Actor(PLATFORM, who.subject, who.subject, "en"),
        place=Place("private", f"{PLATFORM}:{who.subject}"),
        action=action,
    )


def _page(who: Student, step: int) -> Action:
    return Press(control("lesson", who.lesson, (step + 1) % PAGES))


def attempt_of(who: Student, kind: int, step: int) -> UUID:
    """The id of the quiz attempt that an event starts."""
    start = event(who, kind, step, Press(""))
    return ids.event_uuid7(start.at, PLATFORM, start.event_id)


def _pick(who: Student, step: int) -> Action:
    return Press(control("quiz.pick", attempt_of(who, 2, 0), f"{step}.{step}"))


def _submit(who: Student, step: int) -> Action:  # noqa: ARG001 - the same solution each time
    return Text(SOLUTION)


def _progress(who: Student, step: int) -> Action:  # noqa: ARG001 - takes nothing
    return Command("progress")


def _search(who: Student, step: int) -> Action:  # noqa: ARG001 - anybody may look
    return Command("courses", SEARCHES[step % len(SEARCHES)])
