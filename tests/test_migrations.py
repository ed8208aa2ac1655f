"""The migrations lead to the tables of the models, up and down, also on a database with rows."""

import ast
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncConnection

import migrations
from domain.database import Base
from domain.postgres import EmbeddedServer
from domain.schema_doc import load_tables
from migrations import lint, run
from migrations.fingerprint import fingerprint
from migrations.sql import FOLDER as SQL
from migrations.sql import statements
from tests.support.owner import drop, owner_of
from tests.support.rows import fill

ROOT = Path(__file__).parent.parent
SNAPSHOT = ROOT / "tests" / "data" / "schema.txt"
FROM_MODELS = ("column ", "constraint ", "index ")


@pytest.fixture
async def owner(
    server: EmbeddedServer, copy_database: Callable[[], str]
) -> AsyncIterator[AsyncConnection]:
    """A superuser's connection to a migrated database of this test's own."""
    name = copy_database()
    async with owner_of(server, name) as connection:
        yield connection
    await drop(server, name)


async def facts(connection: AsyncConnection) -> list[str]:
    found = await connection.run_sync(fingerprint)
    await connection.rollback()
    return found


async def test_the_catalogue_is_the_agreed_one(owner: AsyncConnection):
    # After an intended change: python -m migrations.fingerprint > tests/data/schema.txt
    assert await facts(owner) == SNAPSHOT.read_text(encoding="utf-8").splitlines()


async def test_down_and_up_again_on_a_filled_database(owner: AsyncConnection):
    before = await facts(owner)
    await owner.run_sync(fill)
    await owner.commit()
    await run.downgrade(owner, "base")
    assert await facts(owner) == []
    await run.upgrade(owner)
    assert await facts(owner) == before


async def test_a_step_down_keeps_the_rows_of_the_steps_below(owner: AsyncConnection):
    before = await facts(owner)
    await owner.run_sync(fill)
    await owner.commit()
    for _ in versions()[1:]:
        await run.downgrade(owner, "-1")
    assert await run.current(owner) == "0001"
    await run.upgrade(owner)
    assert await facts(owner) == before
    for table in ("users", "user_progress", "challenge_attempts", "assessment_answers"):
        assert await owner.scalar(text(f"select count(*) from {table}")) == 2, table


class Killed(Exception):
    pass


async def test_what_a_killed_migrator_left_is_gone_on_with(owner: AsyncConnection):
    before = await facts(owner)
    died: set[tuple[str, str]] = set()

    def die_once(when: str, statement: str) -> None:
        if "CONCURRENTLY" in statement and (when, statement) not in died:
            died.add((when, statement))
            raise Killed

    connection = owner.sync_connection
    event.listen(connection, "before_cursor_execute", lambda *said: die_once("before", said[2]))
    event.listen(connection, "after_cursor_execute", lambda *said: die_once("after", said[2]))
    for go in (lambda: run.downgrade(owner, "base"), lambda: run.upgrade(owner)):
        died.clear()
        while True:
            try:
                await go()
            except Killed:
                continue
            break
        assert len(died) > 20, "nobody died"
    assert await facts(owner) == before


async def test_reminders_of_joined_accounts_go_back_with_them_still(owner: AsyncConnection):
    people = await owner.run_sync(fill)
    await owner.commit()
    await run.downgrade(owner, "0020")
    reminder, link = people[0]["reminders"], people[0]["link_rows"]["link_id"]
    gone = people[1]["users"]["id"]
    await owner.execute(
        text("update account_links set absorbed_id = :gone where id = :link"),
        {"gone": gone, "link": link},
    )
    await owner.execute(
        text(
            "insert into link_rows (link_id, table_name, column_name, kind, content)"
            " values (:link, 'reminders', 'user_id', 'moved',"
            " jsonb_build_object('id', CAST(:id AS text)))"
        ),
        {"link": link, "id": str(reminder["id"])},
    )
    await owner.commit()
    await run.upgrade(owner)
    kept = text("select kind, content from link_rows where table_name = 'reminders'")
    ((kind, content),) = (await owner.execute(kept)).all()
    assert kind == "kept"
    assert (content["user_id"], content["kind"]) == (str(gone), reminder["kind"])
    await owner.commit()
    await run.downgrade(owner, "0020")
    ((kind, content),) = (await owner.execute(kept)).all()
    assert (kind, content) == ("moved", {"id": str(reminder["id"])})


