"""What `stoa course` does; results go to standard output, progress to standard error."""

import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from domain.authoring import queries, service
from domain.authoring.compiler import Compiled, compile_course
from domain.authoring.diff import Diff
from domain.authoring.problems import Problem
from domain.authoring.sources import read_source
from domain.authoring.trial import try_challenges
from domain.database import Database
from domain.grading import Grader, SandboxError
from domain.settings import Settings

SHOWN_CHANGES = 20


async def check(paths: Sequence[Path], *, run_code: bool, as_json: bool) -> int:
    """Report every problem of some courses, to standard output."""
    if not _exist(paths):
        return 2
    failed = False
    report: list[dict[str, object]] = []
    for path in paths:
        compiled, errors = await _examine(path, run_code=run_code)
        failed |= bool(errors)
        if as_json:
            report.append(_as_json(path, compiled, errors))
        else:
            _print_problems(path, [*errors, *compiled.warnings])
            print(f"{path}: {_counts(errors, compiled)}")
    if as_json:
        print(json.dumps({"courses": report}, ensure_ascii=False, indent=2))
    return int(failed)


async def bring(path: Path, settings: Settings, *, run_code: bool) -> int:
    """Keep a course as a draft; nothing is written when it has errors."""
    if not _exist([path]):
        return 2
    compiled, errors = await _examine(path, run_code=run_code)
    _print_problems(path, [*errors, *compiled.warnings])
    if errors or compiled.course is None:
        print(f"{path}: {_counts(errors, compiled)}; nothing was imported", file=sys.stderr)
        return 1
    async with _database(settings) as database, database.worker_unit_of_work() as conn:
        imported = await service.import_course(conn, compiled.course, compiled.hash)
    if not imported.changed:
        print(f"{imported.slug}: nothing changed")
    else:
        print(f"{imported.slug}: imported as a draft: {imported.diff.summary()}")
        print(f"Show it to learners with: stoa course publish {imported.slug}")
    return 0


async def publish(slug: str, settings: Settings, *, ask: bool) -> int:
    """Show what the draft changes, ask, and publish it."""
    async with _database(settings) as database:
        async with database.worker_unit_of_work() as conn:
            diff = await service.preview(conn, slug)
        _print_diff(diff)
        if ask and not _confirmed(f"Publish {slug}?"):
            print("Not published. Answer y, or add --yes.", file=sys.stderr)
            return 1
        async with database.worker_unit_of_work() as conn:
            published = await service.publish(conn, slug)
    print(f"{slug}: version {published.version} is published")
    return 0


async def history(slug: str, settings: Settings) -> int:
    """List the versions of a course, newest first."""
    async with _database(settings) as database, database.worker_unit_of_work() as conn:
        versions = await queries.history(conn, slug)
    for version in versions:
        number = "draft" if version.version is None else f"version {version.version}"
        at = version.published_at or version.created_at
        active = "  (learners see this one)" if version.is_active else ""
        by = f"  by {version.by}" if version.by else ""
        print(f"{number:<12} {at:%Y-%m-%d %H:%M} UTC{by}{active}")
    return 0


async def roll_back(slug: str, version: int, settings: Settings) -> int:
    """Serve an older version again."""
    async with _database(settings) as database, database.worker_unit_of_work() as conn:
        published = await service.rollback(conn, slug, version)
    print(f"{slug}: version {published.version} is served again: {published.diff.summary()}")
    return 0


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    database = await Database.open(settings, lambda words: print(words, file=sys.stderr))
    try:
        yield database
    finally:
        await database.close()


def _exist(paths: Sequence[Path]) -> bool:
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        print(f"stoa course: there is no folder or file {path}", file=sys.stderr)
    return not missing


async def _examine(path: Path, *, run_code: bool) -> tuple[Compiled, tuple[Problem, ...]]:
    """Compile a course and, when it is clean, run its challenges."""
    compiled = compile_course(*read_source(path))
    if compiled.course is None or not run_code:
        return compiled, compiled.errors
    async with Grader() as grader:
        try:
            problems = await try_challenges(compiled.course, compiled.places, grader, _progress)
        except SandboxError as error:
            message = f"challenges cannot be run on this machine ({error}): use --no-run"
            return compiled, (Problem("course.yaml", 1, message),)
        finally:
            _clear_progress()
    return compiled, problems.errors


def _progress(done: int, total: int, title: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[KRunning challenge {done + 1} of {total}: {title}", end="", file=sys.stderr)
        sys.stderr.flush()
    elif done == 0:
        print(f"Challenges to run: {total}", file=sys.stderr)


def _clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)


def _print_problems(path: Path, problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(path / str(problem) if path.is_dir() else f"{path}: {problem}")


def _counts(errors: Sequence[Problem], compiled: Compiled) -> str:
    def count(number: int, word: str) -> str:
        return f"{number} {word}" if number == 1 else f"{number} {word}s"

    return f"{count(len(errors), 'error')}, {count(len(compiled.warnings), 'warning')}"


def _as_json(path: Path, compiled: Compiled, errors: Sequence[Problem]) -> dict[str, object]:
    def listed(problems: Sequence[Problem]) -> list[dict[str, object]]:
        return [{"path": p.path, "line": p.line, "message": p.message} for p in problems]

    return {
        "course": str(path),
        "slug": compiled.course.slug if compiled.course else None,
        "hash": compiled.hash,
        "errors": listed(errors),
        "warnings": listed(compiled.warnings),
    }


def _print_diff(diff: Diff) -> None:
    for change in diff.changes[:SHOWN_CHANGES]:
        print(f"  {change.what:<8} {change.kind:<10} {change.key}: {change.title}")
    if len(diff.changes) > SHOWN_CHANGES:
        print(f"  and {len(diff.changes) - SHOWN_CHANGES} more")
    print(diff.summary())


def _confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(f"{question} [y/N] ").strip().casefold() in {"y", "yes"}
