"""/mute and /unmute: which kinds of messages come without being asked for."""

from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows.general import line_button
from bots.conversation.registry import command
from bots.conversation.turn import Turn
from bots.conversation.vocabulary import label_of
from domain.notifications import mutes
from domain.notifications.kinds import KINDS, REMINDER, SCHEDULED, scheduled
from domain.notifications.mutes import Wanted

ALL = "all"


@command("mute", aside=True)
async def mute(turn: Turn, arguments: str) -> Reply:
    """Show what comes, or leave a kind out from now on."""
    word = arguments.strip().lower()
    if not word:
        return _overview(turn, await mutes.wanted(turn.conn, turn.user_id))
    if word == ALL:
        await mutes.silence(turn.conn, turn.user_id)
        return _overview(turn, await mutes.wanted(turn.conn, turn.user_id))
    kind = scheduled(word)
    await mutes.mute(turn.conn, turn.user_id, [kind.name])
    text = turn.say("Muted: {kind}. From now on I leave it out.", kind=turn.say(kind.label))
    undo = line_button(turn.say("Undo"), f"/unmute {kind.name}")
    return Reply(text, rows=((undo, *_onward(turn)),))


@command("unmute", aside=True)
async def unmute(turn: Turn, arguments: str) -> Reply:
    """Let a kind come again."""
    word = arguments.strip().lower()
    kinds = SCHEDULED if word == ALL else (scheduled(word).name,)
    return _overview(turn, await mutes.unmute(turn.conn, turn.user_id, kinds))


def on_line(turn: Turn, wanted: Wanted) -> str:
    """What comes without being asked for, in one paragraph."""
    if not wanted.kinds:
        return turn.say("I tell you nothing without being asked.")
    kinds = ", ".join(turn.say(KINDS[kind].label) for kind in wanted.kinds if kind != REMINDER)
    if not kinds:
        return turn.say("Your reminder is all that comes without being asked for.")
    told = turn.say("Without being asked I tell you of: {kinds}.", kinds=kinds)
    if turn.learner.timezone_is_known:
        return told
    return told + " " + turn.say("It begins once I know your time zone: /settings time")


def _overview(turn: Turn, wanted: Wanted) -> Reply:
    lines = [on_line(turn, wanted), turn.say("A day brings one message at most.")]
    muted = [kind for kind in SCHEDULED if kind not in wanted.kinds]
    if muted and wanted.kinds:
        names = ", ".join(turn.say(KINDS[kind].label) for kind in muted)
        lines.append(turn.say("Muted: {kinds}.", kinds=names))
    toggles = tuple(_toggle(turn, kind, on=kind in wanted.kinds) for kind in SCHEDULED)
    return Reply("\n\n".join(lines), rows=(toggles, _onward(turn)))


def _toggle(turn: Turn, kind: str, *, on: bool) -> Button:
    line = f"/mute {kind}" if on else f"/unmute {kind}"
    return line_button(turn.say(label_of(line)[0]), line)


def _onward(turn: Turn) -> tuple[Button, ...]:
    reminder = line_button(turn.say("Reminder"), "/remind")
    return reminder, line_button(turn.say("Continue"), "/learn")
