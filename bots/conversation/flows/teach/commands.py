"""/teach: what people who teach a course do from the chat; in private only."""

from bots.conversation.dialogue import Reply
from bots.conversation.flows.general import line_button
from bots.conversation.flows.teach import stats, tutor
from bots.conversation.registry import command
from bots.conversation.turn import Answer, Turn
from domain.errors import N_, Refusal
from domain.tutoring import instructors

UNKNOWN = N_("I know {line} only. Write the course behind it if you teach several.")


@command("teach")
async def teach(turn: Turn, arguments: str) -> Answer:
    """Open the tutor of a course, or say which courses somebody teaches."""
    tutor.require_private(turn)
    word, _, rest = arguments.strip().partition(" ")
    if word.casefold() == "tutor":
        return await tutor.open_tutor(turn, rest)
    if word.casefold() == "stats":
        return await stats.stats(turn, rest)
    if word:
        known = ("/teach tutor", "/teach stats")
        raise Refusal(UNKNOWN, {"line": ", ".join(known)}, choices=known)
    courses = await instructors.taught(turn.conn)
    if len(courses) < 2:
        return await tutor.open_tutor(turn, "")
    buttons = tuple(
        line_button(one.title[:40], f"/teach tutor {one.slug}") for one in courses[: tutor.PAGE]
    )
    return Reply(turn.say("These are your courses. Whose tutor do you want to see?"), (buttons,))
