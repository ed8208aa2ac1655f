"""Recognises a list of steps in words that goes through a whole solution."""

import ast
import re
from collections.abc import Iterable

from tutor.guard.repair import parsed

FEWEST = 4
_KINDS = (
    (
        "start",
        r"\b(?:create|make|start with|begin with|set up|initiali[sz]e|set|define|let|declare)\b",
    ),
    (
        "loop",
        r"\b(?:loop|iterate|go through|walk through|for each|for every|repeat|while|run through)\b",
    ),
    ("if", r"\b(?:if|check whether|check if|whenever|when|unless|test whether)\b"),
    (
        "store",
        r"\b(?:append|add|increase|increment|put|store|count|multiply|subtract|update|insert|save|remove)\b",
    ),
    ("return", r"\b(?:return|give back|hand back|output|print)\b"),
)


def whole(text: str, solutions: Iterable[str]) -> bool:
    """Whether a text's sentences go through all steps of a stored solution, in order.

    Only orders count, not questions; and only solutions with at least `FEWEST` steps.
    """
    said = _said(text)
    if len(said) < FEWEST:
        return False
    for solution in solutions:
        wanted = _steps(solution)
        if len(wanted) >= FEWEST and _inside(wanted, said):
            return True
    return False


def _said(text: str) -> list[str]:
    found: list[str] = []
    listed = re.findall(
        r"(?m)^\s*(?:[-*•]|\(?\d{1,2}[.)]|(?:step|then|first|next|finally)\b)", text, re.IGNORECASE
    )
    for sentence in re.split(r"(?<=[.!?;])\s+|\n|,\s*(?:then|and)\s+", text):
        if sentence.strip().endswith("?"):
            continue
        places = [
            (match.start(), kind)
            for kind, pattern in _KINDS
            for match in re.finditer(pattern, sentence, re.IGNORECASE)
        ]
        found += [kind for _, kind in sorted(places)]
    return found if len(listed) >= 3 else []


def _steps(solution: str) -> list[str]:
    tree = parsed(solution)
    if tree is None:
        return []
    kinds: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        match node:
            case ast.For() | ast.While():
                kinds.append((node.lineno, "loop"))
            case ast.If():
                kinds.append((node.lineno, "if"))
            case ast.Return():
                kinds.append((node.lineno, "return"))
            case ast.Assign():
                constant = isinstance(node.value, ast.Constant | ast.List | ast.Dict)
                kinds.append((node.lineno, "start" if constant else "store"))
            case ast.AugAssign():
                kinds.append((node.lineno, "store"))
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
                kinds.append((node.lineno, "return"))
            case ast.Expr(value=ast.Call()):
                kinds.append((node.lineno, "store"))
            case _:
                continue
    return [kind for _, kind in sorted(kinds)]


def _inside(wanted: list[str], said: list[str]) -> bool:
    """Whether all wanted steps are said in their order."""
    place = 0
    for step in said:
        if place < len(wanted) and step == wanted[place]:
            place += 1
    return place == len(wanted)
