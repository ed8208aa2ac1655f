"""Programs with one known mistake, made from the course's solutions by code of its own.

The tutor's catalogue of edits is not used here: a mistake is put into the tree, so its line is
known exactly.
"""

import ast
import copy
import random
from collections.abc import Iterator

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt,),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.NotIn: (ast.In,),
    ast.In: (ast.NotIn,),
}
_SIGNS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
}


def programs(solution: str, most: int, seed: int) -> list[tuple[str, int]]:
    """Programs with a mistake, and the line it is on.

    Args:
        solution: a program that passes.
        most: how many at most.
        seed: which of all.
    """
    plain = ast.unparse(ast.parse(solution))
    found = list(dict.fromkeys(_all(plain)))
    random.Random(seed).shuffle(found)
    return found[:most]


def _all(text: str) -> Iterator[tuple[str, int]]:
    size = sum(1 for _ in ast.walk(ast.parse(text)))
    for number in range(size):
        for variant in range(3):
            tree = copy.deepcopy(ast.parse(text))
            node = list(ast.walk(tree))[number]
            line = _break(node, variant)
            if line:
                changed = ast.unparse(ast.fix_missing_locations(tree))
                if changed != text:
                    yield changed, line


def _break(node: ast.AST, variant: int) -> int:
    """Put a mistake into a node; its line, or 0 when this kind of node has no such mistake."""
    match node:
        case ast.Compare(ops=[op]):
            others = _COMPARISONS.get(type(op), ())
            if variant < len(others):
                node.ops = [others[variant]()]
                return node.lineno
        case ast.BinOp(op=sign) | ast.AugAssign(op=sign):
            signs = _SIGNS.get(type(sign), ())
            if variant < len(signs):
                node.op = signs[variant]()
                return node.lineno
        case ast.BoolOp():
            if variant == 0:
                node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                return node.lineno
        case ast.Constant(value=bool()):
            if variant == 0:
                node.value = not node.value
                return node.lineno
        case ast.Constant(value=int(value)):
            if variant < 2:
                node.value = value + (1 if variant else -1)
                return node.lineno if node.value >= 0 else 0
        case ast.If():
            if variant == 0:
                node.test = ast.UnaryOp(ast.Not(), node.test)
                return node.lineno
        case _:
            return 0
    return 0
