"""Somebody's account on any platform, writing straight to a router."""

from datetime import timedelta
from itertools import count
from typing import Literal

from bots.conversation.dialogue import (
    Action,
    Actor,
    Command,
    Incoming,
    Place,
    Platform,
    Press,
    Reply,
    Text,
)
from bots.delivery import render
from bots.observability.observed import Answers
from domain.clock import ManualClock
from domain.database import Database
from domain.notifications import claims

_numbers = count()


class Account:
    """One account; keeps the buttons of the newest reply, also of one that was not asked for.

    Args:
        router: answers.
        clock: the time of what it does.
        platform: where it is.
        subject: the platform's id of it.
        locale: as the platform tells it.
    """

    def __init__(
        self,
        router: Answers,
        clock: ManualClock,
        platform: Platform,
        subject: str,
        locale: str | None = None,
    ) -> None:
        self.router = router
        self.clock = clock
        self.actor = Actor(platform, subject, subject.title(), locale)
        self.seen: list[Reply] = []

    async def does(
        self,
        action: Action,
        kind: Literal["private", "group", "thread"] = "private",
        event: str | None = None,
    ) -> str:
        """One event; the text of the last reply."""
        place = Place(kind, self.actor.subject if kind == "private" else "group-1")
        name = event or f"event-{next(_numbers)}"
        incoming = Incoming(name, self.clock.now(), self.actor, place, action)
        self.clock.advance(timedelta(seconds=1))
        self.seen += [reply async for reply in self.router.answer(incoming)]
        return self.seen[-1].text

    async def says(self, line: str) -> str:
        """Type a command or a text."""
        if line.startswith("/"):
            verb, _, arguments = line.removeprefix("/").partition(" ")
            return await self.does(Command(verb, arguments))
        return await self.does(Text(line))

    async def presses(self, label: str) -> str:
        """Press a button of the newest reply."""
        return await self.does(Press(self.payload(label)))

    def payload(self, label: str) -> str:
        """What a button of the newest reply carries."""
        return next(button.payload for button in self.seen[-1].buttons if button.label == label)

    @property
    def labels(self) -> list[str]:
        """The buttons of the newest reply."""
        return [button.label for button in self.seen[-1].buttons]

    async def is_told(self, database: Database) -> list[str]:
        """The messages that wait for this account, delivered; the newest one has the buttons."""
        async with database.worker_unit_of_work() as conn:
            claimed = await claims.claim(
                conn,
                self.actor.platform,
                limit=20,
                lease=timedelta(hours=1),
                now=self.clock.now(),
                address=self.actor.subject,
            )
        replies = [render(message) for message in claimed]
        self.seen += replies
        return [reply.text for reply in replies]
