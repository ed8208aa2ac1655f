"""`stoa diagnose` and `stoa guard`: the tutor without a chat, for people and scripts."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from bots.cli import main
from tests.tutor.replies import ROOT

CHALLENGE = str(ROOT / "courses" / "python-from-zero" / "30-decisions" / "02-pool-ticket")
PAGE = ROOT / "courses" / "web-pages" / "10-first-page" / "04-library-page"
WRONG = """def ticket_price(age, hour):
    if age < 4:
        return 0
    if age < 15:
        price = 3
    elif age < 65:
        price = 6
    else:
        price = 4
    if hour >= 19:
        price = price - 1
    return price
"""
KEYS = {
    *("submission", "confidence", "failing_test", "cause", "lines", "explanation", "ladder"),
    *("passed", "tests", "edits", "tried", "ms"),
}


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def lines(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main([*words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_diagnosis_is_one_json_object_for_each_submission(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    wrong = write(tmp_path / "wrong.py", WRONG)
    right = write(tmp_path / "right.py", WRONG.replace("15", "16"))
    first, second = lines(capsys, "diagnose", CHALLENGE, "--each", "--budget", "20", wrong, right)
    assert set(first) == set(second) == KEYS
    assert first["submission"] == wrong
    assert first["confidence"] == "validated"
    assert (first["cause"]["key"], first["cause"]["line"]) == ("boundary", 4)
    assert first["lines"][0] == 4
    assert first["failing_test"]["call"] == "ticket_price(15, 12)"
    assert len(first["ladder"]) == 5
    assert (first["passed"], first["tests"]) == (9, 10)
    assert (second["confidence"], second["cause"], second["ladder"]) == ("none", None, [])


def test_what_python_would_warn_of_in_a_program_is_not_said_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    odd = write(tmp_path / "odd.py", WRONG.replace("age < 4:", "age < 4or age < 3:"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        lines(capsys, "guard", CHALLENGE, "--learner", odd, odd)
    assert not caught


def test_people_read_words_and_learners_see_no_hidden_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    wrong = write(tmp_path / "wrong.py", WRONG)
    assert main(["diagnose", CHALLENGE, wrong, "--as-learner"]) == 0
    said = capsys.readouterr().out
    assert "9 of 10 tests pass" in said
    assert 'The hidden test "Exactly 15" fails' in said
    assert "ticket_price(15" not in said


def test_replies_are_judged_beside_the_learners_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    learner = write(tmp_path / "wrong.py", WRONG)
    fix = write(tmp_path / "fix.txt", "On line 4 use `<=` instead of `<`.")
    fair = write(tmp_path / "fair.txt", "What does line 4 say about a child of 15?")
    found = lines(capsys, "guard", CHALLENGE, "--learner", learner, fix, fair)
    assert [one["reply"] for one in found] == [fix, fair]
    assert [one["kind"] for one in found] == ["fix", None]
    assert [one["gives_away"] for one in found] == [True, False]
    assert "<=" in found[0]["evidence"]


def test_a_page_that_passes_is_not_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    page = (PAGE / "solution" / "index.html").read_text("utf-8")
    reply = write(tmp_path / "reply.md", f"Like this:\n```html\n{page}\n```\n")
    fair = write(tmp_path / "fair.md", "Which of your tags is never closed?")
    found = lines(capsys, "guard", str(PAGE), reply, fair)
    assert [one["kind"] for one in found] == ["solution", None]


@pytest.mark.parametrize("command", ["diagnose", "guard"])
def test_what_cannot_be_used_is_refused(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([command, str(tmp_path), str(tmp_path / "x.py")]) == 1
    assert "challenge.yaml" in capsys.readouterr().err
    assert main([command, CHALLENGE, str(tmp_path / "x.py")]) == 1
    assert "cannot be read" in capsys.readouterr().err
