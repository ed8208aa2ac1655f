"""People around one table: the wall they look at, their presses, and the process that directs."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from uuid import uuid4

from bots.conversation.dialogue import (
    Action,
    Actor,
    Command,
    Incoming,
    Place,
    Platform,
    Press,
    Reply,
)
from bots.conversation.router import Router
from bots.live.director import Director
from bots.live.stage import Budget, MessageGone
from domain.clock import ManualClock
from domain.database import Database
from tests.domain.quizzes import samples
from tests.domain.quizzes.seeding import Course, make_course

NUMBERS = count(1)


@dataclass
class Wall:
    """Chats whose messages are kept with every version they had; they fail when told to."""

    platform: Platform = "terminal"
    budget: Budget = field(default_factory=lambda: Budget(None, timedelta(seconds=3)))
    keyed: bool = False
    spare: bool = True
    messages: dict[str, list[Reply]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    calls: int = 0
    fault: Exception | None = None

    def has_spare(self, address: str) -> bool:
        return self.spare

    async def post(self, address: str, reply: Reply, key: str) -> str:
        self._call()
        name = f"{address}/{len(self.messages)}"
        self.messages[name] = [reply]
        self.order.append(name)
        return name

    async def edit(self, address: str, message: str, reply: Reply) -> None:
        self._call()
        if message not in self.messages:
            raise MessageGone
        self.messages[message].append(reply)

    def _call(self) -> None:
        self.calls += 1
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault

    @property
    def last(self) -> Reply:
        """What the newest message says now."""
        return self.messages[self.order[-1]][-1]


@dataclass
class Group:
    """People in one chat, the wall they look at, and the process that directs."""

    router: Router
    database: Database
    clock: ManualClock
    wall: Wall
    director: Director
    chat: str

    async def does(self, who: str, action: Action, **place: object) -> Reply:
        incoming = Incoming(
            f"{next(NUMBERS)}",
            self.clock.now(),
            Actor("terminal", f"{who}-{self.chat}", who),
            Place("group", self.chat, self.chat, "Our group", **place),  # type: ignore[arg-type]
            action,
        )
        replies = [reply async for reply in self.router.answer(incoming)]
        return replies[-1]

    async def press(self, who: str, label: str, **place: object) -> str:
        """Press a button of the newest message; what the presser is told."""
        (payload,) = [one.payload for one in self.wall.last.buttons if one.label.startswith(label)]
        return (await self.does(who, Press(payload), **place)).text

    async def look(self, seconds: float = 0) -> str:
        """Let time pass and the director work; the newest message."""
        for _ in range(3):  # do what is due, show it, and see that nothing is left
            await self.director.step()
            await self.director.settle()
        for _ in range(round(seconds)):
            self.clock.advance(timedelta(seconds=1))
            await self.director.step()
            await self.director.settle()
        await self.director.step()
        await self.director.settle()
        return self.wall.last.text


async def hosted(group: Group, words: str = "", questions: object = None) -> Course:
    course = await make_course(group.database)
    slug = f"osi-{uuid4().hex[:6]}"
    asked = questions if isinstance(questions, tuple) else (samples.SINGLE, samples.TRUE_FALSE)
    await course.quiz(slug, asked, kind="practice")
    reply = await group.does("Ada", Command("host", f"{slug} {words}"))
    assert "The lobby is open here" in reply.text
    await group.look()
    return course


def right_letter(group: Group, text: str = "Network") -> str:
    (line,) = [one for one in group.wall.last.text.splitlines() if one.endswith(f". {text}")]
    return line.removeprefix("- ")[0]
