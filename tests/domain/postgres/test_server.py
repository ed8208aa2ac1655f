"""Several processes and one server: sharing, leaving, and being killed at a bad moment."""

import os
import signal
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from domain.postgres import EmbeddedServer, ServerFailed, process
from domain.postgres.layout import FolderProblem, Layout

Join = Callable[[], Any]


def note_of(folder: Path) -> process.Note:
    note = process.read_note(Layout(folder / "postgres"))
    assert note is not None
    return note


def runs(folder: Path) -> bool:
    layout = Layout(folder / "postgres")
    note = process.read_note(layout)
    return note is not None and process.is_alive(note, layout)


def test_the_last_one_out_stops_the_server(folder: Path, join: Join) -> None:
    first, second, third = join(), join(), join()  # all at once: only one of them starts it
    assert [member.line() for member in (first, second, third)] == ["ready"] * 3
    server = note_of(folder).pid
    assert first.ask("leave") == "left"
    assert second.ask("leave") == "left"
    assert runs(folder)
    assert note_of(folder).pid == server
    assert third.ask("leave") == "left"
    assert not runs(folder)


def test_a_killed_process_holds_nothing(folder: Path, join: Join) -> None:
    victim = join()
    assert victim.line() == "ready"
    victim.kill()
    assert runs(folder)  # nobody was left to stop it; the next one uses it and stops it
    heir = join()
    assert heir.line() == "ready"
    assert heir.ask("leave") == "left"
    assert not runs(folder)


def test_committed_rows_survive_a_killed_server(folder: Path, join: Join) -> None:
    member = join()
    assert member.line() == "ready"
    member.ask("create table kept as select 42 as number")
    before = note_of(folder).pid
    os.kill(before, signal.SIGKILL)
    newcomer = join()
    assert newcomer.line() == "ready"
    assert newcomer.ask("select number from kept") == "42"
    assert note_of(folder).pid != before
    assert member.ask("select number from kept") == "42"  # the one who lived on goes on


def test_everything_killed_leaves_a_usable_folder(folder: Path, join: Join) -> None:
    member = join()
    assert member.line() == "ready"
    member.ask("create table kept as select 42 as number")
    server = note_of(folder).pid
    layout = Layout(folder / "postgres")
    text = layout.pid_file.read_text()
    os.kill(server, signal.SIGKILL)
    member.kill()
    # After a restart of the machine any process may have the number of the dead server.
    layout.pid_file.write_text(text.replace(str(server), str(os.getpid()), 1))
    heir = join()
    assert heir.line() == "ready"
    assert heir.ask("select number from kept") == "42"


def test_a_half_made_database_is_made_again_and_nothing_opened(
    folder: Path, join: Join, user: int | None
) -> None:
    draft = folder / "postgres" / "draft"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    draft.parent.chmod(0o700)
    if user is not None:
        for path in (draft.parent, draft, draft / "PG_VERSION"):
            os.chown(path, user, user)
    above = [folder, *folder.parents]
    before = {path: path.stat().st_mode for path in above}
    member = join()
    assert member.line() == "ready"
    assert not draft.exists()
    assert {path: path.stat().st_mode for path in above} == before
    assert stat.S_IMODE((folder / "postgres").stat().st_mode) == 0o700
    socket = note_of(folder).socket_folder
    assert socket is not None
    assert stat.S_IMODE((socket / ".s.PGSQL.5432").stat().st_mode) == 0o700


async def test_the_server_keeps_its_own_manners(own_folder: Path) -> None:
    root = own_folder / "postgres"
    root.mkdir(mode=0o700)
    (root / "postgresql.local.conf").write_text("listen_addresses = '*'\nwork_mem = '7MB'\n")
    server = EmbeddedServer(own_folder)
    server.start()
    expected = {
        "listen_addresses": "",
        "TimeZone": "UTC",
        "jit": "off",
        "fsync": "on",
        "work_mem": "7MB",
        "data_checksums": "on",
    }
    try:
        connection = await asyncpg.connect(**server.connect_arguments())
        for name, value in expected.items():
            assert await connection.fetchval(f"show {name}") == value
        query = "select datlocprovider::text, datlocale from pg_database where datname = $1"
        assert tuple(await connection.fetchrow(query, "postgres")) == ("b", "C.UTF-8")
        await connection.close()
    finally:
        server.release()


def test_a_long_path_gets_a_private_socket_folder(own_folder: Path) -> None:
    deep = own_folder / ("long" * 25)
    server = EmbeddedServer(deep)
    try:
        server.start()
        used = server.socket_folder
        assert deep not in used.parents
        assert used.parent in {Path(tempfile.gettempdir()), Path("/tmp")}  # noqa: S108 - compared, not used
        assert stat.S_IMODE(used.stat().st_mode) == 0o700
    finally:
        server.release()
    assert not used.exists()


def test_an_open_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres").chmod(0o755)
    with pytest.raises(FolderProblem, match="open to other users"):
        EmbeddedServer(tmp_path).start()
    assert stat.S_IMODE((tmp_path / "postgres").stat().st_mode) == 0o755


def test_data_of_another_version_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (tmp_path / "postgres").chmod(0o700)
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerFailed, match="made by PostgreSQL 17"):
        EmbeddedServer(tmp_path).start()


def test_a_server_that_fails_says_why(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path, extra={"shared_buffers": "lots"})
    with pytest.raises(ServerFailed, match="shared_buffers"):
        server.start()
    with pytest.raises(ServerFailed, match="not running"):
        _ = server.socket_folder


def test_a_forked_child_does_not_stop_the_server(own_folder: Path) -> None:
    server = EmbeddedServer(own_folder).start()
    try:
        child = os.fork()
        if child == 0:
            server.release()
            os._exit(0)
        os.waitpid(child, 0)
        assert runs(own_folder)
    finally:
        server.release()
    assert not runs(own_folder)


@pytest.mark.skipif(os.getuid() != 0, reason="only root runs the server as somebody else")
def test_root_without_namespaces_runs_it_as_nobody(own_folder: Path) -> None:
    root = own_folder / "postgres"
    root.mkdir(mode=0o700)
    (root / "run-as").write_text("capability")
    above = [own_folder, *own_folder.parents]
    before = {path: path.stat().st_mode for path in above}
    server = EmbeddedServer(own_folder).start()
    try:
        assert Path("/proc", str(note_of(own_folder).pid)).stat().st_uid != 0
        os.kill(note_of(own_folder).pid, signal.SIGKILL)
        while runs(own_folder):  # until it is dead, its socket still answers
            time.sleep(0.01)
        server.ensure_running()
        assert runs(own_folder)
        assert {path: path.stat().st_mode for path in above} == before
    finally:
        server.release()
    assert not runs(own_folder)
