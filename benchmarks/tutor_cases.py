"""Challenge folders made of the Refactory layout, and a rule about code in hints."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from domain.authoring.folder import read_challenge_folder
from domain.authoring.trial import task_of
from domain.errors import StoaError
from domain.grading import Task
from tutor.diagnosis.model import Diagnosis

MAIN = "answer.py"
_WORDS = frozenset({"None", "and", "or", "if", "elif", "else", "return", "print", "assert"})


@dataclass(frozen=True)
class Exercise:
    """One question as a task, with its programs.

    Args:
        more: code that every program is given.
        gold: the lines that hold the mistakes of a wrong program, where its author says so.
    """

    name: str
    task: Task
    wrong: tuple[Path, ...]
    correct: tuple[Path, ...]
    more: str
    gold: Mapping[Path, tuple[int, ...]] = field(default_factory=dict)

    def text(self, path: Path) -> str:
        """A program; what it is given stands below it, so that its lines keep their numbers."""
        own = path.read_text(encoding="utf-8", errors="replace")
        return f"{own.rstrip()}\n{self.more}" if self.more else own


def exercises(folder: Path, place: Path) -> Iterator[Exercise]:
    """Write each question as a challenge folder, and read it as the product does.

    Args:
        folder: holds `question_N/`.
        place: an empty folder.

    Raises:
        StoaError: a question cannot be made a challenge.
    """
    for question in sorted(folder.glob("question_*")):
        if not (question / "ans").is_dir():
            continue
        target = place / question.name
        _write(question, target)
        challenge, problems = read_challenge_folder(target)
        if problems:
            raise StoaError("\n".join(f"{question.name}: {problem}" for problem in problems))
        more = question / "global.py"
        yield Exercise(
            question.name,
            task_of(challenge),
            tuple(sorted(question.glob("wrong/*.py"))),
            tuple(sorted(question.glob("correct/*.py"))),
            more.read_text(encoding="utf-8") if more.is_file() else "",
        )


def _write(question: Path, target: Path) -> None:
    cases = []
    for path in sorted((question / "ans").glob("input_*.txt")):
        call = path.read_text(encoding="utf-8").strip()
        wanted = path.with_name(path.name.replace("input", "output")).read_text("utf-8").strip()
        cases.append(_case(path.stem, call, wanted))
    mode = "call" if all("function" in case for case in cases) else "assert"
    if mode == "assert":
        cases = [_asserted(case) for case in cases]
    description = (question / "description.txt").read_text("utf-8", errors="replace")
    title = next((line.strip()[:80] for line in description.splitlines() if line.strip()), "")
    challenge: dict[str, object] = {
        "id": question.name.replace("_", "-"),
        "slug": question.name.replace("_", "-"),
        "title": title or question.name,
        "language": "python",
        "level": 1,
        "minutes": 10,
        "points": len(cases),
        "mode": mode,
        "summary": title or question.name,
        "files": {"starter": [MAIN], "solution": [MAIN]},
    }
    if mode == "call":
        challenge["function"] = cases[0]["function"]
    (target / "tests").mkdir(parents=True)
    for part in ("starter", "solution"):
        (target / part).mkdir()
        (target / part / MAIN).write_text(
            (question / "reference.py").read_text("utf-8"), encoding="utf-8"
        )
    (target / "instructions.md").write_text(f"{title}\n", encoding="utf-8")
    (target / "challenge.yaml").write_text(yaml.safe_dump(challenge), encoding="utf-8")
    (target / "tests" / "cases.yaml").write_text(
        yaml.safe_dump({"cases": cases}, allow_unicode=True), encoding="utf-8"
    )


def _case(name: str, call: str, wanted: str) -> dict[str, object]:
    name = name.replace("_", "-")
    title = f"test {name.split('-')[-1]}"
    common: dict[str, object] = {"id": name, "name": title, "points": 1, "sample": True}
    try:
        tree = ast.parse(call, mode="eval").body
        if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and not tree.keywords:
            ast.literal_eval(wanted)
            args = [{"$python": ast.unparse(one)} for one in tree.args]
            for one in tree.args:
                ast.literal_eval(one)
            return {
                **common,
                "function": tree.func.id,
                "args": args,
                "expected": {"$python": wanted},
            }
    except (SyntaxError, ValueError):
        pass
    return {**common, "call": call, "wanted": wanted}


def _asserted(case: dict[str, object]) -> dict[str, object]:
    if "function" in case:
        args = ", ".join(str(one["$python"]) for one in case["args"])  # type: ignore[attr-defined]
        wanted = case["expected"]["$python"]  # type: ignore[index]
        code = f"assert {case['function']}({args}) == {wanted}"
    else:
        code = f"assert ({case['call']}) == ({case['wanted']})"
    common = {key: case[key] for key in ("id", "name", "points", "sample")}
    return {**common, "code": code}


def borrowed(hint: str, program: str, found: Diagnosis) -> list[str]:
    """Code in a hint that is neither the learner's own nor the test's; there should be none.

    This rule knows nothing of the guard: it reads what stands in backticks.
    """
    foreign = []
    own = re.sub(r"\s+", "", program)
    failure = found.failure
    test = (failure.call, failure.expected, failure.got) if failure is not None else ()
    for code in re.findall(r"`([^`]+)`", hint):
        bare = re.sub(r"\s+", "", code)
        value = re.match(r"(\w+)=(?!=)", bare)  # a variable and its value at that moment
        if value is not None and value[1] in own:
            continue
        if bare not in own and code not in test and bare not in _WORDS:
            foreign.append(code)
    return foreign
