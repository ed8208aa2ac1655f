"""What `stoa diagnose` does; results go to standard output."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

from bots.commands.submissions import challenge_task, refused, submissions_of
from domain.grading import Grader, SandboxError
from tutor.diagnosis.diagnose import diagnose as examine
from tutor.diagnosis.misconceptions import MISCONCEPTIONS
from tutor.diagnosis.model import Diagnosis
from tutor.ladder import ladder, spoken, sure
from tutor.told import text_of

_TITLES = ("What happens", "A question", "Where", "What kind of change", "Elsewhere")


async def diagnose(
    challenge: Path,
    files: Sequence[Path],
    *,
    each: bool,
    as_json: bool,
    show_hidden: bool,
    budget_s: float,
) -> int:
    """Examine files one submission after the other, and print each as soon as it is done.

    Args:
        challenge: the challenge's folder.
        files: one submission, or one each.
        each: every file (or folder of files) is a submission of its own.
        as_json: one JSON object per line instead of words.
        show_hidden: values of hidden tests are shown.
        budget_s: seconds of searching for one submission.

    Raises:
        StoaError: a folder or file cannot be used, or nothing can be run on this machine.
    """
    task = challenge_task(challenge)
    submissions = submissions_of(files, task, each=each)
    async with Grader(concurrency=os.cpu_count() or 1) as grader:
        try:
            await grader.layers()
            for one in submissions:
                found = await examine(
                    grader, task, one.files, show_hidden=show_hidden, budget_s=budget_s
                )
                line = json.dumps(as_object(one.name, found), ensure_ascii=False)
                print(line if as_json else in_words(one.name, found), flush=True)
        except (SandboxError, ValueError) as error:
            raise refused(error) from error
    return 0


def as_object(name: str, found: Diagnosis) -> dict[str, object]:
    """A diagnosis as scripts get it; documented in docs/tutor.md."""
    failure, cause = found.failure, found.cause
    return {
        "submission": name,
        "confidence": found.confidence,
        "failing_test": None
        if failure is None
        else {
            "number": failure.number,
            "name": failure.name,
            "status": failure.status,
            "hidden": failure.hidden,
            "call": failure.call,
            "expected": failure.expected,
            "got": failure.got,
        },
        "cause": None
        if cause is None
        else {
            "key": cause.key,
            "concept": found.concept,
            "line": cause.line,
            "text": cause.text,
            "bank": list(MISCONCEPTIONS[cause.key].bank),
        },
        "lines": list(found.lines),
        "explanation": [spoken(note) for note in found.explanation],
        "ladder": [text_of(rung) for rung in ladder(found)],
        "passed": found.passed,
        "tests": found.tests,
        "edits": len(found.edits),
        "tried": found.tried,
        "ms": found.ms,
    }


def in_words(name: str, found: Diagnosis) -> str:
    """A diagnosis for people."""
    head = f"{name}: {found.passed} of {found.tests} tests pass, {found.ms:.0f} ms"
    lines = [head, spoken(sure(found))]
    for rung in ladder(found):
        text = indent(text_of(rung), " " * 5).lstrip()
        lines.append(f"  {rung.level}  {_TITLES[rung.level]}: {text}")
    return "\n".join(lines) + "\n"
