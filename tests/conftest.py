"""What all tests share: a real PostgreSQL, a migrated template, a copy of it for each module.

The server belongs to this checkout and user, and its folder stays between runs, so that a second
run starts in a moment. Several runs may use it at once; the last one stops it.
"""

import asyncio
import fcntl
import gc
import hashlib
import os
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

import migrations
from domain.clock import ManualClock
from domain.database import Database
from domain.engine import engine_for
from domain.grading import Grader
from domain.postgres import EmbeddedServer
from domain.settings import Settings, load_settings
from migrations.embedded import create_database, set_up
from tests.support.owner import owner_of
from tests.support.rows import Rows, fill
from tests.support.scratch import scratch

ROOT = Path(__file__).parent.parent
TEMPLATES_KEPT = 4

# A developer's own configuration must not reach the tests, only where PostgreSQL is.
for _name in [name for name in os.environ if name.startswith("STOA_")]:
    if _name != "STOA_PG_BINDIR":
        del os.environ[_name]

# A variable of pytest's for tests' own folders, which its workers inherit.
SCRATCH = Path(os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(scratch())))

gc.set_threshold(20_000, 20, 50)  # as the program: see bots.cli
_numbers = count()
Result = TypeVar("Result")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--soak` runs the long forms, and only them."""
    parser.addoption("--soak", action="store_true", help="run the long forms of the tests only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long forms, or everything else."""
    wanted = bool(config.getoption("--soak"))
    left_out = [item for item in items if (item.get_closest_marker("soak") is None) == wanted]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Let the collector of garbage never look again at what is there for the whole run."""
    gc.collect()
    gc.freeze()


def run_apart(work: Coroutine[object, object, Result]) -> Result:
    """Run a coroutine to its end on a loop of its own, whatever loops the tests have."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def _history_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(migrations.FOLDER.rglob("*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.relative_to(migrations.FOLDER).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


async def _statement(server: EmbeddedServer, statement: str) -> list[str]:
    engine = engine_for(server.connect_arguments())
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        result = await connection.exec_driver_sql(statement)
        return [str(row[0]) for row in result] if result.returns_rows else []


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


async def _prepare_template(server: EmbeddedServer) -> str:
    template = f"stoa_template_{_history_digest()}"
    names = await _statement(server, "select datname from pg_database order by oid")
    for name in names:  # what runs that were killed left behind: their names hold their process
        owner = re.fullmatch(r"stoa_[a-z]+_(\d+)(_\d+)?", name)
        if owner and "template" not in name and not _is_running(int(owner[1])):
            await _statement(server, f'drop database if exists "{name}" with (force)')
    if template not in names:
        draft = f"stoa_draft_{os.getpid()}"
        await _statement(server, f'drop database if exists "{draft}" with (force)')
        await set_up(server, draft)
        await _statement(server, f'alter database "{draft}" rename to "{template}"')
    old = [name for name in names if name.startswith("stoa_template_") and name != template]
    for name in old[: -(TEMPLATES_KEPT - 1)]:
        await _statement(server, f'drop database if exists "{name}"')
    return template


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """The tests' PostgreSQL. It does not wait for the disk: a test does not outlive a crash."""
    name = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
    folder = SCRATCH / f"stoa-tests-{os.getuid()}-{name}"
    unsafe = dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
    started = EmbeddedServer(
        folder,
        extra={**unsafe, "max_connections": "300", "autovacuum": "off", "max_wal_size": "256MB"},
    ).start()
    yield started
    started.release()


@pytest.fixture(scope="session")
def template(server: EmbeddedServer) -> str:
    """The name of a migrated database that nobody connects to."""
    with (server.layout.root / "template.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return run_apart(_prepare_template(server))


@pytest.fixture(scope="session")
def copy_database(server: EmbeddedServer, template: str) -> Callable[[], str]:
    """Makes a new migrated database and gives its name."""

    def copy() -> str:
        name = f"stoa_copy_{os.getpid()}_{next(_numbers)}"
        run_apart(create_database(server, name, template))
        return name

    return copy


@pytest.fixture(scope="module")
def database_name(server: EmbeddedServer, copy_database: Callable[[], str]) -> Iterator[str]:
    """A migrated database of this test module's own."""
    name = copy_database()
    yield name
    run_apart(_statement(server, f'drop database if exists "{name}" with (force)'))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with nothing configured and a data folder of the test's own."""
    return load_settings(data_dir=tmp_path / "data")


@pytest.fixture
async def database(
    server: EmbeddedServer, database_name: str, settings: Settings
) -> AsyncIterator[Database]:
    """The module's database, as the application sees it. Rows stay until the module ends."""
    opened = Database(lambda role: server.connect_arguments(role, database_name), settings)
    yield opened
    await opened.close()


@pytest.fixture
async def empty_database(
    server: EmbeddedServer, copy_database: Callable[[], str], settings: Settings
) -> AsyncIterator[Database]:
    """A migrated database of this one test's own, for tests that count everything."""
    name = copy_database()
    opened = Database(lambda role: server.connect_arguments(role, name), settings)
    yield opened
    await opened.close()
    await _statement(server, f'drop database if exists "{name}" with (force)')


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands at 18:00 UTC on Monday, 2 March 2026."""
    return ManualClock(datetime(2026, 3, 2, 18, tzinfo=UTC))


@pytest.fixture
async def grader() -> AsyncIterator[Grader]:
    """The real sandbox."""
    async with Grader() as running:
        yield running


@pytest.fixture
async def owner(server: EmbeddedServer, database_name: str) -> AsyncIterator[AsyncConnection]:
    """A superuser's connection; all a test does is undone."""
    async with owner_of(server, database_name) as connection:
        yield connection


@pytest.fixture(scope="module")
def filled(server: EmbeddedServer, database_name: str) -> Sequence[Rows]:
    """Rows in every table, which stay when what a test does is undone."""

    async def work() -> Sequence[Rows]:
        async with owner_of(server, database_name) as connection:
            rows = await connection.run_sync(fill)
            await connection.commit()
            return rows

    return run_apart(work())
