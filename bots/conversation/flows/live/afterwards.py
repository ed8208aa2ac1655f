"""When a live quiz is over: everybody's own review, cards of what they missed, and the report."""

from bots.conversation import registry
from bots.conversation.controls import Control
from bots.conversation.dialogue import File, Reply
from bots.conversation.flows.general import line_button
from bots.conversation.flows.live.commands import round_of
from bots.conversation.turn import Answer, Later, Turn
from bots.live.boards import board_lines
from bots.live.report import as_csv, as_picture
from domain.errors import N_, Refusal
from domain.live import playing, scene
from domain.live.rounds import Live
from domain.quizzes import marking
from domain.review.decks import Sides
from domain.review.writing import LONGEST_SIDE, key_of, put_cards

REPORTED = 50  # places in the text; the table has all


@registry.control("lv.mine")
async def mine(turn: Turn, pressed: Control) -> Answer:
    """What the presser answered, question by question, in private.

    Raises:
        Refusal: it is not over, or they did not play.
    """
    live = await _ended(turn, pressed)
    reviewed = await playing.review(turn.conn, live, turn.user_id)
    lines = [turn.say("**{title}: your answers**", title=live.title)]
    for one in reviewed:
        view = one.posed.view
        lines += ["", f"{one.posed.position + 1}. {view.prompt}"]
        if one.answer is None:
            lines.append(turn.say("No answer."))
        else:
            said = "; ".join(marking.in_words(view, one.posed.order, one.answer))
            lines.append(
                turn.say("Right: {answer}", answer=said)
                if one.is_right
                else turn.say("Yours: {answer}", answer=said)
            )
        if not one.is_right:
            key = "; ".join(marking.right_answer(one.posed.question, view))
            lines.append(turn.say("The answer: {answer}", answer=key))
    return Reply("\n".join(lines))


@registry.control("lv.cards")
async def cards(turn: Turn, pressed: Control) -> Answer:
    """Keep what the presser got wrong as flashcards of their own.

    Raises:
        Refusal: it is not over, they did not play, or they got all of it right.
    """
    live = await _ended(turn, pressed)
    sides = []
    for one in await playing.review(turn.conn, live, turn.user_id):
        if not one.is_right:
            key = "; ".join(marking.right_answer(one.posed.question, one.posed.view))
            back = f"{key}\n\n{one.posed.question.explanation}".strip()
            front = one.posed.question.prompt
            sides.append(Sides(key_of(front), front[:LONGEST_SIDE], back[:LONGEST_SIDE]))
    if not sides:
        raise Refusal(N_("You got everything right. There is nothing to repeat."))
    fresh, known = await put_cards(turn.conn, turn.user_id, live.title, sides)
    words = turn.count(
        "{n} card is waiting in /cards.", "{n} cards are waiting in /cards.", fresh + known
    )
    return Reply(words, rows=((line_button(turn.say("Cards"), "/cards"),),))


@registry.control("lv.report")
async def report(turn: Turn, pressed: Control) -> Answer:
    """The whole board as a table, for whoever played.

    Raises:
        Refusal: it is not over, or they did not play.
    """
    live = await _ended(turn, pressed)
    if await playing.me(turn.conn, live, turn.user_id) is None and turn.user_id != live.host_id:
        raise Refusal(N_("You did not play in this quiz."))
    services = turn.services

    async def work() -> Reply:
        async with services.database.worker_unit_of_work() as conn:
            known = await scene.load(conn, live)
        text = "\n".join(
            [
                turn.say("**{title}: report**", title=live.title),
                "",
                *board_lines(known, turn.texts, most=REPORTED),
            ]
        )
        board = await as_picture(known, turn.texts)
        return Reply(text, files=(board, File("quiz-report.csv", as_csv(known))))

    return Later(Reply(turn.say("Here is the report.")), work)


async def _ended(turn: Turn, pressed: Control) -> Live:
    """The round, when it is over.

    Raises:
        Refusal: it is not.
    """
    live = await round_of(turn, pressed)
    if not live.at.is_over:
        raise Refusal(N_("Your review comes when the quiz is over."))
    return live
