"""Python's own parser, for one thread at a time.

While CPython builds a tree it counts how deep it is in one place for the whole interpreter
(`state->recursion_depth` in its `Python-ast.c`). The collector of garbage may run in the middle and
let another thread in; when that one parses, too, the first ends with `SystemError: AST constructor
recursion depth mismatch`, whatever it reads. The tutor parses in threads beside the event loop.
"""

import ast
from threading import RLock
from typing import Literal, overload

_ONE_AT_A_TIME = RLock()  # of one thread, because what is collected may parse as well


@overload
def parse(text: str) -> ast.Module: ...
@overload
def parse(text: str, mode: Literal["eval"]) -> ast.Expression: ...
def parse(text: str, mode: Literal["exec", "eval"] = "exec") -> ast.Module | ast.Expression:
    """The tree of a program, or of an expression.

    Raises:
        SyntaxError: it is no Python.
        ValueError: it holds a NUL character.
        RecursionError: it is nested too deeply.
        MemoryError: the same, found by the parser.
    """
    with _ONE_AT_A_TIME:
        if mode == "eval":
            return ast.parse(text, mode="eval")
        return ast.parse(text)


def literal_value(text: str) -> object:
    """The value that a literal spells.

    Raises:
        SyntaxError: it is no Python.
        ValueError: it is no literal, or holds a NUL character.
        TypeError: a set or a dictionary in it cannot hold what it is to hold.
        RecursionError: it is nested too deeply.
        MemoryError: the same, found by the parser.
    """
    return ast.literal_eval(parse(text.lstrip(" \t"), "eval"))
