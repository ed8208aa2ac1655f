"""A new key in place of the old one, a backup without its key, and a key that is lost."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import asyncpg
import pytest
from pydantic import SecretStr

from domain.database import Database
from domain.operations import make_backup, restore_backup
from domain.operations.database_findings import look_at_database
from domain.operations.secret import STILL_USED, NotRotated, forget, rotate, standing
from domain.postgres import EmbeddedServer
from domain.seal_keys import seals_of
from domain.sealing import key_of
from domain.settings import ConfigurationError, Settings, load_settings
from domain.sql import sql
from domain.tutoring.resealing import reseal
from domain.tutoring.sealed import opened
from migrations.embedded import create_database
from tests.support.children import Process
from tests.support.processes import kill
from tests.support.stoa import Stoa

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
ROWS = 500
_BEFORE = sql("""
    WITH ada AS (INSERT INTO users (handle) VALUES ('ada') RETURNING id)
    INSERT INTO ai_interactions (user_id, message_type, user_message, ai_response)
    SELECT ada.id, 'question', 'why ' || n, 'because ' || n FROM ada, generate_series(1, :rows) n
""")
_ALL = sql("SELECT * FROM ai_interactions ORDER BY id")


def quiet(words: str) -> None:
    """Say nothing."""


async def said(settings: Settings) -> tuple[set[str], set[str]]:
    """What was asked, and the ids of the keys that it is sealed with."""
    database = await Database.attach(settings)
    async with database.worker_unit_of_work() as conn:
        rows = (await conn.execute(_ALL)).all()
    words = [opened(database.seals, row) for row in rows]
    await database.close()
    assert all(one.is_readable for one in words)
    keys = {key_of(row.user_message_sealed).hex() for row in rows}
    return {one.asked for one in words}, keys


@pytest.fixture
async def bare(server: EmbeddedServer) -> AsyncIterator[str]:
    """The address of an empty database of a server."""
    name = f"stoa_secret_{os.getpid()}"
    await create_database(server, name)
    yield f"postgresql://postgres@/{name}?host={server.socket_folder}"
    connection = await asyncpg.connect(**server.connect_arguments())
    await connection.execute(f'drop database "{name}" with (force)')
    await connection.close()


async def test_a_new_key_is_made_though_it_is_killed_and_the_old_backup_asks_for_the_old_one(
    tmp_path: Path, bare: str
) -> None:
    tmp_path /= "a folder"
    settings, file = load_settings(data_dir=tmp_path), tmp_path / "secret.key"
    database = await Database.open(settings)
    async with database.worker_unit_of_work() as conn:
        await conn.execute(_BEFORE, {"rows": ROWS})
    assert await reseal(database, NOW) == (ROWS, 0)
    expected, (first,) = await said(settings)
    assert len(expected) == ROWS
    before = file.read_text().strip()

    backup = await make_backup(settings, None, NOW, quiet)
    assert backup.path == tmp_path / "backups" / "stoa-20260302-180000.dump"
    assert backup.keep_too == file
    assert f"stoa backup --restore '{backup.path}'" in backup.render()

    file.rename(tmp_path / "elsewhere")
    without = await standing(settings)  # looking makes none
    assert (without.present, without.missing, file.exists()) == ("", [first], False)
    (tmp_path / "elsewhere").rename(file)

    random = Random(7)  # noqa: S311
    stoa = Stoa(tmp_path, tmp_path)
    for _ in range(2):
        process = await Process.begin(stoa.program("secret", "rotate"), errors=True)
        try:
            async with asyncio.timeout(random.uniform(0.1, 0.5)):
                await process.communicate()
        except TimeoutError:
            await kill(process)
        assert (await said(settings))[0] == expected
        assert before in file.read_text().split()
    assert STILL_USED in await rotate(settings, NOW, quiet)  # this process still has the old key
    assert len(file.read_text().split()) == 2
    await database.close()
    assert "holds the new key alone" in await rotate(settings, NOW, quiet)
    after = file.read_text().strip()
    assert after != before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert await said(settings) == (expected, {seals_of(settings).key.hex()})
    assert first != seals_of(settings).key.hex()
    assert sorted(path.name for path in tmp_path.glob("secret.key*")) == [
        "secret.key",
        "secret.key.lock",
    ]

    assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()

    changed = load_settings(data_dir=tmp_path, database_url=bare, secret_key=after)
    restored = await restore_backup(changed, backup.path, quiet)
    assert restored.tables > 50
    assert f"sealed with the secret key {first}, and STOA_SECRET_KEY is another" in restored.warning
    with pytest.raises(ConfigurationError, match=first):
        await Database.open(changed)
    problems = [one.text for one in await look_at_database(changed) if one.state == "problem"]
    assert [first in text for text in problems] == [True]
    found = await standing(changed)
    assert (found.needed, found.missing) == ([(first, 2 * ROWS)], [first])
    assert "cannot be read" in found.render()

    right = load_settings(
        data_dir=tmp_path, database_url=bare, secret_key=after, old_secret_keys=before
    )
    assert (await said(right))[0] == expected
    assert "can be taken away now" in await rotate(right, NOW, quiet)
    assert (await standing(changed)).missing == []
    assert (await said(changed))[0] == expected
    with pytest.raises(NotRotated, match="STOA_OLD_SECRET_KEYS"):
        await rotate(changed, NOW, quiet)

    lost = load_settings(data_dir=tmp_path, database_url=bare, secret_key="x" * 40)
    with pytest.raises(ConfigurationError, match="stoa secret forget"):
        await Database.open(lost)
    assert await forget(lost, quiet) == [seals_of(changed).key.hex()]
    await (await Database.open(lost)).close()
    assert (await standing(lost)).missing == [seals_of(changed).key.hex()]
    found_again = lost.model_copy(update={"old_secret_keys": (SecretStr(after),)})
    await rotate(found_again, NOW, quiet)
    assert (await standing(lost)).missing == []
    assert (await said(lost))[0] == expected
