"""What keys do in an interactive chat beyond editing."""

from collections.abc import Callable

from prompt_toolkit.application.current import get_app
from prompt_toolkit.filters import Condition, Filter
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.keys import Keys

INDENT = 4  # spaces
DIRECT = 9  # buttons that a key of their own presses


def bindings(
    press: Callable[[int], str], nothing_to_clear: Callable[[], None], is_code: Filter
) -> KeyBindings:
    """The keys.

    Args:
        press: what stands for pressing the button of that number, or "" when there is none.
        nothing_to_clear: told when Ctrl-C finds an empty line.
        is_code: whether the line that is typed belongs to a block of code.
    """
    keys = KeyBindings()

    @keys.add("c-c", eager=True)
    @keys.add("<sigint>", eager=True)
    def _clear(event: KeyPressEvent) -> None:
        """Throw away what stands there."""
        buffer = event.app.current_buffer
        if not buffer.text:
            nothing_to_clear()
        buffer.reset()

    @keys.add("enter", filter=is_code)
    def _new_line(event: KeyPressEvent) -> None:
        """Begin a line as deep as the last one, or deeper after a colon."""
        buffer = event.current_buffer
        before = buffer.document.current_line_before_cursor
        depth = len(before) - len(before.lstrip(" "))
        if before.rstrip().endswith(":"):
            depth += INDENT
        # Keys that are waiting already come from a paste, which has its own indentation.
        is_pasted = bool(event.app.key_processor.input_queue)
        buffer.insert_text("\n" + ("" if is_pasted else " " * depth))

    @keys.add("tab", filter=is_code)
    def _indent(event: KeyPressEvent) -> None:
        """Fill up with spaces to the next depth."""
        column = event.current_buffer.document.cursor_position_col
        event.current_buffer.insert_text(" " * (INDENT - column % INDENT))

    @Condition
    def stands_after_indent() -> bool:
        before = get_app().current_buffer.document.current_line_before_cursor
        return bool(before) and not before.strip(" ")

    @keys.add("backspace", filter=is_code & stands_after_indent)
    def _dedent(event: KeyPressEvent) -> None:
        """Take back one depth."""
        column = event.current_buffer.document.cursor_position_col
        event.current_buffer.delete_before_cursor((column - 1) % INDENT + 1)

    def add_direct(number: int) -> None:
        def _press(event: KeyPressEvent) -> None:
            """Press a button at once."""
            line = press(number)
            if line and not event.current_buffer.text:
                event.current_buffer.text = line
                event.current_buffer.validate_and_handle()

        keys.add(Keys.Escape, str(number))(_press)
        keys.add(f"f{number}")(_press)

    for number in range(1, DIRECT + 1):
        add_direct(number)
    return keys
