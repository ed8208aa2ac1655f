"""A person's side of an interactive chat: the line they edit, and the bar of buttons below it."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application.current import get_app
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.filters import Condition, is_done
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.lexers import DynamicLexer, Lexer, PygmentsLexer, SimpleLexer
from prompt_toolkit.renderer import CPR_Support
from prompt_toolkit.styles import Style
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

from bots.terminal import blocks
from bots.terminal.completion import Course, Words
from bots.terminal.door import Door
from bots.terminal.keys import bindings
from bots.terminal.safe import taken
from bots.terminal.screen import button_parts, prompt_line, wrapped
from bots.terminal.typing import pressed

COURSES_LAST_S = 60  # seconds after which the courses that Tab offers are asked for again
CODE_HELP = "Code: end with a line ``` or press Esc, then Enter. Ctrl-C throws it away."
LINES_HELP = "{count} lines. Enter sends them, Ctrl-C throws them away."
IDLE_HELP = "/help lists the commands. Ctrl-D leaves."
LEAVE_HELP = "Ctrl-D or /quit leaves."
_STYLE = Style.from_dict({"bottom-toolbar": "reverse", "prompt": "bold", "placeholder": "ansigray"})


_PLAIN = SimpleLexer()


class SafeHistory(FileHistory):
    """What was typed, in a file that its owner alone can read.

    Args:
        path: made when missing.
    """

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600, exist_ok=True)
        super().__init__(str(path))

    def store_string(self, string: str) -> None:
        """Keep one message; a full disk must not end the chat."""
        try:
            super().store_string(taken(string))
        except OSError:
            return


def history_in(path: Path) -> History:
    """The history in a file, or one that is forgotten where no file can be written."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return SafeHistory(path)
    except OSError:
        return InMemoryHistory()


class Keyboard:
    """Reads what a person types; shows what the door awaits.

    Args:
        door: knows the buttons and what is asked for.
        history: what was typed before.
        courses: asks for the slugs and titles of the courses.
    """

    def __init__(
        self,
        door: Door,
        history: History,
        courses: Callable[[], Awaitable[Sequence[Course]]],
    ) -> None:
        self._door = door
        self._ask_for_courses = courses
        self._courses: Sequence[Course] = ()
        self._asked_at = -float(COURSES_LAST_S)
        self._notice = ""
        is_typing_command = Condition(lambda: self._text.startswith("/"))
        self._session: PromptSession[str] = PromptSession(
            message=self._message,
            multiline=Condition(self._goes_on),
            prompt_continuation=".. ",
            lexer=DynamicLexer(self._lexer),
            completer=Words(door, lambda: self._courses),
            complete_while_typing=is_typing_command,
            reserve_space_for_menu=6,
            history=history,
            auto_suggest=AutoSuggestFromHistory(),
            key_bindings=bindings(self._press, self._leave_help, Condition(self._goes_on)),
            bottom_toolbar=self._bar,
            placeholder=self._placeholder,
            style=_STYLE,
            enable_suspend=True,
        )
        app = self._session.app
        app.ttimeoutlen = 0.1  # how long Esc waits for what may follow
        # Without an answer to "where is the cursor" there is no bar, and buttons stand above.
        app.renderer.cpr_not_supported_callback = app.invalidate

    async def read(self) -> str | None:
        """The next message, or None when the person leaves."""
        await self._refresh_courses()
        self._notice = ""
        while True:
            try:
                text = await self._session.prompt_async(
                    refresh_interval=1 if self._door.ends_at else 0
                )
            except KeyboardInterrupt:  # a signal; the key is bound
                continue
            except EOFError:
                return None
            text = taken(text)
            if text.strip():
                asked = self._door.awaits_code and not self._is_at_once(text)
                return blocks.sendable(text, asked=asked)

    def pressed_label(self, line: str) -> str:
        """The label of the button that a line presses, when the line does not say it itself."""
        door = self._door
        number = pressed(line, door.buttons, door.awaits_text)
        label = door.buttons[number - 1].label if number else ""
        return "" if line.strip().casefold() == label.casefold() else label

    @property
    def _text(self) -> str:
        return self._session.default_buffer.text

    def _is_at_once(self, text: str) -> bool:
        """Whether one line is a command or a press, also where code is asked for."""
        if "\n" in text:
            return False
        press = pressed(text, self._door.buttons, self._door.awaits_text)
        return bool(press) or text.startswith("/")

    def _goes_on(self) -> bool:
        text = self._text
        asked = self._door.awaits_code and not self._is_at_once(text)
        return blocks.goes_on(text, asked=asked)

    def _lexer(self) -> Lexer:
        if not self._goes_on() and "\n" not in self._text:
            return _PLAIN
        name = blocks.language(self._text) or ("python" if self._door.awaits_code else "")
        try:
            return PygmentsLexer(find_lexer_class_by_name(name)) if name else _PLAIN
        except ClassNotFound:
            return _PLAIN

    def _press(self, number: int) -> str:
        return f"/{number}" if number <= len(self._door.buttons) else ""

    def _leave_help(self) -> None:
        self._notice = LEAVE_HELP

    def _message(self) -> StyleAndTextTuples:
        sign = ("class:prompt", "code> " if self._door.awaits_code else "> ")
        # What was pressed stays readable above the line that pressed it.
        if (is_done() and self._text) or not self._bar_has_room():
            lines = self._button_lines()
            return [("", "".join(f"{line}\n" for line in lines)), sign]
        return [sign]

    def _placeholder(self) -> StyleAndTextTuples:
        prompt = self._door.prompt
        return [("class:placeholder", prompt_line(prompt).rstrip(":") if prompt else "")]

    def _button_lines(self) -> list[str]:
        parts = button_parts(self._door.buttons, self._door.awaits_text)
        return wrapped(parts, get_app().output.get_size().columns - 1)

    def _bar_has_room(self) -> bool:
        app = get_app()
        if app.renderer.cpr_support == CPR_Support.NOT_SUPPORTED:
            return False
        return len(self._button_lines()) <= max(2, app.output.get_size().rows // 4)

    def _bar(self) -> str:
        """The line at the bottom: the buttons, or what can be done with what stands there."""
        lines = [self._help()] if self._help() else []
        if not lines or self._door.awaits_code:
            lines += self._button_lines() if self._bar_has_room() else []
        if self._door.ends_at is not None:
            lines.append(_time_left(self._door.ends_at - self._door.clock.now()))
        return "\n".join(lines or [IDLE_HELP])

    def _help(self) -> str:
        text = self._text
        if self._goes_on() or (self._door.awaits_code and not text):
            return CODE_HELP
        if "\n" in text:
            return LINES_HELP.format(count=text.count("\n") + 1)
        return self._notice if not text else ""

    async def _refresh_courses(self) -> None:
        if time.monotonic() - self._asked_at >= COURSES_LAST_S:
            self._asked_at = time.monotonic()
            self._courses = await self._ask_for_courses()


def _time_left(left: timedelta) -> str:
    seconds = int(left.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02} left" if seconds > 0 else "The time is over."
