"""What a typed line means: a command, a press of a shown button, or text. Pure."""

import re
from collections.abc import Sequence

from bots.conversation.dialogue import Action, Button, Command, Press, Text

SHORTEST_PREFIX = 2  # letters that may stand for a whole label, when only one label begins so
_VERB = re.compile(r"/[A-Za-z_]*")


def understand(line: str, buttons: Sequence[Button], awaits_text: bool) -> Action:
    """The action behind a line.

    `/3` always presses the third button. While the last reply waits for typed text, any other
    line is that text unless it is exactly a label or a command; otherwise a number, a label or
    the beginning of a single label presses a button.

    Args:
        line: what was typed, without its line end; code has several.
        buttons: those of the last reply, in reading order.
        awaits_text: whether the last reply asked for typed text.
    """
    number = pressed(line, buttons, awaits_text)
    if number:
        return Press(buttons[number - 1].payload)
    word, *rest = line.split(maxsplit=1) or [""]
    # An answer may begin with a slash: "/26", "/etc/hosts".
    if word.startswith("/") and (not awaits_text or _VERB.fullmatch(word)):
        return Command(word[1:], rest[0].rstrip() if rest else "")
    return Text(line.rstrip("\r\n"))


def pressed(line: str, buttons: Sequence[Button], awaits_text: bool) -> int:
    """The number of the button that a line presses, from 1, or 0."""
    text = line.strip()
    if text.startswith("/"):
        return _number(text[1:], len(buttons))
    labels = [button.label.casefold() for button in buttons]
    wish = text.casefold()
    if wish not in labels:  # as it is drawn; a label such as "[x] A" has brackets of its own
        wish = wish.strip("[]")
    if wish in labels:
        return labels.index(wish) + 1
    if awaits_text or not wish:
        return 0
    if number := _number(wish, len(buttons)):
        return number
    hits = [n for n, label in enumerate(labels, start=1) if label.startswith(wish)]
    return hits[0] if len(hits) == 1 and len(wish) >= SHORTEST_PREFIX else 0


def recalled(text: Text, earlier: Sequence[Button]) -> Action:
    """A press of a button that a refusal took from the screen, when its label was typed whole.

    One letter is no label here: it may be meant for a question that is not open any more.
    """
    wish = text.text.strip().casefold()
    if len(wish) < SHORTEST_PREFIX:
        return text
    pressed = (Press(button.payload) for button in earlier if button.label.casefold() == wish)
    return next(pressed, text)


def keys(buttons: Sequence[Button], awaits_text: bool) -> list[str]:
    """The shortest thing to type for each button: its one letter, its number, or `/number`."""
    found = []
    for number, button in enumerate(buttons, start=1):
        wishes = [button.label] if len(button.label) == 1 else [str(number)]
        presses = (wish for wish in wishes if pressed(wish, buttons, awaits_text) == number)
        found.append(next(presses, f"/{number}"))
    return found


def _number(text: str, most: int) -> int:
    """A button number from 1 to `most`, or 0."""
    return int(text) if re.fullmatch("[0-9]{1,3}", text) and 1 <= int(text) <= most else 0
