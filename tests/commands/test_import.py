"""`stoa import`: questions of other programs become a bank that a course takes."""

import json
from pathlib import Path

import pytest

from bots.cli import main

GIFT = "One? {T}\n\nOpen? {=a ~b\n\n::Three:: Which? {=x ~y}\n\nAn essay? {}\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "exam.gift"
    path.write_text(GIFT, encoding="utf-8")
    return path


def test_a_check_reports_and_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["import", str(file), "--format", "gift", "--check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(file),
        "format": "gift",
        "encoding": "utf-8",
        "questions": 2,
        "kinds": {"true_false": 1, "single": 1, "essay": 1},
        "drafts": [],
        "skipped": [
            {"line": 3, "reason": "the answers are not closed: add '}' after the last one"}
        ],
    }
    assert [path.name for path in file.parent.iterdir()] == ["exam.gift"]


def test_a_bank_is_written_once_and_never_over_another(
    file: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["import", str(file), "--format", "gift"]) == 0
    out = capsys.readouterr().out
    assert f"{file}:3: left out: the answers are not closed" in out
    assert "exam.bank.md: 2 questions written, 0 left out" in out
    bank = file.with_name("exam.bank.md")
    written = bank.read_text(encoding="utf-8")
    assert "1. [x] x" in written
    assert main(["import", str(file), "--format", "gift"]) == 2
    assert "exists" in capsys.readouterr().err
    assert bank.read_text(encoding="utf-8") == written
    assert main(["import", str(file), "--format", "gift", "-o", "other.bank.md"]) == 0


def test_nothing_to_read_and_nothing_there(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["import", str(file), "--format", "aiken", "--check"]) == 1
    assert main(["import", str(file.with_name("none.gift")), "--format", "gift"]) == 1
    file.write_bytes(b"\x00\x01\x02binary")
    assert main(["import", str(file), "--format", "gift"]) == 1
    assert "not a text file" in capsys.readouterr().err
