"""How often a question finds its section of the course, and is refused when there is none.

    python -m benchmarks.passages [--meaning] [--misses]

The questions (`benchmarks/data/passages/questions.txt`) were written by hand, as learners ask,
with the sections of the shipped courses that answer. Every second one was looked at while weights
and the floor were chosen ("seen"), the others were not. In the same run, the usual ways to search
with PostgreSQL answer the same questions over the same passages (their times say little: they read
every text anew, without an index). Exit 1 when fewer than 60 % of the unseen ones have their
section first, fewer than 80 % among the first three, or more than 1 in 4 questions about something
else is answered.

With `--meaning`, the model that the settings name for it (`STOA_GEMINI_API_KEY`, or a server with
`STOA_TUTOR_SERVER_EMBEDDING_MODEL`) first turns all passages and questions into vectors, and what
learners get then is measured, too; see "Finding passages by meaning" in docs/models.md.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks import passages_meaning
from benchmarks.home import open_home
from benchmarks.timing import machine, table
from domain.activity import service as activity
from domain.authoring.shipped import ensure_shipped
from domain.clock import SystemClock
from domain.database import Database
from domain.identity.service import Accounts
from domain.settings import Settings
from domain.sql import sql
from domain.tutoring.passages import find
from domain.tutoring.passages_near import find_near
from domain.tutoring.vectors import Asked
from tutor.models.embedding import Embeddings

QUESTIONS = Path(__file__).parent / "data" / "passages" / "questions.txt"
MEANING = "Stoa, with meaning"
FIRST_AIM, THREE_AIM, ANSWERED_MOST = 0.60, 0.80, 0.25

Search = Callable[[AsyncConnection, UUID, UUID, str], Awaitable[list[str]]]

_COURSES = sql("SELECT slug, id FROM courses")
_LESSONS = sql("SELECT id, kind FROM components WHERE course_id = :course AND kind <> 'deck'")
_PLACES = sql("""
    SELECT k.slug || '/' || p.title AS place, 'L' || p.lesson || '.' || p.section AS key
    FROM passages p JOIN components k ON k.id = p.component_id WHERE p.course_id = :course
""")
_PLAIN = """
    SELECT 'L' || p.lesson || '.' || p.section AS key
    FROM passages p, {query} AS q,
         LATERAL (SELECT setweight(to_tsvector('english', p.title), 'A')
                         || to_tsvector('english', p.body) AS words) w
    WHERE p.course_id = :course AND w.words @@ q ORDER BY {rank} DESC LIMIT 3
"""
_ANY = (
    "(SELECT coalesce(string_agg(quote_literal(lexeme), ' | '), '')::tsquery AS q"
    " FROM unnest(to_tsvector('english', :text)))"
)
_OTHERS = {
    "websearch_to_tsquery, ts_rank_cd": sql(
        _PLAIN.format(query="websearch_to_tsquery('english', :text)", rank="ts_rank_cd(w.words, q)")
    ),
    "any word, ts_rank": sql(
        _PLAIN.format(query=_ANY, rank="ts_rank(w.words, q.q, 1)").replace("@@ q ", "@@ q.q ")
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a course; `places` are sections that answer it, none when none does."""

    course: str
    text: str
    places: tuple[str, ...]
    seen: bool


@dataclass
class Figures:
    """What one way to search did: ranks of the right section (0 when missing), by seen or not."""

    ranks: dict[bool, list[int]] = field(default_factory=lambda: {True: [], False: []})
    refused: dict[bool, list[bool]] = field(default_factory=lambda: {True: [], False: []})
    ms: list[float] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    def first(self, most: int, *, seen: bool) -> float:
        """The part of questions whose section is among the first `most`."""
        return sum(0 < rank <= most for rank in self.ranks[seen]) / len(self.ranks[seen])

    def refusals(self, *, seen: bool) -> float:
        """The part of questions about something else that found nothing."""
        return sum(self.refused[seen]) / len(self.refused[seen])


def questions() -> Iterator[Question]:
    """All questions of the file."""
    course, number = "", 0
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            course, number = line.split()[1], 0
        elif line and not line.startswith("#"):
            text, _, places = line.partition(" -> ")
            wanted = tuple(places.split(" | ")) if places else ()
            yield Question(course, text, wanted, number % 2 == 0)
            number += 1


async def reader(database: Database) -> UUID:
    """A learner who has joined and finished everything, so that nothing is locked."""
    now = SystemClock().now()
    async with database.unit_of_work() as conn:
        learner = await Accounts().learner(conn, "terminal", "reader", "Reader", None, now)
        for _, course in (await conn.execute(_COURSES)).all():
            await activity.enroll(conn, learner.user_id, course, now)
            for component, _ in (await conn.execute(_LESSONS, {"course": course})).all():
                await activity.complete(conn, learner.user_id, component, course, now)
    return learner.user_id


