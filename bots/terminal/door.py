"""The terminal as a platform: lines become events, replies become text on the screen."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bots.conversation.dialogue import (
    Action,
    Actor,
    Button,
    Command,
    Incoming,
    Place,
    Prompt,
    Reply,
    Text,
    Upload,
)
from bots.conversation.router import Router, refusal_reply
from bots.conversation.texts import choose, texts_for
from bots.terminal import files, typing
from bots.terminal.blocks import LONGEST, Collector
from bots.terminal.safe import taken
from domain.clock import Clock
from domain.errors import N_, Refusal

WITH_FILES = {("code", "submit"), ("cards", "import")}
MOST_EARLIER = 100  # buttons that refusals have taken from the screen


@dataclass(slots=True)
class Door:
    """One learner at one terminal. It remembers only what is on the screen.

    Args:
        router: who answers.
        clock: gives events their time.
        name: the local learner, also their id on this platform.
        folder: where received files go.
        locale: the language the terminal is set to, if any.
    """

    router: Router
    clock: Clock
    name: str
    folder: Path
    locale: str | None = None
    buttons: tuple[Button, ...] = ()
    prompt: Prompt | None = None
    ends_at: datetime | None = None
    _earlier: tuple[Button, ...] = ()
    _block: Collector = field(default_factory=Collector)

    @property
    def awaits_text(self) -> bool:
        """Whether the last reply asked for typed text."""
        return self.prompt is not None

    @property
    def awaits_code(self) -> bool:
        """Whether what is typed next may be several lines that need no opening fence."""
        return self.prompt is not None and self.prompt.multiline

    @property
    def in_block(self) -> bool:
        """Whether a code block has been opened and not closed yet."""
        return self._block.is_open

    def drop_block(self) -> None:
        """Forget the lines of an open block."""
        self._block = Collector()

    async def hear(self, text: str) -> AsyncIterator[Reply]:
        """The replies to one line, or to several sent together.

        There are none while a code block is still open.
        """
        try:
            action = self._gather(taken(text))
            if isinstance(action, Command):
                action = self._with_files(action)
        except Refusal as refusal:
            reply = refusal_reply(refusal, texts_for(choose(self.locale)), typed=True)
            self._remember(reply)
            yield reply
            return
        if action is None:
            return
        async for reply in self.router.answer(self._event(action)):
            self._remember(reply)
            yield reply

    def _remember(self, reply: Reply) -> None:
        """Buttons stay pressable until others take their place, as on every platform.

        A refusal changed nothing: what was asked for is still asked for, and what could be pressed
        before it can still be pressed by its label.
        """
        shown = (reply, *reply.more)
        if not any(part.buttons or part.prompt for part in shown):
            if not reply.notice:
                self.prompt = None
            return
        self._earlier = (*self.buttons, *self._earlier)[:MOST_EARLIER] if reply.notice else ()
        self.buttons = tuple(one for part in shown for one in part.buttons if one.payload)
        self.prompt = next((part.prompt for part in reversed(shown) if part.prompt), None)
        self.ends_at = next((part.ends_at for part in shown if part.ends_at), None)

    def _gather(self, text: str) -> Action | None:
        """Collect a fenced block over several lines; anything else is understood at once.

        Raises:
            Refusal: the block is too long to keep.
        """
        if not text.strip() and not self.in_block:
            return None
        whole = [self._block.add(line) for line in text.split("\n")]
        if not whole[-1]:
            return None
        block = self._block
        self.drop_block()
        if block.is_too_long:
            raise Refusal(
                N_("That is over {most} KiB, and I left it out. Send less, or a file."),
                {"most": LONGEST // 1024},
            )
        action = typing.understand(block.text, self.buttons, self.awaits_text)
        if isinstance(action, Text) and not self.awaits_text:
            return typing.recalled(action, self._earlier)
        return action

    def _with_files(self, command: Command) -> Action:
        """`/code submit FILE...`, `/cards import FILE...`: files are read here, where they are."""
        verb, _, rest = command.arguments.partition(" ")
        if (command.verb.lower(), verb.lower()) not in WITH_FILES:
            return command
        paths = files.paths_in(rest)
        words = "/cards import" if command.verb.lower() == "cards" else ""
        return Upload(files.load(paths), words) if paths else command

    def _event(self, action: Action) -> Incoming:
        return Incoming(
            event_id=uuid.uuid4().hex,
            at=self.clock.now(),
            actor=Actor("terminal", self.name, self.name, self.locale),
            place=Place("private", f"terminal:{self.name}"),
            action=action,
        )
