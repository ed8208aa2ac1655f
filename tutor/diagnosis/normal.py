"""Programs in a normal form, in which two that differ only in their variables' names are equal."""

import ast
import copy

from tutor.diagnosis.program import blocks


def statements(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and normal form of each statement's own part, in the order of the text.

    Empty for a program that is nested more deeply than can be walked.
    """
    try:
        return _statements(tree)
    except RecursionError:
        return []


def _statements(tree: ast.Module) -> list[tuple[int, str]]:
    renamed = _Renamed().visit(copy.deepcopy(tree))
    found = []
    for owner, block in blocks(renamed):
        depth = type(owner).__name__
        found += [
            (statement.lineno, f"{depth}{_head(statement)}")
            for statement in block
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        ]
    return sorted(found, key=lambda pair: pair[0])


def _head(statement: ast.stmt) -> str:
    """A statement without the blocks inside it."""
    bare = copy.copy(statement)
    for field in ("body", "orelse", "finalbody", "handlers"):
        if hasattr(bare, field):
            setattr(bare, field, [ast.Pass()] if field == "body" else [])
    return ast.unparse(ast.fix_missing_locations(bare))


class _Renamed(ast.NodeTransformer):
    """Variables by order of appearance; functions, attributes and builtins keep their names."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.bound: set[str] = set()

    def visit_Module(self, node: ast.Module) -> ast.Module:
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                self.bound.add(one.id)
            elif isinstance(one, ast.arg):
                self.bound.add(one.arg)
        self.generic_visit(node)
        return node

    def _new(self, name: str) -> str:
        if name not in self.bound:
            return name
        return self.names.setdefault(name, f"v{len(self.names)}")

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._new(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg, node.annotation = self._new(node.arg), None
        return node
