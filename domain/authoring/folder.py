"""One challenge folder by itself, for authors and scripts that want to run files against it."""

from pathlib import Path

from domain.authoring.challenges import read_challenge
from domain.authoring.documents import Context
from domain.authoring.models import Challenge
from domain.authoring.problems import Problem, Problems
from domain.authoring.sources import decode, read_folder


def read_challenge_folder(folder: Path) -> tuple[Challenge, tuple[Problem, ...]]:
    """Read a challenge and whatever keeps it from being graded.

    What is wrong with instructions, starter and solution is left to the check of the course: no
    grading needs them.

    Args:
        folder: holds `challenge.yaml` and `tests/cases.yaml`; inside a course or by itself.

    Returns:
        the challenge, which is of use only when there are no problems, and the problems, their
        paths relative to `folder`.
    """
    folder = folder.resolve()
    root = next((one for one in folder.parents if (one / "course.yaml").is_file()), folder.parent)
    inside = f"{folder.relative_to(root).as_posix()}/"
    problems = Problems()
    around = Problems()  # the rest of the course is not asked about
    tree = {inside + path: content for path, content in read_folder(folder, problems).items()}
    texts = {path: decode(path, content, problems) for path, content in tree.items()}
    files = frozenset(tree)
    if root != folder.parent or (root / "course.yaml").is_file():
        files |= frozenset(read_folder(root, around))
    context = Context(
        {path: text for path, text in texts.items() if text is not None}, files, problems
    )
    challenge = read_challenge(f"{inside}challenge.yaml", context).challenge
    return challenge, tuple(
        Problem(path, problem.line, problem.message)
        for problem in problems.errors
        if (path := problem.path.removeprefix(inside)) == "challenge.yaml"
        or path.startswith("tests/")
    )
