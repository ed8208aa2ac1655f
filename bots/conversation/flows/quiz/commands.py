"""/quiz: take a quiz, question by question, by button or by text."""

import re
from dataclasses import replace
from uuid import UUID

from rapidfuzz import fuzz, process

from bots.conversation import registry
from bots.conversation.controls import Control, StaleControl, control
from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows.learn import item_button, reward_lines
from bots.conversation.flows.quiz import question, screens
from bots.conversation.flows.quiz.review import TYPED_ANSWER as TYPED
from bots.conversation.flows.quiz.review import expected
from bots.conversation.registry import command
from bots.conversation.turn import Answer, Turn
from domain import ids
from domain.activity import queries as activity_queries
from domain.catalog import queries as catalog
from domain.catalog.rules import next_item
from domain.errors import N_, NotFound, Refusal
from domain.quizzes import asking, rules, service
from domain.quizzes.grading import Result
from domain.quizzes.shown import Answered, Shown
from domain.quizzes.starting import Part

LONGEST_COUNT = 9  # digits; far beyond any bank
DRAWN = 10  # questions, when the learner does not say how many
_WISH = re.compile(r"(domain|level):(\S+)")
_CLOSE = 60


@command("quiz")
async def quiz(turn: Turn, arguments: str) -> Answer:
    """Resume the open quiz, open the one that is named, or draw questions."""
    words = arguments.split()
    if not words:
        return await _resume_or_list(turn)
    if words[0].isdecimal() or any(_WISH.fullmatch(word) for word in words):
        return await _draw(turn, words)
    return await _open(turn, await _named(turn, "-".join(words).lower()))


async def _resume_or_list(turn: Turn) -> Answer:
    attempt = await service.open_attempt(turn.conn, turn.user_id)
    if attempt is not None:
        return await _show(turn, attempt, None)
    found = await service.quizzes(turn.conn, turn.user_id)
    if not found:
        raise Refusal(
            N_("None of your courses has a quiz for you yet. Continue with a lesson."),
            choices=("/learn", "/courses"),
        )
    lines = [turn.say("Which quiz?"), ""]
    lines += [
        f"{number}. {one.title}" + (f" ({turn.say('passed')})" if one.status == "completed" else "")
        for number, one in enumerate(found, start=1)
    ]
    buttons = tuple(
        Button(turn.say("Quiz {number}", number=number), control("quiz.open", one.id))
        for number, one in enumerate(found, start=1)
    )
    return Reply("\n".join(lines), rows=(buttons,))


async def _named(turn: Turn, slug: str) -> UUID:
    found = await service.quizzes(turn.conn, turn.user_id, slug)
    if found:
        return found[0].id
    known = await service.quizzes(turn.conn, turn.user_id, most=200)
    close = process.extract(
        slug, [one.slug for one in known], scorer=fuzz.WRatio, limit=3, score_cutoff=_CLOSE
    )
    raise NotFound(
        N_("There is no quiz “{name}” in your courses. Type /quiz to see them."),
        {"name": slug[:40]},
        choices=tuple(f"/quiz {name}" for name, *_ in close) or ("/quiz",),
    )


async def _draw(turn: Turn, words: list[str]) -> Answer:
    """`/quiz 10 domain:2.0 level:3`: practice from the bank of a course."""
    count, domain, level = DRAWN, "", 0
    for word in words:
        found = _WISH.fullmatch(word)
        if word.isdecimal():
            count = int(word[:LONGEST_COUNT])
        elif found and found[1] == "domain":
            domain = found[2]
        elif found and found[2] in {"1", "2", "3", "4", "5"}:
            level = int(found[2])
        else:
            raise Refusal(
                N_("Write it like this: /quiz 10 domain:2.0 level:3. Levels are 1 to 5."),
                choices=("/quiz",),
            )
    if not 1 <= count <= rules.LONGEST_DRAW:
        raise Refusal(
            N_("Ask for 1 to {most} questions."), {"most": rules.LONGEST_DRAW}, ("/quiz 10",)
        )
    banks = await service.quizzes(turn.conn, turn.user_id, drawing=True, most=1)
    if not banks:
        raise Refusal(
            N_("None of your courses has questions to draw from."), choices=("/quiz", "/courses")
        )
    return await _start(turn, banks[0].id, Part(count, domain, level))


async def _open(turn: Turn, quiz_id: UUID) -> Answer:
    """Resume; or say what is asked for, unless nothing hangs on it."""
    intro = await service.look(turn.conn, turn.user_id, quiz_id)
    if intro.open_attempt is not None:
        return await _show(turn, intro.open_attempt, None)
    if intro.quiz_type == "practice" and not (intro.time_limit_seconds or intro.max_attempts):
        return await _start(turn, quiz_id)
    if intro.left == 0:
        return await _start(turn, quiz_id)  # it says why not
    turn.expect_nothing()
    return question.introduction(turn, intro)


async def _start(turn: Turn, quiz_id: UUID, wish: Part | None = None) -> Answer:
    incoming = turn.incoming
    new = ids.event_uuid7(incoming.at, incoming.actor.platform, incoming.event_id)
    attempt = await service.start(turn.conn, turn.learner, quiz_id, new, turn.now, wish)
    if wish is None or attempt == new:
        return await _show(turn, attempt, None)
    open_already = turn.say("You have this quiz open. Finish it, then draw again.")
    asked = await _show(turn, attempt, None, (open_already,))
    sheet = (await service.standing(turn.conn, turn.user_id, attempt, turn.now)).sheet
    return replace(asked, rows=(*asked.rows, screens.hand_in_early(turn, sheet)))


