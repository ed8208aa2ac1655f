"""A small course with challenges of several kinds, as files, and a learner in it."""

from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.activity import service as activity
from domain.clock import ManualClock
from domain.database import Database
from domain.identity.rules import Learner
from domain.identity.service import Accounts
from domain.sql import sql
from tests.support.courses import teach

GOOD = 'def two_fer(name="you"):\n    return f"One for {name or \'you\'}, one for me."\n'
HALF = 'def two_fer(name="you"):\n    return f"One for {name}, one for me."\n'
WRONG = "def two_fer(name=''):\n    return name\n"

_COURSE = """\
slug: challenges-course
title: "Challenges"
summary: "Only challenges."
description: "Only challenges, for tests."
language: en
level: 1
license: "CC-BY-4.0"
authors: ["Stoa"]
tags: ["test"]
prerequisites: []
certificate: {pass: 70}
"""
_TWO_FER = """\
id: ch-two-fer
slug: two-fer
title: "Two Fer"
language: python
level: 1
minutes: 5
points: 100
mode: call
function: two_fer
summary: "One for you, one for me."
context: "You share a cookie."
limits: {time_s: 0.5, memory_mb: 64}
files: {starter: [two_fer.py], solution: [two_fer.py]}
show_hidden: name
hints:
  - {text: "What is false besides None?", cost: 10, after_attempts: 0}
  - {text: "Look at the default value.", cost: 15, after_attempts: 1}
  - {text: "Use or.", cost: 25, after_attempts: 5, after_minutes: 10}
"""
_TWO_FER_CASES = """\
cases:
  - {id: none, name: "no name given", args: [], expected: "One for you, one for me.",
     sample: true, points: 30}
  - {id: bob, name: "a name given", args: ["Bob"], expected: "One for Bob, one for me.",
     sample: true, points: 30}
  - {id: empty, name: "empty string", args: [""], expected: "One for you, one for me.",
     sample: false, points: 40}
"""
_SQUARE = """\
id: ch-square
slug: square
title: "Square"
language: python
level: 1
minutes: 5
points: 3
mode: stdin
summary: "Print the square."
limits: {time_s: 0.5, memory_mb: 64}
files: {starter: [square.py], solution: [square.py]}
show_hidden: full
prerequisites: [ch-two-fer]
"""
_SQUARE_CASES = """\
cases:
  - {id: three, name: "three", stdin: "3", stdout: "9",
     sample: true, points: 1}
  - {id: four, name: "four", stdin: "4", stdout: "16",
     sample: false, points: 1}
  - {id: five, name: "five", stdin: "5", stdout: "25",
     sample: false, points: 1}
"""


def write_course(folder: Path) -> Path:
    """The course's files below a folder; its challenges are two-fer and square."""
    root = folder / "challenges-course"
    for path, text in {
        "course.yaml": _COURSE,
        "SUMMARY.md": "# Challenges\n\n- [Unit](10-unit/unit.md)\n"
        "  - [Two Fer](10-unit/01-two-fer/challenge.yaml)\n"
        "  - [Square](10-unit/02-square/challenge.yaml)\n",
        "10-unit/unit.md": '---\nid: ch-unit\ntitle: "Unit"\n---\nA unit.\n',
        "10-unit/01-two-fer/challenge.yaml": _TWO_FER,
        "10-unit/01-two-fer/instructions.md": "Write `two_fer(name)`.\n",
        "10-unit/01-two-fer/starter/two_fer.py": "def two_fer(name):\n    pass\n",
        "10-unit/01-two-fer/solution/two_fer.py": GOOD,
        "10-unit/01-two-fer/tests/cases.yaml": _TWO_FER_CASES,
        "10-unit/02-square/challenge.yaml": _SQUARE,
        "10-unit/02-square/instructions.md": "Read a number, print its square.\n",
        "10-unit/02-square/starter/square.py": "# your program\n",
        "10-unit/02-square/solution/square.py": "print(int(input()) ** 2)\n",
        "10-unit/02-square/tests/cases.yaml": _SQUARE_CASES,
    }.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return root


_ID = sql("SELECT id FROM components WHERE slug = :slug")
_COURSE_ID = sql("SELECT id FROM courses WHERE slug = 'challenges-course'")


async def prepare(database: Database, folder: Path) -> dict[str, UUID]:
    """Publish the course; the ids of its challenges by slug, and its own under "course"."""
    await teach(database, write_course(folder))
    async with database.worker_unit_of_work() as conn:
        found = {slug: await _id(conn, slug) for slug in ("two-fer", "square")}
        found["course"] = (await conn.execute(_COURSE_ID)).scalar_one()
        return found


async def _id(conn: AsyncConnection, slug: str) -> UUID:
    found: UUID = (await conn.execute(_ID, {"slug": slug})).scalar_one()
    return found


async def join(database: Database, clock: ManualClock, name: str, course: UUID) -> Learner:
    """Somebody who has joined the course."""
    async with database.unit_of_work() as conn:
        learner = await Accounts().learner(conn, "terminal", name, name, None, clock.now())
        await activity.enroll(conn, learner.user_id, course, clock.now())
    return learner
