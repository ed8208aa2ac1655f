"""A router whose answers are counted, timed, and named in the log."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from bots.conversation import registry
from bots.conversation.controls import StaleControl, parse
from bots.conversation.dialogue import Action, Command, Incoming, Press, Reply, Upload
from bots.conversation.vocabulary import BY_NAME
from bots.observability.metrics import Metrics
from bots.observability.request import Request, answering, private_words
from domain import ids


class Answers(Protocol):
    """Whatever answers events: the router, or something around it."""

    def answer(self, incoming: Incoming) -> AsyncGenerator[Reply]:
        """The replies to one event, each safe to show when it is yielded."""
        ...


class Observed:
    """Answers as another router does, and counts.

    Args:
        router: does the work.
        metrics: where it is counted.
    """

    def __init__(self, router: Answers, metrics: Metrics) -> None:
        self._router = router
        self._metrics = metrics

    async def answer(self, incoming: Incoming) -> AsyncGenerator[Reply]:
        """The replies to one event; what the door does between them is logged under its id too."""
        door = incoming.actor.platform
        action = action_of(incoming.action)
        request = Request(ids.short_code(), door, action, private_words(incoming))
        began = time.perf_counter()
        first = last = None
        with answering(request):
            async with aclosing(self._router.answer(incoming)) as replies:
                async for reply in replies:
                    last = time.perf_counter() - began
                    if first is None:
                        first = last
                    yield reply
        if first is not None and last is not None:
            self._metrics.replied(door, "first", first)
            self._metrics.replied(door, "last", last)
        self._metrics.answered(door, action, request.outcome)
        for ended in request.answers:
            self._metrics.tutor.answered(ended)


def action_of(action: Action) -> str:
    """A word of the program for what somebody did: few enough to be a label."""
    if isinstance(action, Command):
        verb = action.verb.lower()
        return verb if verb in BY_NAME else "unknown"
    if isinstance(action, Press):
        try:
            name = parse(action.payload).action
        except StaleControl:
            return "stale"
        return f"press:{name}" if name in registry.controls else "stale"
    return "upload" if isinstance(action, Upload) else "text"
