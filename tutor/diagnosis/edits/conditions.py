"""Mistakes in conditions: signs of comparison, and/or, negation, chains."""

import ast
from collections.abc import Iterator

from tutor.diagnosis.model import Edit
from tutor.diagnosis.program import Program

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OTHERS: dict[str, tuple[tuple[str, str], ...]] = {
    "<": (("boundary", "<="), ("reversed_comparison", ">"), ("reversed_comparison", ">=")),
    "<=": (("boundary", "<"), ("reversed_comparison", ">="), ("reversed_comparison", ">")),
    ">": (("boundary", ">="), ("reversed_comparison", "<"), ("reversed_comparison", "<=")),
    ">=": (("boundary", ">"), ("reversed_comparison", "<="), ("reversed_comparison", "<")),
    "==": (
        ("reversed_condition", "!="),
        ("wrong_comparison", "<="),
        ("wrong_comparison", ">="),
        ("wrong_comparison", "in"),
    ),
    "!=": (("reversed_condition", "=="), ("wrong_comparison", "<"), ("wrong_comparison", ">")),
    "is": (("identity", "=="), ("reversed_condition", "is not")),
    "is not": (("identity", "!="), ("reversed_condition", "is")),
    "in": (("reversed_condition", "not in"), ("wrong_comparison", "==")),
    "not in": (("reversed_condition", "in"), ("wrong_comparison", "!=")),
}


def edits(program: Program, _functions: tuple[str, ...]) -> Iterator[Edit]:
    """All edits of this kind."""
    for node in program.nodes:
        if isinstance(node, ast.Compare):
            yield from _comparison(program, node)
        elif isinstance(node, ast.BoolOp):
            yield from _and_or(program, node)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield program.swap("reversed_condition", node, program.inside(node.operand))
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            yield from _condition(program, node.test)


def _comparison(program: Program, node: ast.Compare) -> Iterator[Edit]:
    left: ast.expr = node.left
    for op, right in zip(node.ops, node.comparators, strict=True):
        sign = _SIGNS[type(op)]
        for cause, other in _OTHERS[sign]:
            edit = program.between(cause, left, right, sign, other)
            if edit is not None:
                yield edit
        left = right
    if len(node.ops) > 1:  # a chain: each link by itself
        first = (
            f"{program.of(node.left)} {_SIGNS[type(node.ops[0])]} {program.of(node.comparators[0])}"
        )
        yield program.swap("condition_too_narrow", node, first)
        last = program.of(node.comparators[-1])
        link = f"{program.of(node.comparators[-2])} {_SIGNS[type(node.ops[-1])]} {last}"
        yield program.swap("condition_too_narrow", node, link)
        return
    one, other_side = program.of(node.left), program.of(node.comparators[0])
    sign = _SIGNS[type(node.ops[0])]
    if sign in ("in", "not in"):
        yield program.swap("swapped_operands", node, f"{other_side} {sign} {one}")
    if sign in ("==", "!=", "in", "not in"):
        lower = f"{program.inside(node.left)}.lower() {sign} {other_side}"
        yield program.swap("letter_case", node, lower)
        if sign in ("==", "!="):
            yield program.swap("letter_case", node, f"{lower}.lower()")
        for kind in ("int", "str", "list", "len"):
            yield program.swap("text_or_number", node, f"{kind}({one}) {sign} {other_side}")
            yield program.swap("text_or_number", node, f"{one} {sign} {kind}({other_side})")
    if sign in ("==", "!=") and other_side in ("[]", "()", '""', "''", "None", "False"):
        negated = "" if sign == "!=" else "not "
        yield program.swap("empty_test", node, f"({negated}{program.inside(node.left)})")


def _and_or(program: Program, node: ast.BoolOp) -> Iterator[Edit]:
    old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    parts = [program.of(value) for value in node.values]
    yield program.swap("and_or", node, f" {new} ".join(map(program.inside, node.values)))
    if len(parts) <= 4:
        cause = "condition_too_narrow" if old == "and" else "condition_too_wide"
        for number in range(len(parts)):
            rest = node.values[:number] + node.values[number + 1 :]
            yield program.swap(cause, node, f" {old} ".join(map(program.inside, rest)))
    if len(parts) == 2:  # what guards must come first
        yield program.swap(
            "guard_order", node, f" {old} ".join(map(program.inside, reversed(node.values)))
        )
    first = node.values[0]
    if isinstance(first, ast.Compare) and len(first.ops) == 1:
        plain = [not isinstance(value, ast.Compare | ast.BoolOp) for value in node.values[1:]]
        if all(plain):
            sign, left = _SIGNS[type(first.ops[0])], program.of(first.left)
            spread = [parts[0], *(f"{left} {sign} {part}" for part in parts[1:])]
            yield program.swap("comparison_shared", node, f" {old} ".join(spread))
            yield program.swap("comparison_shared", node, f" {new} ".join(spread))


def _condition(program: Program, test: ast.expr) -> Iterator[Edit]:
    text = program.inside(test)
    if not isinstance(test, ast.Compare) or len(test.ops) > 1:
        yield program.swap("reversed_condition", test, f"not {text}")
    if isinstance(test, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        for other in ("== 0", "!= 0", "is not None", "> 0"):
            yield program.swap("truth_of_number", test, f"{text} {other}")
    yield program.swap("branch_never", test, "True")
    yield program.swap("branch_always", test, "False")
