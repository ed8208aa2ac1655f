"""The errors Stoa raises on purpose.

A `Refusal` is shown to the person, in their language; every other error is a fault of ours, is
logged with a short code, and the person is told that code and that nothing was lost.
"""

from collections.abc import Mapping


class StoaError(Exception):
    """Base of every error that Stoa raises itself."""


class Refusal(StoaError):
    """The request was understood and declined; the message says what to do next.

    Args:
        message: English sentence(s) with named placeholders, also the gettext message id. Mark it
            with `N_` where it is written, so that it is found for translation.
        values: the placeholders' values. They may hold learner text: the door escapes them.
        choices: the next valid steps as command lines ("/courses"), offered as buttons.
    """

    def __init__(
        self,
        message: str,
        values: Mapping[str, object] | None = None,
        choices: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.values = dict(values or {})
        self.choices = choices

    def __str__(self) -> str:
        return self.message.format(**self.values)


class NotFound(Refusal):
    """Nothing by that name is visible to this person; close names may be offered."""


class Conflict(StoaError):
    """Somebody else changed or claimed the row first; the caller may look again."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a message for translation without translating it here."""
    return message
