"""The courses that come with Stoa: imported and published when they are new or changed.

A start asks the database two questions and looks at file times. Only when those differ are the
files read, and only when their content differs is a course compiled. A course that somebody
imported anew since is theirs: it is left alone. Courses that were published before there were
passages get theirs here.
"""

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from domain.authoring.sources import FORMAT, read_folder, tree_hash
from domain.database import Database
from domain.sql import sql
from domain.tutoring.passages import index_missing

FOLDER = Path(__file__).parents[2] / "courses"
_log = logging.getLogger(__name__)

_STATE = sql(
    """
    SELECT c.slug, c.metadata ->> 'shipped' AS shipped, c.metadata ->> 'shipped_stamp' AS stamp,
           (SELECT v.tree_hash FROM course_versions v WHERE v.course_id = c.id
            ORDER BY v.created_at DESC, v.id DESC LIMIT 1) AS newest
    FROM courses c WHERE c.slug = ANY (:slugs)
""",
    slugs=ARRAY(TEXT()),
)
_LOCKED_STATE = sql("SELECT metadata ->> 'shipped' FROM courses WHERE slug = :slug FOR UPDATE")
_MARK = sql("""
    UPDATE courses SET metadata = metadata || jsonb_build_object(
        'shipped', CAST(:hash AS text), 'shipped_stamp', CAST(:stamp AS text)) WHERE slug = :slug
""")


async def ensure_shipped(
    database: Database, say: Callable[[str], None] = lambda _: None, folder: Path = FOLDER
) -> tuple[str, ...]:
    """Import and publish what is new or changed among the shipped courses.

    Args:
        database: with its tables up to date.
        say: told, in words, about steps that take long.
        folder: holds one folder for each course, named by its slug.

    Returns:
        The slugs that were published.
    """
    await _bring_achievements(database, folder / "achievements.yaml")
    stamps = {path.name: stamp(path) for path in _courses(folder)}
    async with database.worker_unit_of_work() as conn:
        rows = (await conn.execute(_STATE, {"slugs": list(stamps)})).all()
    known = {row.slug: row for row in rows}
    published: list[str] = []
    for slug, seen in stamps.items():
        row = known.get(slug)
        if row is not None and (row.stamp == seen or row.shipped != row.newest):
            continue
        if await _bring(database, folder / slug, seen, row.shipped if row else None, say):
            published.append(slug)
    async with database.worker_unit_of_work() as conn:
        await index_missing(conn)
    return tuple(published)


async def _bring_achievements(database: Database, path: Path) -> None:
    # Here: a command that starts nothing must not pay for loading the reader.
    from domain.authoring.achievements import apply_achievements, read_shared

    achievements = await asyncio.to_thread(read_shared, path)
    if achievements is None:
        return
    async with database.worker_unit_of_work() as conn:
        await apply_achievements(conn, achievements)


def _courses(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if (path / "course.yaml").is_file())


def stamp(folder: Path) -> str:
    """A short text that changes whenever a file is added, removed, resized or touched."""
    whole = hashlib.sha256(FORMAT.encode())
    for name, size, time in sorted(_facts(str(folder), len(str(folder)))):
        whole.update(f"{name}\0{size}\0{time}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()


def _facts(folder: str, cut: int) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _facts(entry.path, cut)
            else:
                facts = entry.stat(follow_symlinks=False)
                yield entry.path[cut:], facts.st_size, facts.st_mtime_ns


async def _bring(
    database: Database, folder: Path, seen: str, shipped: str | None, say: Callable[[str], None]
) -> bool:
    # Here: a start that has nothing to do must not pay for loading the compiler.
    from domain.authoring.compiler import compile_course
    from domain.authoring.problems import Problems
    from domain.authoring.service import import_course, publish

    problems = Problems()
    tree = await asyncio.to_thread(read_folder, folder, problems)
    if shipped == tree_hash(tree) and not problems.found:
        async with database.worker_unit_of_work() as conn:
            await conn.execute(_MARK, {"slug": folder.name, "hash": shipped, "stamp": seen})
        return False
    say(f"Bringing in the course {folder.name}...")
    compiled = await asyncio.to_thread(compile_course, tree, problems)
    course = compiled.course
    if course is None or course.slug != folder.name:
        for problem in compiled.errors:
            _log.error("%s: %s", folder.name, problem)
        return False
    async with database.worker_unit_of_work() as conn:
        # Another process may have done the same in the meantime.
        if (await conn.execute(_LOCKED_STATE, {"slug": course.slug})).scalar() == compiled.hash:
            return False
        imported = await import_course(conn, course, compiled.hash)
        if imported.diff:
            await publish(conn, course.slug)
        values = {"slug": course.slug, "hash": compiled.hash, "stamp": seen}
        await conn.execute(_MARK, values)
    return bool(imported.diff)
