"""The two ways to talk at a terminal: lines in and replies out, or a person at the keyboard."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bots.conversation.dialogue import Reply
from bots.delivery import Delivery
from bots.terminal import files
from bots.terminal.completion import Course
from bots.terminal.door import Door
from bots.terminal.keyboard import Keyboard, history_in
from bots.terminal.markup import hides_something
from bots.terminal.screen import PlainScreen, RichScreen, Screen
from bots.terminal.signals import Interrupted, Interrupts

LEAVE = frozenset({"/quit", "/exit", "/q"})
SHOW = "/show"
START = "/start"  # said for a person before they type anything
PATIENCE_S = 0.3  # a slower answer announces itself
GREETING = "Type a number or a word to press a button. /help lists the commands. Ctrl-D leaves."
STOPPED_WAITING = "Stopped waiting. Nothing that was saved is lost."
NOTHING_HIDDEN = "Nothing is hidden here."


async def run_plain(
    door: Door,
    lines: AsyncIterable[str],
    screen: PlainScreen,
    delivery: Delivery | None = None,
) -> bool:
    """Answer each line in turn until the input ends or says /quit.

    Args:
        door: the learner's end of the conversation.
        lines: without their line ends; they are repeated, because nobody sees them otherwise.
        screen: where replies go.
        delivery: shows notices after replies.

    Returns:
        Whether everything was sent; not so when the input ends inside a code block.
    """
    async for line in lines:
        if _leaves(line) and not door.in_block:
            return True
        if line.strip() or door.in_block:
            screen.echo(line)
        await answer(door, line, screen)
        await _notify(delivery, door)
    return not door.in_block


async def run_dumb(
    door: Door,
    lines: AsyncIterable[str],
    screen: PlainScreen,
    delivery: Delivery | None = None,
) -> bool:
    """Talk with a person in plain lines: for terminals that can do no more, and screen readers.

    Ctrl-C drops the line and an open block, or ends a wait.

    Returns:
        Whether everything was sent; not so when the input ends inside a code block.
    """

    def ask() -> None:
        screen.write(".. " if door.in_block else "> ", end="")

    def drop() -> None:
        door.drop_block()
        screen.write("")
        ask()

    screen.write(f"{GREETING}\n")
    typed, line = aiter(lines), START
    with Interrupts(drop) as interrupts:
        while door.in_block or not _leaves(line):
            try:
                await interrupts.wait(answer(door, line, screen))
                await _notify(delivery, door)
            except Interrupted:
                screen.write(f"\n{STOPPED_WAITING}\n")
            ask()
            following = await anext(typed, None)
            if following is None:
                screen.write("")
                return not door.in_block
            line = following
    return True


async def run_interactive(
    door: Door,
    history: Path,
    screen: RichScreen | None = None,
    delivery: Delivery | None = None,
    courses: Callable[[], Awaitable[Sequence[Course]]] | None = None,
) -> None:
    """Talk with a person until they leave: editing, history, completion, colours.

    Args:
        door: the learner's end of the conversation.
        history: file that keeps what was typed, readable by its owner only.
        screen: where replies are drawn.
        delivery: shows notices while nothing is being answered.
        courses: gives slugs and titles to complete.
    """
    screen = screen or RichScreen()
    keyboard = Keyboard(door, history_in(history), courses or _no_courses)
    screen.remark(f"{GREETING}\n")
    shown = Reply("")
    line: str | None = START
    async with _notices(delivery) as quiet:
        while line is not None and not _leaves(line):
            async with quiet:
                shown = await _respond(door, line, screen, keyboard, shown)
            line = await keyboard.read()


async def _respond(
    door: Door, line: str, screen: RichScreen, keyboard: Keyboard, shown: Reply
) -> Reply:
    """Answer one message, or open what the last reply hides; the reply that stands there now."""
    if line.strip() == SHOW:
        _show_hidden(shown, screen)
        return shown
    if label := keyboard.pressed_label(line):
        screen.remark(f"[{label}]")
    try:
        with Interrupts() as interrupts:
            return await interrupts.wait(answer(door, line, screen)) or shown
    except Interrupted:
        screen.remark(f"{STOPPED_WAITING}\n")
        return shown


def _leaves(line: str) -> bool:
    return line.strip() in LEAVE


async def _notify(delivery: Delivery | None, door: Door) -> None:
    if delivery is not None and not door.in_block:
        await delivery.try_to_deliver()


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


async def _no_courses() -> Sequence[Course]:
    return ()


async def answer(door: Door, line: str, screen: Screen) -> Reply | None:
    """Show the replies to a line as they come; the last one is returned."""
    last: Reply | None = None
    replies = door.hear(line)
    while (reply := await _next(replies, screen)) is not None:
        for part in _parts(_news(reply, last)):
            screen.show(part, [files.save(file, door.folder) for file in part.files])
        last = reply
    return last


def _news(reply: Reply, before: Reply | None) -> Reply:
    """What a reply adds to the draft before it, where it only grew: nothing is redrawn here."""
    shown = replace(reply, rows=()) if reply.draft else reply
    if before is None or not before.draft or not reply.text.startswith(before.text):
        return shown
    return replace(shown, text=reply.text.removeprefix(before.text).strip("\n"))


async def _next(replies: AsyncIterator[Reply], screen: Screen) -> Reply | None:
    """The next reply; the screen shows a sign when it takes long."""
    signs: list[bool] = []

    def announce() -> None:
        signs.append(True)
        screen.wait()

    timer = asyncio.get_running_loop().call_later(PATIENCE_S, announce)
    try:
        return await anext(replies, None)
    finally:
        timer.cancel()
        if signs:
            screen.wait_no_more()


def _parts(reply: Reply) -> list[Reply]:
    """A reply and those that follow it; all buttons stand below the last, numbered as one row."""
    parts = [reply, *reply.more]
    rows = tuple(row for part in parts for row in part.rows)
    return [*(replace(part, rows=()) for part in parts[:-1]), replace(parts[-1], rows=rows)]


def _show_hidden(reply: Reply, screen: RichScreen) -> None:
    hiding = [part for part in (reply, *reply.more) if hides_something(part.text)]
    for part in hiding:
        screen.show(replace(part, files=()), (), reveal=True)
    if not hiding:
        screen.remark(f"{NOTHING_HIDDEN}\n")
