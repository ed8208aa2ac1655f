"""Mistakes with classes: what all objects share, names of special methods."""

import ast
from collections.abc import Iterator

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program

_SPECIAL = ("__init__", "__str__", "__repr__", "__eq__", "__len__")


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.ClassDef):
            yield from _shared(program, node)
            yield from _special(program, node)


def _shared(program: Program, owner: ast.ClassDef) -> Iterator[Edit]:
    """A value of the class that each object should have for itself."""
    inits = [
        one for one in owner.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"
    ]
    for node in owner.body:
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        name, value = node.targets[0].id, program.of(node.value)
        if inits and program.alone(inits[0].body[0]):
            first = inits[0].body[0]
            place, indent = program.starts[first.lineno - 1], program.indent(first)
            text = f"{indent}self.{name} = {value}\n"
        elif program.alone(node):
            place = program.starts[node.end_lineno or node.lineno]
            indent = program.indent(node)
            text = f"{indent}def __init__(self):\n{indent}    self.{name} = {value}\n"
        else:
            continue
        yield Edit("class_attribute", node.lineno, (Change(place, place, text),))


def _special(program: Program, owner: ast.ClassDef) -> Iterator[Edit]:
    """Names of special methods have two underscores on each side."""
    for node in owner.body:
        if isinstance(node, ast.FunctionDef) and node.name not in _SPECIAL:
            for special in _SPECIAL:
                if node.name.strip("_") == special.strip("_"):
                    start = program.data.find(node.name.encode(), program.start(node))
                    change = Change(start, start + len(node.name.encode()), special)
                    yield Edit("function_name", node.lineno, (change,))
