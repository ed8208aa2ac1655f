"""Mistakes in what is shown, sign by sign: blanks, punctuation, capital letters, lines, digits."""

import ast
import difflib
import itertools
import re
from collections.abc import Iterator

from tutor.diagnosis.edits.quotes import parts_of, texts_shown
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program

_SIGNS = ":.,;-!?/"
_PLACES = 6  # signs of one text that are changed
_ALIKE = 0.4
_FORMS = (":02d", ":.2f", ":.1f", ":.0f")
_VALUE = re.compile(r"\{(\w+)(:[^{}]*)?\}")


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if _is_print(node) and isinstance(node, ast.Call):
            for one in texts_shown(node):
                yield from _text(program, one)
            yield from _joined(program, node)
        elif isinstance(node, ast.JoinedStr):
            yield from _text(program, node)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "str"
            and len(node.args) == 1
            and isinstance(node.args[0], ast.BinOp)
            and isinstance(node.args[0].op, ast.Mod)
        ):
            yield program.swap("number_form", node, f"{program.of(node)}.zfill(2)")
    yield from _one_line(program)


def _is_print(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    )


def _text(program: Program, node: ast.Constant | ast.JoinedStr) -> Iterator[Edit]:
    parts = parts_of(program, node)
    if parts is None:
        return
    mark, quote, inside = parts

    def put(cause: str, text: str) -> Edit:
        return program.swap(cause, node, f"{mark}{quote}{text}{quote}")

    if mark:
        yield from (put("number_form", text) for text in _forms(inside))
    if isinstance(node, ast.Constant):
        for wanted in program.shown:
            cause = difference(inside, wanted, alone=len(program.shown) == 1)
            if cause and not set(wanted) & set("\\{}\"'"):
                yield put(cause, wanted)
                yield put(cause, wanted + " ")
    if "\\n" in inside:
        yield put("lines_shown", inside.replace("\\n", ""))
        yield put("lines_shown", inside.replace("\\n", " "))
    hidden = re.sub(r"\{[^{}]*\}", lambda found: "\0" * len(found[0]), inside) if mark else inside
    places = [place for place, sign in enumerate(hidden) if sign in _SIGNS][:_PLACES]
    for place in places:
        before, after = inside[:place], inside[place + 1 :]
        yield put("punctuation", before + after)
        yield put("blanks", f"{before}{inside[place]} {after}")
        for sign in (":", ".", ",", "-"):
            yield put("punctuation", before + sign + after)
    blanks = [place for place, sign in enumerate(hidden) if sign in " _"][:_PLACES]
    for place in blanks:
        yield put("blanks", inside[:place] + inside[place + 1 :])
        if inside[place] == "_":
            yield put("punctuation", f"{inside[:place]} {inside[place + 1 :]}")
    if hidden and hidden[0].isalpha():
        yield put("capital_letters", inside[0].swapcase() + inside[1:])
    lower = inside.lower()
    if not mark and lower != inside:
        yield put("capital_letters", lower)
        yield put("capital_letters", inside.capitalize())


def _forms(inside: str) -> Iterator[str]:
    """Other forms for the numbers in a text with values: how many digits they have."""
    for found in itertools.islice(_VALUE.finditer(inside), _PLACES):
        for form in _FORMS:
            if form != found[2]:
                yield f"{inside[: found.start()]}{{{found[1]}{form}}}{inside[found.end() :]}"


def difference(text: str, wanted: str, *, alone: bool = False) -> str:
    """Which kind of mistake makes a text of a wanted one; "" if they have too little in common.

    Args:
        text: what stands in the program.
        wanted: what every sample shows in some place.
        alone: nothing else is wanted, so it may be another word altogether.
    """
    one, other = text.strip(), wanted.strip()
    if one == other or not other:
        return ""
    if one.lower() == other.lower():
        return "capital_letters"
    if "".join(filter(str.isalnum, one)) == "".join(filter(str.isalnum, other)):
        return "punctuation"
    likeness = difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
    return "wording" if one and (alone or likeness > _ALIKE) else ""


def _joined(program: Program, node: ast.Call) -> Iterator[Edit]:
    """Texts that are joined without a blank between them."""
    for argument in node.args:
        for one in ast.walk(argument):
            if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add):
                gap = Change(program.end(one.left), program.start(one.right), ' + " " + ')
                yield Edit("blanks", one.lineno, (gap,))
    if len(node.args) == 1 and isinstance(node.args[0], ast.BinOp):
        one = node.args[0]
        if isinstance(one.op, ast.Add) and not node.keywords:
            gap = Change(program.end(one.left), program.start(one.right), ", ")
            yield Edit("blanks", one.lineno, (gap,))
    for keyword in node.keywords:
        if keyword.arg in ("sep", "end"):
            for text in ('""', '" "', r'"\n"'):
                yield program.swap("separator", keyword.value, text)


def _one_line(program: Program) -> Iterator[Edit]:
    """Two prints, one below the other, for what belongs on one line."""
    prints = [
        node for node in program.nodes if isinstance(node, ast.Expr) and _is_print(node.value)
    ]
    for first, second in itertools.pairwise(prints):
        one, other = first.value, second.value
        if (
            isinstance(one, ast.Call)
            and isinstance(other, ast.Call)
            and program.parents[first] is program.parents[second]
            and first.end_lineno == second.lineno - 1
            and one.args
            and not one.keywords
        ):
            texts = [program.of(inner) for inner in (*one.args, *other.args)]
            change = Change(program.start(first), program.end(second), f"print({', '.join(texts)})")
            yield Edit("lines_shown", first.lineno, (change,))
