"""What `stoa guard` does; verdicts go to standard output."""

import json
from collections.abc import Sequence
from pathlib import Path

from bots.commands.submissions import challenge_task, refused, submission_of, text_of
from domain.grading import Grader, SandboxError
from tutor.guard.guard import Guard, Verdict


async def guard(
    challenge: Path, replies: Sequence[Path], learner: Path | None, *, as_json: bool
) -> int:
    """Judge replies one after the other, and print each verdict as soon as it is known.

    Args:
        challenge: the challenge's folder; its `solution/` is compared with, if it has one.
        replies: files, one reply each.
        learner: the learner's program, or None.
        as_json: one JSON object per line instead of words.

    Raises:
        StoaError: a folder or file cannot be used, or nothing can be run on this machine.
    """
    task = challenge_task(challenge)
    program = ""
    if learner is not None:
        program = submission_of(str(learner), [learner], task).files.get(task.main, "")
    solution = challenge / "solution" / task.main
    solutions = [text_of(solution)] if solution.is_file() else []
    texts = [(str(path), text_of(path)) for path in replies]
    async with Grader() as grader:
        try:
            judge = Guard(grader, task, solutions)
            for name, text in texts:
                verdict = await judge.check(text, program)
                line = json.dumps(as_object(name, verdict), ensure_ascii=False)
                print(line if as_json else in_words(name, verdict), flush=True)
        except SandboxError as error:
            raise refused(error) from error
    return 0


def as_object(name: str, verdict: Verdict) -> dict[str, object]:
    """A verdict as scripts get it; documented in docs/tutor.md."""
    return {
        "reply": name,
        "gives_away": verdict.gives_away,
        "kind": verdict.kind or None,
        "why": verdict.why,
        "evidence": verdict.evidence,
        "ran": verdict.ran,
        "ms": verdict.ms,
    }


def in_words(name: str, verdict: Verdict) -> str:
    """A verdict for people."""
    if not verdict.gives_away:
        return f"{name}: may be sent, {verdict.why}"
    evidence = "\n".join(f"    {line}" for line in verdict.evidence.strip().split("\n")[:30])
    return f"{name}: gives a {verdict.kind} away, {verdict.why}\n{evidence}"
