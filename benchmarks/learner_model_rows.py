"""Answers from CSV files: a learner, an item, its skills, and whether (or how far) it was right."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAID_MOST = 5  # bad rows that are shown; the others are counted
_NAMES = {
    "learner": ("learner", "user", "student", "learnerid", "userid", "studentid", "anonstudentid"),
    "item": ("item", "problem", "question", "itemid", "problemid", "questionid", "exercise"),
    "skill": (
        "skill",
        "skills",
        "concept",
        "skillid",
        "skillname",
        "kc",
        "kcs",
        "knowledgecomponent",
    ),
    "correct": ("correct", "iscorrect", "right", "outcome", "score", "label"),
}
_WORDS = {
    **dict.fromkeys(("1", "true", "t", "yes", "y", "right", "correct"), 1.0),
    **dict.fromkeys(("0", "false", "f", "no", "n", "wrong", "incorrect"), 0.0),
}
_NOTHING = frozenset({"", "na", "n/a", "nan", "none", "null"})
_BETWEEN_SKILLS = re.compile(r"~~|;|\|")


class BadFile(Exception):
    """A file that cannot be used at all; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `share` is 1 for right, 0 for wrong, between them for partly right."""

    learner: str
    item: str
    skills: tuple[str, ...]
    share: float


@dataclass(slots=True)
class Read:
    """What a file held. Lines of `bad` are counted from 1, the head included."""

    answers: list[Answer] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    without_skill: int = 0

    def complaints(self) -> list[str]:
        """The rows that were left out, in words."""
        lines = [f"line {line} left out: {why}" for line, why in self.bad[:SAID_MOST]]
        if len(self.bad) > SAID_MOST:
            lines.append(f"{len(self.bad) - SAID_MOST} more lines left out")
        return lines


def read_file(path: Path) -> Read:
    """Read a CSV file in the order it has, which is taken for the order in time.

    Args:
        path: with a head that names learner, item, correct and perhaps skill, in any order.

    Raises:
        BadFile: no such file, no text, a column is missing, or no row can be used.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read_rows(lines, str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadFile(f"{path} cannot be read: {reason}") from error
    except csv.Error as error:
        raise BadFile(f"{path} is not CSV: {error}") from error


def read_rows(lines: Iterable[str], name: str) -> Read:
    """Read CSV lines; see `read_file`."""
    source = iter(lines)
    head = next(source, "")
    separator = max(",\t;", key=head.count)
    columns = _columns(next(csv.reader([head], delimiter=separator), []), name)
    found = Read()
    rows = csv.reader(source, delimiter=separator)
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        answer = _answer(row, columns)
        if isinstance(answer, str):
            found.bad.append((rows.line_num + 1, answer))
            continue
        found.without_skill += not answer.skills
        found.answers.append(answer)
    if not found.answers:
        raise BadFile("\n".join([f"{name} has no row that can be used", *found.complaints()]))
    return found


def _columns(head: Sequence[str], name: str) -> dict[str, int]:
    plain = [re.sub(r"[\W_]+", "", cell.lower()) for cell in head]
    columns = {}
    for column, names in _NAMES.items():
        places = [plain.index(known) for known in names if known in plain]
        if places:
            columns[column] = places[0]
    missing = [column for column in ("learner", "item", "correct") if column not in columns]
    if missing:
        raise BadFile(
            f"{name}, line 1: no column {', '.join(missing)}. "
            "The first line must name the columns: learner,item,skill,correct"
        )
    return columns


def _answer(row: Sequence[str], columns: dict[str, int]) -> Answer | str:
    """One answer, or what is wrong with the row."""
    cells = {}
    for column, place in columns.items():
        if place >= len(row):
            return f"it has {len(row)} columns, and {column} is number {place + 1}"
        cells[column] = row[place].strip()
    for column in ("learner", "item"):
        if cells[column].lower() in _NOTHING:
            return f"{column} is empty"
    share = _share(cells["correct"])
    if share is None:
        return f"correct is {cells['correct'][:20]!r}, not 0, 1, true, false or between 0 and 1"
    return Answer(cells["learner"], cells["item"], tuple(_skills(cells.get("skill", ""))), share)


def _share(text: str) -> float | None:
    word = text.lower()
    if word in _WORDS:
        return _WORDS[word]
    try:
        number = float(word)
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None


def _skills(text: str) -> Iterator[str]:
    seen = set()
    for part in _BETWEEN_SKILLS.split(text):
        skill = part.strip()
        if skill.lower() not in _NOTHING and skill not in seen:
            seen.add(skill)
            yield skill
