"""Names: unused ones, ones that hide Python's own, ones that say little."""

import ast
import builtins
import re
from collections.abc import Iterator

from domain.errors import N_
from domain.grading import Note
from tutor.review.finding import Finding

UNUSED = N_("Line {line}: `{name}` gets a value that nothing reads.")
UNUSED_IMPORT = N_("Line {line}: `{name}` is imported and never used.")
HIDES = N_("Line {line}: `{name}` is also a name of Python's own, which you cannot use any more.")
STYLE = N_("Line {line}: Python names are written `{better}`, with small letters, not `{name}`.")
SHORT = N_("Line {line}: `{name}` says little. Which word would tell a reader what it holds?")

_BUILT_IN = frozenset(name for name in dir(builtins) if name.islower() and name[0] != "_")
_CAMEL = re.compile(r"[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]?\w*")
_USUAL = frozenset("ijknmxyz_abc")


def unused(tree: ast.Module) -> Iterator[Finding]:
    """Values and imports that nothing reads."""
    read = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load | ast.Del)
    }
    read |= {one.target.id for one in ast.walk(tree) if _adds_to_name(one)}  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name = (alias.asname or alias.name).split(".")[0]
                if name not in read and name != "*":
                    yield Finding(node.lineno, 80, Note(UNUSED_IMPORT, _at(node.lineno, name)))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _unused_in(node, read)


def _adds_to_name(node: ast.AST) -> bool:
    return isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)


def _unused_in(
    function: ast.FunctionDef | ast.AsyncFunctionDef, read: set[str]
) -> Iterator[Finding]:
    shared = {
        name
        for node in ast.walk(function)
        if isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names
    }
    said: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if not isinstance(target, ast.Name) or target.id in read | shared | said:
                    continue
                if target.id.startswith("_"):  # thrown away on purpose
                    continue
                said.add(target.id)
                yield Finding(target.lineno, 80, Note(UNUSED, _at(target.lineno, target.id)))


def chosen(tree: ast.Module) -> Iterator[Finding]:
    """Names that hide a built-in, are written unusually, or say little."""
    said: set[str] = set()
    for name, line, kind in _stored(tree):
        if name in said:
            continue
        said.add(name)
        if name in _BUILT_IN:
            yield Finding(line, 75, Note(HIDES, _at(line, name)))
        elif kind != "class" and _CAMEL.fullmatch(name):
            better = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
            yield Finding(line, 40, Note(STYLE, {**_at(line, name), "better": better}))
        elif kind == "value" and len(name) == 1 and name.lower() not in _USUAL:
            yield Finding(line, 30, Note(SHORT, _at(line, name)))


def _stored(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """Names that get a value: of a value, a loop, a parameter, a function or a class."""
    loops = {
        id(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.For | ast.comprehension)
        for name in ast.walk(node.target)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno, "loop" if id(node) in loops else "value"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, "function"
        elif isinstance(node, ast.ClassDef):
            yield node.name, node.lineno, "class"


def _at(line: int, name: str) -> dict[str, int | str]:
    return {"line": line, "name": name}
