"""What help with a challenge is made from: the task, what was tried, what passes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.challenges.grading import task_of
from domain.grading import Note, Result, Task, TestResult
from domain.sql import sql

MOST = 30  # submissions that are compared
LEAST_LENT, MOST_LENT = 5, 200  # programs of others: fewer are none

_TRIED = sql("""
    SELECT a.id, a.version, a.status, a.files,
           CASE WHEN a.id = first_value(a.id) OVER latest THEN a.test_results END AS test_results
    FROM challenge_attempts a
    WHERE a.user_id = :learner AND a.component_id = :challenge AND a.finished_at IS NOT NULL
    WINDOW latest AS (ORDER BY (a.id = :attempt) DESC NULLS LAST, a.id DESC)
    ORDER BY (a.id = :attempt) DESC NULLS LAST, a.id DESC LIMIT :most
""")
_SOLUTIONS = sql("""
    SELECT solution_files FROM challenge_versions
    WHERE component_id = :challenge AND version = :version
""")
_LENT = sql("SELECT files FROM lent_programs(:challenge, :version, :least, :most)")
_OTHERS = sql("""
    SELECT k.id, k.version, v.starter_files
    FROM components k
    JOIN challenge_versions v ON v.component_id = k.id AND v.version = k.version
    LEFT JOIN user_progress p ON p.component_id = k.id AND p.user_id = :learner
    WHERE k.course_id = :course AND k.kind = 'challenge' AND k.status = 'published'
          AND k.deleted_at IS NULL AND k.id IS DISTINCT FROM :but
          AND p.status IS DISTINCT FROM 'completed'
    ORDER BY (p.component_id IS NULL), k.position LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Tried:
    """One submission that was graded."""

    attempt: UUID
    version: int
    files: Mapping[str, str]
    status: str
    result: Result


@dataclass(frozen=True, slots=True)
class Material:
    """A challenge as the tutor needs it; nothing of it is for the learner's eyes as it stands.

    Args:
        task: with all tests, as the newest submission had them.
        solution: files that pass.
        newest: the submission that is asked about; None: nothing was tried.
        failing: the files of all submissions that did not pass.
    """

    task: Task
    solution: Mapping[str, str]
    newest: Tried | None
    failing: tuple[Mapping[str, str], ...]


async def material(
    conn: AsyncConnection,
    learner: UUID,
    challenge: UUID,
    version: int,
    attempt: UUID | None = None,
) -> Material:
    """What the tutor needs to know about a challenge.

    Args:
        conn: an open transaction of the learner.
        learner: whose submissions.
        challenge: which.
        version: the published one, for a learner who has tried nothing.
        attempt: the submission that is asked about; None: the newest.
    """
    values = {
        "learner": learner,
        "challenge": challenge,
        "attempt": attempt or challenge,  # an id that no submission has
        "most": MOST,
    }
    rows = (await conn.execute(_TRIED, values)).all()
    newest = None
    if rows:
        row = rows[0]
        result = _result(row.status, row.test_results)
        newest = Tried(row.id, row.version, row.files, row.status, result)
        version = row.version
    solution = await conn.execute(_SOLUTIONS, {"challenge": challenge, "version": version})
    return Material(
        await task_of(conn, challenge, version),
        solution.scalar_one(),
        newest,
        tuple(row.files for row in rows if row.status != "passed"),
    )


async def unsolved(
    conn: AsyncConnection, learner: UUID, course: UUID, but: UUID | None, most: int
) -> list[tuple[Material, Mapping[str, str]]]:
    """Challenges of a course that the learner has not solved, begun ones first, with starter files.

    Args:
        conn: an open transaction of the learner.
        learner: whose.
        course: which.
        but: the one that is looked after already.
        most: at most so many.
    """
    values = {"learner": learner, "course": course, "but": but, "most": most}
    rows = (await conn.execute(_OTHERS, values)).all()
    return [(await material(conn, learner, row.id, row.version), row.starter_files) for row in rows]


async def lent(conn: AsyncConnection, challenge: UUID, version: int, main: str) -> tuple[str, ...]:
    """Main files that pass, of other learners who agreed that they are compared with.

    Args:
        conn: an open transaction of somebody who has tried the challenge.
        challenge: which.
        version: of it.
        main: name of the file.
    """
    values = {"challenge": challenge, "version": version, "least": LEAST_LENT, "most": MOST_LENT}
    rows = (await conn.execute(_LENT, values)).scalars().all()
    return tuple(files[main] for files in rows if main in files)


def _result(status: str, tests: list[Mapping[str, Any]]) -> Result:
    """A stored result as it was."""
    found = tuple(
        TestResult(
            **{
                **test,
                "points": Decimal(test["points"]),
                "max_points": Decimal(test["max_points"]),
                "note": Note(**test["note"]) if test.get("note") else None,
            }
        )
        for test in tests
    )
    earned = sum((test.points for test in found), Decimal(0))
    most = sum((test.max_points for test in found), Decimal(0))
    return Result(status, found, earned, most)  # type: ignore[arg-type]
