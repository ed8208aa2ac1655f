"""/learn next: one thing that fits now, and why; another one, or none."""

from dataclasses import dataclass
from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, control
from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows.general import line_button
from bots.conversation.turn import Answer, Turn
from domain.adaptivity import queries, rules
from domain.adaptivity.queries import State
from domain.adaptivity.suggesting import Suggestion, odds, ready_tasks, suggestions
from domain.catalog import queries as catalog
from domain.errors import N_
from domain.review import sitting

OPENERS = {"lesson": "lesson", "quiz": "quiz.open", "challenge": "code.open"}
KINDS = {"lesson": N_("lesson"), "quiz": N_("quiz"), "challenge": N_("challenge")}
SURE = 0.2  # confidence below which it is said how little is known


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may be suggested in a course, and what is known of the learner there."""

    title: str
    state: State
    due: int
    found: list[Suggestion]


async def suggest(turn: Turn, course: UUID, number: int = 0, *, edits: bool = False) -> Answer:
    """Suggest the `number`th best thing to do next in a course.

    Args:
        turn: whose.
        course: in which.
        number: how many suggestions were declined before.
        edits: redraw the message that the press came from.
    """
    outlook = await _look(turn, course)
    if number >= len(outlook.found):
        return _nothing_more(turn, course, outlook, edits=edits)
    one = outlook.found[number]
    if one.task is not None:
        # What was begun may be above the ceiling; it does not lift it.
        ceiling = outlook.state.ceiling
        bounds = (one.task.difficulty, one.task.difficulty if ceiling is None else ceiling)
        await queries.remember_suggestion(turn.conn, turn.user_id, course, min(bounds))
    lines = [_heading(turn, one, outlook), _why(turn, one)]
    if one.task is not None and outlook.state.confidence < SURE:
        lines.append(turn.say("I know little about you yet; each answer helps me to choose."))
    others = (
        Button(turn.say("Another"), control("next.other", course, number + 1)),
        Button(turn.say("Not now"), control("next.no", course)),
    )
    return Reply("\n\n".join(lines), rows=((_start(turn, one), *others),), edits=edits)


async def _look(turn: Turn, course: UUID) -> Outlook:
    card = await catalog.card(turn.conn, turn.user_id, course)
    items = await catalog.outline(turn.conn, turn.user_id, course)
    state = await queries.state_of(turn.conn, turn.user_id, course)
    tasks = [item.id for item in ready_tasks(items)]
    today = sitting.when(turn.now, turn.learner.timezone, turn.learner.day_ends)
    table = await sitting.table_of(turn.conn, turn.user_id, today)
    due = table.plan.due
    found = suggestions(
        items,
        await queries.chances(turn.conn, turn.user_id, state.ability, tasks) if tasks else [],
        due=due,
        lagging=rules.lagging(await queries.skills_of(turn.conn, turn.user_id, course)),
        ceiling=state.ceiling,
        fails=state.fails,
    )
    return Outlook(card.title, state, due, found)


def _heading(turn: Turn, one: Suggestion, outlook: Outlook) -> str:
    if one.item is None:
        return turn.count("**{n} card is due today**", "**{n} cards are due today**", outlook.due)
    parts = [f"**{one.item.title}**", turn.say(KINDS[one.item.kind])]
    if one.item.minutes:
        parts.append(turn.say("{minutes} min", minutes=one.item.minutes))
    return " · ".join(parts)


def _why(turn: Turn, one: Suggestion) -> str:
    part, whole = odds(one.task.chance) if one.task else (0, 1)
    values = {"part": part, "whole": whole, "skill": one.skill.title if one.skill else ""}
    words = {
        "due": N_("A look at them now keeps what you have learned from fading."),
        "lags": N_(
            "**{skill}** is behind your other topics. Your chance here is about {part} in {whole}."
        ),
        "fits": N_("Your chance here is about {part} in {whole}: not too easy, and not too hard."),
        "eases": N_("The last ones were hard. This one is easier: about {part} in {whole}."),
        "read": N_("This lesson comes next in the course."),
        "easy": N_("It should be easy for you: your chance is about {part} in {whole}."),
        "begun": N_("You have begun this one. Hints are there when you need them."),
        "again": N_("The exercises about it were hard. Another look at it may help most."),
        "hard": N_("It is a hard one: your chance is about {part} in {whole}. Hints are there."),
    }
    return turn.say(words[one.why], **values)


def _start(turn: Turn, one: Suggestion) -> Button:
    if one.item is None:
        return Button(turn.say("Begin"), control("card.begin"), primary=True)
    return Button(turn.say("Start"), control(OPENERS[one.item.kind], one.item.id), primary=True)


def _nothing_more(turn: Turn, course: UUID, outlook: Outlook, *, edits: bool) -> Reply:
    if outlook.found:
        text = turn.say("That is all that is open in **{course}** now.", course=outlook.title)
    else:
        text = turn.say(
            "Nothing is open in **{course}** now that you have not done.", course=outlook.title
        )
    first = (
        (Button(turn.say("From the best again"), control("next.other", course, 0)),)
        if outlook.found
        else ()
    )
    return Reply(
        text,
        rows=(
            (
                *first,
                Button(turn.say("Contents"), control("outline", course)),
                line_button(turn.say("Other courses"), "/courses"),
            ),
        ),
        edits=edits,
    )


@registry.control("next.other")
async def other(turn: Turn, pressed: Control) -> Answer:
    """Suggest something else."""
    return await suggest(turn, pressed.target, pressed.number, edits=True)


@registry.control("next.no")
async def not_now(turn: Turn, pressed: Control) -> Reply:
    """Leave it; nothing is counted against anybody."""
    return Reply(
        turn.say("All right. /learn goes on where you stopped, whenever you like."),
        rows=(
            (
                Button(turn.say("Suggest again"), control("next.other", pressed.target, 0)),
                Button(turn.say("Contents"), control("outline", pressed.target)),
            ),
        ),
        edits=True,
    )
