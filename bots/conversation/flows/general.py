"""/help, /stop, and the buttons that stand for a typed command."""

from bots.conversation import registry
from bots.conversation.controls import Control, StaleControl, control
from bots.conversation.dialogue import Button, Reply
from bots.conversation.registry import command
from bots.conversation.texts import Texts
from bots.conversation.turn import Answer, Turn
from bots.conversation.unknown import no_such_command
from bots.conversation.vocabulary import BY_NAME, UNTYPED, VERBS, label_of
from domain.errors import N_

LONGEST_LABEL = 64  # characters on a button
KEYS = {
    "quiz": N_(
        "A question is open. Press a button, or type the answer: a letter (b), letters (a c), "
        "true or false, a number, words, an order (2 1 3), or pairs (1b 2a)."
    ),
    "code": N_(
        "A challenge is open. Send your code between two lines of ```, or type /code submit FILE."
    ),
    "card": N_(
        "A card is open. Type anything to see its back, then 1 (again), 2 (hard), 3 (good) or "
        "4 (easy)."
    ),
    "cards.add": N_("I am waiting for a card: front | back."),
    "cards.edit": N_("I am waiting for the card's new text: front | back."),
    "cards.import": N_("I am waiting for a deck file."),
    "goal.new": N_("I am waiting for a goal, such as 12 lessons by 1 Dec."),
    "settings.time": N_("I am waiting for your city or offset."),
    "link.code": N_("I am waiting for the code that your other account shows."),
    "remind.time": N_("I am waiting for a time, such as 20:00."),
    "saved.note": N_("I am waiting for a note for the page you saved."),
}


def line_button(label: str, line: str, *, primary: bool = False) -> Button:
    """A button that does what typing a command line does."""
    return Button(label, control("say", None, line.removeprefix("/")), primary=primary)


def choice_button(line: str, texts: Texts, *, typed: bool = False) -> Button:
    """A button for a next step that is known as a command line only.

    Args:
        line: what it does.
        texts: the reader's language.
        typed: show the line itself, for somebody who types.
    """
    if typed and not line.startswith(UNTYPED):
        return line_button(line, line)
    words, rest = label_of(line)
    label = texts.say(words) if words != line else line
    return line_button((f"{label}: {rest}" if rest else label)[:LONGEST_LABEL], line)


@registry.control("say")
async def said(turn: Turn, pressed: Control) -> Answer:
    """Run the command line that the button stands for."""
    verb, _, arguments = pressed.argument.partition(" ")
    handler = registry.commands.get(verb)
    if handler is None:
        raise StaleControl
    if verb not in registry.asides:
        turn.expect_nothing()
    return await handler(turn, arguments)


@command("help", aside=True)
async def help_(turn: Turn, arguments: str) -> Reply:
    """List the commands, or explain one."""
    if arguments:
        return _explain(turn, arguments.split()[0].removeprefix("/").lower())
    lines = [f"- `{verb.line}` {turn.say(verb.summary)}" for verb in VERBS]
    now = turn.expecting.kind if turn.expecting else ""
    keys = [turn.say(KEYS[now]), ""] if now in KEYS else []
    text = "\n".join(
        [
            *keys,
            turn.say("You can do everything with buttons. These commands do the same:"),
            "",
            *lines,
            "",
            turn.say("Type /help and a word, such as /help learn, to read more."),
        ]
    )
    return Reply(text, rows=((line_button(turn.say("Menu"), "/start"),),))


def _explain(turn: Turn, name: str) -> Reply:
    verb = BY_NAME.get(name)
    if verb is None:
        raise no_such_command(name)
    lines = [f"`{verb.line}`", "", turn.say(verb.summary) + "."]
    if verb.examples:
        lines += ["", turn.say("For example:"), ""]
        lines += [f"- `{example}`" for example in verb.examples]
    return Reply("\n".join(lines))


@command("stop")
async def stop(turn: Turn, arguments: str) -> Reply:  # noqa: ARG001 - the handlers' signature
    """Leave whatever typed text was answering."""
    turn.expect_nothing()
    return Reply(
        turn.say("Stopped. Nothing is lost: /learn continues where you were."),
        rows=(
            (line_button(turn.say("Continue"), "/learn"), line_button(turn.say("Menu"), "/start")),
        ),
    )
