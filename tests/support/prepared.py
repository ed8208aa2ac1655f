"""Fixtures: real `stoa chat` processes that share one prepared data folder.

A conftest imports them; each test is a learner of its own.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.postgres import EmbeddedServer
from tests.support.stoa import Stoa


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stoa]:
    """A data folder after its first start, made once for all workers of a test run."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "terminal"
    shared.mkdir(exist_ok=True)
    stoa, kept = Stoa(shared / "data", shared), shared / "first-start.json"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            done = stoa.run("chat", "--as", "first", stdin="/start\n")
            assert done.returncode == 0, done.stderr
            kept.write_text(json.dumps([done.stdout, done.stderr]))
    out, told = json.loads(kept.read_text())
    server = EmbeddedServer(stoa.data).start()  # kept running between the tests
    yield Stoa(stoa.data, stoa.folder, (out, told))
    server.release()


@pytest.fixture
def stoa(prepared: Stoa, tmp_path: Path) -> Stoa:
    """The program, running in this test's own folder."""
    return Stoa(prepared.data, tmp_path, prepared.first)
