"""A fresh clone: one command, under a minute, and only Stoa's words on standard output."""

import os
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FIRST_S, SECOND_S = 60, 2


def chat(clone: Path, data: Path, lines: str) -> tuple[str, str, float]:
    """Run `make chat` with these lines; gives output, what went to standard error, seconds."""
    start = time.monotonic()
    answer = subprocess.run(
        ["make", "--no-print-directory", "chat", "ARGS=--as Ana"],
        cwd=clone,
        input=lines,
        capture_output=True,
        text=True,
        env={**os.environ, "STOA_DATA_DIR": str(data)},
        check=False,
    )
    seconds = time.monotonic() - start
    assert answer.returncode == 0, answer.stderr
    return answer.stdout, answer.stderr, seconds


@pytest.mark.soak
def test_a_fresh_clone_talks_within_a_minute(tmp_path: Path) -> None:
    clone, data = tmp_path / "stoa", tmp_path / "data"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    first, steps, seconds = chat(clone, data, "/start\n/courses\n")
    print(f"first start: {seconds:.1f} s")
    assert seconds < FIRST_S
    assert "Setting up" in steps
    assert "Setting up" not in first
    assert "Python from zero" in first
    second, steps, seconds = chat(clone, data, "/courses\n")
    print(f"second start: {seconds:.1f} s")
    assert seconds < SECOND_S
    assert steps == ""
    assert "Python from zero" in second
    # A moved folder and changed pins are set up again by themselves.
    moved = tmp_path / "elsewhere"
    clone.rename(moved)
    third, steps, _ = chat(moved, data, "/courses\n")
    assert "Setting up" in steps
    assert "Python from zero" in third
