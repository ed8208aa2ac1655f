"""Mistakes with what is shown: names inside quotes, fixed values, missing quotes and values.

What was typed in a test (`Program.typed`) and the texts that every sample shows (`Program.shown`)
are known for programs that read and print. Only samples are used: a learner sees them anyway.
"""

import ast
import re
from collections.abc import Iterator

from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program

_NAMES = 4  # variables that are tried in one place
_WORDS = 6  # words of one text
_LITERAL = re.compile(r"""^([fF]?)(["'])(?!\2\2)(.*)\2$""", re.DOTALL)
_WORD = re.compile(r"\w+")
_TWO = re.compile(r"""^("[^"]*"|'[^']*')(\s*)(f?"[^"]*"|f?'[^']*')$""")


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "print":
                yield from _print(program, node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id == "input":
            parent = program.parents.get(node)
            if not (isinstance(parent, ast.Call) and parent.func is node):
                yield program.swap("missing_call", node, "input()")
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield from _fixed(program, node.value)
        elif isinstance(node, ast.Expr | ast.AnnAssign):
            yield from _not_stored(program, node)
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if node.value.id in ("print", "input", "int", "str", "len", "range"):
                inside = program.of(node.slice)
                yield program.swap("call_or_index", node, f"{node.value.id}({inside})")
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Constant)
            and node.attr in program.visible(node)
        ):
            text = f"{program.of(node.value)}, {node.attr}"
            yield program.swap("missing_comma", node, text)


def texts_shown(node: ast.Call) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The text literals in what a call of `print` is given, joined ones, too."""
    stack: list[ast.expr] = list(reversed(node.args))
    while stack:
        one = stack.pop()
        if isinstance(one, ast.JoinedStr) or (
            isinstance(one, ast.Constant) and isinstance(one.value, str)
        ):
            yield one
        elif isinstance(one, ast.BinOp):
            stack += [one.right, one.left]


def parts_of(program: Program, node: ast.expr) -> tuple[str, str, str] | None:
    """A literal's `f` or nothing, its quote and what stands inside; None for unusual ones."""
    found = _LITERAL.match(program.of(node))
    if found is None or found[2] in re.sub(r"\\.", "", found[3]):
        return None
    return found[1], found[2], found[3]


def _print(program: Program, node: ast.Call) -> Iterator[Edit]:
    names = program.visible(node)[:_NAMES]
    for one in texts_shown(node):
        yield from _names_inside(program, one, names)
        found = _TWO.match(program.of(one))
        if found is not None:
            yield program.swap("missing_comma", one, f"{found[1]}, {found[3]}")
            if found[3][1:-1] in names:
                yield program.swap("quoted_name", one, f"{found[1]}, {found[3][1:-1]}")
    used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    texts = [program.of(one) for one in node.args]
    if node.keywords or not texts:
        return
    for name in names:
        if name not in used:
            yield program.swap("value_not_shown", node, f"print({', '.join([*texts, name])})")
            yield program.swap("value_not_shown", node, f"print({', '.join([name, *texts])})")
    if not any(texts_shown(node)):
        for text in program.shown[:_NAMES]:
            yield program.swap("value_not_shown", node, f"print({', '.join([repr(text), *texts])})")
    for place in range(len(texts)) if len(texts) > 1 else ():
        rest = ", ".join(texts[:place] + texts[place + 1 :])
        yield program.swap("extra_output", node, f"print({rest})")
    for argument in node.args:
        if isinstance(argument, ast.List) and len(argument.elts) == 1:
            inner = program.of(argument.elts[0])
            yield program.swap("element_or_list", argument, inner)
        if isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Add):
            for side in (argument.left, argument.right):
                if isinstance(side, ast.Constant):
                    other = argument.right if side is argument.left else argument.left
                    yield program.swap("extra_output", argument, program.of(other))


def _names_inside(
    program: Program, node: ast.Constant | ast.JoinedStr, names: list[str]
) -> Iterator[Edit]:
    """A text in which a variable's name, or a fixed value, stands for the variable's value."""
    parts = parts_of(program, node)
    if parts is None:
        return
    mark, quote, inside = parts
    if not mark and any(re.search(rf"\{{{name}\b", inside) for name in names):
        yield program.swap("missing_f", node, f"f{quote}{inside}{quote}")
    if not mark and ("{" in inside or "}" in inside):
        return
    plain = re.sub(r"\{[^{}]*\}", lambda found: "\0" * len(found[0]), inside)
    places = [(found[0], found.span()) for found in _WORD.finditer(plain)]

    def filled(span: tuple[int, int], code: str) -> str:
        return f"f{quote}{inside[: span[0]]}{{{code}}}{inside[span[1] :]}{quote}"

    for word, span in places:
        if word in names:
            yield program.swap("quoted_name", node, filled(span, word))
    reads = "input()" if not _reads(program) else ""
    for typed in program.typed:
        for found in re.finditer(rf"(?<!\w){re.escape(typed)}(?!\w)", plain):
            for code in filter(None, (*names, reads)):
                if found[0] == inside and not mark:
                    yield program.swap("fixed_value", node, code)
                yield program.swap("fixed_value", node, filled(found.span(), code))
    for word, span in places[:_WORDS] if len(places) > 1 else ():
        for name in names if word not in names else ():
            yield program.swap("fixed_value", node, filled(span, name))


def _fixed(program: Program, node: ast.Constant) -> Iterator[Edit]:
    """A value that a test types in, stored as if it were always the same."""
    if isinstance(node.value, str) and node.value in program.typed:
        yield program.swap("fixed_value", node, "input()")
    elif isinstance(node.value, int) and str(node.value) in program.typed:
        yield program.swap("fixed_value", node, "int(input())")


def _not_stored(program: Program, node: ast.Expr | ast.AnnAssign) -> Iterator[Edit]:
    """What was typed in is read, and kept under no name."""
    if isinstance(node, ast.AnnAssign):
        if node.value is None and isinstance(node.annotation, ast.Call):
            text = f"{program.of(node.target)} = {program.of(node.annotation)}"
            yield program.swap("compare_or_assign", node, text)
        return
    call = node.value
    if isinstance(call, ast.Call) and _is_input(call):
        known = program.defined()
        unknown = {
            one.id for one in program.nodes if isinstance(one, ast.Name) and one.id not in known
        }
        for name in sorted(unknown)[:_NAMES]:
            start = program.start(node)
            yield Edit("result_ignored", node.lineno, (Change(start, start, f"{name} = "),))


def _is_input(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input"
    )


def _reads(program: Program) -> bool:
    return any(_is_input(node) for node in program.nodes)
