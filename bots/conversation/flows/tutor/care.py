"""What somebody is told who seems to be in danger: fixed words, from no model, for no heart."""

from bots.conversation.dialogue import Reply
from bots.conversation.flows.general import line_button
from bots.conversation.turn import Turn
from domain import ids
from domain.tutoring import log
from tutor.care import ANSWER


async def told(turn: Turn) -> Reply:
    """Point to people. The log says that it was told, and not what was written."""
    feeling, people, danger, kept, otherwise = (turn.say(sentence) for sentence in ANSWER)
    text = f"{feeling} {people}\n\n**{danger}**\n\n{kept} {otherwise}"
    incoming = turn.incoming
    key = ids.event_uuid7(incoming.at, incoming.actor.platform, incoming.event_id, "tutor")
    await log.cared(turn.conn, turn.seals, key, turn.user_id, text, turn.now)
    return Reply(text, rows=((line_button(turn.say("Menu"), "/start"),),))
