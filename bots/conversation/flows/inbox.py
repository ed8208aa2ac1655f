"""/progress inbox: what was sent without being asked for, also what did not arrive."""

from bots.conversation.dialogue import Reply
from bots.conversation.flows.general import line_button
from bots.conversation.posted import written
from bots.conversation.turn import Turn
from domain.errors import N_
from domain.notifications.inbox import Letter, latest

FATES = {
    "waiting": N_("on its way"),
    "undelivered": N_("it could not be delivered"),
}


async def inbox(turn: Turn) -> Reply:
    """The latest messages, newest first."""
    letters = await latest(turn.conn, turn.user_id, turn.now)
    if letters:
        parts = [turn.say("My latest messages to you:")]
        parts += [_letter(turn, one) for one in letters]
    else:
        parts = [turn.say("I have sent you no message of my own in the last month.")]
    return Reply(
        "\n\n".join(parts),
        rows=(
            (
                line_button(turn.say("My progress"), "/progress"),
                line_button(turn.say("Which messages come?"), "/mute"),
            ),
        ),
    )


def _letter(turn: Turn, one: Letter) -> str:
    zone = turn.learner.timezone
    head = f"{turn.texts.day(one.at, zone)}, {turn.texts.time(one.at, zone)}"
    if one.fate in FATES:
        head += f", {turn.say(FATES[one.fate])}"
    lines = " ".join(written(one.payload, turn.texts).split("\n\n"))
    return f"- **{head}**: {lines}"
