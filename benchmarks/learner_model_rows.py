"""Answers from CSV files: a learner, an item, its skills, and whether (or how far) it was right."""

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAID_MOST = 5  # bad rows that are shown; the others are counted
LONGEST = 500  # characters of a name
TALLEST = 3  # lines of one cell; more come of a quotation mark that nothing closes
_NAMES = {
    "learner": ("learner", "user", "student", "learnerid", "userid", "studentid", "anonstudentid"),
    "item": (
        "item",
        "problem",
        "question",
        "itemid",
        "problemid",
        "questionid",
        "exercise",
        "itemname",
        "problemname",
        "questionname",
        "exerciseid",
        "exercisename",
        "contentid",
    ),
    "skill": (
        "skill",
        "skills",
        "concept",
        "skillid",
        "skillname",
        "kc",
        "kcs",
        "knowledgecomponent",
        "kcdefault",
        "topic",
        "tags",
    ),
    "correct": (
        "correct",
        "iscorrect",
        "right",
        "outcome",
        "score",
        "label",
        "answeredcorrectly",
        "correctfirstattempt",
    ),
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
        reason = "it is not UTF-8 text: save it as CSV in UTF-8"
        if isinstance(error, OSError):
            reason = error.strerror or "it is no file"
        raise BadFile(f"{path} cannot be read: {reason}") from error
    except csv.Error as error:
        raise BadFile(f"{path} is not CSV: {error}") from error


def read_rows(lines: Iterable[str], name: str) -> Read:
    """Read CSV lines; see `read_file`."""
    source, before = iter(lines), 0
    for head in source:
        before += 1
        if head.strip() and not head.casefold().startswith("sep="):  # what a spreadsheet puts first
            break
    else:
        head = ""
    separator = max(",\t;", key=head.count)
    names = next(csv.reader([head], delimiter=separator), [])
    columns = _columns(names, f"{name}, line {max(before, 1)}")
    found = Read()
    csv.field_size_limit(sys.maxsize)  # a row that is too long is left out, and not the whole file
    rows = csv.reader(source, delimiter=separator)
    ended = before
    for row in rows:
        line, ended = ended + 1, before + rows.line_num
        if not any(cell.strip() for cell in row):
            continue
        answer = "it is the head once more" if row == names else _answer(row, columns)
        if isinstance(answer, str):
            found.bad.append((line, answer))
            continue
        found.without_skill += not answer.skills
        found.answers.append(answer)
    if not found.answers:
        raise BadFile("\n".join([f"{name} has no row that can be used", *found.complaints()]))
    if len(found.bad) > len(found.answers):
        said = f"{name}: {len(found.bad)} rows cannot be used, and only {len(found.answers)} can"
        raise BadFile("\n".join([said, *found.complaints()]))
    return found


def _columns(head: Sequence[str], where: str) -> dict[str, int]:
    plain = [re.sub(r"[\W_]+", "", cell.lower()) for cell in head]
    columns = {}
    for column, names in _NAMES.items():
        places = [plain.index(known) for known in names if known in plain]
        if places:
            columns[column] = places[0]
    missing = [column for column in ("learner", "item", "correct") if column not in columns]
    if missing:
        raise BadFile(
            f"{where}: no column {', '.join(missing)}. "
            "The first line must name the columns: learner,item,skill,correct"
        )
    return columns


def _answer(row: Sequence[str], columns: dict[str, int]) -> Answer | str:
    """One answer, or what is wrong with the row."""
    tall = max(cell.count("\n") for cell in row) + 1
    if tall > TALLEST:
        return f"a cell goes on for {tall} lines: a quotation mark opens it, and none closes it"
    cells = {}
    for column, place in columns.items():
        if place >= len(row):
            return f"it has {len(row)} columns, and {column} is number {place + 1}"
        cells[column] = row[place].strip()
    for column in ("learner", "item"):
        if cells[column].lower() in _NOTHING:
            return f"{column} is empty"
        if len(cells[column]) > LONGEST:
            return f"{column} has more than {LONGEST} characters"
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
