"""What happened in the failing test, in the learner's words."""

import ast

from domain.grading import Note, Task, TestCase, TestResult
from domain.grading.explain import FEWER_LINES, LINE_DIFFERS
from domain.grading.tasks import literal
from tutor.diagnosis import words
from tutor.diagnosis.exceptions import concept_of, explain
from tutor.diagnosis.model import Failure, Seen
from tutor.diagnosis.outputs import differs
from tutor.diagnosis.program import Program
from tutor.diagnosis.syntax import Unreadable

_SHOWN = 200  # characters of a value in a sentence
_LINES_TYPED = 4


def failure_of(
    task: Task,
    test: TestCase,
    number: int,
    graded: TestResult | None,
    seen: Seen | None,
    *,
    hidden: bool,
) -> Failure:
    """A failing test as the learner may see it.

    Args:
        task: the challenge.
        test: the failing one.
        number: of the test, from 0.
        graded: how it ended behind the wall, when it was run there.
        seen: what the program did when it was looked at.
        hidden: only the name is shown.
    """
    status = graded.status if graded is not None else _status(seen)
    if hidden:
        return Failure(number + 1, test.name, status, hidden=True)
    expected, got = "", ""
    if graded is not None:
        expected, got = graded.expected or "", graded.got or ""
    elif "expected" in test.spec:
        expected = repr(literal(test.spec["expected"]))
    return Failure(
        number + 1,
        test.name,
        status,
        hidden=False,
        call=_cut(_call(task, test)),
        expected=_cut(expected),
        got=_cut(got),
        note=graded.note if graded is not None else None,
    )


def explained(failure: Failure, seen: Seen | None, program: Program | None) -> tuple[Note, ...]:
    """Sentences about a failing test, most important first."""
    first = Note(words.HIDDEN if failure.hidden else words.WRONG_TEST, {"name": failure.name})
    if failure.status == "timeout":
        stopped = Note(words.STOPPED, {"name": failure.name})
        return (stopped, *([failure.note] if failure.note else []))
    if seen is not None and seen.evidence is not None and seen.evidence.line and program:
        if failure.call and not failure.hidden:
            first = Note(words.RAISED_IN, {"call": failure.call})
        return (first, *explain(seen.kinds, seen.evidence, program, hidden=failure.hidden))
    if failure.hidden:
        return (first,)
    notes = [first]
    if failure.status == "failed" and failure.expected and failure.got and failure.call:
        values = {"call": failure.call, "expected": failure.expected, "got": failure.got}
        short = all("\n" not in text for text in values.values())
        notes = [Note(words.WRONG_VALUE, values)] if short else [first]
    if failure.note is not None and not (len(notes[0].values) > 1 and _repeats(failure.note)):
        notes.append(failure.note)
    if failure.note is not None and _repeats(failure.note):
        notes += differs(failure.expected, failure.got)
    if seen is not None and program is not None and seen.outcome[:1] == "v":
        notes += _path(seen, program)
    return tuple(notes)


def _repeats(note: Note) -> bool:
    """Whether a note says only what "should give" and "gives" have said already."""
    return note.message in {LINE_DIFFERS, FEWER_LINES}


def unread(stop: Unreadable, code: str) -> tuple[Note, ...]:
    """About a program that Python cannot read."""
    if not code:
        return (Note(words.UNREADABLE_BLANK, {"line": stop.line}),)
    return (Note(words.UNREADABLE, {"line": stop.line, "code": code}),)


def concept_without_cause(failure: Failure, seen: Seen | None) -> str:
    """The concept to ask about when no change was found."""
    if seen is not None and seen.evidence is not None and seen.evidence.line:
        return concept_of(seen.kinds)
    if failure.status == "timeout":
        return "running"
    if failure.got == "None":
        return "return"
    return "tracing"


def _path(seen: Seen, program: Program) -> list[Note]:
    """Which line gave the answer, and which block was never entered."""
    notes = []
    if seen.last in seen.lines:
        notes.append(Note(words.FROM_LINE, {"line": seen.last}))
    for node in ast.walk(program.tree):
        if isinstance(node, ast.For | ast.While) and node.lineno in seen.lines:
            inside = {
                inner.lineno
                for one in node.body
                for inner in ast.walk(one)
                if isinstance(inner, ast.stmt)
            }
            if not inside & seen.lines:
                notes.append(Note(words.NOT_ENTERED, {"line": node.lineno}))
                break
    return notes


def _status(seen: Seen | None) -> str:
    if seen is None or seen.kinds:
        return "error"
    return "timeout" if seen.outcome.startswith("t") else "failed"


def _call(task: Task, test: TestCase) -> str:
    spec = test.spec
    if "stdin" in spec:
        lines = str(spec["stdin"]).splitlines()
        more = "…" if len(lines) > _LINES_TYPED else ""
        return " ⏎ ".join(lines[:_LINES_TYPED]) + more
    if "args" not in spec or "function" not in spec or task.mode == "assert":
        return ""
    args, kwargs = literal(spec.get("args", [])), literal(spec.get("kwargs", {}))
    shown = [repr(one) for one in args] if isinstance(args, list) else []
    if isinstance(kwargs, dict):
        shown += [f"{name}={value!r}" for name, value in kwargs.items()]
    return f"{spec['function']}({', '.join(shown)})"


def _cut(text: str) -> str:
    text = text.strip("\n")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
