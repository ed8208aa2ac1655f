"""Courses for tests, published through the product's own import."""

from pathlib import Path

from domain.authoring.compiler import compile_course
from domain.authoring.service import import_course, publish
from domain.authoring.sources import read_source
from domain.database import Database

TINY = Path(__file__).parent.parent / "data" / "courses" / "tiny"


async def teach(database: Database, folder: Path = TINY) -> None:
    """Publish a course folder; once is enough, again changes nothing."""
    compiled = compile_course(*read_source(folder))
    if compiled.course is None:
        raise ValueError("\n".join(map(str, compiled.errors)))
    async with database.worker_unit_of_work() as conn:
        imported = await import_course(conn, compiled.course, compiled.hash)
        if imported.diff:
            await publish(conn, compiled.course.slug)
