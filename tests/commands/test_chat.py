"""`stoa chat` as a program in pipes: streams, exit codes, options, odd input."""

import subprocess
from pathlib import Path

import pytest

from bots.cli import main
from domain.database import Database
from domain.settings import load_settings
from domain.sql import sql
from tests.support.stoa import PROGRAM, Stoa

_ADMINS = sql("""
    SELECT i.subject, u.is_platform_admin FROM users u
    JOIN identities i ON i.user_id = u.id WHERE i.provider = 'terminal'
""")
LEARN = "/learn python"


def test_the_first_start_says_what_it_does_and_replies_apart_from_it(prepared: Stoa) -> None:
    out, told = prepared.first
    assert out.startswith("> /start\nHi first. This is Stoa, a study hall in your chat.\n")
    assert out.endswith("[4] Browse\n\n")
    assert "Making the embedded database (first start only)..." in told
    assert "Bringing in the course python-from-zero..." in told


def test_lines_in_replies_out(stoa: Stoa) -> None:
    out = stoa.says("script", "/start", LEARN, "", "1", "back", "next page")
    assert "> /learn python\nYou joined Python from zero.\n" in out
    assert "page 2 of" in out
    assert "\x1b" not in out


def test_the_last_line_needs_no_end_and_quit_ends_early(stoa: Stoa) -> None:
    done = stoa.run("chat", "--as", "quitter", stdin="/help save\r\n/quit\n/help learn")
    assert (done.returncode, done.stdout.count("> ")) == (0, 1)
    done = stoa.run("chat", "--as", "quitter", stdin="/help learn")
    assert (done.returncode, done.stdout.count("/learn python")) == (0, 1)


def test_lines_come_from_a_file_too(stoa: Stoa) -> None:
    script = stoa.folder / "script.txt"
    script.write_text("/help learn\n")
    with script.open() as lines:
        done = subprocess.run(
            [PROGRAM, "chat", "--as", "filed"],
            stdin=lines,
            capture_output=True,
            text=True,
            env=stoa.environment(),
            cwd=stoa.folder,
            check=True,
        )
    assert "Continue exactly where you stopped" in done.stdout


def test_code_over_several_lines_is_one_message(stoa: Stoa) -> None:
    out = stoa.says("fenced", "```python", "", "/learn python", "```", "and ```that``` here")
    assert out.count("\n[1] ") == 2  # two answers, each with its buttons
    assert "> ```python\n> \n> /learn python\n> ```\n" in out


def test_a_block_left_open_at_the_end_is_an_error_in_words(stoa: Stoa) -> None:
    done = stoa.run("chat", "--as", "open", stdin="/help learn\n```python\nprint(1)\n")
    assert done.returncode == 1
    assert "ended inside a code block" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Continue exactly where you stopped" in done.stdout


def test_a_reader_that_has_seen_enough_ends_it_quietly(stoa: Stoa) -> None:
    chat = subprocess.Popen(
        [PROGRAM, "chat", "--as", "headed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=stoa.environment(),
        cwd=stoa.folder,
    )
    with chat:
        assert chat.stdin is not None
        assert chat.stdout is not None
        assert chat.stderr is not None
        chat.stdin.write(b"/start\n")
        chat.stdin.flush()
        assert chat.stdout.readline() == b"> /start\n"
        chat.stdout.close()
        chat.stdin.write(b"/help\n" * 50)
        chat.stdin.close()
        assert chat.wait(30) == 0
        assert chat.stderr.read() == b""


def test_a_full_disk_is_said_in_words(stoa: Stoa) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [PROGRAM, "chat", "--as", "full"],
            input="/help\n",
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=stoa.environment(),
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "stoa: A reply cannot be written: No space left on device.\n"


def test_broken_bytes_and_controls_neither_crash_nor_reach_the_terminal(stoa: Stoa) -> None:
    raw = b"\xff\xfe\x00 \x1b[31mred\x1b]0;title\x07\r\n/learn \x1b[2J\xe2\x80\xaeabc\x9b31m\n"
    done = stoa.run("chat", "--as", "odd", stdin=raw + b"/save \x00\x1b\n" + b"/help save")
    assert done.returncode == 0, done.stderr
    for sign in ("\x00", "\x1b", "\x07", "\x9b", "\u202e"):
        assert sign not in done.stdout
    assert "<U+202E>abc" in done.stdout
    assert "Keep this page" in done.stdout


def test_a_locale_without_our_characters_is_no_failure(stoa: Stoa) -> None:
    done = stoa.run(
        "chat", "--as", "ascii", stdin="/learn caf\u00e9\n", env={"PYTHONIOENCODING": "ascii"}
    )
    assert done.returncode == 0, done.stderr
    assert "I know no course called ?caf" in done.stdout


def test_a_line_without_an_end_in_sight_is_cut(stoa: Stoa) -> None:
    done = stoa.run("chat", "--as", "endless", stdin="x" * (3 * 1024 * 1024) + "\n/help save\n")
    assert done.returncode == 0, done.stderr
    assert "Keep this page" in done.stdout


@pytest.mark.parametrize(
    "name", ["", "  ", "x" * 65, "a\tb", "a\nb", "a\x1bb", "a\u202eb", "\udcff"]
)
def test_names_that_cannot_be_seen_are_refused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["chat", "--as", name])
    assert ended.value.code == 2
    assert "a name has 1 to 64 characters that can be seen" in capsys.readouterr().err


def test_a_name_may_have_spaces_and_any_script_and_is_one_however_it_was_typed(stoa: Stoa) -> None:
    assert "Hi Zoë 王." in stoa.says("Zoë 王", "/start", LEARN)
    assert "Welcome back, Zoë 王." in stoa.says(" Zoe\u0308 王 ", "/start")


def test_without_a_name_the_login_name_is_used(stoa: Stoa) -> None:
    done = stoa.run("chat", stdin="/start\n", env={"LOGNAME": "mara"})
    assert "Hi mara." in done.stdout


def test_help_is_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["chat", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for word in ("--as NAME", "--files DIR", "--plain", "Ctrl-D leaves", "exit codes", "```"):
        assert word in shown


async def admins(stoa: Stoa) -> dict[str, bool]:
    database = await Database.open(load_settings(data_dir=stoa.data))
    try:
        async with database.worker_unit_of_work() as conn:
            rows = await conn.execute(_ADMINS)
            return {row.subject: row.is_platform_admin for row in rows}
    finally:
        await database.close()


async def test_the_local_user_administers_their_own_stoa_unless_others_are_named(
    stoa: Stoa,
) -> None:
    stoa.run("chat", stdin="/start\n", env={"LOGNAME": "owner"})
    stoa.run("chat", "--as", "guest", stdin="/start\n", env={"LOGNAME": "owner"})
    named = {"LOGNAME": "other", "STOA_ADMINS": "discord:1,terminal:chosen"}
    stoa.run("chat", stdin="/start\n", env=named)
    stoa.run("chat", "--as", "chosen", stdin="/start\n", env=named)
    found = await admins(stoa)
    assert {name: found[name] for name in ("owner", "guest", "other", "chosen")} == {
        "owner": True,
        "guest": False,
        "other": False,
        "chosen": True,
    }
