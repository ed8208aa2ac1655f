"""A person at a real pseudo-terminal: keys, completion, code, windows that change."""

import os
import re
import signal
from pathlib import Path

import pytest

from tests.support.stoa import Stoa
from tests.support.terminal import Terminal

ENTER, CTRL_C, CTRL_D, TAB, ESC, UP = "\r", "\x03", "\x04", "\t", "\x1b", "\x1b[A"
PASTE, PASTED = "\x1b[200~", "\x1b[201~"
READ_FIRST_LESSON = ("/learn python", *["Next page"] * 3, "Finish lesson")
SOLUTION = 'print("Welcome")\nprint("Please sign in")\n'


def ready(terminal: Terminal, button: str = "Browse") -> Terminal:
    """Wait until the first reply and the bar of buttons are there."""
    terminal.wait_for(button)
    terminal.wait_for(lambda screen: screen.lines[-1].startswith("["))
    return terminal


def line(terminal: Terminal) -> str:
    """What stands on the line where one types."""
    return next(one for one in reversed(terminal.screen.lines) if re.match(r"(code)?>( |$)", one))


def complete(terminal: Terminal, typed: str) -> None:
    """Type, wait until the words to choose from are there, and take the first."""
    terminal.send(typed)
    terminal.settle(0.3)
    terminal.send(TAB)


@pytest.fixture(scope="module")
def coder(prepared: Stoa) -> str:
    """A learner for whom the first challenge is open."""
    name = "coder" + os.environ.get("PYTEST_XDIST_WORKER", "")  # workers share the database
    assert "Say hello is finished" in prepared.says(name, *READ_FIRST_LESSON)
    return name


def test_the_first_reply_comes_by_itself_and_a_number_presses_a_button(stoa: Stoa) -> None:
    with ready(stoa.talk("number")) as terminal:
        assert "Hi number. This is Stoa" in terminal.screen.visible
        assert terminal.screen.lines[-1].startswith("[1] Network+ foundations  [2] Python")
        terminal.send("2" + ENTER)
        terminal.wait_for("[1] Next page")
        assert "> 2\n[Python from zero]\nYou joined Python from zero." in terminal.screen.text
        terminal.send(CTRL_D)
        assert terminal.ends() == 0


def test_a_label_its_beginning_and_a_key_press_buttons(stoa: Stoa) -> None:
    with ready(stoa.talk("label")) as terminal:
        terminal.send("python from zero" + ENTER)
        terminal.wait_for("page 1 of")
        terminal.send("nex" + ENTER)
        terminal.wait_for("page 2 of")
        terminal.send(ESC + "1")
        terminal.wait_for("page 1 of")
        terminal.send("\x1bOP")  # F1
        terminal.wait_for("page 2 of")
        terminal.send("/quit" + ENTER)
        assert terminal.ends() == 0


def test_tab_completes_commands_words_courses_and_buttons(stoa: Stoa) -> None:
    with ready(stoa.talk("completer")) as terminal:
        terminal.send("/sett")
        terminal.wait_for("Time zone, language, display")
        terminal.send(TAB)
        terminal.wait_for("> /settings")
        complete(terminal, " dis")
        terminal.wait_for("> /settings display full")
        terminal.send(TAB)
        terminal.wait_for("> /settings display compact")
        terminal.send(CTRL_C)
        complete(terminal, "/settings time wars")
        terminal.wait_for("> /settings time Europe/Warsaw")
        terminal.send(CTRL_C)
        complete(terminal, "/learn py")
        terminal.wait_for("> /learn python-from-zero")
        terminal.send(CTRL_C)
        complete(terminal, "")
        terminal.settle(0.3)
        terminal.send(TAB)
        terminal.wait_for("> Network+ foundations")
        terminal.send(CTRL_C)
        complete(terminal, "bro")
        terminal.wait_for("> Browse")


def test_ctrl_c_clears_the_line_and_then_says_how_to_leave(stoa: Stoa) -> None:
    with ready(stoa.talk("clearer")) as terminal:
        terminal.send("half a thought")
        terminal.wait_for("> half a thought")
        terminal.send(CTRL_C)
        terminal.wait_for(lambda screen: "half a thought" not in screen.text)
        terminal.send(CTRL_C)
        terminal.wait_for("Ctrl-D or /quit leaves.")
        terminal.send("/help" + ENTER)
        terminal.wait_for("to read more")
        assert terminal.process.poll() is None


