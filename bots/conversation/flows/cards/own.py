"""Cards of one's own: written, changed, put aside, and made from questions that were missed."""

from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, control
from bots.conversation.dialogue import Button, Prompt, Reply, escape
from bots.conversation.flows.cards import screens
from bots.conversation.flows.cards.screens import Sitting
from bots.conversation.flows.general import line_button
from bots.conversation.flows.quiz.question import option_lines, prompt_text
from bots.conversation.registry import typed
from bots.conversation.turn import Turn
from domain.errors import N_, Refusal
from domain.quizzes import review as quiz_review
from domain.quizzes.review import Reviewed
from domain.quizzes.sheet import load_sheet
from domain.review import decks, service, writing
from domain.review.decks import Sides
from domain.review.writing import key_of

TYPED_ADD = "cards.add"
TYPED_EDIT = "cards.edit"
_BETWEEN = ("|", " = ")


async def add(turn: Turn, text: str) -> Reply:
    """Write a card from "front | back", or ask for it."""
    if not text:
        turn.expect(TYPED_ADD)
        return Reply(
            turn.say("Type the card like this: front | back"),
            rows=((line_button(turn.say("My cards"), "/cards"),),),
            prompt=Prompt(turn.say("front | back"), "2 ** 3 | 8"),
        )
    front, back = sides_in(text)
    title = turn.say("My cards")
    sides = Sides(key_of(front), front, back)
    card, is_new = await writing.put_card(turn.conn, turn.user_id, title, sides)
    turn.expect(TYPED_ADD)
    if is_new:
        words = turn.say("Kept in “{deck}”: {front}", deck=title, front=escape(front))
    else:
        words = turn.say("You had this card; its back is new: {front}", front=escape(front))
    return Reply(
        words + "\n\n" + turn.say("Type the next one, or go on."),
        rows=((_delete_button(turn, card), line_button(turn.say("My cards"), "/cards")),),
        prompt=Prompt(turn.say("front | back")),
    )


@typed(TYPED_ADD)
async def typed_add(turn: Turn, text: str) -> Reply:
    """Write the card that was asked for."""
    return await add(turn, text.strip())


def sides_in(text: str) -> tuple[str, str]:
    """Front and back, written with | or = between them.

    Raises:
        Refusal: there are no two sides.
    """
    for between in _BETWEEN:
        front, found, back = text.partition(between)
        if found:
            writing.check_sides(front.strip(), back.strip())
            return front.strip(), back.strip()
    raise Refusal(
        N_("Write both sides with | between them. For example: /cards add 2 ** 3 | 8"),
        choices=("/cards",),
    )


@registry.control("card.edit")
async def editing(turn: Turn, pressed: Control) -> Reply:
    """Ask for the new text of a card."""
    face = await decks.card_of(turn.conn, turn.user_id, pressed.target)
    _, now = Sitting.read(pressed.argument)
    turn.expect(TYPED_EDIT, card=str(face.id), state=now.write(0))
    text = turn.say("Type the card anew, with | between the sides. It is now:")
    text += f"\n\n{screens.side(face, face.front)} | {screens.side(face, face.back)}"
    if not face.is_own:
        text += "\n\n" + turn.say("You get a copy of your own. The course's card stays away then.")
    return Reply(
        text,
        rows=(
            (
                _delete_button(turn, face.id),
                Button(turn.say("Leave it"), control("card", face.id, now.write(0))),
            ),
        ),
        prompt=Prompt(turn.say("front | back")),
    )


@typed(TYPED_EDIT)
async def typed_edit(turn: Turn, text: str) -> Reply:
    """Take the new text of a card."""
    data = turn.expecting.data if turn.expecting else {}
    face = await decks.card_of(turn.conn, turn.user_id, UUID(data["card"]))
    front, back = sides_in(text)
    card = await writing.edit_card(
        turn.conn, turn.user_id, face, Sides("", front, back), turn.say("My cards"), turn.now
    )
    turn.expect_nothing()
    return Reply(
        turn.say("Changed: {front}", front=escape(front)),
        rows=((_onward(turn, card, data["state"]),),),
    )


