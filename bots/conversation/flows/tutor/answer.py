"""Asking the tutor: the question is written down, then answered step by step, and logged.

The row in the log is there before anything is looked at. If the process dies in the middle, its
lease ends; then the learner's [Show the answer] takes it over, or the worker closes it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows.note_words import told
from bots.conversation.flows.tutor import about as tutor_about
from bots.conversation.flows.tutor import leave
from bots.conversation.flows.tutor import search as tutor_search
from bots.conversation.flows.tutor import words as tutor_words
from bots.conversation.flows.tutor.about import About
from bots.conversation.flows.tutor.leave import Purse
from bots.conversation.turn import Answer, Streamed, Turn
from bots.observability.request import note_answer
from domain import ids
from domain.errors import N_, Refusal
from domain.grading import Note
from domain.jobs.port import Job
from domain.jobs.posting import enqueue
from domain.quizzes import service as quizzes
from domain.tutoring import log
from domain.tutoring.destinations import Destination, destinations
from domain.tutoring.guidance import Guidance
from domain.tutoring.log import Answered, Asked, Kind, Logged
from domain.tutoring.passages import Found
from domain.tutoring.rungs import Rung
from tutor.answering import PATIENCE_S, Tutor
from tutor.question import Ended, Question

A_LITTLE = timedelta(seconds=5)
EXAMINED = N_("A quiz that counts is open. I answer again when you have handed it in.")
BUSY = N_("I am still answering your last question. One moment, please.")
TYPED = "ask"  # what typed text answers: a further question


@dataclass(frozen=True, slots=True)
class Run:
    """One question on its way to an answer.

    Args:
        key: of the row in the log.
        fence: says that it may be written.
        rung: that was decided.
        question: with everything it is answered from.
        purse: what a model may cost.
        offer: the service that the learner is asked about below the answer.
        found: passages that the answer may cite.
        search: how they were found, for the log.
    """

    key: UUID
    fence: int
    rung: Rung
    question: Question
    purse: Purse
    offer: Destination | None
    found: tuple[Found, ...]
    search: str = tutor_search.WORDS


async def ask(turn: Turn, about: About, kind: Kind, text: str = "") -> Answer:
    """Write a question down, and answer it after the commit.

    Raises:
        Refusal: another question of the learner's is being answered, or a quiz that counts is open.
    """
    await refuse_in_exam(turn)
    incoming = turn.incoming
    key = ids.event_uuid7(incoming.at, incoming.actor.platform, incoming.event_id, "tutor")
    wanted = await tutor_about.wishes(turn, about)
    rung = await tutor_about.rung_for(turn, about, kind, wanted)
    run = await _prepared(turn, about, kind, text, rung, wanted, key, 0)
    asked = Asked(
        id=key,
        learner=turn.user_id,
        component=about.component,
        attempt=about.attempt,
        kind=kind,
        asked=text,
        level=rung.level,
        context=_context(turn, about, rung),
    )
    if not await log.begin(turn.conn, turn.seals, asked, turn.now):
        raise Refusal(BUSY)
    expect_more(turn, about)
    return await _run(turn, run)


async def refuse_in_exam(turn: Turn) -> None:
    """No help while a quiz that counts is open: its questions could be asked here.

    Raises:
        Refusal: one is.
    """
    if await quizzes.is_examined(turn.conn, turn.user_id):
        raise Refusal(EXAMINED, choices=("/quiz",))


async def _prepared(
    turn: Turn,
    about: About,
    kind: Kind,
    text: str,
    rung: Rung,
    wanted: Guidance,
    key: UUID,
    fence: int,
) -> Run:
    given = await leave.leave(turn)
    found = await tutor_about.found_for(turn, about, text)
    question = await tutor_about.question(turn, about, kind, text, rung, wanted, found, key)
    question = replace(question, allowed=given.allowed, reason=given.reason)
    place = await leave.place_of(turn) if given.allowed else None
    purse = Purse(turn, key, fence, about.course, place, given.allowed)
    return Run(key, fence, rung, question, purse, given.ask, tuple(found))


def expect_more(turn: Turn, about: About) -> None:
    """What is typed next goes on with this, unless a quiz waits for an answer."""
    if turn.expecting is None or turn.expecting.kind != "quiz":
        expect_question(turn, about)


def expect_question(turn: Turn, about: About) -> None:
    """What is typed next is a question about this; for a challenge it may be the next try."""
    if about.challenge is not None:
        turn.expect(TYPED, challenge=str(about.component))
    else:
        turn.expect(TYPED)


async def shown(turn: Turn, row: Logged) -> Answer:
    """The answer to a question that was asked before; one that was cut off is made now."""
    if row.status == "answered":
        return replace(tutor_words.finished(turn, row, None), edits=True)
    if row.status == "open":
        await refuse_in_exam(turn)
        _refuse_unreadable(row)
        fence = await log.claim(turn.conn, row.id, turn.now)
        if fence is None:
            later = Button(turn.say("Show the answer"), control("ask.show", row.id))
            return Reply(turn.say(BUSY), rows=((later,),))
        about = await _about(turn, row)
        wanted = await tutor_about.wishes(turn, about)
        rung = Rung(row.level, None)
        run = await _prepared(turn, about, row.kind, row.asked, rung, wanted, row.id, fence)
        return await _run(turn, run)
    return await again(turn, row)


async def again(turn: Turn, row: Logged) -> Answer:
    """Ask the same once more, as a question of its own.

    Raises:
        Refusal: what was asked cannot be read any more.
    """
    _refuse_unreadable(row)
    return await ask(turn, await _about(turn, row), row.kind, row.asked)


def _refuse_unreadable(row: Logged) -> None:
    if not row.is_readable:
        raise Refusal(tutor_words.UNREADABLE, choices=("/ask",))


async def _about(turn: Turn, row: Logged) -> About:
    if row.component is None:
        return await tutor_about.open_about(turn)
    if row.attempt is not None:
        return await tutor_about.challenge_about(turn, row.component, row.attempt)
    return await tutor_about.component_about(turn, row.component)


def _context(turn: Turn, about: About, rung: Rung) -> Mapping[str, object]:
    return {
        "item": about.title,
        "course": str(about.course) if about.course else None,
        "version": about.challenge.version if about.challenge is not None else None,
        "language": turn.texts.language,
        "rung": rung.level,
    }


async def _run(turn: Turn, run: Run) -> Answer:
    """Answer after the commit; whatever happens then, the row is closed by somebody."""
    key = f"{log.CLOSE}:{run.key}:{run.fence}"
    await enqueue(
        turn.conn, Job(log.CLOSE, {"question": str(run.key)}, key=key, delay=log.LEASE + A_LITTLE)
    )
    waiting = tutor_words.waiting(turn, run.question.kind, run.key)
    return Streamed(waiting, lambda: _steps(turn, run), lambda: _closed(turn, run))


async def _steps(turn: Turn, run: Run) -> AsyncIterator[Reply]:
    services = turn.services
    clock = asyncio.get_running_loop().time
    end = clock() + PATIENCE_S
    is_kept = False

    def tell(note: Note) -> str:
        return told(turn, note)

    try:
        run = await _searched(turn, run)
        tutor = Tutor(services.grader, services.models, end - clock())
        async with aclosing(tutor.answer(run.question, tell, run.purse.reserve)) as grown:
            async for progress in grown:
                if progress.ended is None:
                    yield Reply(progress.text, draft=True)
                    continue
                reply = await _kept(turn, run, progress.ended)
                is_kept = True
                yield reply
    finally:
        if not is_kept:  # a fault, or nobody waits any more: asked again, it is answered anew
            await asyncio.shield(_closed(turn, run))


async def _searched(turn: Turn, run: Run) -> Run:
    """The run with what meaning finds as well, where the question may be searched by it."""
    asked = run.question
    found, way = await tutor_search.by_meaning(turn, run.purse.course, asked)
    if found is None:
        return replace(run, search=way)
    question = replace(asked, passages=tutor_about.quotable(found))
    return replace(run, question=question, found=tuple(found), search=way)


async def _kept(turn: Turn, run: Run, ended: Ended) -> Reply:
    """Write the answer into the log, and draw it from there."""
    services = turn.services
    answered = ended.answered
    context = {**answered.context, "reason": answered.reason}
    if run.question.text:
        context["search"] = run.search
    found = destinations(services.settings)
    context["service"] = next((d.title for d in found if d.key == answered.provider), "")
    context["sources"] = [
        [one.key, str(one.component), one.page] for one in run.found if one.key in ended.cites
    ]
    async with services.database.unit_of_work(turn.user_id) as conn:
        now = services.clock.now()
        await log.finish(
            conn, turn.seals, run.key, run.fence, replace(answered, context=context), now
        )
        hearts = await run.purse.settle(conn, ended)
        row = await log.look(conn, turn.seals, turn.user_id, run.key)
    if row is None or row.status != "answered":  # somebody else closed it meanwhile
        raise Refusal(N_("That took too long. Please ask again."), choices=("/ask",))
    note_answer(ended)
    shown = tutor_words.finished(turn, row, run.rung, hearts)
    if run.offer is None:
        return shown
    words, buttons = leave.offer(turn, run.offer, row.id)
    return replace(shown, text=f"{shown.text}\n\n{words}", rows=(buttons, *shown.rows))


async def _closed(turn: Turn, run: Run) -> None:
    services = turn.services
    failed = Answered("failed", "", {"reason": "interrupted"}, reason="interrupted")
    async with services.database.unit_of_work(turn.user_id) as conn:
        await log.finish(conn, turn.seals, run.key, run.fence, failed, services.clock.now())
        await run.purse.settle(conn, None)