def test_typed_code_is_kept_until_its_closing_line(stoa: Stoa, coder: str) -> None:
    with ready(stoa.talk(coder), "Continue") as terminal:
        terminal.send("/code door-greeter" + ENTER)
        terminal.wait_for("Code: end with a line ```")
        terminal.send("```python" + ENTER)
        terminal.send('for name in ["Ada"]:')
        terminal.settle()
        terminal.send(ENTER)
        terminal.wait_for(lambda screen: screen.lines[screen.row] == ".." and screen.column == 7)
        terminal.send("print(name)")
        terminal.settle()
        terminal.send(ENTER + CTRL_C)  # away with it
        terminal.wait_for(lambda screen: "print(name)" not in screen.visible)
        assert line(terminal).startswith("code>")
        terminal.send("```python" + ENTER + SOLUTION.replace("\n", ENTER) + "```" + ENTER)
        terminal.wait_for("Running…")
        terminal.wait_for("tests passed")


def test_pasted_lines_are_one_message(stoa: Stoa) -> None:
    with ready(stoa.talk("paster")) as terminal:
        terminal.send(f"{PASTE}/start\nof something\r\nlonger{PASTED}")
        terminal.wait_for("3 lines. Enter sends them")
        assert "Hi paster" in terminal.screen.text
        terminal.send(CTRL_C + f"{PASTE}one line\nand\x00 another{PASTED}" + ENTER)
        terminal.wait_for("I did not get that")
        assert terminal.screen.text.count("I did not get that") == 1


def test_code_that_is_asked_for_needs_no_opening_line(stoa: Stoa, coder: str) -> None:
    with ready(stoa.talk(coder), "Continue") as terminal:
        terminal.send("/code door-greeter" + ENTER)
        terminal.wait_for("code>")
        terminal.send(PASTE + SOLUTION + PASTED)
        terminal.wait_for("sign in")
        terminal.send(ESC + ENTER)
        terminal.wait_for("tests passed")
        assert "Got 2 lines of Python." in terminal.screen.text


def test_files_are_handed_in_by_paths_with_spaces(stoa: Stoa, coder: str) -> None:
    (stoa.folder / "my code").mkdir()
    (stoa.folder / "my code" / "greet.py").write_text(SOLUTION)
    with ready(stoa.talk(coder), "Continue") as terminal:
        complete(terminal, "/code submit my")
        terminal.wait_for("> /code submit my\\ code/")
        complete(terminal, "gr")
        terminal.wait_for("my\\ code/greet.py")
        terminal.send(ENTER)
        terminal.wait_for("tests passed")
        terminal.send("/code submit '~/my code'" + ENTER)
        terminal.wait_for("it is a folder")
        terminal.send("/code submit m*/*.py" + ENTER)
        terminal.wait_for("I do not fill in * and ?")


def test_starter_files_are_saved_and_named(stoa: Stoa, coder: str) -> None:
    with ready(stoa.talk(coder, "--files", "got"), "Continue") as terminal:
        terminal.send("/code door-greeter" + ENTER)
        terminal.wait_for("File: got/")
        saved = re.search(r"File: (got/\S+)", terminal.screen.text)
        assert saved is not None
        assert (stoa.folder / saved[1]).is_file()


def test_ctrl_c_ends_a_wait_and_the_chat_goes_on(stoa: Stoa, coder: str) -> None:
    with ready(stoa.talk(coder), "Continue") as terminal:
        terminal.send("/code door-greeter" + ENTER)
        terminal.wait_for("code>")
        terminal.send(f"{PASTE}```python\nimport time\ntime.sleep(60)\n```{PASTED}{ENTER}")
        terminal.wait_for("Running…")
        terminal.wait_for(lambda screen: screen.lines[screen.row] == "…")
        terminal.send(CTRL_C)
        terminal.wait_for("Stopped waiting.")
        terminal.send("/help" + ENTER)
        terminal.wait_for("to read more")


def test_a_narrow_window_and_one_that_changes(stoa: Stoa) -> None:
    with ready(stoa.talk("narrow", columns=34)) as terminal:
        assert all(len(one) <= 34 for one in terminal.screen.lines)
        assert terminal.screen.lines[-3:] == [
            "[1] Network+ foundations",
            "[2] Python from zero",
            "[3] Web pages  [4] Browse",
        ]
        terminal.resize(24, 80)
        terminal.wait_for("[1] Network+ foundations  [2] Python")
        terminal.send("2" + ENTER)
        terminal.wait_for("page 1 of")
        terminal.resize(10, 50)
        terminal.send("/help" + ENTER)
        terminal.wait_for("such as /help learn")
        terminal.wait_for(lambda _: line(terminal) == ">")


