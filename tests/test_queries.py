"""What requests ask of the database: how many statements, by which plans, and as written.

The plans are those PostgreSQL chooses on a filled copy with about 20,000 rows of progress, for
the very statements that the requests sent.
"""

import ast
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from benchmarks import scenario
from benchmarks.filling import Sizes, fill
from benchmarks.recording import Recording, Sent, recorded
from benchmarks.scenario import EventClock, Student
from bots.conversation.controls import control
from bots.conversation.dialogue import Action, Command, Press, Text
from bots.conversation.router import Router
from bots.conversation.turn import Services
from domain import ids
from domain.database import Database
from domain.grading import Grader
from domain.postgres import EmbeddedServer
from domain.settings import Settings
from tests.conftest import run_apart

ROOT = Path(__file__).parent.parent
FILLED = Sizes(learners=100, items=210, attempts=20_000, courses=6_000)
NOW = scenario.BEGIN  # of every event, so that nothing depends on their order
BIG = 5_000  # rows; a smaller table may be read from end to end
# A search weighs each course of the catalogue; measured at 10,000 courses by benchmarks.scale.
WHOLE_CATALOGUE = "courses"


# A partition is as big as all of them together.
_BIG_TABLES = """
    SELECT c.relname FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    WHERE c.relkind = 'r' AND c.reltuples > 200 AND $1 <= coalesce(
        (SELECT sum(p.reltuples) FROM pg_inherits s JOIN pg_class p ON p.oid = s.inhrelid
         WHERE s.inhparent = i.inhparent), c.reltuples)
"""


@pytest.fixture(scope="module")
def database_name(server: EmbeddedServer, copy_database: Callable[[], str]) -> Iterator[str]:
    """A filled database of this module's own."""
    name = copy_database()

    async def work() -> None:
        connection = await asyncpg.connect(**server.connect_arguments(database=name))
        await fill(connection, FILLED, print)
        await connection.close()

    run_apart(work())
    yield name
    run_apart(_drop(server, name))


async def _drop(server: EmbeddedServer, name: str) -> None:
    connection = await asyncpg.connect(**server.connect_arguments())
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


