"""Small changes that may mend a learner's program: what a reply must not tell in words."""

import ast
import difflib
import itertools
from collections.abc import Iterator, Sequence

from tutor.diagnosis.edits import all_edits
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program, parameters

_MOST = 500  # changes that are run
_HUNKS = 5  # differences to a stored solution, above which it is another program


def changes(program: Program, wanted: Sequence[str], solutions: Sequence[str]) -> list[Edit]:
    """Changes to try, those of the author's solution first.

    Args:
        program: the learner's.
        wanted: functions that the tests call.
        solutions: programs that pass.
    """
    found = [edit for solution in solutions for edit in _hunks(program, solution)]
    found += _copies(program)
    found += _skips(program)
    found += all_edits(program, tuple(wanted))
    return found[:_MOST]


def _hunks(program: Program, solution: str) -> Iterator[Edit]:
    """Where a stored solution differs, one by one and all together."""
    mine = program.text.split("\n")
    theirs = [line for line in solution.split("\n") if not line.lstrip().startswith("#")]
    codes = difflib.SequenceMatcher(a=mine, b=theirs, autojunk=False).get_opcodes()
    different = [code for code in codes if code[0] != "equal"]
    if not 1 <= len(different) <= _HUNKS:
        return
    made = []
    for _, first, last, begin, end in different:
        block = "\n".join(theirs[begin:end])
        start = program.starts[first] if first < len(program.starts) else len(program.data)
        stop = program.starts[last] if last < len(program.starts) else len(program.data)
        made.append(Change(start, stop, block + "\n" if end > begin else ""))
    for size in range(1, len(made) + 1):
        for chosen in itertools.combinations(made, size):
            yield Edit("", 1, chosen)


def _copies(program: Program) -> Iterator[Edit]:
    """A copy of a parameter at the start of its function."""
    for function in program.functions:
        first = function.body[0]
        if not program.alone(first):
            continue
        at = program.lines_of(first)[0]
        for name in parameters(function):
            for copy in ("list", "dict"):
                line = f"{program.indent(first)}{name} = {copy}({name})\n"
                yield Edit("", first.lineno, (Change(at, at, line),))


def _skips(program: Program) -> Iterator[Edit]:
    """Going on with the next round when something is empty."""
    for loop in ast.walk(program.tree):
        if not isinstance(loop, ast.For | ast.While):
            continue
        for node in loop.body:
            names = [
                target.id
                for target in (node.targets if isinstance(node, ast.Assign) else ())
                if isinstance(target, ast.Name)
            ]
            if names and program.alone(node):
                end, indent = program.lines_of(node)[1], program.indent(node)
                for test in (f'{names[0]} == ""', f"not {names[0]}"):
                    lines = f"\n{indent}if {test}:\n{indent}    continue"
                    yield Edit("", node.lineno, (Change(end, end, lines),))
