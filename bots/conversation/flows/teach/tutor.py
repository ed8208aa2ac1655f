"""/teach tutor: a course's log of the tutor, what waits for a look, and how the tutor helps."""

from datetime import timedelta
from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, StaleControl
from bots.conversation.dialogue import Prompt, Reply
from bots.conversation.flows.teach import screens
from bots.conversation.registry import typed
from bots.conversation.turn import Turn
from domain import ids
from domain.errors import N_, NotFound, Refusal
from domain.tutoring import guidance, instructors, instructors_log
from domain.tutoring.guidance import STYLES, Guidance
from domain.tutoring.instructors_log import FILTERS, Entry, Only
from domain.tutoring.rungs import HIGHEST

PAGE = 5
OVER = timedelta(days=30)  # that the numbers are about
HINT, NOTES = "teach.hint", "teach.notes"  # what typed text answers
IN_PRIVATE = N_("This is answered in private only. Write to me alone, and type /teach there.")


def require_private(turn: Turn) -> None:
    """What learners wrote is not for a group.

    Raises:
        Refusal: others can read here.
    """
    if turn.incoming.place.kind != "private":
        raise Refusal(IN_PRIVATE)


async def open_tutor(turn: Turn, wish: str) -> Reply:
    """The overview of one course.

    Raises:
        NotFound: whoever asks teaches no such course.
    """
    course = await instructors.require_taught(turn.conn, wish)
    return await _overview(turn, course.id)


async def _overview(turn: Turn, course: UUID) -> Reply:
    taught = next((one for one in await instructors.taught(turn.conn) if one.id == course), None)
    sums = await instructors.totals(turn.conn, course, turn.now - OVER)
    if taught is None or sums is None:
        raise NotFound(instructors.NOBODY, choices=("/courses",))
    waiting = await instructors_log.entries(turn.conn, turn.seals, course, "queue", limit=PAGE + 1)
    wanted = await guidance.course_notes(turn.conn, course)
    return screens.overview(turn, taught, sums, len(waiting), wanted)


@registry.control("tt.open")
async def opened(turn: Turn, pressed: Control) -> Reply:
    """The overview again."""
    require_private(turn)
    turn.expect_nothing()
    return await _overview(turn, pressed.target)


@registry.control("tt.list")
async def listed(turn: Turn, pressed: Control) -> Reply:
    """One page of the log; the argument is the filter, and after what answer it goes on."""
    require_private(turn)
    word, _, after = pressed.argument.partition("-")
    only = _filter(word)
    before = ids.from_base62(after) if after else None
    found = await instructors_log.entries(
        turn.conn, turn.seals, pressed.target, only, before=before, limit=PAGE + 1
    )
    return screens.page(turn, pressed.target, only, found[:PAGE], has_more=len(found) > PAGE)


@registry.control("tt.one")
async def one_answer(turn: Turn, pressed: Control) -> Reply:
    """One question with its answer."""
    require_private(turn)
    found = await _entry(turn, pressed.target, _answer(pressed))
    return screens.answer(turn, pressed.target, found)


@registry.control("tt.seen")
async def seen(turn: Turn, pressed: Control) -> Reply:
    """Take an answer off the queue, and show the next of it."""
    require_private(turn)
    await instructors.seen(turn.conn, pressed.target, _answer(pressed))
    waiting = await instructors_log.entries(turn.conn, turn.seals, pressed.target, "queue", limit=1)
    if not waiting:
        return await _overview(turn, pressed.target)
    return screens.answer(turn, pressed.target, waiting[0])


@registry.control("tt.pin")
async def pin_asked(turn: Turn, pressed: Control) -> Reply:
    """Show what would become a hint; it can be changed first."""
    require_private(turn)
    found = await _entry(turn, pressed.target, _answer(pressed))
    return screens.pin(turn, pressed.target, found)


@registry.control("tt.pinned")
async def pinned(turn: Turn, pressed: Control) -> Reply:
    """Keep an answer as a hint, word for word."""
    require_private(turn)
    key = _answer(pressed)
    found = await _entry(turn, pressed.target, key)
    await instructors.pin(turn.conn, key, found.answered)
    return screens.kept(turn, pressed.target, found)


@registry.control("tt.edit")
async def edit_asked(turn: Turn, pressed: Control) -> Reply:
    """Ask for the words of the hint."""
    require_private(turn)
    key = _answer(pressed)
    await _entry(turn, pressed.target, key)
    turn.expect(HINT, course=str(pressed.target), answer=str(key))
    return Reply(
        turn.say("Write the hint as learners shall read it."),
        rows=screens.back(turn, pressed.target),
        prompt=Prompt(turn.say("The hint"), multiline=True, payload=str(pressed)),
    )


