"""The terminal as a platform: lines become events, replies become text on the screen."""

import shlex
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from bots.conversation.dialogue import (
    Action,
    Actor,
    Button,
    Command,
    Incoming,
    Place,
    Reply,
    Text,
    Upload,
)
from bots.conversation.router import Router
from bots.terminal import files
from bots.terminal.typing import understand
from domain.clock import Clock
from domain.errors import Refusal

FENCE = "```"


@dataclass(slots=True)
class Door:
    """One learner at one terminal. It remembers only what is on the screen.

    Args:
        router: who answers.
        clock: gives events their time.
        name: the local learner, also their id on this platform.
        folder: where received files go.
    """

    router: Router
    clock: Clock
    name: str
    folder: Path
    locale: str | None = None
    buttons: tuple[Button, ...] = ()
    awaits_text: bool = False
    _block: list[str] = field(default_factory=list)

    @property
    def in_block(self) -> bool:
        """Whether a code block has been opened and not closed yet."""
        return bool(self._block)

    async def hear(self, line: str) -> AsyncIterator[Reply]:
        """The replies to one line; none while a code block is still open."""
        action = self._gather(line)
        if action is None:
            return
        if isinstance(action, Command):
            try:
                action = self._with_files(action)
            except Refusal as refusal:
                yield Reply(str(refusal))
                return
        async for reply in self.router.answer(self._event(action)):
            self._show(reply)
            yield reply

    def _show(self, reply: Reply) -> None:
        """Keep what can be pressed now; after a bare remark, that is what was there before."""
        pressable = tuple(button for button in reply.buttons if button.payload)
        if pressable or reply.prompt:
            self.buttons = pressable
            self.awaits_text = reply.prompt is not None

    def _gather(self, line: str) -> Action | None:
        """Collect a fenced block over several lines; anything else is understood at once."""
        fences = line.count(FENCE)
        if self._block or fences == 1:
            self._block.append(line)
            if len(self._block) > 1 and fences:
                text, self._block = "\n".join(self._block), []
                return Text(text)
            return None
        if not line.strip():
            return None
        return understand(line, self.buttons, self.awaits_text)

    def _with_files(self, command: Command) -> Action:
        """`/code submit FILE...` reads the files here, where they are."""
        words = shlex.split(command.arguments) if command.arguments.count('"') % 2 == 0 else []
        if command.verb.lower() == "code" and words[:1] == ["submit"] and len(words) > 1:
            return Upload(files.load(words[1:]))
        return command

    def _event(self, action: Action) -> Incoming:
        return Incoming(
            event_id=uuid.uuid4().hex,
            at=self.clock.now(),
            actor=Actor("terminal", self.name, self.name, self.locale),
            place=Place("private", f"terminal:{self.name}"),
            action=action,
        )
