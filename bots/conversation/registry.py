"""Which function answers what. Flow modules register themselves when they are imported."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bots.conversation.controls import Control
from bots.conversation.turn import Answer, Turn

CommandHandler = Callable[[Turn, str], Awaitable[Answer]]
ControlHandler = Callable[[Turn, Control], Awaitable[Answer]]
TypedHandler = Callable[[Turn, str], Awaitable[Answer]]
UploadHandler = Callable[[Turn], Awaitable[Answer]]
Handler = TypeVar("Handler")

commands: dict[str, CommandHandler] = {}
asides: set[str] = set()
controls: dict[str, ControlHandler] = {}
typed_texts: dict[str, TypedHandler] = {}
uploads: dict[str, UploadHandler] = {}


def _register(table: dict[str, Handler], name: str) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        if name in table:
            raise ValueError(f"two handlers for {name!r}")
        table[name] = handler
        return handler

    return keep


def command(verb: str, *, aside: bool = False) -> Callable[[CommandHandler], CommandHandler]:
    """Answer `/verb arguments`: `async def handler(turn, arguments) -> Reply | Later`.

    Args:
        verb: one of the vocabulary.
        aside: the command only looks at something: what typed text answered before, it answers
            after. Any other command ends that.
    """
    if aside:
        asides.add(verb)
    return _register(commands, verb)


def control(action: str) -> Callable[[ControlHandler], ControlHandler]:
    """Answer a press: `async def handler(turn, control) -> Reply | Later`."""
    return _register(controls, action)


def typed(kind: str) -> Callable[[TypedHandler], TypedHandler]:
    """Answer typed text while `turn.expect(kind)` stands: `async def handler(turn, text)`."""
    return _register(typed_texts, kind)


def upload(kind: str) -> Callable[[UploadHandler], UploadHandler]:
    """Answer files while `turn.expect(kind)` stands; "" answers files nobody asked for."""
    return _register(uploads, kind)
