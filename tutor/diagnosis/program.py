"""A learner's program as text with a tree over it, so that edits are made to the text itself."""

import ast
import builtins
from collections.abc import Iterator
from typing import Self

from domain.syntax import parse
from tutor.diagnosis.model import Change, Edit

LARGEST = 20_000  # characters of a program that is searched
_BUILTINS = frozenset(dir(builtins))
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Program:
    """A parsed program. Offsets count bytes of its UTF-8 text, as Python's own trees do.

    Attributes:
        typed: what the samples type in, line by line; none for functions.
        shown: texts that the output of every sample has at the same place; none for functions.
    """

    typed: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text, self.tree = text, tree
        self.data = text.encode()
        self.starts = [0]
        for line in self.data.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.nodes = list(ast.walk(tree))
        self.parents: dict[ast.AST, ast.AST] = {
            child: node for node in self.nodes for child in ast.iter_child_nodes(node)
        }
        self.functions = [node for node in self.nodes if isinstance(node, Function)]
        self._names: dict[ast.AST, list[str]] = {}
        self._defined: set[str] = set()

    @classmethod
    def read(cls, text: str) -> Self:
        """Parse a text.

        Raises:
            SyntaxError: it is no Python; so too when it is nested too deeply to be read.
        """
        if len(text) > LARGEST:
            raise SyntaxError("too long")
        try:
            return cls(text, parse(text))
        except (ValueError, RecursionError, MemoryError) as wrong:
            raise SyntaxError(str(wrong)) from wrong

    def start(self, node: ast.AST) -> int:
        """The byte where a node begins."""
        return self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined,no-any-return]

    def end(self, node: ast.AST) -> int:
        """The byte after a node."""
        return self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined,no-any-return]

    def of(self, node: ast.AST) -> str:
        """A node's text."""
        return self.data[self.start(node) : self.end(node)].decode()

    def inside(self, node: ast.expr) -> str:
        """An expression's text as it may stand as an operand: in brackets where needed."""
        text = self.of(node)
        plain = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict)
        return text if isinstance(node, plain) else f"({text})"

    def line(self, number: int) -> str:
        """A line's text, without its end; lines count from 1."""
        return self.data[self.starts[number - 1] : self.starts[number] - 1].decode()

    def indent(self, node: ast.stmt) -> str:
        """The white space before a statement that begins its line."""
        line = self.line(node.lineno)
        return line[: len(line) - len(line.lstrip())]

    def alone(self, node: ast.stmt) -> bool:
        """Whether a statement has its lines for itself."""
        before = self.data[self.starts[node.lineno - 1] : self.start(node)]
        after = self.data[self.end(node) : self.starts[node.end_lineno or node.lineno] - 1]
        return not before.strip() and not after.split(b"#")[0].strip()

    def lines_of(self, node: ast.stmt) -> tuple[int, int]:
        """The bytes of a statement's whole lines, without the last line end."""
        return self.starts[node.lineno - 1], self.starts[node.end_lineno or node.lineno] - 1

    def swap(self, cause: str, node: ast.AST, text: str) -> Edit:
        """An edit that puts a text in a node's place."""
        line: int = node.lineno  # type: ignore[attr-defined]
        return Edit(cause, line, (Change(self.start(node), self.end(node), text),))

    def between(self, cause: str, left: ast.AST, right: ast.AST, old: str, new: str) -> Edit | None:
        """An edit of the operator between two nodes."""
        gap = self.data[self.end(left) : self.start(right)].decode()
        # Brackets around the nodes are part of the gap; the operator is searched between them.
        place = gap.find(old)
        if place < 0:
            return None
        start = self.end(left) + len(gap[:place].encode())
        line: int = left.end_lineno  # type: ignore[attr-defined]
        return Edit(cause, line, (Change(start, start + len(old.encode()), new),))

    def function_of(self, node: ast.AST) -> Function | None:
        """The function around a node."""
        here = self.parents.get(node)
        while here is not None and not isinstance(here, Function):
            here = self.parents.get(here)
        return here

    def loop_of(self, node: ast.AST) -> ast.For | ast.While | None:
        """The innermost loop around a node, in the same function."""
        here = self.parents.get(node)
        while here is not None and not isinstance(here, Function):
            if isinstance(here, ast.For | ast.While):
                return here
            here = self.parents.get(here)
        return None

    def names(self, scope: ast.AST | None) -> list[str]:
        """Parameters and variables of a function, or of the module, in order of appearance."""
        scope = scope or self.tree
        if scope not in self._names:
            found: dict[str, None] = {}
            if isinstance(scope, Function):
                found = dict.fromkeys(arg.arg for arg in _parameters(scope))
            for node in self.walk(scope):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    found[node.id] = None
            self._names[scope] = list(found)
        return self._names[scope]

    def visible(self, node: ast.AST) -> list[str]:
        """The learner's variables that can be used at a node."""
        function = self.function_of(node)
        own = self.names(function)
        return own if function is None else list(dict.fromkeys([*own, *self.names(None)]))

    def walk(self, scope: ast.AST) -> Iterator[ast.AST]:
        """The nodes of a scope, without those of functions and classes inside it."""
        stack = list(reversed(list(ast.iter_child_nodes(scope))))
        while stack:
            node = stack.pop()
            yield node
            if not isinstance(node, Function | ast.ClassDef | ast.Lambda):
                stack.extend(reversed(list(ast.iter_child_nodes(node))))

    def defined(self) -> set[str]:
        """Every name that the program binds, and the builtin ones."""
        if not self._defined:
            stored = {
                node.id
                for node in self.nodes
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            self._defined = stored | self.outer()
        return self._defined

    def outer(self) -> set[str]:
        """Names of functions, parameters, classes, modules and what the module stores; builtins."""
        bound = set(self.names(None))
        bound |= {function.name for function in self.functions}
        bound |= {arg.arg for function in self.functions for arg in _parameters(function)}
        bound |= {node.name for node in self.nodes if isinstance(node, ast.ClassDef)}
        for node in self.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                bound |= {(one.asname or one.name).split(".")[0] for one in node.names}
        return bound | _BUILTINS


def _parameters(function: Function) -> list[ast.arg]:
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return [*every, *(arg for arg in (given.vararg, given.kwarg) if arg is not None)]


def parameters(function: Function) -> list[str]:
    """A function's parameters by name, without `self`."""
    return [arg.arg for arg in _parameters(function) if arg.arg != "self"]


def blocks(tree: ast.AST) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """Every block of statements, with the node it belongs to."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield node, block
