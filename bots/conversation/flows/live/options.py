"""The options of a live quiz, chosen by buttons while its lobby is open."""

from bots.conversation import registry
from bots.conversation.controls import Control, StaleControl, control
from bots.conversation.dialogue import Button, Reply
from bots.conversation.flows.live.commands import led
from bots.conversation.turn import Answer, Turn
from bots.live.lobby import rules_text
from domain.errors import N_, Refusal
from domain.live import making, rounds
from domain.live.options import MOST_TEAMS, understand
from domain.live.rounds import Live

NAMES = {
    "accuracy": N_("Every right answer"),
    "timed": N_("Right and quick"),
    "first": N_("First right answer"),
    "survival": N_("Three lives"),
}
SECONDS = (20, 30, 60, 120)


@registry.control("lv.opt")
async def options(turn: Turn, pressed: Control) -> Answer:
    """Show what can be chosen, to the host alone.

    Raises:
        Refusal: somebody else asks, or the quiz has begun.
    """
    live = await led(turn, pressed)
    if live.at.phase != "lobby":
        raise Refusal(N_("The quiz has begun. Its options can be changed in the lobby only."))
    return _screen(turn, live)


@registry.control("lv.set")
async def choose(turn: Turn, pressed: Control) -> Answer:
    """Change one option; the lobby in the chat follows.

    Raises:
        Refusal: as for `options`.
    """
    live = await led(turn, pressed)
    name, _, value = pressed.argument.partition(".")
    if not value:
        raise StaleControl
    _, chosen = understand(f"{name}:{value}", making.options_of(live))
    await making.change(turn.conn, live, chosen)
    return _screen(turn, await rounds.load(turn.conn, live.id), edits=True)


def _screen(turn: Turn, live: Live, *, edits: bool = False) -> Reply:
    chosen = making.options_of(live)
    teams = turn.count("{n} team", "{n} teams", live.teams) if live.teams else turn.say("No teams")
    text = "\n".join(
        [
            turn.say("**{title}: options**", title=live.title),
            "",
            rules_text(live, turn.texts),
            f"{teams}.",
            "",
            turn.say("Press what you want. The lobby shows it at once."),
        ]
    )
    typed = turn.say("Answer by buttons") if chosen.typed else turn.say("Answer by typing")
    rows = (
        tuple(_button(live, turn.say(words), f"mode.{mode}") for mode, words in NAMES.items()),
        (
            *(
                _button(live, turn.count("{n} second", "{n} seconds", one), f"time.{one}")
                for one in SECONDS
            ),
            _button(live, turn.say("No timer"), "time.no"),
        ),
        (
            _button(live, turn.say("No teams"), "teams.no"),
            *(
                _button(live, turn.count("{n} team", "{n} teams", one), f"teams.{one}")
                for one in range(2, MOST_TEAMS + 1)
            ),
            _button(live, typed, f"typed.{'no' if chosen.typed else 'yes'}"),
        ),
    )
    return Reply(text, rows=rows, edits=edits)


def _button(live: Live, label: str, argument: str) -> Button:
    return Button(label, control("lv.set", live.id, argument))
