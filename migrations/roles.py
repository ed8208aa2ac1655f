"""The database roles, made before the first migration and checked before each.

- `stoa_owner` owns every table and runs migrations. Nobody logs in as it. It passes row-level
  security, because a materialised view refreshed by an owner that does not would silently be empty.
- `stoa_app` serves learners: row-level security applies, no changes to tables themselves.
- `stoa_worker` grades, delivers and reports: passes row-level security, no changes to tables.
- `stoa_ro` reads what row-level security shows to nobody in particular: dashboards.
"""

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from domain.errors import StoaError

# Roles belong to the whole cluster: another database may make them in the same moment, and then
# either a name check or the unique index of the catalogue says so.
_CREATE = """
do $$
declare
  wanted constant text[] := array[
    ['stoa_owner', 'nologin bypassrls'], ['stoa_app', 'nologin nobypassrls'],
    ['stoa_worker', 'nologin bypassrls'], ['stoa_ro', 'nologin nobypassrls']];
begin
  for i in 1 .. array_length(wanted, 1) loop
    if not exists (select from pg_roles where rolname = wanted[i][1]) then
      begin
        execute format('create role %I %s', wanted[i][1], wanted[i][2]);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
    if not pg_has_role(current_user, wanted[i][1], 'set') then
      execute format('grant %I to current_user with inherit false, set true', wanted[i][1]);
    end if;
  end loop;
end $$
"""
_OPEN_DATABASE = """
do $$
begin
  execute format('grant create, temporary on database %I to stoa_owner', current_database());
  grant usage, create on schema public to stoa_owner;
  grant usage on schema public to stoa_app, stoa_worker, stoa_ro;
end $$
"""
_AS_OWNER = (
    "set local role stoa_owner",
    "alter default privileges in schema public grant select, insert, update, delete"
    " on tables to stoa_app",
    "alter default privileges in schema public grant select, insert, update, delete, maintain"
    " on tables to stoa_worker",
    "alter default privileges in schema public grant select on tables to stoa_ro",
    "alter default privileges in schema public grant usage on sequences to stoa_app, stoa_worker",
    # In every schema: `stoa backup` on a server reads everything as stoa_worker.
    "alter default privileges grant select on tables to stoa_worker",
    "alter default privileges grant select on sequences to stoa_worker",
)
# A partition read by its own name would not ask its parent's policies: only parents are granted.
_CLOSE_BEHIND = """
do $$
declare
  child regclass;
begin
  if to_regclass('public.alembic_version') is not null then
    revoke all on public.alembic_version from stoa_app, stoa_worker, stoa_ro;
    grant select on public.alembic_version to stoa_app, stoa_worker, stoa_ro;
  end if;
  for child in
    select c.oid from pg_class c
    where c.relispartition and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
  loop
    execute format('revoke all on %s from stoa_app, stoa_ro', child);
  end loop;
end $$
"""


class RolesMissing(StoaError):
    """The login may not make Stoa's roles; the message says what an administrator should run."""


def prepare(connection: Connection) -> None:
    """Make the roles and what they may do by default. Changes nothing the second time.

    Raises:
        RolesMissing: they are not there and this login may not make them.
    """
    try:
        with connection.begin():
            connection.execute(text(_CREATE))
            connection.execute(text(_OPEN_DATABASE))
            for statement in _AS_OWNER:
                connection.execute(text(statement))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":  # insufficient_privilege
            raise
        raise RolesMissing(
            "This login may not make the roles that Stoa needs. Migrate once as a superuser, or "
            "as the owner of the database with CREATEROLE and BYPASSRLS. "
            f"The server said: {str(error.orig).splitlines()[0]}"
        ) from error


def close_behind(connection: Connection) -> None:
    """After migrating: the history is read-only, and partitions are reached by their parents."""
    with connection.begin():
        connection.execute(text("set local role stoa_owner"))
        connection.execute(text(_CLOSE_BEHIND))
