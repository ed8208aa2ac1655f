"""Mistakes with names: the wrong variable, quotes around one, one that hides another."""

import ast
import builtins
import difflib
import itertools
from collections.abc import Iterator

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program, parameters

_MOST = 12  # variables that are tried in one place


def edits(program: Program, functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    known = program.defined()
    for node in program.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from _used(program, node, known)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in program.visible(node):
                yield program.swap("quoted_name", node, node.value)
        elif isinstance(node, ast.Assign):
            yield from _stored(program, node)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield from _attribute(program, node)
    yield from _everywhere(program, known)
    yield from _functions(program, functions)
    yield from _globals(program)
    yield from _fields(program)


def _used(program: Program, node: ast.Name, known: set[str]) -> Iterator[Edit]:
    visible = [name for name in program.visible(node) if name != node.id]
    parent = program.parents.get(node)
    called = isinstance(parent, ast.Call) and parent.func is node
    if called and node.id in known:
        return
    if node.id not in known:
        for name in difflib.get_close_matches(node.id, [*visible, *dir(builtins)], n=3, cutoff=0.6):
            yield program.swap("misspelt_name", node, name)
        yield program.swap("missing_quotes", node, repr(node.id))
        for text in program.shown:
            if text != node.id and text.lower() == node.id.lower():
                yield program.swap("missing_quotes", node, repr(text))
    if not called:
        for name in visible[:_MOST]:
            yield program.swap("wrong_variable", node, name)
        positions = [
            loop.target.id
            for loop in program.nodes
            if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name)
        ]
        if not isinstance(parent, ast.Subscript) or parent.value is not node:
            for name in visible[:_MOST]:
                if name in positions:
                    yield program.swap("value_or_position", node, f"{node.id}[{name}]")
            if node.id in positions:
                for name in visible[:_MOST]:
                    if name not in positions:
                        yield program.swap("value_or_position", node, f"{name}[{node.id}]")
            for index in ("[0]", "[-1]"):
                yield program.swap("value_or_position", node, node.id + index)
        yield program.swap("length", node, f"len({node.id})")


def _everywhere(program: Program, known: set[str]) -> Iterator[Edit]:
    """A name that does not exist, used more than once."""
    unknown: dict[str, list[ast.Name]] = {}
    for node in program.nodes:
        if isinstance(node, ast.Name) and node.id not in known:
            unknown.setdefault(node.id, []).append(node)
    for nodes in unknown.values():
        for name in program.visible(nodes[0])[:_MOST] if len(nodes) > 1 else ():
            changes = tuple(Change(program.start(one), program.end(one), name) for one in nodes)
            yield Edit("misspelt_name", min(one.lineno for one in nodes), changes)


def _stored(program: Program, node: ast.Assign) -> Iterator[Edit]:
    target = node.targets[0]
    if isinstance(target, ast.Name):
        for name in program.names(program.function_of(node))[:_MOST]:
            if name != target.id:
                yield program.swap("wrong_variable", target, name)


def _attribute(program: Program, node: ast.Attribute) -> Iterator[Edit]:
    if isinstance(node.value, ast.Name) and node.value.id == "self":
        fields = _own_fields(program, node)
        for name in fields[:_MOST]:
            if name != node.attr:
                yield program.swap("wrong_variable", node, f"self.{name}")


def _functions(program: Program, functions: tuple[str, ...]) -> Iterator[Edit]:
    names = {function.name for function in program.functions}
    for wanted in functions:
        if wanted in names:
            continue
        for function in program.functions:
            start = program.start(function)
            place = program.data.find(function.name.encode(), start)
            end = place + len(function.name.encode())
            yield Edit("function_name", function.lineno, (Change(place, end, wanted),))
    for function in program.functions:
        arguments = function.args.args
        for left, right in itertools.pairwise(arguments):
            if "self" in (left.arg, right.arg) or left.annotation or right.annotation:
                continue
            changes = (
                Change(program.start(left), program.end(left), right.arg),
                Change(program.start(right), program.end(right), left.arg),
            )
            yield Edit("swapped_parameters", function.lineno, changes)
        yield from _overwritten(program, function)


def _overwritten(
    program: Program, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Edit]:
    given = parameters(function)
    for statement in function.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            used = {one.id for one in ast.walk(statement.value) if isinstance(one, ast.Name)}
            if name in given and name not in used:
                yield program.swap("overwritten_parameter", statement, "pass")


def _globals(program: Program) -> Iterator[Edit]:
    outer = set(program.names(None))
    for function in program.functions:
        own = [
            node.id
            for node in program.walk(function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        for name in dict.fromkeys(own):
            first = function.body[0]
            if name in outer and program.alone(first):
                start = program.starts[first.lineno - 1]
                text = f"{program.indent(first)}global {name}\n"
                yield Edit("global_variable", first.lineno, (Change(start, start, text),))


def _own_fields(program: Program, node: ast.AST) -> list[str]:
    here: ast.AST | None = node
    while here is not None and not isinstance(here, ast.ClassDef):
        here = program.parents.get(here)
    if here is None:
        return []
    return list(
        dict.fromkeys(
            one.attr
            for one in ast.walk(here)
            if isinstance(one, ast.Attribute)
            and isinstance(one.value, ast.Name)
            and one.value.id == "self"
        )
    )


def _fields(program: Program) -> Iterator[Edit]:
    for function in program.functions:
        if not function.args.args or function.args.args[0].arg != "self":
            if isinstance(program.parents.get(function), ast.ClassDef):
                place = program.data.find(b"(", program.start(function)) + 1
                text = "self, " if function.args.args else "self"
                yield Edit("missing_self", function.lineno, (Change(place, place, text),))
            continue
        fields = _own_fields(program, function)
        for node in program.walk(function):
            if isinstance(node, ast.Name) and (
                node.id in fields or isinstance(node.ctx, ast.Store)
            ):
                yield program.swap("missing_self", node, f"self.{node.id}")