@typed(HINT)
async def edited(turn: Turn, text: str) -> Reply:
    """Keep an answer as a hint, in the instructor's words."""
    data = turn.expecting.data if turn.expecting else {}
    course, key = UUID(data["course"]), UUID(data["answer"])
    require_private(turn)
    found = await _entry(turn, course, key)
    await instructors.pin(turn.conn, key, text)
    turn.expect_nothing()
    return screens.kept(turn, course, found)


@registry.control("tt.unpin")
async def unpinned(turn: Turn, pressed: Control) -> Reply:
    """Take a hint back."""
    require_private(turn)
    key = _answer(pressed)
    await instructors.unpin(turn.conn, key)
    return screens.answer(turn, pressed.target, await _entry(turn, pressed.target, key))


@registry.control("tt.level")
async def level(turn: Turn, pressed: Control) -> Reply:
    """How far help goes: ask, or set it. The id is the course's, or an item's."""
    require_private(turn)
    place = await instructors.place_of(turn.conn, pressed.target)
    if not pressed.argument:
        return screens.levels(turn, place)
    number = pressed.number
    if not 0 <= number <= HIGHEST:
        raise StaleControl
    was = await _guided(turn, place)
    await _guide(turn, place, was, level=number)
    return await _shown(turn, place)


@registry.control("tt.style")
async def style(turn: Turn, pressed: Control) -> Reply:
    """How answers are written: ask, or set it."""
    require_private(turn)
    place = await instructors.place_of(turn.conn, pressed.target)
    if not pressed.argument:
        return screens.styles(turn, place)
    if pressed.argument not in STYLES:
        raise StaleControl
    was = await _guided(turn, place)
    await _guide(turn, place, was, style=pressed.argument)
    return await _shown(turn, place)


@registry.control("tt.notes")
async def notes_asked(turn: Turn, pressed: Control) -> Reply:
    """Ask for the notes of a course or an item."""
    require_private(turn)
    place = await instructors.place_of(turn.conn, pressed.target)
    was = await _guided(turn, place)
    turn.expect(NOTES, place=str(pressed.target))
    return screens.notes(turn, place, was.notes, str(pressed))


@typed(NOTES)
async def notes_typed(turn: Turn, text: str) -> Reply:
    """Set the notes; a single dash takes them away."""
    require_private(turn)
    data = turn.expecting.data if turn.expecting else {}
    place = await instructors.place_of(turn.conn, UUID(data["place"]))
    was = await _guided(turn, place)
    await _guide(turn, place, was, notes="" if text.strip() == "-" else text)
    turn.expect_nothing()
    return await _shown(turn, place)


async def _guided(turn: Turn, place: instructors.Place) -> Guidance:
    if place.component is None:
        return await guidance.course_notes(turn.conn, place.course)
    return await guidance.own_notes(turn.conn, place.component)


async def _guide(
    turn: Turn,
    place: instructors.Place,
    was: Guidance,
    *,
    level: int | None = None,
    style: str | None = None,
    notes: str | None = None,
) -> None:
    await instructors.guide(
        turn.conn,
        course=place.course,
        component=place.component,
        level=was.own_level if level is None else level,
        style=was.own_style if style is None else guidance.style_of(style),
        notes=was.notes if notes is None else notes,
    )


async def _shown(turn: Turn, place: instructors.Place) -> Reply:
    if place.component is None:
        return await _overview(turn, place.course)
    return screens.item(turn, place, await guidance.notes_for(turn.conn, place.component))


@registry.control("tt.item")
async def item(turn: Turn, pressed: Control) -> Reply:
    """How the tutor helps with one item."""
    require_private(turn)
    turn.expect_nothing()
    return await _shown(turn, await instructors.place_of(turn.conn, pressed.target))


async def _entry(turn: Turn, course: UUID, answer: UUID) -> Entry:
    return await instructors_log.entry(turn.conn, turn.seals, course, answer)


def _answer(pressed: Control) -> UUID:
    try:
        return ids.from_base62(pressed.argument)
    except ValueError:
        raise StaleControl from None


def _filter(word: str) -> Only:
    found = next((one for one in FILTERS if one == word), None)
    if found is None:
        raise StaleControl
    return found
