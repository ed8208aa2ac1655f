"""What `stoa doctor` found, and how it reads."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["good", "note", "problem"]
_MARKS: dict[State, str] = {"good": "ok", "note": "note", "problem": "PROBLEM"}
_WIDTH = 96


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        topic: a word or two, such as "Database".
        state: "good"; "note" for something that is off or optional; "problem" when Stoa does not
            work with it.
        text: what was found, and after a problem, what to do.
    """

    topic: str
    state: State
    text: str


def good(topic: str, text: str) -> Finding:
    """All is well."""
    return Finding(topic, "good", text)


def note(topic: str, text: str) -> Finding:
    """Worth knowing; Stoa runs."""
    return Finding(topic, "note", text)


def problem(topic: str, text: str) -> Finding:
    """Stoa does not run, or not safely."""
    return Finding(topic, "problem", text)


def has_problems(findings: Iterable[Finding]) -> bool:
    """Whether anything must be repaired."""
    return any(finding.state == "problem" for finding in findings)


def render(findings: Iterable[Finding]) -> str:
    """The findings as lines of text, and one line that sums them up."""
    findings = list(findings)
    lines = []
    for finding in findings:
        start = f"{_MARKS[finding.state]:>7}  {finding.topic}: "
        for number, paragraph in enumerate(finding.text.splitlines() or [""]):
            lines += textwrap.wrap(
                paragraph,
                _WIDTH,
                initial_indent=start if number == 0 else " " * 9,
                subsequent_indent=" " * 9,
                break_long_words=False,
                break_on_hyphens=False,
            )
    problems = sum(finding.state == "problem" for finding in findings)
    if problems:
        lines.append(f"{problems} problem{'s' if problems > 1 else ''} to repair.")
    else:
        lines.append("Stoa can run here.")
    return "\n".join(lines)
