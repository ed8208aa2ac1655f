"""Where a program differs from the most similar accepted one. The other program is never shown.

Programs are compared statement by statement, with variables named by their order of appearance:
the idea of Gulwani, Radicek, Zuleger, "Automated clustering and program repair for introductory
programming assignments", PLDI 2018, in its simplest form.
"""

import ast
import copy
import difflib
from collections.abc import Sequence

from tutor.diagnosis.program import Program, blocks

MOST_LINES = 3  # more differences say nothing about a mistake


def nearest(program: Program, accepted: Sequence[str]) -> tuple[int, ...]:
    """The learner's lines that differ from the nearest accepted program, when these are few.

    Args:
        program: the learner's program, which fails.
        accepted: texts of programs that pass; unreadable ones are passed over.

    Returns:
        Line numbers, at most `MOST_LINES`; empty when nothing is near enough.
    """
    own = _statements(program.tree)
    texts = [text for _, text in own]
    best: tuple[float, tuple[int, ...]] = (0.0, ())
    for other in accepted:
        try:
            theirs = [text for _, text in _statements(Program.read(other).tree)]
        except SyntaxError:
            continue
        matcher = difflib.SequenceMatcher(None, texts, theirs, autojunk=False)
        ratio = matcher.ratio()
        if ratio > best[0]:
            best = ratio, _differing(matcher, own)
    return best[1] if 0 < len(best[1]) <= MOST_LINES else ()


def _differing(
    matcher: "difflib.SequenceMatcher[str]", own: Sequence[tuple[int, str]]
) -> tuple[int, ...]:
    lines: list[int] = []
    for kind, start, end, _, _ in matcher.get_opcodes():
        if kind == "equal":
            continue
        # What is missing shows on the line before which it belongs.
        places = range(start, end) if end > start else [min(start, len(own) - 1)]
        lines += [own[place][0] for place in places if place >= 0]
    return tuple(dict.fromkeys(lines))


def _statements(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and normal form of each statement's own part, in the order of the text."""
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