async def test_models_and_migrations_do_not_drift(owner: AsyncConnection):
    await run.check(owner)  # what Alembic sees; then what it does not: CHECKs, names, keys
    migrated = [line for line in await facts(owner) if line.startswith(FROM_MODELS)]

    def create_all(connection: Connection) -> list[str]:
        for statement in statements("r0001"):
            if "CREATE FUNCTION app_uid" in statement:
                connection.exec_driver_sql(statement)
        load_tables()
        Base.metadata.create_all(connection)
        return fingerprint(connection)

    await run.downgrade(owner, "base")
    made = [line for line in await owner.run_sync(create_all) if line.startswith(FROM_MODELS)]
    names = {re.escape(name) for name in Base.metadata.tables}
    of_tables = re.compile(
        rf"^(column|constraint \S+ on|index .* ON public\.)\W*({'|'.join(names)})\b"
    )
    migrated = [line for line in migrated if of_tables.search(line)]
    assert migrated == [line for line in made if of_tables.search(line)]


def versions() -> list[Path]:
    return sorted((migrations.FOLDER / "versions").glob("[0-9]*.py"))


def test_a_migration_never_imports_the_models():
    for path in versions():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", [])]
            module = getattr(node, "module", None) or ""
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not any(name.split(".")[0] == "domain" for name in [*names, module])


@pytest.mark.parametrize("path", versions(), ids=lambda path: path.stem)
def test_every_migration_passes_the_lint(path: Path):
    assert lint.problems(path) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("ALTER TABLE users DROP COLUMN handle", "drops a column"),
        ("ALTER TABLE users DROP handle;", "drops a column"),
        ("ALTER TABLE a ADD COLUMN b int, ADD COLUMN c int NOT NULL", "adds a NOT NULL column"),
        ("ALTER TABLE users ADD COLUMN a text NOT NULL", "adds a NOT NULL column to users"),
        ("ALTER TABLE users ALTER COLUMN a SET NOT NULL", "sets NOT NULL on users"),
        ("CREATE INDEX ix_a ON users (a)", "makes an index on users"),
        ("ALTER TABLE users RENAME COLUMN a TO b", "renames"),
    ],
)
def test_the_lint_refuses(tmp_path: Path, statement: str, problem: str):
    path = tmp_path / "0009_bad.py"
    path.write_text(f'def upgrade():\n    op.execute("""{statement}""")\n', encoding="utf-8")
    assert [found for found in lint.problems(path) if found.startswith(problem)]


def test_the_lint_wants_sql_it_can_read(tmp_path: Path):
    path = tmp_path / "0009_hidden.py"
    path.write_text('def upgrade():\n    op.drop_column("users", "handle")\n', encoding="utf-8")
    assert lint.problems(path) == ["calls op.drop_column: write the SQL, so that it can be judged"]


def test_the_lint_allows_the_careful_way(tmp_path: Path):
    path = tmp_path / "0009_good.py"
    path.write_text(
        'def upgrade():\n    op.execute("""ALTER TABLE users ADD COLUMN a text""")\n'
        '    op.execute("""UPDATE users SET a = 1 WHERE a IS NULL""")\n'
        '    op.execute("""ALTER TABLE users ALTER COLUMN a SET NOT NULL""")\n'
        '    op.execute("""CREATE INDEX CONCURRENTLY ix_a ON users (a)""")\n',
        encoding="utf-8",
    )
    assert lint.problems(path) == []


def test_statements_end_where_they_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "1.sql").write_text(
        "-- a; comment\nSELECT ';', $$ ; $$;\n\nSELECT 2 - 1;\n", encoding="utf-8"
    )
    monkeypatch.setattr("migrations.sql.FOLDER", tmp_path)
    assert list(statements("r")) == ["-- a; comment\nSELECT ';', $$ ; $$;", "SELECT 2 - 1;"]


def test_no_text_of_the_scripts_is_lost():
    for path in SQL.rglob("*.sql"):
        folder = path.parent.relative_to(SQL).as_posix()
        squeezed = re.sub(r"\s+", "", "".join(statements(folder)))
        for line in path.read_text(encoding="utf-8").splitlines():
            assert re.sub(r"\s+", "", line) in squeezed