def test_without_colour_and_with(stoa: Stoa) -> None:
    plain: set[int] = set()
    coloured: set[int] = set()
    for name, found, environment in (
        ("grey", plain, {"NO_COLOR": "1"}),
        ("colour", coloured, {"NO_COLOR": ""}),
    ):
        with ready(stoa.talk(name, env=environment)) as terminal:
            terminal.send("2" + ENTER)
            terminal.wait_for("page 1 of")
            terminal.settle()
            found |= {int(code) for code in terminal.screen.colours}
    assert not [code for code in plain if code >= 30]
    assert [code for code in coloured if code >= 30]


@pytest.mark.parametrize("arguments", [("TERM=dumb",), ("--plain",)])
def test_plain_lines_where_a_terminal_can_do_no_more(
    stoa: Stoa, arguments: tuple[str, ...]
) -> None:
    environment = {"TERM": "dumb"} if arguments == ("TERM=dumb",) else {}
    options = () if environment else arguments
    with stoa.talk("simple" + arguments[0][-4:], *options, env=environment) as terminal:
        terminal.wait_for("[4] Browse\n\n>")
        terminal.send("2\n")
        terminal.wait_for("[3] Contents\n\n>")  # an earlier Ctrl-C would end the wait
        terminal.send("half" + CTRL_C)
        terminal.wait_for("^C\n>")
        terminal.send("```\nx = 1\n")
        # Both lines are read: an earlier Ctrl-C would take unread ones with it.
        terminal.wait_for(lambda screen: screen.lines[screen.row].endswith(".. .."))
        terminal.send(CTRL_C)
        terminal.wait_for(lambda screen: screen.text.count("^C\n>") == 2)
        terminal.send("Next page\n")
        terminal.wait_for("page 2 of")
        assert not terminal.screen.colours
        terminal.send(CTRL_D)
        assert terminal.ends() == 0


def test_buttons_are_seen_where_the_terminal_does_not_say_where_its_cursor_is(stoa: Stoa) -> None:
    with stoa.talk("silent", answers_position=False) as terminal:
        terminal.wait_for("[1] Network+ foundations  [2] Python")
        terminal.send("2" + ENTER)
        terminal.wait_for("[1] Next page  [2] Save  [3] Contents\n>")
        assert "WARNING" not in terminal.screen.text


def test_what_was_typed_is_remembered_and_nobody_else_can_read_it(stoa: Stoa) -> None:
    with ready(stoa.talk("historian")) as terminal:
        terminal.send("/help streak" + ENTER)
        terminal.wait_for("/streak why")
    with ready(stoa.talk("historian")) as terminal:
        terminal.send(UP)
        terminal.wait_for("> /help streak")
    for name in ("chat-history", "chat.log"):
        assert (stoa.data / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_is_followed_quietly(stoa: Stoa, number: signal.Signals) -> None:
    with ready(stoa.talk("ended")) as terminal:
        os.kill(terminal.process.pid, number)
        assert terminal.ends() == 0
        assert "Traceback" not in terminal.screen.text


def test_broken_bytes_from_the_keyboard_do_no_harm(stoa: Stoa, tmp_path: Path) -> None:
    with ready(stoa.talk("broken")) as terminal:
        os.write(terminal._master, b"caf\xe9 \xff" + b"\r")
        terminal.wait_for("I did not get that")
        terminal.send("/help save" + ENTER)
        terminal.wait_for("Keep this page")


def test_the_time_that_is_left_runs_in_the_bar(stoa: Stoa) -> None:
    with ready(stoa.talk("timed")) as terminal:
        terminal.send("/learn net-plus" + ENTER)
        terminal.wait_for("page 1 of")
        terminal.send("/quiz net-exam" + ENTER)
        terminal.wait_for("The time starts when you press Start")
        terminal.send("start" + ENTER)
        terminal.wait_for(lambda screen: screen.lines[-1] == "29:58 left")
        terminal.wait_for(lambda screen: screen.lines[-1] == "29:57 left")
        assert "Question 1 of 25" in terminal.screen.visible
