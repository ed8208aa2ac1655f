"""Rules that hold for every table, read from the catalogue and not from a list."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import schema_doc

ROOT = Path(__file__).parent.parent
ROLES = ("stoa_app", "stoa_worker", "stoa_ro")
# Looked at before anybody is known, so it cannot have a policy about who is asking.
WITHOUT_POLICY = {"identities"}
LEARNER_MODEL = re.compile(
    r"_(mean|variance)$|^flashcard_progress\.(stability|difficulty)$"
    r"|^skill_(abilities|evidence)\.(rights|wrongs|share|expected)$"
)

TABLES = """
    select c.oid, c.relname::text as name, c.relkind, c.relispartition, c.relrowsecurity,
        c.relforcerowsecurity, c.relowner::regrole::text as owner
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname <> 'alembic_version'
"""
COLUMNS = f"""
    select t.name as table, a.attname::text as name, format_type(a.atttypid, null) as type,
        a.attgenerated <> '' as generated, a.attnotnull as required, a.attnum, t.oid,
        a.attidentity <> '' as identity, pg_get_expr(d.adbin, d.adrelid) as default
    from ({TABLES}) t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
        and not a.attisdropped
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where not t.relispartition
"""
FOREIGN_KEYS = f"""
    select t.name as table, o.conname::text as name, o.confrelid::regclass::text as target,
        o.conkey::int[] as key, o.confdeltype::text as rule, t.oid,
        array(select a.attname::text from unnest(o.conkey) with ordinality k (n, place)
            join pg_attribute a on a.attrelid = t.oid and a.attnum = k.n order by place) as columns
    from ({TABLES}) t join pg_constraint o on o.conrelid = t.oid and o.contype = 'f'
    where not t.relispartition
"""
INDEXES = f"""
    select t.name as table, i.indexrelid::regclass::text as name, i.indisunique as unique,
        i.indpred is not null as partial, pg_get_expr(i.indpred, i.indrelid) as predicate,
        i.indnkeyatts as size,
        (i.indkey::int2[])[0:i.indnkeyatts - 1]::int[] as key
    from ({TABLES}) t join pg_index i on i.indrelid = t.oid where not t.relispartition
"""
CHECKS = f"""
    select t.name as table, o.conname::text as name, pg_get_constraintdef(o.oid) as definition,
        coalesce(o.conkey::int[], '{{}}') as key
    from ({TABLES}) t join pg_constraint o on o.conrelid = t.oid and o.contype = 'c'
    where not t.relispartition
