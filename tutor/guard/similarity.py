"""Compares code with stored solutions: for leaks that cannot be run, such as a few lines short."""

import ast
import copy
from collections import Counter
from collections.abc import Iterable

from tutor.guard.repair import parsed

SHARE = 0.8  # of a solution's own statements
FEWEST = 4  # statements below which sharing says nothing


def shared(candidate: str, solutions: Iterable[str], own: str) -> float:
    """The largest share of a stored solution that a text holds, beyond the learner's own code.

    Args:
        candidate: code of a reply.
        solutions: programs that pass.
        own: the learner's program; what is in it is no secret.

    Returns:
        0 to 1; 0 when too little is left to compare.
    """
    tree = parsed(candidate)
    if tree is None:
        return 0.0
    offered, known = Counter(statements(candidate)), Counter(statements(own))
    best = 0.0
    for solution in solutions:
        secret = Counter(statements(solution)) - known
        total = sum(secret.values())
        if total >= FEWEST:
            best = max(best, sum((secret & offered).values()) / total)
    return best


def alike(candidate: str, solutions: Iterable[str], own: str) -> float:
    """The largest share of a stored solution's lines that a text of any language holds.

    Lines of the learner's own do not count. 0 to 1; 0 when too little is left to compare.
    """
    offered, known = Counter(_lines(candidate)), Counter(_lines(own))
    best = 0.0
    for solution in solutions:
        secret = Counter(_lines(solution)) - known
        if (total := sum(secret.values())) >= FEWEST:
            best = max(best, sum((secret & offered).values()) / total)
    return best


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()).lower() for line in text.split("\n") if len(line.strip()) > 3]


def statements(text: str) -> list[str]:
    """Each statement's own part, its variables named by their order in the program."""
    tree = parsed(text)
    if tree is None:
        return []
    tree = _Renamed().visit(copy.deepcopy(tree))
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or isinstance(node, ast.Pass | ast.Import):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        bare = copy.copy(node)
        for field in ("body", "orelse", "finalbody", "handlers", "decorator_list"):
            if hasattr(bare, field):
                setattr(bare, field, [ast.Pass()] if field == "body" else [])
        found.append(ast.unparse(ast.fix_missing_locations(bare)))
    return found


class _Renamed(ast.NodeTransformer):
    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def _new(self, name: str) -> str:
        return self.names.setdefault(name, f"v{len(self.names)}")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name, node.returns = self._new(node.name), None
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._new(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg, node.annotation = self._new(node.arg), None
        return node
