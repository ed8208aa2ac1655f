"""Python's parser in several threads at once."""

import ast
import gc
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from domain.syntax import literal_value, parse

ROOT = Path(__file__).parents[2]
APART = ("domain/syntax.py", "domain/grading/jail/", "tutor/diagnosis/inside/")  # alone there
PROGRAM = "def f(a, b=[1, -2]):\n    return a if b else (a, b)\n" * 40


class Garbage:
    """Something whose end, in the middle of a parse, lets another thread parse."""

    def __init__(self, ends: threading.Event, parsed: threading.Event) -> None:
        self.circle = self
        self.ends, self.parsed = ends, parsed

    def __del__(self) -> None:
        self.ends.set()
        self.parsed.wait(0.3)


def read_in_two_threads(read: Callable[[str], object]) -> None:
    """Parse; a second thread begins, and if it may ends, before that is done."""
    ends, parsed = threading.Event(), threading.Event()

    def other() -> None:
        ends.wait(60)
        read(PROGRAM)
        parsed.set()

    before = gc.get_threshold()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(other)
        gc.collect()
        Garbage(ends, parsed)
        gc.set_threshold(100)
        try:
            read(PROGRAM)
        finally:
            gc.set_threshold(*before)
            gc.collect()
        done.result()


def test_threads_may_parse_at_once() -> None:
    read_in_two_threads(parse)


def test_with_pythons_own_they_may_not() -> None:
    """What `domain.syntax` is for; on a Python where this is skipped it can go."""
    with suppress(SystemError):
        read_in_two_threads(ast.parse)
        pytest.skip("this Python's own parser does not mind threads")


def test_a_literal_is_read() -> None:
    assert literal_value(" {'a': [1, -2.5]}") == {"a": [1, -2.5]}
    with pytest.raises(ValueError, match="malformed"):
        literal_value("open('x')")


def test_nobody_parses_past_it() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for top in ("bots", "domain", "tutor")
        for path in (ROOT / top).rglob("*.py")
        if re.search(r"ast\.(parse|literal_eval)\((?!claim)", path.read_text(encoding="utf-8"))
    ]
    assert [one for one in found if not one.startswith(APART)] == []
