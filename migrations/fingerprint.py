"""What a database's catalogue says, one line for each fact, so that two can be compared.

`alembic check` does not see CHECK constraints, triggers, functions, policies, views or
privileges; this does. Monthly partitions are left out: which are there depends on the day.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from sqlalchemy import Connection, text

from domain.engine import engine_for
from domain.postgres import EmbeddedServer
from migrations.embedded import set_up

# Each part gives lines of its own; `mine` are the tables and views that are neither Alembic's nor
# monthly partitions.
_CATALOGUE = text(r"""
with mine as (
    select c.*, c.oid::regclass::text as name from pg_class c
    where c.relnamespace::regnamespace::text in ('public', 'jobs')
        and c.relkind in ('r', 'p', 'v', 'm')
        and c.relname <> 'alembic_version'
        and not (c.relispartition and c.relname ~ '_[0-9]{4}_[0-9]{2}$')
), functions as (
    select p.*, p.oid::regprocedure::text as name from pg_proc p
    where p.pronamespace = 'public'::regnamespace
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
)
select format('relation %s: kind %s, owner %s, row security %s%s%s%s', name, relkind,
    relowner::regrole, relrowsecurity, case when relforcerowsecurity then ' forced' end,
    coalesce(', ' || array_to_string(reloptions, ' '), ''),
    case when relkind = 'p' then ', by ' || pg_get_partkeydef(oid) end) from mine
union all
select format('partition %s of %s: %s', m.name, i.inhparent::regclass,
    pg_get_expr(m.relpartbound, m.oid)) from mine m join pg_inherits i on i.inhrelid = m.oid
union all
select format('column %s.%s: %s%s%s%s', m.name, a.attname,
    format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' end,
    case a.attgenerated when 'v' then ' virtual' when 's' then ' stored' end,
    ' default ' || pg_get_expr(d.adbin, d.adrelid))
from mine m join pg_attribute a on a.attrelid = m.oid and a.attnum > 0 and not a.attisdropped
    and not m.relispartition
left join pg_attrdef d on d.adrelid = m.oid and d.adnum = a.attnum
union all
select format('constraint %s on %s: %s', o.conname, m.name, pg_get_constraintdef(o.oid))
from mine m join pg_constraint o on o.conrelid = m.oid
where o.contype <> 'n' and not m.relispartition
union all
select format('index %s', pg_get_indexdef(i.indexrelid))
from mine m join pg_index i on i.indrelid = m.oid
where not m.relispartition
    and not exists (select from pg_constraint o where o.conindid = i.indexrelid
        and o.contype in ('p', 'u', 'x'))
union all
select format('trigger %s', pg_get_triggerdef(t.oid))
from mine m join pg_trigger t on t.tgrelid = m.oid where not t.tgisinternal and t.tgparentid = 0
union all
select format('view %s: %s', name, pg_get_viewdef(oid)) from mine where relkind in ('v', 'm')
union all
select format('policy %s on %s for %s to %s%s%s', policyname, tablename, cmd, roles,
    ' using ' || qual, ' with check ' || with_check) from pg_policies where schemaname = 'public'
union all
select format('function %s: owner %s %s', name, proowner::regrole, pg_get_functiondef(oid))
from functions where prokind in ('f', 'p')
union all
select format('privileges on %s: %s may %s', m.name, a.grantee::regrole,
    string_agg(a.privilege_type, ', ' order by a.privilege_type))
from mine m, aclexplode(m.relacl) a where a.grantee <> m.relowner group by m.name, a.grantee
union all
select format('privileges on %s: %s may %s (%s)', m.name, a.grantee::regrole, a.privilege_type,
    string_agg(c.attname, ', ' order by c.attname))
from mine m join pg_attribute c on c.attrelid = m.oid, aclexplode(c.attacl) a
group by m.name, a.grantee, a.privilege_type
union all
select format('privileges on %s: %s may %s', f.name,
    case a.grantee when 0 then 'public' else a.grantee::regrole::text end, a.privilege_type)
from functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
where a.grantee <> f.proowner
""")


def fingerprint(connection: Connection) -> list[str]:
    """Every fact of the catalogue, sorted, white space evened out."""
    return sorted({" ".join(line.split()) for line in connection.scalars(_CATALOGUE)})


def main() -> None:
    """Print the catalogue that the migrations make on a new server in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder)).start()
        try:
            asyncio.run(_print(server))
        finally:
            server.release()


async def _print(server: EmbeddedServer) -> None:
    await set_up(server, "fresh")
    async with engine_for(server.connect_arguments(database="fresh")).connect() as connection:
        sys.stdout.write("\n".join([*await connection.run_sync(fingerprint), ""]))


if __name__ == "__main__":
    main()
