"""Comparing what was printed with what should be."""

import math

from domain.grading import explain
from domain.grading.model import Note

_CLOSE = 1e-6


def same_output(expected: str, got: str, mode: str) -> Note | None:
    """Where two outputs first differ; None when they are the same.

    Args:
        expected: what should be printed.
        got: what was printed.
        mode: `exact` forgives only a missing or an extra last line end; `tolerant` also spaces
            at line ends, repeated spaces, empty lines at the end, and numbers that differ by
            less than a millionth.
    """
    if mode == "exact":
        left, right = _exact_lines(expected), _exact_lines(got)
    else:
        left, right = _tolerant_lines(expected), _tolerant_lines(got)
    for index, (one, two) in enumerate(zip(left, right, strict=False), start=1):
        if one == two or (mode != "exact" and _same_words(one, two)):
            continue
        if one.split() == two.split():
            return explain.note(explain.SPACES_ONLY)
        return explain.note(explain.LINE_DIFFERS, line=index, expected=repr(one), got=repr(two))
    if len(left) > len(right):
        return explain.note(
            explain.FEWER_LINES, line=len(right) + 1, expected=repr(left[len(right)])
        )
    if len(right) > len(left):
        return explain.note(explain.MORE_LINES, line=len(left) + 1, got=repr(right[len(left)]))
    return None


def _exact_lines(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").removesuffix("\n")
    return text.split("\n") if text else []


def _tolerant_lines(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _same_words(left: str, right: str) -> bool:
    ones, twos = left.split(), right.split()
    return len(ones) == len(twos) and all(
        one == two or _same_number(one, two) for one, two in zip(ones, twos, strict=True)
    )


def _same_number(left: str, right: str) -> bool:
    try:
        one, two = float(left), float(right)
    except ValueError:
        return False
    if "." not in left and "e" not in left.lower():
        return False  # a whole number is wanted exactly
    return math.isfinite(one) and math.isclose(one, two, rel_tol=_CLOSE, abs_tol=_CLOSE)
