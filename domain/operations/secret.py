"""The secret key: which texts need which, a new one in place of the old, and what is lost.

A new key is made in steps that may each be the last one before the power fails. The key file has
the new key and the old one until nothing needs the old one any more; whoever runs it again goes on.
"""

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain import seal_keys
from domain.database import Database
from domain.errors import StoaError
from domain.postgres.layout import Layout
from domain.postgres.locks import gate
from domain.settings import SECRET_FILE, ConfigurationError, Settings, has_secret
from domain.sql import sql
from domain.tutoring.resealing import reseal

_NEEDED = sql("""
    SELECT encode(substr(v.sealed, 2, 8), 'hex') AS key, count(*)::int AS texts
    FROM ai_interactions i
    CROSS JOIN LATERAL (VALUES (i.user_message_sealed), (i.ai_response_sealed), (i.context_sealed))
        AS v (sealed)
    WHERE v.sealed IS NOT NULL GROUP BY 1 ORDER BY 2 DESC
""")
_PLAIN = sql("""
    SELECT count(*)::int FROM ai_interactions WHERE user_message <> '' OR ai_response IS NOT NULL
""")
STILL_USED = (
    "Other Stoa processes are running, and may still seal with the old key, so it stays in the key "
    "file. Restart them, then run again: stoa secret rotate"
)


class NotRotated(StoaError):
    """The key was not changed; the message says what to do first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which keys the texts in the database need.

    Args:
        present: the id of the key that seals; "" before there is one.
        needed: how many texts each key has sealed.
        missing: ids of keys that texts need or may need and that are not at hand.
        plain: rows that are not sealed yet.
    """

    present: str
    needed: Sequence[tuple[str, int]]
    missing: Sequence[str]
    plain: int

    def render(self) -> str:
        """The same in words."""
        lines = ["There is no key here yet."]
        if self.present:
            lines = [f"The present key is {self.present}."]
        for key, texts in self.needed:
            if key in self.missing:
                where = " It is not at hand: they cannot be read."
            else:
                where = "" if key == self.present else " They wait for: stoa secret rotate"
            lines.append(f"Sealed with {key}: {texts} texts.{where}")
        lines += [
            f"A key that is not at hand: {key}. Put it back, or: stoa secret forget"
            for key in self.missing
            if key not in dict(self.needed)
        ]
        if self.plain:
            lines.append(f"Not sealed yet: {self.plain} rows. Run: stoa migrate")
        return "\n".join(lines)


async def standing(settings: Settings) -> Standing:
    """Look which keys are needed; reads the whole log, and changes nothing.

    Raises:
        ConfigurationError: there are no tables, or not this program's.
    """
    if settings.is_embedded and not Layout(settings.data_dir / "postgres").data.exists():
        raise ConfigurationError(
            f"There is no database in {settings.data_dir} yet; the first start makes one."
        )
    seals = seal_keys.seals_of(settings) if has_secret(settings) else None
    database = await Database.attach(settings)
    try:
        await database.check_tables()
        async with database.worker_unit_of_work() as conn:
            needed = [(row.key, row.texts) for row in await conn.execute(_NEEDED)]
            plain = (await conn.execute(_PLAIN)).scalar_one()
            named = [one.id for one in await seal_keys.kept(conn)]
    finally:
        await database.close()
    all_keys = dict.fromkeys([*named, *(key for key, _ in needed)])
    missing = [key for key in all_keys if seals is None or not seals.knows(key)]
    return Standing("" if seals is None else seals.key.hex(), needed, missing, plain)


async def rotate(settings: Settings, now: datetime, say: Callable[[str], None]) -> str:
    """Seal everything with a new key.

    With a key file, the new key is made here. With `STOA_SECRET_KEY` it is the one that is set, and
    the one before is in `STOA_OLD_SECRET_KEYS`.

    Args:
        settings: which database, which keys.
        now: the present.
        say: told, in words, how far it is.

    Returns:
        What was done, in words.

    Raises:
        NotRotated: there is no other key to change to.
        ConfigurationError: a key that texts need is not at hand.
    """
    if settings.secret_key is not None or not settings.is_embedded:
        if not settings.old_secret_keys:
            raise NotRotated(
                "Set STOA_SECRET_KEY to a new secret and STOA_OLD_SECRET_KEYS to the one of now, "
                "restart all Stoa processes with both, and run this again."
            )
        return await _sealed(settings, now, say, "STOA_OLD_SECRET_KEYS can be taken away now.")
    await (await Database.open(settings, say)).close()  # refuses where a key is missing
    path = settings.data_dir / SECRET_FILE
    with gate(settings.data_dir / f"{SECRET_FILE}.lock"):
        lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
        if len(lines) == 1:  # else one that was begun goes on
            lines = [secrets.token_urlsafe(48), *lines]
            _write(path, lines)
        done = await _sealed(settings, now, say, "")
        if STILL_USED not in done:
            _write(path, lines[:1])
            done += f" {path} holds the new key alone: keep a copy of it where the backups are not."
        return done


async def _sealed(settings: Settings, now: datetime, say: Callable[[str], None], after: str) -> str:
    database = await Database.open(settings, say)
    try:
        sealed, unreadable = await reseal(database, now, say, whole=True)
        is_shared = database.server is not None and database.server.is_shared()
    finally:
        await database.close()
    words = [f"Rows sealed with the new key: {sealed}."]
    if unreadable:
        words.append(f"Rows that no key at hand opens: {unreadable}.")
    words.append(STILL_USED if is_shared else after)
    return " ".join(filter(None, words))


def _write(path: Path, lines: Sequence[str]) -> None:
    """Put a key file in place of another: after a crash there is one or the other, whole."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - a mode
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


async def forget(settings: Settings, say: Callable[[str], None]) -> list[str]:
    """Give up keys that are lost, so that Stoa starts without them.

    What they sealed stays, and is readable again once the key is named in `STOA_OLD_SECRET_KEYS`.

    Returns:
        Their ids.

    Raises:
        ConfigurationError: there are no tables, or not this program's; or a server without
            `STOA_SECRET_KEY`.
    """
    database = await Database.attach(settings, say)
    try:
        await database.check_tables()
        async with database.worker_unit_of_work() as conn:
            return await seal_keys.forget(conn, database.seals)
    finally:
        await database.close()
