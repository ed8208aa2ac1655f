"""The README's transcript is a real run: it is played again, and the replies must be the same.

A line that is only "..." stands for any lines, as the README says.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(
    r"<!-- transcript: begin -->\n+````text\n(.*?)\n````\n+<!-- transcript: end -->", re.DOTALL
)
MILLISECONDS = re.compile(r"\d+ ms · \d+ MB")
ANYTHING = "..."


def transcript() -> str:
    found = BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found, "the README has lost its transcript"
    return found[1]


def as_pattern(expected: str) -> re.Pattern[str]:
    lines = MILLISECONDS.sub("N ms", expected).splitlines()
    parts = [r"(?:.*\n)*?" if line == ANYTHING else re.escape(line) + r" *\n" for line in lines]
    return re.compile("".join(parts) + r"\n*")


def test_the_transcript_is_a_real_run(tmp_path: Path):
    expected = transcript()
    typed = [line[2:] for line in expected.splitlines() if line.startswith("> ")]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("STOA_")
    }
    run = subprocess.run(
        [Path(sys.executable).with_name("stoa"), "chat", "--as", "ada"],
        input="\n".join(typed) + "\n",
        cwd=tmp_path,
        env={**environment, "STOA_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    shown = MILLISECONDS.sub("N ms", run.stdout)
    assert as_pattern(expected).fullmatch(shown), shown


def test_the_pattern_refuses_another_reply():
    pattern = as_pattern("> /start\nHi ada.\n...\n> /stop")
    assert pattern.fullmatch("> /start\nHi ada.\n\nMore.\n\n> /stop\n\n")
    assert not pattern.fullmatch("> /start\nHi bob.\n\n> /stop\n\n")


def test_every_link_of_the_readme_leads_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), target
