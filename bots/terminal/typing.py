"""What a typed line means: a command, a press of a shown button, or text. Pure."""

from collections.abc import Sequence

from bots.conversation.dialogue import Action, Button, Command, Press, Text

SHORTEST_PREFIX = 2  # letters that may stand for a whole label, when only one label begins so


def understand(line: str, buttons: Sequence[Button], awaits_text: bool) -> Action:
    """The action behind a line.

    `/3` always presses the third button. While the last reply waits for typed text, any other
    line is that text unless it is exactly a label; otherwise a number, a label or the beginning
    of a single label presses a button.

    Args:
        line: what was typed, without its line end.
        buttons: those of the last reply, in reading order.
        awaits_text: whether the last reply asked for typed text.
    """
    text = line.strip()
    if text.startswith("/"):
        number = _number(text[1:], len(buttons))
        if number:
            return Press(buttons[number - 1].payload)
        verb, _, arguments = text[1:].partition(" ")
        return Command(verb, arguments)
    button = _button(text, buttons, awaits_text)
    return Press(button.payload) if button else Text(line.rstrip("\r\n"))


def _button(text: str, buttons: Sequence[Button], awaits_text: bool) -> Button | None:
    labels = [button.label.casefold() for button in buttons]
    wish = text.casefold()
    if wish not in labels:  # as it is drawn; a label such as "[x] A" has brackets of its own
        wish = wish.strip("[]")
    if wish in labels:
        return buttons[labels.index(wish)]
    if awaits_text or not wish:
        return None
    number = _number(text, len(buttons))
    if number:
        return buttons[number - 1]
    if len(wish) < SHORTEST_PREFIX:
        return None
    hits = [button for button, label in zip(buttons, labels, strict=True) if label.startswith(wish)]
    return hits[0] if len(hits) == 1 else None


def _number(text: str, most: int) -> int:
    """A button number from 1 to `most`, or 0."""
    return int(text) if text.isascii() and text.isdecimal() and 1 <= int(text) <= most else 0
