"""The event a task is answering, so that metrics and logs can say which; never what was typed.

Whoever answers an event opens a `Request`. Deeper code says how it went with `note`, and the log
carries its id and keeps back its words.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bots.conversation.dialogue import Command, Incoming, Press, Text, Upload

if TYPE_CHECKING:  # what logs must not wait for
    from tutor.question import Ended

Outcome = Literal["answered", "refused", "fault"]

_current: ContextVar["Request | None"] = ContextVar("request", default=None)


@dataclass(slots=True)
class Request:
    """One event on its way through.

    Args:
        id: short, random; stands in each line of the log that is about this event.
        door: the platform.
        action: the command's verb, the button's action, "text" or "upload".
        private: what the person typed; the log leaves it out wherever it turns up.
        outcome: how it went so far.
        answers: what the tutor answered, and what that took.
    """

    id: str
    door: str
    action: str
    private: tuple[str, ...] = ()
    outcome: Outcome = "answered"
    answers: "list[Ended]" = field(default_factory=list)


def current() -> Request | None:
    """The event that this task answers, if any."""
    return _current.get()


def note(outcome: Outcome) -> None:
    """Say how the present event went; without one, nothing happens."""
    request = _current.get()
    if request is not None:
        request.outcome = outcome


def note_answer(ended: "Ended") -> None:
    """Say what an answer of the tutor's took; without a present event, nothing happens."""
    request = _current.get()
    if request is not None:
        request.answers.append(ended)


@contextmanager
def answering(request: Request) -> Iterator[Request]:
    """Make this the present event of the task while the block runs."""
    before = _current.get()
    _current.set(request)
    try:
        yield request
    finally:
        _current.set(before)


def private_words(incoming: Incoming) -> tuple[str, ...]:
    """What the person wrote in this event, as the log must not show it."""
    match incoming.action:
        case Command(_, arguments):
            return (arguments, *arguments.split("\n"))
        case Text(text):
            return (text, *text.split("\n"))
        case Upload(files, text):
            names = tuple(file.name for file in files)
            return (text, *text.split("\n"), *names)
        case Press():
            return ()
