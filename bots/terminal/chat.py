"""`stoa chat`: a conversation at the keyboard, or lines in and replies out for a pipe."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout

from bots.conversation.vocabulary import VERBS
from bots.delivery import Delivery
from bots.terminal import files
from bots.terminal.door import Door
from bots.terminal.screen import PlainScreen, RichScreen, Screen

LEAVE = frozenset({"/quit", "/exit", "/q"})
GREETING = "Type /start to begin, a number or a word to press a button, /quit to leave."


class Words(Completer):
    """Completes commands and the labels of the buttons on the screen."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - the base class names it
    ) -> Iterable[Completion]:
        """What the text before the cursor may become."""
        text = document.text_before_cursor
        if text.startswith("/") and " " not in text:
            for verb in VERBS:
                if f"/{verb.name}".startswith(text):
                    yield Completion(
                        f"/{verb.name}", start_position=-len(text), display_meta=verb.summary
                    )
        elif text and not self._door.in_block:
            for button in self._door.buttons:
                if button.label.casefold().startswith(text.casefold()):
                    yield Completion(button.label, start_position=-len(text))


async def run_plain(
    door: Door,
    lines: AsyncIterator[str],
    screen: PlainScreen,
    delivery: Delivery | None = None,
) -> None:
    """Answer each line in turn until the input ends or says /quit; notices come after replies."""
    async for line in lines:
        text = line.rstrip("\r\n")
        if text.strip() in LEAVE:
            return
        if text.strip():
            screen.echo(text)
        await _answer(door, text, screen)
        if delivery is not None and not door.in_block:
            await delivery.try_to_deliver()


async def run_interactive(
    door: Door,
    history: Path,
    screen: Screen | None = None,
    delivery: Delivery | None = None,
) -> None:
    """Talk with a person: editing, history, completion, colours.

    Args:
        door: the learner's end of the conversation.
        history: file that keeps what was typed, readable by its owner only.
        screen: where replies are drawn.
        delivery: shows notices while nothing is being answered.
    """
    history.touch(mode=0o600, exist_ok=True)  # noqa: ASYNC240 - once, before anybody waits
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        auto_suggest=AutoSuggestFromHistory(),
        completer=Words(door),
        complete_while_typing=True,
    )
    screen = screen or RichScreen()
    print(GREETING, end="\n\n")
    await _answer(door, "/start", screen)
    with patch_stdout(raw=True):
        async with _notices(delivery) as quiet:
            while True:
                try:
                    line = await session.prompt_async("... " if door.in_block else "> ")
                except (EOFError, KeyboardInterrupt):
                    return
                if line.strip() in LEAVE:
                    return
                async with quiet:
                    await _answer(door, line, screen)


@asynccontextmanager
async def _notices(delivery: Delivery | None) -> AsyncIterator[asyncio.Lock]:
    """Deliver beside the conversation; nothing is delivered while the lock is held."""
    if delivery is None:
        yield asyncio.Lock()
        return
    stop = asyncio.Event()
    running = asyncio.create_task(delivery.run(stop))
    try:
        yield delivery.quiet
    finally:
        stop.set()
        await running


async def read_lines() -> AsyncIterator[str]:
    """Lines of standard input, read beside the event loop."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line


async def _answer(door: Door, line: str, screen: Screen) -> None:
    async for reply in door.hear(line):
        saved = [(files.save(file, door.folder), file.alt) for file in reply.files]
        screen.show(reply, saved)
