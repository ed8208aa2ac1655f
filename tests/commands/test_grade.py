"""`stoa grade`: files against a challenge folder, without a database, for people and scripts."""

import json
from pathlib import Path
from typing import Any

import pytest

from bots.cli import main
from domain.authoring.folder import read_challenge_folder
from tests.domain.challenges.course import GOOD, HALF, WRONG, write_course

KEYS = {
    *("submission", "status", "score", "max_score", "tests"),
    *("cpu_ms", "wall_ms", "peak_kb", "traceback"),
}
TEST_KEYS = {"name", "status", "points", "expected", "got", "output", "ms"}


@pytest.fixture
def challenge(tmp_path: Path) -> Path:
    return write_course(tmp_path) / "10-unit" / "01-two-fer"


def write(folder: Path, **texts: str) -> list[str]:
    """Programs by name; their paths."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return [str(folder / f"{name}.py") for name in texts]


def graded(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main(["grade", *words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_full_result_is_one_json_object(
    challenge: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = write(tmp_path / "mine", any_name=HALF)
    (found,) = graded(capsys, str(challenge), path)
    assert set(found) == KEYS
    assert all(set(test) == TEST_KEYS for test in found["tests"])
    assert (found["submission"], found["status"]) == (path, "partial")
    assert (found["score"], found["max_score"]) == (60, 100)
    hidden = found["tests"][2]
    assert (hidden["name"], hidden["status"], hidden["points"]) == ("empty string", "failed", 0)
    assert hidden["expected"] == "'One for you, one for me.'"
    assert hidden["got"] == "'One for , one for me.'"
    assert found["traceback"] is None


def test_each_is_a_submission_of_its_own_in_the_order_given(
    challenge: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = "def two_fer(name=0):\n    return 1 / 0\n"
    paths = write(tmp_path / "many", good=GOOD, wrong=WRONG, broken=broken, slow="while 1: pass\n")
    folder = tmp_path / "two files"
    write(folder, two_fer="from words import two_fer\n", words=GOOD)
    found = graded(capsys, str(challenge), *paths, str(folder), "--each")
    assert [one["submission"] for one in found] == [*paths, str(folder)]
    assert [one["status"] for one in found] == ["passed", "failed", "error", "timeout", "passed"]
    assert "ZeroDivisionError" in found[2]["traceback"]
    assert "domain" not in found[2]["traceback"]


def test_several_files_are_one_submission(
    challenge: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write(tmp_path / "one", two_fer="from words import two_fer\n", words=GOOD)
    (found,) = graded(capsys, str(challenge), *paths)
    assert found["status"] == "passed"


def test_words_for_people(
    challenge: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write(tmp_path / "mine", two_fer="def two_fer(name='you'):\n    print(name)\n")
    assert main(["grade", str(challenge), *paths]) == 0
    first, *tests = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{paths[0]}: failed, 0 of 100 points, 0 of 3 tests, ")
    assert tests[0].startswith("  FAIL    no name given: expected 'One for you, one for me.', got")
    assert "Did you `print` the answer" in tests[0]


def test_a_challenge_outside_of_any_course_can_be_used(
    challenge: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = tmp_path / "alone" / "two-fer"
    alone.parent.mkdir()
    challenge.rename(alone)
    (alone / "instructions.md").unlink()
    assert graded(capsys, str(alone), *write(tmp_path / "x", good=GOOD))[0]["status"] == "passed"


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (["nowhere.py"], "nowhere.py cannot be read (No such file or directory)"),
        (["latin.py"], "latin.py is not UTF-8 text: save it as UTF-8"),
        (["empty"], "empty holds no files"),
        (["a/two_fer.py", "b/two_fer.py"], "two files of one submission are called two_fer.py"),
        (["a/two_fer.py", "a/bad name.py"], "a file name may hold letters, digits"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(
    challenge: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: list[str],
    why: str,
) -> None:
    (tmp_path / "latin.py").write_bytes(b"# caf\xe9")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "a", two_fer=GOOD, **{"bad name": GOOD})
    write(tmp_path / "b", two_fer=GOOD)
    assert main(["grade", str(challenge), *(str(tmp_path / name) for name in files)]) == 1
    shown = capsys.readouterr()
    assert why in shown.err
    assert shown.out == ""


def test_a_folder_without_a_challenge_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write(tmp_path / "mine", good=GOOD)
    assert main(["grade", str(tmp_path), *paths]) == 1
    assert "challenge.yaml: give the folder of a challenge" in capsys.readouterr().err


def test_every_mistake_of_a_challenge_is_named(
    challenge: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (challenge / "tests" / "cases.yaml").write_text(
        "cases:\n  - {id: one, name: one, points: 1, args: 3, expectd: 2}\n"
    )
    assert main(["grade", str(challenge), *write(tmp_path / "mine", good=GOOD)]) == 1
    said = capsys.readouterr().err
    assert f"{challenge}/tests/cases.yaml:2: 'expectd' is not known" in said
    assert f"{challenge}/tests/cases.yaml:2: must be a list" in said


def test_no_files_is_wrong_usage(challenge: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["grade", str(challenge)])
    assert ended.value.code == 2


@pytest.mark.parametrize("path", sorted(Path("courses").glob("**/challenge.yaml")), ids=str)
def test_every_shipped_challenge_can_be_read_by_itself(path: Path) -> None:
    challenge, problems = read_challenge_folder(path.parent)
    assert not problems
    assert challenge.tests
