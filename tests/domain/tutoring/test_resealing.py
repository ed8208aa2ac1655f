"""Rows of before are sealed, and keys are changed, however often whoever does it is killed."""

import asyncio
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import seal_keys
from domain.clock import ManualClock
from domain.database import Database
from domain.postgres import EmbeddedServer
from domain.sealing import key_of
from domain.settings import ConfigurationError, Settings, load_settings
from domain.sql import sql
from domain.tutoring import resealing
from domain.tutoring.resealing import reseal
from domain.tutoring.sealed import opened
from tests.domain.tutoring.reading import learner
from tests.support.children import ROOT, Process, Program
from tests.support.processes import address_of, kill

OLD, NEW = "o" * 40, "n" * 40
ROWS = 900
# As versions before stored them: some without words, some still open, the evidence in plain.
_BEFORE = sql("""
    INSERT INTO ai_interactions (user_id, message_type, status, user_message, ai_response,
                                 context_data, lease_until)
    SELECT :learner, 'question', CASE WHEN n % 7 = 0 THEN 'open' ELSE 'answered' END,
           CASE WHEN n % 5 = 0 AND n % 7 <> 0 THEN '' ELSE 'why ' || n END,
           CASE WHEN n % 7 = 0 THEN NULL ELSE 'because ' || n END,
           CASE WHEN n % 3 = 0 THEN NULL ELSE
               jsonb_build_object('rung', n, 'evidence', jsonb_build_array('saw ' || n)) END,
           CASE WHEN n % 7 = 0 THEN now() END
    FROM generate_series(1, :rows) n
""")
_ALL = sql("SELECT * FROM ai_interactions ORDER BY id")
_PLAIN = sql("""
    SELECT count(*) FROM ai_interactions i
    WHERE i::text LIKE '%why %' OR i::text LIKE '%because %' OR i::text LIKE '%saw %'
""")
_WHERE = sql("SELECT current_database()::text")


@pytest.fixture
async def rows_of_before(empty_database: Database, clock: ManualClock) -> int:
    """So many rows, in plain."""
    ada = await learner(empty_database, clock, "ada")
    async with empty_database.worker_unit_of_work() as conn:
        await conn.execute(_BEFORE, {"learner": ada.user_id, "rows": ROWS})
        assert (await conn.execute(_PLAIN)).scalar_one() > ROWS / 2
    return ROWS


def reached(server: EmbeddedServer, name: str, folder: Path, key: str, *old: str) -> Settings:
    """Settings that lead to the test's database as if it were somebody's server."""
    return load_settings(
        data_dir=folder,
        database_url=address_of(server, name),
        secret_key=key,
        old_secret_keys=",".join(old),
    )


async def words(conn: AsyncConnection, database: Database) -> list[tuple[str, object, object]]:
    """What was said in each row, however it is stored now; all of it must be readable."""
    read = [opened(database.seals, row) for row in (await conn.execute(_ALL)).all()]
    assert all(one.is_readable for one in read)
    return [(one.asked, one.response, one.context) for one in read]


async def begin(server: EmbeddedServer, name: str, **keys: str) -> Process:
    path = ROOT / "tests" / "support" / "seal_process.py"
    environment = {"PATH": "", **{f"STOA_{key.upper()}": value for key, value in keys.items()}}
    process = await Process.begin(Program("", [address_of(server, name)], environment, ROOT, path))
    assert await process.stdout.readline() == b"ready\n"
    return process


@pytest.fixture
async def name(empty_database: Database) -> str:
    """The name of the test's database."""
    async with empty_database.worker_unit_of_work() as conn:
        return str((await conn.execute(_WHERE)).scalar_one())


async def test_rows_of_before_are_sealed_and_then_sealed_anew_though_it_is_killed_again_and_again(
    empty_database: Database,
    rows_of_before: int,
    server: EmbeddedServer,
    name: str,
    clock: ManualClock,
    tmp_path: Path,
) -> None:
    random = Random(20)  # noqa: S311
    async with empty_database.worker_unit_of_work() as conn:
        said = await words(conn, empty_database)
    halfway = 0
    for keys in ({"secret_key": OLD}, {"secret_key": NEW, "old_secret_keys": OLD}):
        settings = reached(
            server, name, tmp_path, keys["secret_key"], keys.get("old_secret_keys", "")
        )
        looking = await Database.attach(settings)
        for number in range(2):
            process = await begin(server, name, **keys)
            await asyncio.sleep(number * random.uniform(0, 0.04))
            await kill(process)
            async with looking.worker_unit_of_work() as conn:
                assert await words(conn, looking) == said
                left = await resealing.reseal_some(conn, looking.seals)
            halfway += left.sealed > 0
        await reseal(looking, clock.now())
        async with looking.worker_unit_of_work() as conn:
            assert await words(conn, looking) == said
            assert (await conn.execute(_PLAIN)).scalar_one() == 0
            rows = (await conn.execute(_ALL)).all()
            (only,) = await seal_keys.kept(conn)
        sealed = [row.user_message_sealed for row in rows if row.user_message_sealed]
        assert len(sealed) == sum(bool(asked) for asked, _, _ in said) > rows_of_before / 2
        assert {key_of(value) for value in sealed} == {looking.seals.key}
        assert only.id == looking.seals.key.hex()
        assert only.sealed_all_at is not None
        await looking.close()
    assert halfway


async def test_a_process_with_another_key_does_not_start_unless_the_key_of_before_is_named(
    server: EmbeddedServer, name: str, tmp_path: Path
) -> None:
    await (await Database.open(reached(server, name, tmp_path, OLD))).close()
    with pytest.raises(ConfigurationError, match="STOA_SECRET_KEY is another") as caught:
        await Database.open(reached(server, name, tmp_path, NEW))
    assert OLD not in str(caught.value)
    both = await Database.open(reached(server, name, tmp_path, NEW, OLD))
    await both.close()
    with pytest.raises(
        ConfigurationError, match="another"
    ):  # two keys are in use until all is done
        await Database.open(reached(server, name, tmp_path, OLD))


async def test_what_no_key_opens_is_left_as_it_is(
    empty_database: Database, rows_of_before: int, server: EmbeddedServer, name: str,
    clock: ManualClock, tmp_path: Path,
) -> None:  # fmt: skip
    stranger = await Database.attach(reached(server, name, tmp_path, NEW))
    async with stranger.worker_unit_of_work() as conn:
        batch = await resealing.reseal_some(conn, stranger.seals)
    assert batch.sealed == resealing.BATCH
    async with empty_database.worker_unit_of_work() as conn:
        before = (await conn.execute(_ALL)).all()
    sealed, unreadable = await reseal(empty_database, clock.now())
    assert (sealed, unreadable) == (rows_of_before - resealing.BATCH, resealing.BATCH)
    async with empty_database.worker_unit_of_work() as conn:
        after = (await conn.execute(_ALL)).all()
    assert after[: resealing.BATCH] == before[: resealing.BATCH]
    assert not opened(empty_database.seals, after[0]).is_readable
    await stranger.close()