async def _show(
    turn: Turn,
    attempt: UUID,
    position: int | None,
    above: tuple[str, ...] = (),
    *,
    edits: bool = False,
) -> Reply:
    device = turn.incoming.actor.platform
    shown = await asking.show(turn.conn, turn.user_id, attempt, position, device, turn.now)
    return await _screen(turn, shown, above, edits=edits)


async def _screen(
    turn: Turn,
    what: Shown | Answered | Result,
    above: tuple[str, ...] = (),
    *,
    edits: bool = False,
) -> Reply:
    """Draw what a step came to, and say what the next typed text answers."""
    if isinstance(what, Result):
        return await _result(turn, what)
    if isinstance(what, Answered):
        if what.is_recorded:
            turn.expect_nothing()
        return screens.feedback(turn, what)
    if what.is_settled:
        turn.expect_nothing()
    else:
        turn.expect(TYPED, attempt=str(what.sheet.id), position=what.position)
    return question.question(turn, what, above, edits=edits)


async def _again(turn: Turn, attempt: UUID, position: int, refusal: Refusal) -> Reply:
    """Say what was wrong with an answer, and keep the question's buttons at hand.

    Nothing has been written when an answer is refused. A foreign attempt stays refused.
    """
    if isinstance(refusal, NotFound):
        raise refusal
    asked = await _show(turn, attempt, position)
    said = turn.refusal(refusal)
    return Reply(
        said, rows=asked.rows, prompt=asked.prompt, notice=said[:200], ends_at=asked.ends_at
    )


async def _result(turn: Turn, graded: Result) -> Reply:
    turn.expect_nothing()
    rewards = reward_lines(turn, graded.outcome) if graded.outcome else []
    if graded.progress and graded.progress.just_finished:
        rewards.append(turn.say("You have finished the whole course. Well done."))
    course = graded.sheet.course_id
    items = await catalog.outline(turn.conn, turn.user_id, course)
    last = await activity_queries.last_component(turn.conn, turn.user_id, course)
    item = next_item(items, last)
    onward: tuple[Button, ...] = ()
    if item is not None and item.id != graded.sheet.quiz_id:
        onward = (item_button(turn, item, primary=bool(graded.sheet.passed)),)
    return screens.result(turn, graded, rewards, onward)


@registry.control("quiz.open")
async def opened(turn: Turn, pressed: Control) -> Answer:
    """Open a quiz by its component."""
    return await _open(turn, pressed.target)


@registry.control("quiz.start")
async def started(turn: Turn, pressed: Control) -> Answer:
    """Start the clock, or take over the open attempt."""
    return await _start(turn, pressed.target)


@registry.control("quiz.go")
async def went(turn: Turn, pressed: Control) -> Answer:
    """Show one question of an attempt."""
    return await _show(turn, pressed.target, pressed.number)


@registry.control("quiz.pick")
async def picked(turn: Turn, pressed: Control) -> Answer:
    """Press one option: `<position>.<place shown>`."""
    position, _, place = pressed.argument.partition(".")
    if not (position.isdecimal() and place.isdecimal()):
        raise StaleControl
    attempt, number = pressed.target, int(position)
    try:
        step = await asking.press(turn.conn, turn.user_id, attempt, number, int(place), turn.now)
    except Refusal as refusal:
        return await _again(turn, attempt, number, refusal)
    return await _screen(turn, step, edits=True)


@registry.control("quiz.undo")
async def undone(turn: Turn, pressed: Control) -> Answer:
    """Take one step of a half answer back."""
    step = await asking.undo(turn.conn, turn.user_id, pressed.target, pressed.number, turn.now)
    return await _screen(turn, step, edits=True)


@registry.control("quiz.done")
async def confirmed(turn: Turn, pressed: Control) -> Answer:
    """Answer with what is picked."""
    step = await asking.confirm(turn.conn, turn.user_id, pressed.target, pressed.number, turn.now)
    return await _screen(turn, step)


@registry.control("quiz.hint")
async def hinted(turn: Turn, pressed: Control) -> Answer:
    """Show the next hint."""
    step = await asking.hint(turn.conn, turn.user_id, pressed.target, pressed.number, turn.now)
    return await _screen(turn, step, edits=True)


@registry.control("quiz.skip")
async def skipped(turn: Turn, pressed: Control) -> Answer:
    """Go to the next question without an answer; after the last, offer to hand in."""
    graded = await service.standing(turn.conn, turn.user_id, pressed.target, turn.now)
    sheet = graded.sheet
    if not sheet.is_open:
        return await _result(turn, graded)
    here = pressed.number
    ahead = [position for position in sheet.unanswered if position > here]
    if ahead:
        return await _show(turn, sheet.id, ahead[0])
    turn.expect_nothing()
    return screens.ready(turn, sheet)


@registry.control("quiz.submit")
async def submitted(turn: Turn, pressed: Control) -> Answer:
    """Hand in; pressed twice it shows the same result."""
    return await _result(
        turn, await service.submit(turn.conn, turn.user_id, pressed.target, turn.now)
    )


@registry.control("quiz.result")
async def looked(turn: Turn, pressed: Control) -> Answer:
    """Show the result again."""
    graded = await service.standing(turn.conn, turn.user_id, pressed.target, turn.now)
    if graded.sheet.is_open:
        return screens.ready(turn, graded.sheet)
    return await _result(turn, graded)


@registry.typed(TYPED)
async def typed(turn: Turn, text: str) -> Answer:
    """Answer the open question with text."""
    attempt, position = expected(turn)
    try:
        step = await asking.type_answer(turn.conn, turn.user_id, attempt, position, text, turn.now)
    except Refusal as refusal:
        return await _again(turn, attempt, position, refusal)
    return await _screen(turn, step)
