"""What a button carries: `v1:<action>:<id>:<argument>`, at most 64 bytes, and no secret.

The server looks everything else up when the button is pressed, so a button made before a restart,
or before an update of the course, still works or says why not.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from domain import ids
from domain.errors import N_, Refusal

VERSION = "v1"
MAX_BYTES = 64  # Telegram's callback_data; Discord's custom_id allows 100
MOST_DIGITS = 6  # of a number in an argument
NO_ID = "-"
_ACTION = re.compile(r"[a-z][a-z0-9.]{0,15}")


class StaleControl(Refusal):
    """The button is from an older message and cannot be understood any more."""

    def __init__(self) -> None:
        super().__init__(
            N_("This button is from an older message. Open what you were doing with /learn."),
            choices=("/learn", "/start"),
        )


@dataclass(frozen=True, slots=True)
class Control:
    """One parsed payload.

    Args:
        action: which handler answers, such as "lesson.go".
        id: the row it is about, if any.
        argument: a short word or number, such as a page.
    """

    action: str
    id: UUID | None = None
    argument: str = ""

    def __str__(self) -> str:
        """The payload a button carries.

        Raises:
            ValueError: the action is malformed or the payload is over 64 bytes: a fault of ours.
        """
        if not _ACTION.fullmatch(self.action):
            raise ValueError(f"not an action: {self.action!r}")
        key = NO_ID if self.id is None else ids.to_base62(self.id)
        payload = f"{VERSION}:{self.action}:{key}:{self.argument}"
        if len(payload.encode()) > MAX_BYTES:
            raise ValueError(f"payload over {MAX_BYTES} bytes: {payload!r}")
        return payload

    @property
    def number(self) -> int:
        """The argument as a whole number.

        Raises:
            StaleControl: it is not one, or larger than any that we write.
        """
        return whole_number(self.argument)

    @property
    def target(self) -> UUID:
        """The id the control must have.

        Raises:
            StaleControl: it has none.
        """
        if self.id is None:
            raise StaleControl
        return self.id


def whole_number(word: str) -> int:
    """A whole number that stands in an argument.

    Raises:
        StaleControl: it is not one, or larger than any that we write.
    """
    if not word.isdecimal() or len(word) > MOST_DIGITS:
        raise StaleControl
    return int(word)


def control(action: str, target: UUID | None = None, argument: str | int = "") -> str:
    """The payload for a button."""
    return str(Control(action, target, str(argument)))


def parse(payload: str) -> Control:
    """Read a payload back.

    Raises:
        StaleControl: another version, a foreign payload, or a damaged one.
    """
    parts = payload.split(":", 3)
    if len(parts) != 4 or parts[0] != VERSION or not _ACTION.fullmatch(parts[1]):
        raise StaleControl
    try:
        key = None if parts[2] == NO_ID else ids.from_base62(parts[2])
    except ValueError as error:
        raise StaleControl from error
    return Control(parts[1], key, parts[3])