@registry.control("card.drop")
async def dropped(turn: Turn, pressed: Control) -> Reply:
    """Delete an own card, or keep a course's card away."""
    face = await decks.card_of(turn.conn, turn.user_id, pressed.target)
    await writing.delete_card(turn.conn, turn.user_id, face, turn.now)
    turn.expect_nothing()
    text = turn.say("Deleted: {front}", front=screens.side(face, face.front))
    return Reply(
        text,
        rows=(
            (
                Button(turn.say("Go on"), control("card.begin"), primary=True),
                line_button(turn.say("My cards"), "/cards"),
            ),
        ),
    )


@registry.control("card.rest")
async def resting(turn: Turn, pressed: Control) -> Reply:
    """Put a card aside for 30 days."""
    face = await decks.card_of(turn.conn, turn.user_id, pressed.target)
    await writing.rest_card(turn.conn, turn.user_id, face.id, turn.now)
    _, seen, _ = await service.memory_of(turn.conn, turn.user_id, face.id)
    _, now = Sitting.read(pressed.argument)
    return Reply(
        turn.count("It rests for {n} day.", "It rests for {n} days.", writing.REST.days),
        rows=((_onward(turn, face.id, now.write(seen)),),),
    )


@registry.control("card.miss")
async def missed(turn: Turn, pressed: Control) -> Reply:
    """Make a card of a quiz question that was missed."""
    one = await quiz_review.review(turn.conn, turn.user_id, pressed.target, pressed.number)
    title = turn.say("Missed questions")
    is_new = await _card_of(turn, one, title)
    if is_new is None:
        raise Refusal(N_("This quiz keeps its answers to itself, so there is nothing to learn."))
    if is_new:
        text = turn.say("It is a card in “{deck}” now.", deck=title)
    else:
        text = turn.say("This question is a card already.")
    review = control("quiz.review", pressed.target, pressed.number)
    return Reply(
        text,
        rows=(
            (
                Button(turn.say("Back to the question"), review, primary=True),
                line_button(turn.say("My cards"), "/cards"),
            ),
        ),
        notice=text,
    )


@registry.control("card.misses")
async def all_missed(turn: Turn, pressed: Control) -> Reply:
    """Make cards of all questions of a quiz that were missed."""
    title = turn.say("Missed questions")
    sheet = await load_sheet(turn.conn, turn.user_id, pressed.target)
    made = []
    for position in range(len(sheet.slots)):
        one = await quiz_review.review(turn.conn, turn.user_id, sheet.id, position)
        if not one.is_correct:
            made.append(await _card_of(turn, one, title))
    kept = [is_new for is_new in made if is_new is not None]
    text = turn.count(
        "{n} question is in “{deck}” now.",
        "{n} questions are in “{deck}” now.",
        len(kept),
        deck=title,
    )
    return Reply(
        text,
        rows=(
            (
                Button(turn.say("Result"), control("quiz.result", sheet.id)),
                line_button(turn.say("My cards"), "/cards", primary=True),
            ),
        ),
        notice=text,
    )


async def _card_of(turn: Turn, one: Reviewed, title: str) -> bool | None:
    """Keep a question as a card; whether it is new, None when its answer may not be shown."""
    if not one.shows_key or not one.right:
        return None
    back = "\n".join([*one.right, *([one.explanation] if one.explanation else [])])
    prompt = prompt_text(one.question).replace("\\_", "_")
    front = "\n".join([prompt, *option_lines(one.question)]).strip()[: writing.LONGEST_SIDE]
    sides = Sides(key_of(front), front, back.strip()[: writing.LONGEST_SIDE])
    _, is_new = await writing.put_card(turn.conn, turn.user_id, title, sides)
    return is_new


def _delete_button(turn: Turn, card: UUID) -> Button:
    return Button(turn.say("Delete card"), control("card.drop", card))


def _onward(turn: Turn, card: UUID, state: str) -> Button:
    return Button(turn.say("Go on"), control("card", card, state), primary=True)
