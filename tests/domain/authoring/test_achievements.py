"""achievements.yaml: criteria are checked at import, and what was earned stays."""

import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.authoring.achievements import (
    BadAchievements,
    apply_achievements,
    read_shared,
)
from domain.authoring.compiler import compile_course
from domain.authoring.shipped import FOLDER
from domain.authoring.sources import read_source
from domain.database import Database
from domain.motivation.achievements import METRICS, standings
from tests.support.courses import TINY, teach

GOOD = """
first:
  name: First
  description: Finish a lesson.
  counts: lessons
  target: 1
  points: 5
  freezes: 1
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "achievements.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def test_the_shipped_ones_are_sound_and_cover_every_metric():
    found = read_shared(FOLDER / "achievements.yaml")
    assert found is not None
    assert {one.metric for one in found} >= set(METRICS) - {"xp"}
    assert len({one.name for one in found}) == len(found) >= 15


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("counts: lessons", "counts: leson"), "did you mean 'lessons'"),
        (("counts: lessons", "counts: course"), "not a valid counts"),
        (("target: 1", "target: 0"), "target"),
        (("target: 1", "target: many"), "whole number"),
        (("  target: 1\n", ""), "needs 'target'"),
        (("points: 5", "points: -5"), "points"),
        (("freezes: 1", "freezes: 3"), "freezes"),
        (("name: First", "name: ''"), "empty"),
        (("points: 5", "pionts: 5"), "pionts"),
        (("first:", "First One:"), "not an id"),
        (("counts: lessons", "counts: [lessons]"), "one text is expected"),
    ],
)
def test_bad_criteria_are_refused_with_their_line(
    tmp_path: Path, change: tuple[str, str], problem: str
):
    path = written(tmp_path, GOOD.replace(*change))
    with pytest.raises(BadAchievements, match=r"achievements.yaml:\d+: ") as refused:
        read_shared(path)
    assert problem in str(refused.value)


def test_no_file_is_no_change_and_an_empty_one_has_none(tmp_path: Path):
    assert read_shared(tmp_path / "achievements.yaml") is None
    assert read_shared(written(tmp_path, "")) == ()


async def test_what_is_taken_out_can_not_be_earned_any_more(database: Database, tmp_path: Path):
    found = read_shared(written(tmp_path, GOOD + GOOD.replace("first", "second")))
    assert found is not None
    async with database.worker_unit_of_work() as conn:
        await apply_achievements(conn, found)
        await apply_achievements(conn, found, "some-course")
        await apply_achievements(conn, found[:1])
        rows = await conn.execute(text("SELECT code, is_active FROM achievements ORDER BY code"))
        assert [tuple(row) for row in rows] == [
            ("first", True),
            ("second", False),
            ("some-course/first", True),
            ("some-course/second", True),
        ]
        await apply_achievements(conn, (), "some-course")
        await apply_achievements(conn, ())


async def test_a_courses_own_come_with_the_course(database: Database, tmp_path: Path):
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    own = GOOD.replace("counts: lessons", "counts: course").replace("target: 1", "target: 50")
    written(folder, own)
    await teach(database, folder)
    async with database.worker_unit_of_work() as conn:
        row = (
            await conn.execute(
                text("SELECT criteria, is_active FROM achievements WHERE code = 'tiny/first'")
            )
        ).one()
        assert row.criteria == {"metric": "course:tiny", "target": 50}
        assert await standings(conn, uuid4()) == []  # nobody is in the course
    written(folder, GOOD)
    compiled = compile_course(*read_source(folder))
    assert "not a valid counts" in str(compiled.errors[0])
    (folder / "achievements.yaml").unlink()
    await teach(database, folder)
    async with database.worker_unit_of_work() as conn:
        active = await conn.scalar(
            text("SELECT is_active FROM achievements WHERE code = 'tiny/first'")
        )
    assert active is False
