"""A small course of lessons, as files, and learners in it."""

from pathlib import Path
from uuid import UUID

from domain.activity import service as activity
from domain.clock import ManualClock
from domain.database import Database
from domain.identity.rules import Learner
from domain.identity.service import Accounts
from domain.sql import sql
from tests.support.courses import teach

_COURSE = """\
slug: kitchen
title: "The kitchen"
summary: "Only lessons."
description: "Only lessons, for tests."
language: {language}
level: 1
license: "CC-BY-4.0"
authors: ["Stoa"]
tags: ["test"]
prerequisites: []
"""
KNIVES = "## Which knife?\n\nA bread knife has teeth. Sharpen the others on a whetstone.\n"
OVENS = (
    "## Heating up\n\nAn oven needs ten minutes. Wait for the lamp.\n\n---\n\n"
    "## Baking bread\n\nBread bakes for forty minutes. Write `if done == 1:` on the list.\n"
)
SECRET = "## The cellar\n\nThe wine stands in the cellar, beside the saffron.\n"
_QUIZ = """\
---
id: kit-quiz
title: "Quiz"
kind: practice
pass: 50
---
## Where is the turmeric? {#kit-q1 points=1}

1. [x] Behind the cardamom
   > Yes.
1. [ ] Nowhere

It stands behind the cardamom.
"""
_COURSE_ID = sql("SELECT id FROM courses WHERE slug = 'kitchen'")
_LESSON_ID = sql("SELECT id FROM components WHERE slug = :slug")


def lesson(key: str, title: str, body: str, extra: str = "") -> str:
    """A lesson file."""
    return f'---\nid: {key}\ntitle: "{title}"\ntype: text\nminutes: 1\n{extra}---\n{body}'


async def publish(
    database: Database, folder: Path, language: str = "en", **changed: str
) -> dict[str, UUID]:
    """Publish the course (with other texts for `knives`, `ovens` or `cellar`); ids by slug."""
    root = folder / "kitchen"
    texts = {"knives": KNIVES, "ovens": OVENS, "cellar": SECRET} | changed
    for path, text in {
        "course.yaml": _COURSE.format(language=language),
        "SUMMARY.md": "# Kitchen\n\n- [Unit](10-unit/unit.md)\n"
        "  - [Knives](10-unit/01-knives.md)\n"
        "  - [Ovens](10-unit/02-ovens.md)\n"
        "  - [Cellar](10-unit/03-cellar.md)\n",
        "10-unit/unit.md": '---\nid: kit-unit\ntitle: "Unit"\n---\nA unit.\n',
        "10-unit/01-knives.md": lesson("kit-knives", "Knives", texts["knives"], "preview: true\n"),
        "10-unit/01-knives.quiz.md": _QUIZ,
        "10-unit/02-ovens.md": lesson("kit-ovens", "Ovens", texts["ovens"]),
        "10-unit/03-cellar.md": lesson(
            "kit-cellar", "Cellar", texts["cellar"], "prerequisites: [kit-ovens]\n"
        ),
    }.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    await teach(database, root)
    async with database.worker_unit_of_work() as conn:
        found = {"course": (await conn.execute(_COURSE_ID)).scalar_one()}
        for slug in ("kit-knives", "kit-ovens", "kit-cellar"):
            found[slug] = (await conn.execute(_LESSON_ID, {"slug": slug})).scalar_one()
    return found


async def learner(
    database: Database, clock: ManualClock, name: str, course: UUID | None = None
) -> Learner:
    """Somebody new, who joins the course when it is given."""
    async with database.unit_of_work() as conn:
        found = await Accounts().learner(conn, "terminal", name, name, None, clock.now())
        if course is not None:
            await activity.enroll(conn, found.user_id, course, clock.now())
    return found
