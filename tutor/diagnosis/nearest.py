"""Where a program differs from the most similar accepted one. The other program is never shown.

Programs are compared statement by statement, with variables named by their order of appearance:
the idea of Gulwani, Radicek, Zuleger, "Automated clustering and program repair for introductory
programming assignments", PLDI 2018, in its simplest form.
"""

import difflib
from collections.abc import Sequence

from tutor.diagnosis.normal import statements
from tutor.diagnosis.program import Program

MOST_LINES = 3  # more differences say nothing about a mistake


def nearest(program: Program, accepted: Sequence[str]) -> tuple[int, ...]:
    """The learner's lines that differ from the nearest accepted program, when these are few.

    Args:
        program: the learner's program, which fails.
        accepted: texts of programs that pass; unreadable ones are passed over.

    Returns:
        Line numbers, at most `MOST_LINES`; empty when nothing is near enough.
    """
    own = statements(program.tree)
    texts = [text for _, text in own]
    best: tuple[float, tuple[int, ...]] = (0.0, ())
    for other in accepted:
        try:
            theirs = [text for _, text in statements(Program.read(other).tree)]
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
