"""Wrong programs that were written by hand, as beginners write them, with the lines to mend.

A file of `benchmarks/data/tutor/SET/` is one exercise: its description, then parts that each begin
with a line of its own: `=== reference`, `=== tests` (one `call == value` a line), and for each
wrong program `=== wrong` with the numbers of the lines that hold the mistakes, or `-` where the
whole approach is wrong. Each set was measured before anything was mended for its programs: `first`
before the search was last remade, `second` when that had been done, `third` after that. `course` is
about the challenges of "Python from zero": in place of a reference and tests, `=== challenge` names
the challenge's folder. Some of its programs cannot be read by Python.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.tutor_cases import Exercise, exercises
from domain.authoring.folder import read_challenge_folder
from domain.authoring.trial import task_of
from domain.errors import StoaError

SETS = ("first", "second", "third", "course")
COURSE = Path(__file__).resolve().parent.parent / "courses" / "python-from-zero"
_DATA = Path(__file__).resolve().parent / "data" / "tutor"
_PART = re.compile(r"^=== (\w+)(?: (.*))?\n", re.MULTILINE)


@dataclass(frozen=True)
class Wrong:
    """A program, and the lines that its author would mend; none for a wrong approach."""

    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Written:
    """One exercise as it is written in a file; `challenge` is its folder in the course, or ""."""

    name: str
    description: str
    reference: str
    tests: tuple[tuple[str, str], ...]
    wrong: tuple[Wrong, ...]
    challenge: str = ""


def read(path: Path) -> Written:
    """Read one file.

    Raises:
        ValueError: a part is missing, or a test is not `call == value`.
    """
    first, *rest = _PART.split(path.read_text(encoding="utf-8"))
    parts = list(zip(rest[::3], rest[1::3], rest[2::3], strict=True))
    texts = {kind: text for kind, _, text in parts if kind != "wrong"}
    challenge = next((said for kind, said, _ in parts if kind == "challenge"), "")
    if set(texts) != ({"challenge"} if challenge else {"reference", "tests"}):
        raise ValueError(f"{path.name}: wants a reference and tests, or a challenge")
    wrong = tuple(
        Wrong(text, tuple(int(number) for number in said.split() if number != "-"))
        for kind, said, text in parts
        if kind == "wrong"
    )
    if challenge:
        return Written(path.stem, first, "", (), wrong, challenge)
    tests = tuple(_test(line) for line in texts["tests"].splitlines() if line.strip())
    return Written(path.stem, first, texts["reference"], tests, wrong)


def _test(line: str) -> tuple[str, str]:
    tree = ast.parse(line, mode="eval").body
    if not isinstance(tree, ast.Compare) or not isinstance(tree.ops[0], ast.Eq):
        raise ValueError(f"no call and value: {line}")
    return ast.unparse(tree.left), ast.unparse(tree.comparators[0])


def written(name: str, place: Path) -> Iterator[Exercise]:
    """The exercises of one set.

    Args:
        name: of the set.
        place: an empty folder.
    """
    for path in sorted((_DATA / name).glob("*.txt")):
        one = read(path)
        if one.challenge:
            yield _of_course(one, place / one.name)
        else:
            _lay_out(one, place / "layout" / f"question_{one.name}")
    lines = {
        f"{path.stem}-{number:02}": wrong.lines
        for path in sorted((_DATA / name).glob("*.txt"))
        for number, wrong in enumerate(read(path).wrong, 1)
    }
    for exercise in exercises(place / "layout", place / "folders"):
        yield replace(
            exercise,
            name=exercise.name.removeprefix("question_"),
            gold={path: lines[path.stem] for path in exercise.wrong},
        )


def _of_course(one: Written, folder: Path) -> Exercise:
    challenge, problems = read_challenge_folder(COURSE / one.challenge)
    if problems:
        raise StoaError("\n".join(map(str, problems)))
    folder.mkdir(parents=True)
    gold = {}
    for number, wrong in enumerate(one.wrong, 1):
        path = folder / f"{one.name}-{number:02}.py"
        path.write_text(wrong.text, encoding="utf-8")
        gold[path] = wrong.lines
    return Exercise(one.name, task_of(challenge), tuple(gold), (), "", gold)


def _lay_out(one: Written, target: Path) -> None:
    for folder in ("ans", "wrong"):
        (target / folder).mkdir(parents=True)
    (target / "description.txt").write_text(one.description, encoding="utf-8")
    (target / "reference.py").write_text(one.reference, encoding="utf-8")
    for number, (call, wanted) in enumerate(one.tests, 1):
        (target / "ans" / f"input_{number:03}.txt").write_text(call, encoding="utf-8")
        (target / "ans" / f"output_{number:03}.txt").write_text(wanted, encoding="utf-8")
    for number, wrong in enumerate(one.wrong, 1):
        (target / "wrong" / f"{one.name}-{number:02}.py").write_text(wrong.text, encoding="utf-8")
