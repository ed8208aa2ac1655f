"""/hint, giving up and solutions: help with a challenge, and what it costs."""

from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control
from bots.conversation.dialogue import Reply
from bots.conversation.flows.code import screens
from bots.conversation.flows.general import line_button
from bots.conversation.flows.learn import item_button
from bots.conversation.registry import command
from bots.conversation.turn import Answer, Turn
from domain.catalog import queries as catalog
from domain.catalog.rules import next_item
from domain.challenges import lists, queries, service
from domain.challenges.queries import Challenge
from domain.challenges.rules import next_hint
from domain.errors import N_, Refusal

QUESTION = "quiz"  # typed text answers a question of a quiz
TYPED = "code"  # what typed text answers: code for the open challenge


@command("hint", aside=True)
async def hint(turn: Turn, arguments: str) -> Answer:
    """The next hint of the named challenge, of the open question, or of the open challenge."""
    if not arguments and turn.expecting and turn.expecting.kind == QUESTION:
        data = turn.expecting.data
        asked = Control("quiz.hint", UUID(data["attempt"]), str(data["position"]))
        return await registry.controls["quiz.hint"](turn, asked)
    if arguments:
        challenge_id: UUID | None = (await lists.named(turn.conn, turn.user_id, arguments)).id
    else:
        challenge_id = await queries.opened_last(turn.conn, turn.user_id)
    if challenge_id is None:
        raise Refusal(
            N_("Hints belong to a challenge. Open one first, with /code."), choices=("/code",)
        )
    return await _ask_hint(turn, challenge_id)


@registry.control("code.hint")
async def hint_asked(turn: Turn, pressed: Control) -> Answer:
    """Say what the next hint costs."""
    return await _ask_hint(turn, pressed.target)


async def _ask_hint(turn: Turn, challenge_id: UUID) -> Answer:
    """The author's next hint; when there is none, the tutor's about what was tried."""
    found = await queries.challenge(turn.conn, turn.user_id, challenge_id)
    if next_hint(found.hints) is None and found.attempts and not found.is_done:
        return await registry.controls["ask.hint"](turn, Control("ask.hint", challenge_id))
    found, one = await service.ask_hint(turn.conn, turn.user_id, challenge_id, turn.now)
    turn.expect(TYPED, challenge=str(found.id))
    if one.cost and not found.is_done:
        return screens.hint_price(turn, found, one)
    return await _take_hint(turn, challenge_id, one.position)


@registry.control("code.take")
async def hint_taken(turn: Turn, pressed: Control) -> Answer:
    """Take a hint; pressed twice it costs once."""
    return await _take_hint(turn, pressed.target, pressed.number)


async def _take_hint(turn: Turn, challenge_id: UUID, position: int) -> Reply:
    found, one = await service.take_hint(turn.conn, turn.user_id, challenge_id, position, turn.now)
    turn.expect(TYPED, challenge=str(found.id))
    return screens.hint_shown(turn, found, one)


@registry.control("code.give")
async def give_up_asked(turn: Turn, pressed: Control) -> Answer:
    """Ask before giving up."""
    found = await queries.challenge(turn.conn, turn.user_id, pressed.target)
    if found.is_done:
        return await _solution(turn, found)
    return screens.give_up(turn, found)


@registry.control("code.gave")
async def given_up(turn: Turn, pressed: Control) -> Answer:
    """Give up, and show the solution."""
    gave = await service.give_up(turn.conn, turn.user_id, pressed.target, turn.now)
    turn.expect_nothing()
    return await _solution(turn, gave.challenge)


@registry.control("code.solution")
async def solution(turn: Turn, pressed: Control) -> Answer:
    """Show the solution of a challenge that is passed or given up."""
    found = await service.solution(turn.conn, turn.user_id, pressed.target)
    return await _solution(turn, found)


async def _solution(turn: Turn, found: Challenge) -> Reply:
    items = await catalog.outline(turn.conn, turn.user_id, found.course_id)
    following = next_item(items, found.id)
    onward = [item_button(turn, following, primary=True)] if following is not None else []
    onward.append(line_button(turn.say("Challenges"), "/code list"))
    return screens.solution(turn, found, onward)
