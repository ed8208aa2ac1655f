"""Which keys the database's sealed texts need: one row for each, with a proof to try it on.

A process whose keys do not open what is there does not start: it would seal what comes next with
another key, and then no single key would open everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.sealing import Seals
from domain.settings import (
    SECRET_FILE,
    ConfigurationError,
    Settings,
    encryption_secret,
    has_secret,
    old_secrets,
)
from domain.sql import sql

_KEPT = sql("SELECT id, proof, sealed_all_at FROM seal_keys ORDER BY created_at, id")
_LOCK = sql("SELECT pg_advisory_xact_lock(hashtextextended('stoa seal keys', 0))")
_ADD = sql("INSERT INTO seal_keys (id, proof) VALUES (:id, :proof) ON CONFLICT DO NOTHING")
_DONE = sql("UPDATE seal_keys SET sealed_all_at = :now WHERE id = :id")
_FORGET = sql("DELETE FROM seal_keys WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Kept:
    """A key that something may be sealed with.

    Args:
        id: of the key, as 16 hexadecimal digits.
        proof: opens with it.
        sealed_all_at: since when nothing else is needed; None: other keys may be, or some text is
            not sealed yet.
    """

    id: str
    proof: bytes
    sealed_all_at: datetime | None


async def kept(conn: AsyncConnection) -> list[Kept]:
    """The keys that something may be sealed with, oldest first."""
    return [Kept(row.id, row.proof, row.sealed_all_at) for row in await conn.execute(_KEPT)]


def strange(keys: Sequence[Kept], seals: Seals) -> list[str]:
    """The ids of those that these seals do not open."""
    return [one.id for one in keys if not seals.knows(one.id)]


def seals_of(settings: Settings) -> Seals:
    """What seals and opens with these settings; makes the embedded database's key.

    Raises:
        ConfigurationError: a server is configured and `STOA_SECRET_KEY` is not.
    """
    return Seals(encryption_secret(settings), old_secrets(settings))


async def is_new(conn: AsyncConnection, settings: Settings) -> bool:
    """Whether nothing was ever sealed with the key of these settings.

    Raises:
        ConfigurationError: something is sealed with a key that is not at hand.
    """
    keys = await kept(conn)
    if keys and not has_secret(settings):  # one that is made now would open nothing
        raise wrong_key(settings, [one.id for one in keys])
    seals = seals_of(settings)
    if unknown := strange(keys, seals):
        raise wrong_key(settings, unknown)
    return seals.key.hex() not in {one.id for one in keys}


async def register(conn: AsyncConnection, settings: Settings, seals: Seals) -> None:
    """Note down that this key seals from now on.

    Args:
        conn: a transaction of the worker.
        settings: of this process.
        seals: made from them.

    Raises:
        ConfigurationError: another process has begun with a key that is not at hand.
    """
    await conn.execute(_LOCK)
    if unknown := strange(await kept(conn), seals):
        raise wrong_key(settings, unknown)
    await conn.execute(_ADD, {"id": seals.key.hex(), "proof": seals.proof()})


def wrong_key(settings: Settings, ids: Sequence[str]) -> ConfigurationError:
    """What to say when texts are sealed with keys that are not at hand."""
    file = settings.data_dir / SECRET_FILE
    if settings.secret_key is not None or not settings.is_embedded:
        ours = "STOA_SECRET_KEY is another"
    elif has_secret(settings):
        ours = f"{file} holds another"
    else:
        ours = f"{file} is not there"
    return ConfigurationError(
        f"Texts in the database are sealed with the secret key {', '.join(ids)}, and {ours}. "
        "Put the right one back, or name it in STOA_OLD_SECRET_KEYS. "
        "If it is lost for good: stoa secret forget"
    )


async def done(conn: AsyncConnection, seals: Seals, now: datetime) -> None:
    """Everything is sealed with the present key; those of before are needed no more."""
    await conn.execute(_LOCK)
    for one in await kept(conn):
        if one.id == seals.key.hex():
            await conn.execute(_DONE, {"id": one.id, "now": now})
        elif seals.knows(one.id):
            await conn.execute(_FORGET, {"id": one.id})


async def forget(conn: AsyncConnection, seals: Seals) -> list[str]:
    """Give up the keys that are not at hand: what they sealed stays unreadable. Their ids."""
    await conn.execute(_LOCK)
    unknown = strange(await kept(conn), seals)
    for one in unknown:
        await conn.execute(_FORGET, {"id": one})
    return unknown