@pytest.fixture
async def owner(server: EmbeddedServer, database_name: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(**server.connect_arguments(database=database_name))
    yield connection
    await connection.close()


class Person:
    """A generated learner who sends actions; each is the next event of theirs."""

    events = 0

    def __init__(self, router: Router, student: Student) -> None:
        self._router = router
        self.student = student

    async def does(self, action: Action) -> Recording:
        """What one action sends to the database."""
        type(self).events += 1
        incoming = replace(scenario.event(self.student, 10, self.events, action), at=NOW)
        with recorded() as recording:
            texts = await scenario.answer(self._router, incoming)
        assert "(E-" not in texts[0]
        return recording


@pytest.fixture
async def people(database: Database, settings: Settings, owner: asyncpg.Connection) -> list[Person]:
    """The generated learners, known to the process already."""
    router = Router(Services(database, EventClock(), settings, Grader()))
    found = [Person(router, student) for student in await scenario.students(owner)]
    for person in found[:6]:
        await person.does(Command("help"))
    return found


def next_attempt(who: Student) -> UUID:
    """The id of the quiz attempt that the learner's next event would start."""
    start = scenario.event(who, 10, Person.events + 1, Command("help"))
    return ids.event_uuid7(NOW, scenario.PLATFORM, start.event_id)


def requests_of(who: Student) -> dict[str, list[Action]]:
    """The common requests by name; the last action of each is the one that is looked at."""
    attempt = next_attempt(who)
    opened = Press(control("code.open", who.challenge))
    return {
        "quiz answer": [
            Press(control("quiz.start", who.quiz)),
            Press(control("quiz.pick", attempt, "0.0")),
        ],
        "submit attempt": [opened, Text(scenario.SOLUTION)],
        "next page": [Press(control("lesson", who.lesson, 1))],
        "finish lesson": [Press(control("lesson.done", who.lesson))],
        "progress": [Command("progress")],
        "courses search": [Command("courses", "python")],
        "open challenge": [opened],
        "start": [Command("start")],
        "learn": [Command("learn")],
        "learn next": [Command("learn", "next")],
        "streak": [Command("streak", "why")],
        "save": [Command("save", "again")],
        "saved": [Command("saved")],
        "quizzes": [Command("quiz")],
        "challenges": [Command("code", "list")],
        "code history": [Command("code", "history")],
        "settings": [Command("settings")],
        "privacy": [Command("privacy")],
        "stop": [Command("stop")],
    }


# Statements of one transaction, without BEGIN and COMMIT. More than these need a reason.
MOST = {
    "next page": 3,
    "quiz answer": 9,
    "submit attempt": 4,
    "progress": 6,
    "courses search": 3,
    "finish lesson": 6,
    "learn": 10,
    "start": 6,
    "saved": 3,
    "code history": 4,
}


@pytest.mark.parametrize("name", MOST)
async def test_a_request_sends_few_statements_in_one_transaction(
    people: list[Person], name: str
) -> None:
    recording = Recording()
    for action in requests_of(people[0].student)[name]:
        recording = await people[0].does(action)
    assert len(recording.transactions) == 1
    texts = [" ".join(text.split())[:60] for text in recording.texts]
    assert len(texts) <= MOST[name], texts
    assert len(set(recording.texts)) == len(recording.texts), "the same was asked twice"


async def _courses(owner: asyncpg.Connection) -> tuple[Any, Any]:
    """A course of 10 items and one of 50."""
    rows = await owner.fetch(
        "SELECT course_id, count(*) AS items FROM components GROUP BY course_id"
    )
    by_size = {row["items"]: row["course_id"] for row in rows}
    return by_size[10], by_size[50]


@pytest.mark.parametrize("action", ["outline", "course"])
async def test_a_longer_course_sends_no_more_statements(
    people: list[Person], owner: asyncpg.Connection, action: str
) -> None:
    short, long = await _courses(owner)
    await people[1].does(Press(control("join", short)))
    few = await people[1].does(Press(control(action, short)))
    many = await people[1].does(Press(control(action, long)))
    assert few.texts == many.texts


async def test_more_courses_days_and_saved_places_send_no_more_statements(
    people: list[Person], owner: asyncpg.Connection
) -> None:
    rows = await owner.fetch(
        "SELECT i.subject FROM identities i JOIN user_stats s ON s.user_id = i.user_id"
        " JOIN enrollments e ON e.user_id = i.user_id"
        " GROUP BY i.subject, s.xp ORDER BY count(*), s.xp"
    )
    by_name = {person.student.subject: person for person in people}
    least, most = by_name[rows[0]["subject"]], by_name[rows[-1]["subject"]]
    for person in (least, most):
        await person.does(Command("help"))
    await least.does(Press(control("save", least.student.lesson, 0)))
    for lesson in await owner.fetch(
        "SELECT p.component_id FROM user_progress p JOIN components k ON k.id = p.component_id"
        " WHERE p.user_id = $1 AND k.kind = 'lesson' AND p.status = 'completed' LIMIT 8",
        most.student.user_id,
    ):
        await most.does(Press(control("save", lesson["component_id"], 0)))
    for action in (
        Command("progress"),
        Command("start"),
        Command("streak"),
        Command("saved"),
        Command("quiz"),
        Command("code", "list"),
    ):
        one, other = await least.does(action), await most.does(action)
        assert one.texts == other.texts, action


async def test_handing_in_writes_all_answers_at_once(people: list[Person]) -> None:
    student = people[2].student
    attempt = next_attempt(student)
    await people[2].does(Press(control("quiz.start", student.quiz)))
    for position in range(scenario.QUESTIONS):
        await people[2].does(Press(control("quiz.pick", attempt, f"{position}.{position}")))
    recording = await people[2].does(Press(control("quiz.submit", attempt)))
    marked = [sent for sent in recording.statements if sent.is_many]
    assert [len(sent.rows) for sent in marked] == [scenario.QUESTIONS]
    assert len(recording.statements) <= 25


async def test_no_request_reads_a_big_table_from_end_to_end(
    people: list[Person], owner: asyncpg.Connection, server: EmbeddedServer, database_name: str
) -> None:
    sent: dict[str, tuple[str, Sent, Student]] = {}
    for person in people[3:6]:  # three people: early, late, in the middle
        for name in requests_of(person.student):
            for action in requests_of(person.student)[name]:
                for one in (await person.does(action)).statements:
                    sent.setdefault(one.text, (name, one, person.student))
    assert len(sent) > 35
    big = {row["relname"] for row in await owner.fetch(_BIG_TABLES, BIG)}
    assert {"user_progress", "activity_ledger", "components", "assessment_answers"} <= big
    assert any(name.startswith("challenge_attempts_2026") for name in big)
    app = await asyncpg.connect(**server.connect_arguments("stoa_app", database_name))
    try:
        found = []
        for name, one, student in sent.values():
            whole = set(await _read_whole(app, one, student)) & big - {WHOLE_CATALOGUE}
            found += [(name, table, " ".join(one.text.split())[:80]) for table in whole]
    finally:
        await app.close()
    assert not found, "\n".join(map(str, found))


async def _read_whole(app: asyncpg.Connection, sent: Sent, student: Student) -> Sequence[str]:
    """The tables that a statement reads by sequential scan, as the learner's own request."""
    transaction = app.transaction()
    await transaction.start()
    try:
        await app.execute("SELECT set_config('app.user_id', $1, true)", str(student.user_id))
        plan = await app.fetchval("EXPLAIN (FORMAT JSON) " + sent.text, *sent.rows[0])
    finally:
        await transaction.rollback()
    return list(_scanned(json.loads(plan)[0]["Plan"]))


def _scanned(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _scanned(child)


SOURCES = sorted(
    path for folder in ("bots", "domain", "tutor") for path in (ROOT / folder).rglob("*.py")
)
# A recordset names its columns, so * means them.
_STAR = re.compile(
    r"\bselect\s+(?:distinct\s+)?(?:\w+\.)?\*(?!\s+from\s+jsonb_to_recordset)", re.IGNORECASE
)
_RUNS = {"execute", "exec_driver_sql", "executemany", "fetch", "fetchrow", "fetchval", "scalar"}
_MAKES = {"sql", "text"}
_MAY_HOLD_SQL = re.compile(r"\bselect\b|\b(?:" + "|".join(_RUNS | _MAKES) + r")\(", re.IGNORECASE)
_CONSTANT = re.compile(r"_{0,2}[A-Z][A-Z0-9_]*")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_names_its_columns_and_is_never_put_together_from_values(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if not _MAY_HOLD_SQL.search(source):
        return
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not _STAR.search(node.value), f"SELECT * in line {node.lineno}"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for line in _put_together(node):
                pytest.fail(f"SQL is put together in line {line}")
    for node in tree.body:  # statements made once: of constants only
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for line in _variables_in_sql(node):
                pytest.fail(f"SQL is put together from something that varies in line {line}")


def _calls(node: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and call.args:
            function = call.func
            name = function.attr if isinstance(function, ast.Attribute) else None
            if isinstance(function, ast.Name):
                name = function.id
            if name in names:
                yield call


def _put_together(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[int]:
    """Lines where a function runs or makes SQL that it puts together itself."""
    given: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        given.setdefault(name.id, []).append(node.value)
        elif isinstance(node, ast.For | ast.AsyncFor):
            for name in ast.walk(node.target):
                if isinstance(name, ast.Name):
                    given.setdefault(name.id, []).append(node.iter)
    for call in _calls(function, _RUNS | _MAKES):
        first = call.args[0]
        sources = given.get(first.id, []) if isinstance(first, ast.Name) else [first]
        if any(_is_put_together(source) for source in sources):
            yield call.lineno


def _is_put_together(expression: ast.expr) -> bool:
    for node in ast.walk(expression):
        if isinstance(node, ast.JoinedStr):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            sides = (node.left, node.right)
            if any(isinstance(s, ast.Constant) and isinstance(s.value, str) for s in sides):
                return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"format", "join", "replace"}
        ):
            return True
    return False


def _variables_in_sql(node: ast.stmt) -> Iterator[int]:
    for call in _calls(node, _MAKES):
        over = {
            target.id
            for loop in ast.walk(call)
            if isinstance(loop, ast.comprehension) and isinstance(loop.target, ast.Name)
            for target in [loop.target]
        }
        for name in ast.walk(call.args[0]):
            if isinstance(name, ast.Name) and not (name.id in over or _CONSTANT.fullmatch(name.id)):
                yield name.lineno


def test_the_lint_sees_what_it_is_for() -> None:
    bad = [
        'def f(conn, name):\n    conn.execute(f"SELECT 1 FROM {name}")',
        'def f(conn, name):\n    q = "SELECT 1 FROM " + name\n    conn.execute(q)',
        'def f(conn, name):\n    return sql("SELECT {}".format(name))',
        'def f(conn, names):\n    for n in [f"DROP {x}" for x in names]:\n        conn.execute(n)',
        'def f(conn, name):\n    conn.exec_driver_sql("SELECT %s" % name)',
    ]
    good = [
        "def f(conn, old):\n    q = _A if old else _B\n    conn.execute(q, {})",
        "def f(conn):\n    for q, v in ((_A, 1), (_B, 2)):\n        conn.execute(q, v)",
        "def f(conn, name):\n    conn.execute(_ALL[name])",
    ]
    found = [list(_put_together(_function(source))) for source in (*bad, *good)]
    assert [bool(lines) for lines in found] == [True] * len(bad) + [False] * len(good)
    assert list(_variables_in_sql(ast.parse('_A = sql(f"SELECT {_B} {who}")').body[0]))
    assert not list(_variables_in_sql(ast.parse('_A = sql(f"SELECT {_B}")').body[0]))
    assert _STAR.search("SELECT * FROM x")
    assert _STAR.search("select distinct t.* from t")
    assert not _STAR.search("SELECT count(*) FROM x")


def _function(source: str) -> ast.FunctionDef:
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node
