"""Somebody who types, and what they see."""

from collections.abc import Sequence

from bots.conversation.dialogue import Reply
from bots.terminal.door import Door
from bots.terminal.plain import to_plain


class Person:
    """A learner at the terminal; `says` gives the last reply as plain text."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.replies: list[Reply] = []

    async def types(self, line: str) -> list[Reply]:
        """Type one line; all replies to it."""
        heard = [reply async for reply in self.door.hear(line)]
        self.replies += heard
        return heard

    async def says(self, line: str) -> str:
        """Type one line; the last reply in plain text."""
        return to_plain((await self.types(line))[-1].text)

    @property
    def labels(self) -> Sequence[str]:
        """The labels of the buttons on the screen."""
        return [button.label for button in self.door.buttons]


async def finish_a_lesson(learner: Person) -> str:
    """Read the next lesson of the course "tiny" to its end; the last reply."""
    await learner.types("/learn tiny")
    for label in ("Next page", "Finish lesson"):
        if label in learner.labels:
            await learner.types(label)
    return learner.replies[-1].text
