"""A publisher killed at any moment leaves the old course or the new one, and nothing between."""

import asyncio
import os
import random
from pathlib import Path

import pytest

from domain.authoring import service
from domain.authoring.compiler import compile_course
from domain.authoring.sources import read_source
from domain.database import Database
from domain.postgres import EmbeddedServer
from tests.support.children import ROOT, Process, Program

SEEDS = range(4)

# Serves the two versions in turns for ever; says each time which one it has published.
LOOP = Path(__file__).parent / "publishing.py"
COUNTS = """
    SELECT string_agg(k.key || k.status || coalesce(k.position, -1) || k.title, ',' ORDER BY k.key)
        || (SELECT string_agg(q.key || q.status, ',' ORDER BY q.key) FROM question_bank q
            WHERE q.course_id = k.course_id)
        || (SELECT string_agg(v.content_hash, ',' ORDER BY l.key) FROM components l
            JOIN lesson_versions v ON v.component_id = l.id AND v.version = l.version
            WHERE l.course_id = k.course_id AND l.status = 'published')
    FROM components k JOIN courses c ON c.id = k.course_id
    WHERE c.slug = 'python-from-zero' GROUP BY k.course_id
"""


async def look(database: Database) -> tuple[int, str]:
    async with database.worker_unit_of_work() as conn:
        active = await conn.exec_driver_sql(
            "SELECT active_version FROM courses WHERE slug = 'python-from-zero'"
        )
        return active.scalar_one(), (await conn.exec_driver_sql(COUNTS)).scalar_one()


@pytest.fixture
async def two_versions(database: Database) -> tuple[Database, dict[int, str]]:
    """A shipped course with a second version in which every lesson and question differs."""
    tree, problems = read_source(ROOT / "courses" / "python-from-zero")
    assert not problems.found
    other = {
        path: content.replace(b"Python", b"Snake") if path.endswith(".md") else content
        for path, content in tree.items()
    }
    other["SUMMARY.md"] = b"\n".join(
        line for line in tree["SUMMARY.md"].split(b"\n") if b"60-functions" not in line
    )
    other = {path: text for path, text in other.items() if not path.startswith("60-functions/")}
    shown: dict[int, str] = {}
    for files in (tree, other):
        compiled = compile_course(files)
        assert compiled.course is not None, compiled.errors
        async with database.worker_unit_of_work() as conn:
            await service.import_course(conn, compiled.course, compiled.hash)
        async with database.worker_unit_of_work() as conn:
            published = await service.publish(conn, "python-from-zero")
        shown[published.version] = (await look(database))[1]
    return database, shown


async def test_killed_at_random_moments(
    two_versions: tuple[Database, dict[int, str]],
    server: EmbeddedServer,
    database_name: str,
    tmp_path: Path,
) -> None:
    database, shown = two_versions
    assert shown[1] != shown[2]
    for seed in SEEDS:
        last, _ = await look(database)
        given = [str(server.layout.root.parent), database_name, str(tmp_path), str(last)]
        publisher = await Process.begin(Program("", given, os.environ, ROOT, LOOP))
        assert await publisher.stdout.readline() in {b"1\n", b"2\n"}
        await asyncio.sleep(0.02 + random.Random(seed).random() * 0.4)  # noqa: S311
        publisher.kill()
        await publisher.communicate()
        active, content = await look(database)  # waits for nothing: the server has rolled back
        assert content == shown[active]