async def ours(conn: AsyncConnection, course: UUID, user: UUID, text: str) -> list[str]:
    """What learners get."""
    return [found.key for found in await find(conn, course=course, user=user, text=text)]


def near(asked: Mapping[str, Asked]) -> Search:
    """What learners get where questions are searched by meaning, too."""

    async def search(conn: AsyncConnection, course: UUID, user: UUID, text: str) -> list[str]:
        found = await find_near(conn, course=course, user=user, text=text, asked=asked[text])
        return [one.key for one in found]

    return search


def other(name: str) -> Search:
    """A usual way to search."""

    async def search(conn: AsyncConnection, course: UUID, user: UUID, text: str) -> list[str]:
        del user
        return list((await conn.execute(_OTHERS[name], {"course": course, "text": text})).scalars())

    return search


async def measure(
    database: Database, asked: Sequence[Question], asked_near: Mapping[str, Asked] | None = None
) -> dict[str, Figures]:
    """Ask every question in every way.

    Args:
        database: with the shipped courses.
        asked: the questions.
        asked_near: them as vectors, by their text.

    Raises:
        KeyError: a section that the file names is not in the course.
    """
    user = await reader(database)
    ways: dict[str, Search] = {"Stoa": ours} | {name: other(name) for name in _OTHERS}
    if asked_near:
        ways[MEANING] = near(asked_near)
    figures = {name: Figures() for name in ways}
    async with database.unit_of_work(user) as conn:
        courses: dict[str, UUID] = {row.slug: row.id for row in await conn.execute(_COURSES)}
        keys: dict[str, dict[str, set[str]]] = {}
        for slug, course in courses.items():
            places = keys.setdefault(slug, {})
            for place, key in (await conn.execute(_PLACES, {"course": course})).all():
                places.setdefault(place, set()).add(key)
        for question in asked:
            right = set().union(*(keys[question.course][place] for place in question.places))
            for name, search in ways.items():
                begin = time.perf_counter()
                found = await search(conn, courses[question.course], user, question.text)
                figures[name].ms.append(1000 * (time.perf_counter() - begin))
                note(figures[name], question, found, right)
    return figures


def note(figures: Figures, question: Question, found: Sequence[str], right: set[str]) -> None:
    """Count one answer."""
    if not question.places:
        figures.refused[question.seen].append(not found)
        wrong = bool(found)
        rank = 0
    else:
        rank = next((place for place, key in enumerate(found, 1) if key in right), 0)
        figures.ranks[question.seen].append(rank)
        wrong = rank != 1
    if wrong:
        kind = "seen" if question.seen else "unseen"
        figures.misses.append(
            f"{kind} {question.course}: {question.text!r} rank {rank}, found {', '.join(found)}"
        )


def report(figures: dict[str, Figures]) -> str:
    """The figures as a table."""
    head = ("", "seen R@1", "R@3", "refused", "unseen R@1", "R@3", "refused", "ms median")
    rows = []
    for name, one in figures.items():
        cells = [name]
        for seen in (True, False):
            cells += [
                f"{one.first(1, seen=seen):.0%}",
                f"{one.first(3, seen=seen):.0%}",
                f"{one.refusals(seen=seen):.0%}",
            ]
        rows.append([*cells, f"{median(one.ms):.1f}"])
    some = figures["Stoa"]
    counts = [len(some.ranks[seen]) for seen in (True, False)]
    others = [len(some.refused[seen]) for seen in (True, False)]
    return (
        f"Questions: {counts[0]} seen, {counts[1]} unseen; about something else: {others[0]} and"
        f" {others[1]}.\n\n{table(head, rows)}\n\n{machine()}"
    )


async def vectors_for(settings: Settings, database: Database) -> dict[str, Asked]:
    """Vectors of all passages in the database, and of all questions by their text."""
    embeddings = Embeddings.from_settings(settings, question_s=passages_meaning.PATIENCE_S)
    if embeddings is None:
        raise SystemExit("--meaning needs a model: see docs/models.md, Finding passages by meaning")
    try:
        await passages_meaning.fill(database, embeddings, say)
        texts = list(dict.fromkeys(question.text for question in questions()))
        return await passages_meaning.ask_all(embeddings, texts, say)
    finally:
        await embeddings.close()


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


async def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.passages", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list what was not found first")
    parser.add_argument(
        "--meaning", action="store_true", help="measure with the vectors of the configured model"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        async with open_home(Path(folder)) as home:
            await home.make("passages")
            database = home.database("passages")
            try:
                await ensure_shipped(database, say)
                vectors = await vectors_for(home.settings, database) if given.meaning else {}
                figures = await measure(database, list(questions()), vectors)
            finally:
                await database.close()
    print(report(figures))
    some = figures["Stoa"]
    if given.misses:
        print("\n".join(figures.get(MEANING, some).misses))
    reached = (
        some.first(1, seen=False) >= FIRST_AIM
        and some.first(3, seen=False) >= THREE_AIM
        and some.refusals(seen=False) >= 1 - ANSWERED_MOST
    )
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
