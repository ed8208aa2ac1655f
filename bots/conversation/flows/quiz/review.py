"""After a quiz: review, objections to a mark, reports of a bad question."""

from uuid import UUID

from bots.conversation import registry
from bots.conversation.controls import Control, StaleControl, control
from bots.conversation.dialogue import Button, Prompt, Reply
from bots.conversation.flows.quiz import screens
from bots.conversation.turn import Answer, Turn
from domain.quizzes import review, service

TYPED_ANSWER = "quiz"
TYPED_REPORT = "quiz.report"


@registry.control("quiz.review")
async def reviewed(turn: Turn, pressed: Control) -> Answer:
    """Show one question beside its answer."""
    one = await review.review(turn.conn, turn.user_id, pressed.target, pressed.number)
    return screens.reviewed(turn, one)


@registry.control("quiz.appeal")
async def appealed(turn: Turn, pressed: Control) -> Answer:
    """Record that the learner's answer was right."""
    new = await review.appeal(turn.conn, turn.user_id, pressed.target, pressed.number)
    if new:
        text = turn.say("Noted. The author will look at your answer. Thank you.")
    else:
        text = turn.say("That is noted already. The author will look at it.")
    return Reply(text, rows=(_back_row(turn, pressed),), notice=text)


@registry.control("quiz.report")
async def reporting(turn: Turn, pressed: Control) -> Answer:
    """Ask what is wrong with a question; `<position>!` sends without a note."""
    position = pressed.argument.removesuffix("!")
    if not position.isdecimal():
        raise StaleControl
    if pressed.argument.endswith("!"):
        return await _report(turn, pressed.target, int(position), "")
    turn.expect(TYPED_REPORT, attempt=str(pressed.target), position=int(position))
    send = control("quiz.report", pressed.target, f"{position}!")
    back = control("quiz.go", pressed.target, position)
    return Reply(
        turn.say("What is wrong with this question? One sentence is enough."),
        rows=(
            (
                Button(turn.say("Send without a note"), send),
                Button(turn.say("Back to the question"), back),
            ),
        ),
        prompt=Prompt(turn.say("What is wrong"), payload=str(pressed)),
    )


async def _report(turn: Turn, attempt: UUID, position: int, note: str) -> Reply:
    new = await review.report(turn.conn, turn.user_id, attempt, position, note)
    if (await service.standing(turn.conn, turn.user_id, attempt, turn.now)).sheet.is_open:
        turn.expect(TYPED_ANSWER, attempt=str(attempt), position=position)
    else:
        turn.expect_nothing()
    if new:
        text = turn.say("Reported. The author will look at the question. Thank you.")
    else:
        text = turn.say("You have reported this question already. The author will look at it.")
    back = Button(
        turn.say("Back to the question"), control("quiz.go", attempt, position), primary=True
    )
    return Reply(text, rows=((back,),), notice=text)


def _back_row(turn: Turn, pressed: Control) -> tuple[Button, ...]:
    onward = control("quiz.skip", pressed.target, pressed.number)
    return (Button(turn.say("Go on"), onward, primary=True),)


@registry.typed(TYPED_REPORT)
async def typed_report(turn: Turn, text: str) -> Answer:
    """Say what is wrong with a question."""
    attempt, position = expected(turn)
    return await _report(turn, attempt, position, text.strip())


def expected(turn: Turn) -> tuple[UUID, int]:
    """The attempt and the position that typed text is about."""
    data = turn.expecting.data if turn.expecting else {}
    return UUID(data["attempt"]), int(data["position"])
