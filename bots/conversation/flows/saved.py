"""/save and /saved: places worth coming back to, with a note."""

from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, control
from bots.conversation.dialogue import Button, Prompt, Reply, escape
from bots.conversation.flows.general import line_button
from bots.conversation.registry import command, typed
from bots.conversation.turn import Turn
from domain.activity import queries as activity_queries
from domain.activity import service as activity
from domain.errors import N_, Refusal
from domain.lessons import service as lessons


@command("save")
async def save(turn: Turn, arguments: str) -> Reply:
    """Save the lesson page that was open last."""
    page = await _open_page(turn)
    await activity.save(turn.conn, turn.user_id, page.lesson_id, {"page": page.page}, arguments)
    return await _saved_reply(turn, page, arguments)


@registry.control("save")
async def save_here(turn: Turn, pressed: Control) -> Reply:
    """Save the page the button stands on, and wait for a note."""
    page = await lessons.open_page(
        turn.conn,
        turn.learner,
        pressed.target,
        pressed.number,
        turn.incoming.actor.platform,
        turn.now,
    )
    await activity.save(turn.conn, turn.user_id, page.lesson_id, {"page": page.page}, "")
    turn.expect("saved.note", lesson=str(page.lesson_id), page=page.page)
    reply = await _saved_reply(turn, page, "")
    return Reply(
        reply.text + " " + turn.say("Type a note for it, or go on."),
        rows=reply.rows,
        prompt=Prompt(turn.say("Note"), turn.say("why you saved it"), payload=str(pressed)),
    )


@typed("saved.note")
async def note(turn: Turn, text: str) -> Reply:
    """Add a note to the place that was just saved."""
    expected = turn.expecting.data if turn.expecting else {}
    page = await lessons.open_page(
        turn.conn,
        turn.learner,
        UUID(expected["lesson"]),
        int(expected["page"]),
        turn.incoming.actor.platform,
        turn.now,
    )
    await activity.save(turn.conn, turn.user_id, page.lesson_id, {"page": page.page}, text.strip())
    turn.expect_nothing()
    return await _saved_reply(turn, page, text.strip())


async def _saved_reply(turn: Turn, page: lessons.Page, remark: str) -> Reply:
    _, total = await activity_queries.saved(turn.conn, turn.user_id)
    text = turn.say(
        "Saved: {course}, {lesson}, page {page}.",
        course=page.course,
        lesson=page.title,
        page=page.page + 1,
    )
    if remark:
        text += "\n\n" + turn.say("Your note: {note}", note=escape(remark))
    text += ("\n\n" if remark else " ") + turn.count(
        "{n} saved in all.", "{n} saved in all.", total
    )
    back = Button(turn.say("Back to the page"), control("lesson", page.lesson_id, page.page))
    return Reply(text, rows=((back, line_button(turn.say("Open list"), "/saved")),))


@command("saved", aside=True)
async def saved(turn: Turn, arguments: str) -> Reply:  # noqa: ARG001 - the handlers' signature
    """List what was saved, newest first."""
    return await _list(turn, 0)


@registry.control("saved")
async def saved_page(turn: Turn, pressed: Control) -> Reply:
    """Turn a page of the list."""
    return await _list(turn, pressed.number)


@registry.control("saved.drop")
async def drop(turn: Turn, pressed: Control) -> Reply:
    """Delete one saved place; the reply offers to save it again."""
    await activity.forget(turn.conn, turn.user_id, pressed.target)
    again = Button(turn.say("Save it again"), control("save", pressed.target, pressed.number))
    return Reply(
        turn.say("Deleted from your list."),
        rows=((again, line_button(turn.say("Open list"), "/saved")),),
    )


async def _list(turn: Turn, page: int) -> Reply:
    size = activity_queries.SAVED_PAGE
    places, total = await activity_queries.saved(turn.conn, turn.user_id, page * size)
    if not places:
        raise Refusal(
            N_("Nothing is saved yet. Press Save on a page, or type /save and a note."),
            choices=("/learn",),
        )
    lines, opening, dropping = [], [], []
    for number, place in enumerate(places, start=page * size + 1):
        remark = f": {escape(place.note)}" if place.note else ""
        lines.append(
            turn.say(
                "{number}. {course}, {lesson}, page {page}{note}",
                number=number,
                course=place.course,
                lesson=place.title,
                page=place.page + 1,
                note=remark,
            )
        )
        opener = control("lesson", place.component_id, place.page)
        opening.append(Button(turn.say("Open {place}", place=number), opener))
        dropper = control("saved.drop", place.component_id, place.page)
        dropping.append(Button(turn.say("Delete {place}", place=number), dropper))
    rows = [tuple(opening[:4]), tuple(opening[4:]), tuple(dropping[:4]), tuple(dropping[4:])]
    turning = []
    if page:
        turning.append(Button(turn.say("Newer"), control("saved", None, page - 1)))
    if (page + 1) * size < total:
        turning.append(Button(turn.say("Older"), control("saved", None, page + 1)))
    return Reply("\n".join(lines), rows=tuple(row for row in (*rows, tuple(turning)) if row))


async def _open_page(turn: Turn) -> lessons.Page:
    """The lesson page the learner looked at last.

    Raises:
        Refusal: no lesson is open.
    """
    lesson = await activity_queries.latest_lesson(turn.conn, turn.user_id)
    if lesson is None:
        raise Refusal(
            N_("Open a lesson first; then /save keeps the page you are on."), choices=("/learn",)
        )
    return await lessons.open_page(
        turn.conn, turn.learner, lesson, None, turn.incoming.actor.platform, turn.now
    )
