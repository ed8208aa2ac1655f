"""The example course of the authoring guide, as a tree that tests can break."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.authoring.compiler import Compiled, compile_course

GUIDE = Path(__file__).parents[3] / "docs" / "authoring.md"
_BLOCK = re.compile(r"^````\w+ first-steps/(\S+)\n(.*?)^````$", re.MULTILINE | re.DOTALL)

Tree = dict[str, bytes]


@pytest.fixture(scope="session")
def example() -> Tree:
    """The files that docs/authoring.md shows."""
    return {path: text.encode() for path, text in _BLOCK.findall(GUIDE.read_text("utf-8"))}


@pytest.fixture
def broken(example: Tree) -> Callable[..., Compiled]:
    """Compile the example with one file written anew, or with a piece of it replaced."""

    def compile_broken(path: str, old: str | None = None, new: str = "") -> Compiled:
        tree = dict(example)
        if old is None:
            tree[path] = new.encode()
        else:
            text = tree[path].decode()
            assert old in text, f"{old!r} is not in {path}"
            tree[path] = text.replace(old, new, 1).encode()
        return compile_course(tree)

    return compile_broken
