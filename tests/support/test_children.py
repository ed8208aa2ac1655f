"""Forked programs end as they would in an interpreter of their own."""

import os
import signal
from pathlib import Path

import pytest

from tests.support.children import STOA, Child, Process, Program

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "ONLY": "this"}


def program(folder: Path, code: str, *arguments: str) -> Program:
    path = folder / "program.py"
    path.write_text(code)
    return Program("", arguments, ENVIRONMENT, folder, path)


@pytest.mark.parametrize(
    ("code", "ended", "said"),
    [
        ("", 0, ""),
        ("raise SystemExit", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit('no')", 1, "no\n"),
        ("import os; os._exit(7)", 7, ""),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL, ""),
        ("import os; os.close(1); print('lost')", 120, ""),
    ],
)
def test_how_it_ended_is_told(tmp_path: Path, code: str, ended: int, said: str) -> None:
    with Child(program(tmp_path, code)) as child:
        _, err = child.communicate()
        assert (child.wait(), err.decode()) == (ended, said)


@pytest.mark.parametrize(
    ("code", "ended"), [("raise ValueError('x')", 1), ("raise KeyboardInterrupt", -signal.SIGINT)]
)
def test_an_error_is_shown(tmp_path: Path, code: str, ended: int) -> None:
    with Child(program(tmp_path, code)) as child:
        _, err = child.communicate()
        assert child.wait() == ended
    assert err.decode().startswith("Traceback")


def test_it_has_its_own_place_and_nothing_of_others(tmp_path: Path) -> None:
    code = (
        "import os, sys, atexit\n"
        "atexit.register(print, 'over')\n"
        "print(sys.argv[1:], os.getcwd(), sorted(os.environ), sys.stdin.read())\n"
        "print(sorted(int(one) for one in os.listdir('/proc/self/fd'))[:-1])\n"
    )
    with Child(program(tmp_path, code, "a", "b")) as child:
        out, err = child.communicate(b"given")
    assert err == b""
    first, second, third = out.decode().splitlines()
    assert first == f"['a', 'b'] {tmp_path} ['ONLY', 'PATH'] given"
    assert second == "[0, 1, 2]"
    assert third == "over"


def test_one_that_goes_on_is_killed_and_does_not_take_others_with_it(tmp_path: Path) -> None:
    loop = program(tmp_path, "import time\nprint('on', flush=True)\ntime.sleep(600)\n")
    with Child(loop) as one, Child(loop) as other:
        for child in (one, other):
            assert child.stdout is not None
            assert child.stdout.readline() == b"on\n"
        assert one.poll() is None
        one.kill()
        assert one.wait(30) == -signal.SIGKILL
        assert other.poll() is None
        with pytest.raises(TimeoutError):
            other.wait(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(other.pid, 0)


async def test_the_command_runs_for_tests_with_a_loop(tmp_path: Path) -> None:
    begun = await Process.begin(Program(STOA, ["--version"], ENVIRONMENT, tmp_path), errors=True)
    out, err = await begun.communicate()
    assert (begun.returncode, err) == (0, b"")
    assert out.startswith(b"stoa ")
