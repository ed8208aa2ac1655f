"""Mistakes with texts: words or letters, capital letters, joining what is no text."""

import ast
from collections.abc import Iterator

from tutor.diagnosis.model import Edit
from tutor.diagnosis.program import Program

_OF_TEXT = frozenset({"split", "replace", "count", "strip", "startswith", "endswith", "find"})
_WALKED = (ast.Name, ast.Call, ast.Attribute, ast.Subscript)


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.For | ast.comprehension):
            yield from _walked(program, node.iter)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _method(program, node, node.func)
        elif isinstance(node, ast.Assign | ast.Return) and isinstance(node.value, ast.Name):
            yield program.swap("letter_case", node.value, f"{node.value.id}.lower()")


def _walked(program: Program, walked: ast.expr) -> Iterator[Edit]:
    text = program.of(walked)
    called = walked.func if isinstance(walked, ast.Call) else None
    if isinstance(called, ast.Name) and called.id in ("range", "enumerate", "zip", "len"):
        return
    if isinstance(called, ast.Attribute) and called.attr == "split":
        yield program.swap("words_or_letters", walked, program.of(called.value))
    elif isinstance(walked, _WALKED):
        yield program.swap("words_or_letters", walked, f"{text}.split()")
        yield program.swap("text_or_number", walked, f"str({text})")
        yield program.swap("letter_case", walked, f"{text}.lower()")


def _method(program: Program, node: ast.Call, function: ast.Attribute) -> Iterator[Edit]:
    base = program.of(function.value)
    if function.attr in _OF_TEXT:
        yield program.swap("letter_case", function.value, f"{base}.lower()")
    if function.attr == "join" and node.args:
        inside = program.of(node.args[0])
        yield program.swap("text_or_number", node.args[0], f"map(str, {inside})")
    if function.attr == "replace" and len(node.args) == 2:
        parts = [program.of(one) for one in node.args]
        yield program.swap("swapped_arguments", node, f"{base}.replace({parts[1]}, {parts[0]})")