"""


async def rows(connection: AsyncConnection, query: str) -> Sequence[Row[Any]]:
    return (await connection.execute(text(query))).all()


async def test_every_foreign_key_has_an_index(owner: AsyncConnection):
    indexes = await rows(owner, INDEXES)

    def covered(table: str, key: Sequence[int]) -> bool:
        mine = [index for index in indexes if index.table == table and not index.partial]
        return any(
            set(index.key[: len(key)]) == set(key) or (index.unique and set(index.key) <= set(key))
            for index in mine
        )

    def covered_where_it_is(table: str, columns: Sequence[str], key: Sequence[int]) -> bool:
        """By an index of the rows that refer to anything at all."""
        return len(columns) == 1 and any(
            index.table == table
            and index.predicate == f"({columns[0]} IS NOT NULL)"
            and index.key[0] == key[0]
            for index in indexes
        )

    keys = await rows(owner, FOREIGN_KEYS)
    assert len(keys) > 100
    assert [
        f"{key.table}.{key.name}"
        for key in keys
        if not covered(key.table, key.key)
        and not covered_where_it_is(key.table, key.columns, key.key)
    ] == []


async def test_what_a_deletion_does_is_the_agreed_list(owner: AsyncConnection):
    words = {"a": "no action", "c": "cascade", "n": "set null", "r": "restrict"}
    found = sorted(
        f"{key.table}({', '.join(key.columns)}) -> {key.target}: {words[key.rule]}"
        for key in await rows(owner, FOREIGN_KEYS)
    )
    agreed = (ROOT / "tests" / "data" / "on_delete.txt").read_text(encoding="utf-8")
    assert found == agreed.splitlines()


async def test_every_updated_at_is_kept_by_a_trigger(owner: AsyncConnection):
    with_column = {row.table for row in await rows(owner, COLUMNS) if row.name == "updated_at"}
    with_trigger = {
        row.name
        for row in await rows(
            owner,
            "select tgrelid::regclass::text as name from pg_trigger"
            " where tgfoid = 'set_updated_at'::regproc and tgtype = 19",  # before update, each row
        )
    }
    assert len(with_column) > 30
    assert with_column == with_trigger


async def test_every_key_is_a_uuid_or_made_of_its_owners(owner: AsyncConnection):
    types = {(row.table, row.attnum): row.type for row in await rows(owner, COLUMNS)}
    keys = await rows(
        owner,
        f"select t.name as table, o.conkey::int[] as key from ({TABLES}) t"
        " left join pg_constraint o on o.conrelid = t.oid and o.contype = 'p'"
        " where not t.relispartition",
    )
    for row in keys:
        assert row.key, f"{row.table} has no key"
        kinds = {types[row.table, number] for number in row.key}
        assert kinds <= {"uuid", "text", "date", "integer"}, row.table
        assert "uuid" in kinds or kinds == {"text"}, row.table  # names: languages, slots, leases


async def test_nothing_counts_upwards(owner: AsyncConnection):
    for column in await rows(owner, COLUMNS):
        assert not column.identity
        assert "nextval" not in (column.default or "")


async def test_scores_are_exact_and_times_have_zones(owner: AsyncConnection):
    for column in await rows(owner, COLUMNS):
        name = f"{column.table}.{column.name}"
        if column.type in {"real", "double precision"}:
            assert LEARNER_MODEL.search(name), name
        assert column.type not in {"timestamp without time zone", "json", "money"}, name
        assert not column.type.startswith("character"), name


async def test_no_enumerated_types(owner: AsyncConnection):
    assert (
        await rows(
            owner,
            "select typname from pg_type where typtype = 'e'"
            " and typnamespace = 'public'::regnamespace",
        )
        == []
    )


async def test_no_secrets_are_stored(owner: AsyncConnection):
    for column in await rows(owner, COLUMNS):
        assert not re.match(r"passw|.*credential|secret|token$", column.name), column
    assert not {"credentials", "passwords"} & {row.table for row in await rows(owner, COLUMNS)}


async def test_every_enumeration_and_number_has_a_check(owner: AsyncConnection):
    checks = await rows(owner, CHECKS)
    checked = {(check.table, number) for check in checks for number in check.key}
    keys = await rows(owner, FOREIGN_KEYS)
    references = {(key.table, number) for key in keys for number in key.key}
    free = {"assessment_attempts.seed", "performance_metrics.metric_value"}  # any number will do
    words = re.compile(
        r"^(status|state|kind|role|provider|platform|policy|theme|rarity|mode|reveal|metric"
        r"|purpose|scope|outcome|origin|engagement_level|device_type|language|message_type"
        r"|assessment_type|lesson_type|goal_type|storage_provider)$"
    )
    for column in await rows(owner, COLUMNS):
        place = (column.table, column.attnum)
        number = column.type in {"integer", "smallint", "bigint", "numeric", "double precision"}
        if column.generated or place in references or f"{column.table}.{column.name}" in free:
            continue
        word = column.type == "text" and words.match(column.name)
        if number or (word and f"{column.table}.{column.name}" != "ai_interactions.provider"):
            assert place in checked, f"{column.table}.{column.name}"


async def test_percentages_are_between_0_and_100(owner: AsyncConnection):
    definitions = [check.definition for check in await rows(owner, CHECKS)]
    columns = [row for row in await rows(owner, COLUMNS) if "percentage" in row.name]
    assert len(columns) >= 5
    for column in columns:
        bounds = f"(({column.name} >= (0)::numeric) AND ({column.name} <= (100)::numeric))"
        assert any(bounds in definition for definition in definitions), column.name


async def test_the_named_unique_keys_are_there(owner: AsyncConnection):
    names = {(row.oid, row.attnum): row.name for row in await rows(owner, COLUMNS)}
    tables = {row.name: row.oid for row in await rows(owner, TABLES)}
    unique = {
        (index.table, tuple(names.get((tables[index.table], number), "?") for number in index.key))
        for index in await rows(owner, INDEXES)
        if index.unique and not index.partial
    }
    assert unique >= {
        ("user_progress", ("user_id", "component_id")),
        ("bookmarks", ("user_id", "component_id")),
        ("enrollments", ("user_id", "course_id")),
        ("user_achievements", ("user_id", "achievement_id")),
        ("component_daily", ("component_id", "day")),
        ("active_days", ("user_id", "local_date")),
        ("activity_ledger", ("user_id", "source")),
        ("identities", ("provider", "subject")),
        ("assessment_attempts", ("user_id", "assessment_id", "attempt_number")),
        ("assessment_answers", ("attempt_id", "question_id")),
        ("outbox", ("idempotency_key",)),
        ("certificates", ("certificate_number",)),
        ("job_runs", ("job", "slot")),
        ("courses", ("slug",)),
        ("languages", ("name",)),
        ("course_feedback", ("user_id", "course_id")),
    }


async def test_rows_of_people_have_forced_policies(owner: AsyncConnection):
    policies = {
        row.tablename: row
        for row in await rows(owner, "select * from pg_policies where schemaname = 'public'")
    }
    personal = {
        row.table for row in await rows(owner, COLUMNS) if row.name in {"user_id", "owner_id"}
    } | {"users", "audit_log", "conversations"}
    personal -= WITHOUT_POLICY | {"courses"}  # a course's owner is shown to everybody
    assert len(personal) > 40
    for table in await rows(owner, TABLES):
        if table.relispartition:
            assert (table.relrowsecurity, table.relforcerowsecurity) == (True, True), table.name
            assert table.name not in policies  # nobody gets in by a partition's name
        elif table.name in personal:
            assert (table.relrowsecurity, table.relforcerowsecurity) == (True, True), table.name
            policy = policies[table.name]
            assert "( SELECT app_uid() AS app_uid)" in policy.qual
            assert "( SELECT app_uid() AS app_uid)" in policy.with_check


async def test_functions_that_lend_rights_have_a_fixed_search_path(owner: AsyncConnection):
    functions = await rows(
        owner,
        "select p.oid::regprocedure::text as name, proconfig, proowner::regrole::text as owner,"
        " has_function_privilege('public', p.oid, 'execute') as public"
        " from pg_proc p where prosecdef and pronamespace = 'public'::regnamespace",
    )
    assert len(functions) >= 3
    for function in functions:
        assert "search_path=pg_catalog, public, pg_temp" in function.proconfig, function.name
        assert function.owner == "stoa_owner"
        assert not function.public, function.name


async def test_the_roles_own_nothing_and_cannot_change_tables(owner: AsyncConnection):
    roles = {
        row.rolname: row
        for row in await rows(owner, "select * from pg_roles where rolname like 'stoa%'")
    }
    owned = await rows(
        owner,
        "select relname from pg_class where relowner::regrole::text in"
        " ('stoa_app', 'stoa_worker', 'stoa_ro')",
    )
    assert owned == []
    for name in ROLES:
        role = roles[name]
        powers = (role.rolsuper, role.rolcreatedb, role.rolcreaterole, role.rolreplication)
        assert not any(powers), name
        assert role.rolbypassrls == (name == "stoa_worker")
        assert not await owner.scalar(
            text("select has_schema_privilege(:role, 'public', 'create')"), {"role": name}
        )
        for other in {"stoa_owner", *ROLES} - {name}:
            assert not await owner.scalar(
                text("select pg_has_role(:role, :other, 'member')"), {"role": name, "other": other}
            )
    assert not roles["stoa_owner"].rolcanlogin
    assert {row.owner for row in await rows(owner, TABLES)} == {"stoa_owner"}


async def test_the_application_may_not_do_what_it_need_not(owner: AsyncConnection):
    async def may(what: str, *arguments: str) -> bool:
        listed = ", ".join(f"'{argument}'" for argument in ("stoa_app", *arguments))
        return bool(await owner.scalar(text(f"select has_{what}_privilege({listed})")))

    assert not await may("column", "users", "is_platform_admin", "update")
    assert not await may("column", "users", "status", "update")
    assert not await may("table", "users", "insert")
    assert not await may("column", "memberships", "role", "insert")
    assert not await may("column", "memberships", "role", "update")
    assert not await may("table", "audit_log", "select, update, delete, truncate")
    for name in ("activity_ledger", "hint_unlocks", "flashcard_reviews", "activity_log"):
        assert not await may("table", name, "update, delete, truncate"), name
    for name in ("courses", "components", "question_versions", "challenge_tests"):
        assert not await may("table", name, "insert, update, delete, truncate"), name
    for table in await rows(owner, TABLES):
        assert not await may("table", table.name, "truncate, references, trigger"), table.name
        if table.relispartition:
            assert not await may("table", table.name, "select, insert, update, delete")


async def test_views_ask_with_the_rights_of_the_asker(owner: AsyncConnection):
    views = await rows(
        owner,
        "select relname::text as name, relkind, reloptions, relowner::regrole::text as owner,"
        " has_table_privilege('stoa_app', oid, 'select') as app,"
        " has_table_privilege('stoa_worker', oid, 'maintain') as worker,"
        " (select rolbypassrls from pg_roles where oid = relowner) as bypasses,"
        " exists (select from pg_index i where i.indrelid = c.oid and indisunique"
        "  and indpred is null and indexprs is null) as unique"
        " from pg_class c where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace",
    )
    assert {view.relkind for view in views} == {b"v", b"m"}
    for view in views:
        if view.relkind == b"v":
            assert view.reloptions == ["security_invoker=true"], view.name
        else:  # it holds everybody's rows: made by a role that sees them, kept from the others
            rights = (view.bypasses, view.unique, view.worker, view.app)
            assert rights == (True, True, True, False), view.name


async def test_searched_json_and_text_have_gin_indexes(owner: AsyncConnection):
    indexes = {
        row.indexdef.split(" USING ")[1]
        for row in await rows(
            owner, "select indexdef from pg_indexes where indexdef like '%USING gin%'"
        )
    }
    assert indexes >= {"gin (search)", "gin (spec jsonb_path_ops)"}


async def test_every_column_of_the_first_designs_has_a_home(owner: AsyncConnection):
    found = await rows(
        owner,
        "select c.relname::text as table, a.attname::text as column from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')",
    )
    homes = {row.table for row in found} | {f"{row.table}.{row.column}" for row in found}
    seeds = schema_doc.load_seeds()
    targets = [
        (seed.name, table, column, target)
        for seed in seeds
        for table, columns in seed.tables.items()
        for column, target in columns.items()
        if not re.match(r"not stored: \w", target)
    ]
    assert len(seeds) == 5
    assert len(targets) > 550
    assert [target for target in targets if target[3] not in homes] == []
    left_out = {
        column
        for seed in seeds
        for columns in seed.tables.values()
        for column, target in columns.items()
        if target.startswith(schema_doc.NOT_STORED)
    }
    assert left_out == {"password_hash", "id", "enrollment_id"}


def test_the_page_about_the_schema_is_up_to_date():
    # After a change of the tables: python -m domain.schema_doc
    page = schema_doc.render(schema_doc.load_tables(), schema_doc.load_seeds())
    assert schema_doc.TARGET.read_text(encoding="utf-8") == page
