"""The shipped courses arrive by themselves, once, and not over somebody's own work."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.authoring import service
from domain.authoring.compiler import compile_course
from domain.authoring.shipped import FOLDER, ensure_shipped, stamp
from domain.authoring.sources import read_source
from domain.database import Database


@pytest.fixture
def folder(tmp_path: Path, example: dict[str, bytes]) -> Path:
    """A folder of shipped courses with one course in it."""
    for path, content in example.items():
        target = tmp_path / "courses" / "first-steps" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return tmp_path / "courses"


async def served(database: Database, slug: str = "first-steps") -> tuple[int, int]:
    """The active version and how many versions and drafts there are."""
    async with database.worker_unit_of_work() as conn:
        row = await conn.execute(
            text("""
                SELECT c.active_version, count(v.id)::int FROM courses c
                JOIN course_versions v ON v.course_id = c.id WHERE c.slug = :slug GROUP BY c.id"""),
            {"slug": slug},
        )
        active, rows = row.one()
        return active, rows


async def test_every_shipped_course_is_published_once(empty_database: Database) -> None:
    slugs = tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))
    said: list[str] = []
    assert await ensure_shipped(empty_database, said.append) == slugs
    assert len(said) == len(slugs)
    assert await ensure_shipped(empty_database, said.append) == ()
    assert len(said) == len(slugs)
    for slug in slugs:
        assert await served(empty_database, slug) == (1, 1)


async def test_a_touched_file_costs_a_look_and_a_changed_one_a_version(
    empty_database: Database, folder: Path
) -> None:
    assert await ensure_shipped(empty_database, folder=folder) == ("first-steps",)
    lesson = folder / "first-steps" / "10-basics" / "01-hello.md"
    before = stamp(folder / "first-steps")
    os.utime(lesson, (1, 1))
    assert stamp(folder / "first-steps") != before
    assert await ensure_shipped(empty_database, folder=folder) == ()
    assert await served(empty_database) == (1, 1)
    lesson.write_text(lesson.read_text("utf-8").replace("one job", "one task"), "utf-8")
    assert await ensure_shipped(empty_database, folder=folder) == ("first-steps",)
    assert await served(empty_database) == (2, 2)


async def test_starts_at_the_same_time_publish_once(empty_database: Database, folder: Path) -> None:
    outcomes = await asyncio.gather(
        *(ensure_shipped(empty_database, folder=folder) for _ in range(4))
    )
    assert sorted(outcomes) == [(), (), (), ("first-steps",)]
    assert await served(empty_database) == (1, 1)


async def test_a_rollback_and_somebodys_own_version_are_respected(
    empty_database: Database, folder: Path
) -> None:
    await ensure_shipped(empty_database, folder=folder)
    lesson = folder / "first-steps" / "10-basics" / "01-hello.md"
    lesson.write_text(lesson.read_text("utf-8").replace("one job", "one task"), "utf-8")
    await ensure_shipped(empty_database, folder=folder)
    async with empty_database.worker_unit_of_work() as conn:
        await service.rollback(conn, "first-steps", 1)
    assert await ensure_shipped(empty_database, folder=folder) == ()
    assert await served(empty_database) == (1, 2)
    tree, _ = read_source(folder / "first-steps")
    tree["10-basics/01-hello.md"] += b"\nMy own words.\n"
    own = compile_course(tree)
    assert own.course is not None
    async with empty_database.worker_unit_of_work() as conn:
        await service.import_course(conn, own.course, own.hash)
    lesson.write_text(lesson.read_text("utf-8").replace("one task", "one duty"), "utf-8")
    assert await ensure_shipped(empty_database, folder=folder) == ()


async def test_a_broken_course_does_not_stop_the_start(
    empty_database: Database, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(folder / "first-steps", folder / "broken")
    assert await ensure_shipped(empty_database, folder=folder) == ("first-steps",)
    (folder / "first-steps" / "SUMMARY.md").write_text("nothing")
    assert await ensure_shipped(empty_database, folder=folder) == ()
    assert "SUMMARY.md:1: no unit is listed" in caplog.text
    assert await served(empty_database) == (1, 1)
    assert await ensure_shipped(empty_database, folder=folder / "nowhere") == ()
