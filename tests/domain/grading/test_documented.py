"""The examples of docs/challenge-tests.md are read and graded as they stand there."""

import re
from pathlib import Path

import pytest
import yaml

from domain.grading import Grader, task_from_files

pytestmark = pytest.mark.asyncio(loop_scope="module")
TEXT = (Path(__file__).parents[3] / "docs" / "challenge-tests.md").read_text(encoding="utf-8")
BLOCKS = {
    (language, name): body
    for language, name, body in re.findall(r"```(yaml|python) (\S+)\n(.*?)```", TEXT, re.DOTALL)
}
FUNCTIONS = {"call": "divide", "checker": "a_prime_above"}


@pytest.mark.parametrize("mode", ["call", "stdin", "assert", "checker"])
async def test_the_examples_pass(grader: Grader, mode: str) -> None:
    challenge = {
        "language": "python",
        "mode": mode,
        "function": FUNCTIONS.get(mode),
        "files": {"starter": ["main.py"]},
    }
    files = {"check_prime.py": BLOCKS["python", "check_prime.py"]}
    task = task_from_files(challenge, yaml.safe_load(BLOCKS["yaml", mode]), files)
    result = await grader.grade(task, {"main.py": BLOCKS["python", mode]})
    nothing = await grader.grade(task, {"main.py": "pass\n"})
    assert [(test.status, str(test.note)) for test in result.tests] == [("passed", "None")] * len(
        task.tests
    )
    assert nothing.score == 0
