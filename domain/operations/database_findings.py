"""The part of `stoa doctor` that looks at the database."""

import time
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

import migrations
from domain import seal_keys
from domain.database import Database
from domain.errors import StoaError
from domain.operations.findings import Finding, good, note, problem
from domain.postgres.binaries import MINIMUM_MAJOR
from domain.postgres.layout import Layout
from domain.postgres.privileges import IN_WORDS, choose_mode
from domain.seal_keys import Kept
from domain.settings import Settings, has_secret
from domain.tutoring import vectors_kept
from domain.tutoring.destinations import searcher

_SERVER = (
    "select current_setting('server_version'), current_setting('server_version_num')::int / 10000,"
    " current_user::text, session_user::text,"
    " (select rolsuper or rolbypassrls from pg_roles where rolname = current_user),"
    " (select rolsuper or rolbypassrls from pg_roles where rolname = session_user),"
    " exists (select from pg_class where relowner = (select oid from pg_roles"
    " where rolname = current_user) and relnamespace = 'public'::regnamespace),"
    " coalesce(host(inet_server_addr()), ''),"
    " coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false)"
)
_COURSES = (
    "select title from courses where status = 'published' and deleted_at is null order by title"
)


async def look_at_database(settings: Settings) -> list[Finding]:
    """Reach the database as the program would, and look at it without changing it."""
    try:
        if settings.is_embedded and not Layout(settings.data_dir / "postgres").data.exists():
            return [note("Database", "not made yet; the first start makes an embedded one.")]
        database = await Database.attach(settings)
    except StoaError as error:
        return [problem("Database", str(error))]
    except OSError as error:  # the folder is somebody else's
        return [problem("Database", f"{error.filename} cannot be opened: {error.strerror}.")]
    try:
        return [*await _look(database, settings)]
    except (StoaError, DBAPIError, OSError) as error:
        words = error.orig if isinstance(error, DBAPIError) else error
        return [problem("Database", f"{_place(settings)} cannot be used: {words}")]
    finally:
        await database.close()


def _place(settings: Settings) -> str:
    if settings.database_url is None:
        folder = settings.data_dir / "postgres"
        return f"embedded, in {folder}, running {IN_WORDS[choose_mode(Layout(folder))]}"
    parts = urlsplit(settings.database_url.get_secret_value())
    kind = "the pooler" if settings.database_pooler else "the server"
    return f"{kind} {parts.hostname or 'on this machine'}, database {parts.path.strip('/')}"


async def _look(database: Database, settings: Settings) -> list[Finding]:
    findings = []
    revision, known = await database.revision(), migrations.head()
    if revision is None:
        findings.append(problem("Tables", "there are none yet. Run: stoa migrate"))
        return findings
    async with database.unit_of_work() as conn:
        findings += await _server(conn, settings)
    if revision == known:
        findings.append(good("Tables", f"up to date, revision {revision}."))
        async with database.unit_of_work() as conn:
            findings.append(await _courses(conn))
            findings += await _vectors(conn, settings)
            findings.append(_sealing(settings, await seal_keys.kept(conn)))
    else:
        words = f"revision {revision}, and this program needs {known}. Run: stoa migrate"
        findings.append(problem("Tables", words))
    async with database.worker_unit_of_work() as conn:
        await conn.exec_driver_sql("select 1")
    findings.append(good("Worker role", "the login may act as stoa_worker."))
    if settings.database_pooler and settings.database_url_direct is None:
        words = "STOA_DATABASE_URL_DIRECT is not set; the worker needs an address past the pooler."
        findings.append(problem("Pooler", words))
    return findings


async def _server(conn: AsyncConnection, settings: Settings) -> list[Finding]:
    row = (await conn.exec_driver_sql(_SERVER)).one()
    number, major, role, login, role_passes, login_passes, owns, address, is_encrypted = tuple(row)
    start = time.perf_counter()
    await conn.exec_driver_sql("select 1")
    milliseconds = (time.perf_counter() - start) * 1000
    words = f"{_place(settings)}; PostgreSQL {number}; answers in {milliseconds:.1f} ms."
    if major < MINIMUM_MAJOR:
        words += f" Stoa needs version {MINIMUM_MAJOR} or newer."
        return [problem("Database", words)]
    findings = [good("Database", words)]
    if not settings.database_pooler:
        findings += connection_finding(address, is_encrypted=is_encrypted)
    if role_passes or owns:
        words = f"the program acts as {role}, which row-level security does not bind."
        findings.append(problem("Database role", f"{words} It must act as stoa_app."))
    elif login_passes:
        words = f"acts as {role}, but its login {login} could pass row-level security."
        findings.append(note("Database role", f"{words} A plainer login is safer; see the docs."))
    else:
        findings.append(good("Database role", f"{role}: no superuser, owns no table."))
    return findings


def connection_finding(address: str, *, is_encrypted: bool) -> list[Finding]:
    """Whether others on the way could read what goes to the server and comes back.

    Args:
        address: of the server, as it says itself; "" through a socket of this machine.
        is_encrypted: by TLS.
    """
    if is_encrypted:
        return [good("Connection", "encrypted.")]
    if not address or ip_address(address).is_loopback:
        return []
    words = f"the way to {address} is not encrypted."
    return [note("Connection", f"{words} Unless it is private: add ?sslmode=verify-full")]


def _sealing(settings: Settings, keys: Sequence[Kept]) -> Finding:
    """Whether the secret key here opens what is sealed; tries it, and makes none."""
    if not keys:
        return note("Sealed texts", "there are none yet.")
    seals = seal_keys.seals_of(settings) if has_secret(settings) else None
    closed = [one.id for one in keys if seals is None or not seals.opens(one.proof)]
    if closed:
        return problem("Sealed texts", str(seal_keys.wrong_key(settings, closed)))
    if any(one.sealed_all_at is None for one in keys):
        words = "some may be plain, or sealed with a key of before; a worker seals them."
        return note("Sealed texts", f"{words} At once: stoa migrate")
    return good("Sealed texts", f"the key {keys[0].id} opens them.")


async def _vectors(conn: AsyncConnection, settings: Settings) -> list[Finding]:
    """How far the passages' vectors are, where there is a model for them."""
    service = searcher(settings)
    if service is None:
        return []
    now = await vectors_kept.progress(conn, service.embedding)
    words = f"{now.ready} of {now.passages} passages can be found by meaning"
    if now.ready == now.passages:
        return [good("Vectors", f"{words}.")]
    words += "; their words find the others. A worker makes up to 60 a minute"
    return [note("Vectors", f"{words}. If that number stands still, look at its log.")]


async def _courses(conn: AsyncConnection) -> Finding:
    titles = (await conn.exec_driver_sql(_COURSES)).scalars().all()
    if not titles:
        return note("Courses", "none is published yet. The first `stoa chat` brings three.")
    return good("Courses", f"{len(titles)} published: {', '.join(titles)}.")
