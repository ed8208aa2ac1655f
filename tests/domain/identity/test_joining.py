"""Joining and parting in the database: no table is forgotten, and nothing is lost."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import Base
from domain.postgres import EmbeddedServer
from domain.schema_doc import load_tables
from tests.support.owner import owner_of
from tests.support.rows import Rows, fill

Columns = dict[str, dict[str, list[Mapping[str, Any]]]]
# Written again from other rows, or the record of the joining itself.
PAGE = Path(__file__).parents[3] / "docs" / "linking.md"
ITSELF = {"account_links", "link_rows", "audit_log"}


def person_columns() -> set[tuple[str, str]]:
    """Every column of the tables that names a person, as the program knows them."""
    load_tables()
    named = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            refers = any(key.column.table.name == "users" for key in column.foreign_keys)
            if refers or column.name == "user_id":
                named.add((table.name, column.name))
    return named


@pytest.fixture
async def owner(server: EmbeddedServer, database_name: str) -> AsyncIterator[AsyncConnection]:
    """A superuser's connection; all a test does is undone."""
    async with owner_of(server, database_name) as connection:
        yield connection


@pytest.fixture
async def people(owner: AsyncConnection) -> Sequence[Rows]:
    """Two people with a row in every table, the first on Discord and the second on Telegram."""
    rows = await owner.run_sync(fill)
    for number, provider in enumerate(("discord", "telegram")):
        await owner.execute(
            text("update identities set provider = :provider where user_id = :user"),
            {"provider": provider, "user": rows[number]["users"]["id"]},
        )
    await owner.execute(text("update users set status = 'active', erase_after = null"))
    await owner.execute(text("delete from account_links"))
    return rows


async def confirmed(owner: AsyncConnection, people: Sequence[Rows]) -> UUID:
    """A link that both accounts have agreed to."""
    first, second = people
    made = await owner.execute(
        text(
            "insert into account_links (user_id, identity_id, joining_id, status, expires_at)"
            " values (:user, :first, :second, 'confirmed', now() + interval '1 hour')"
            " returning id"
        ),
        {
            "user": first["users"]["id"],
            "first": first["identities"]["id"],
            "second": second["identities"]["id"],
        },
    )
    found: UUID = made.scalar_one()
    return found


async def as_learner(owner: AsyncConnection, user: UUID, statement: str, **values: Any) -> Any:
    """Call a function as the application does for a learner."""
    await owner.execute(text("select set_config('app.user_id', :user, true)"), {"user": str(user)})
    await owner.execute(text("set local role stoa_app"))
    found = (await owner.execute(text(statement), values)).scalar_one()
    await owner.execute(text("reset role"))
    return found


async def rows_of(owner: AsyncConnection, user: UUID) -> Columns:
    """All rows that name a person, by table and column."""
    found: Columns = {}
    for table, column in sorted(person_columns()):
        if table in ITSELF:
            continue
        held: Table = Base.metadata.tables[table]
        rows = (await owner.execute(select(held).where(held.c[column] == user))).mappings().all()
        shown = [{key: value for key, value in row.items() if key != "updated_at"} for row in rows]
        found.setdefault(table, {})[column] = sorted(shown, key=str)
    return found


async def test_the_catalogue_names_the_same_columns(owner: AsyncConnection):
    found = await owner.execute(text("select tab, col from person_columns()"))
    assert {(row.tab, row.col) for row in found} == person_columns()


def test_somebody_decided_what_becomes_of_each_table():
    named = set(re.findall(r"`([a-z_]+)`", PAGE.read_text(encoding="utf-8")))
    assert {table for table, _ in person_columns()} - named == set()


# What makes the second person's row one on the same thing as the first person's.
SAME = {
    "user_progress": "component_id",
    "bookmarks": "component_id",
    "flashcard_progress": "card_id",
    "adaptive_state": "course_id",
    "memberships": "community_id",
    "user_achievements": "achievement_id",
    "hint_unlocks": "component_id",
    "course_collaborators": "course_id",
    "course_feedback": "course_id",
    "forum_post_likes": "post_id",
    "live_players": "round_id",
    "activity_ledger": "source",
}


async def test_where_one_row_can_be_the_better_one_stays_and_parting_gives_both_back(
    owner: AsyncConnection, people: Sequence[Rows]
):
    stays, goes = (rows["users"]["id"] for rows in people)
    for table, column in SAME.items():
        await owner.execute(
            text(f"update {table} set {column} = :same where user_id = :goes"),
            {"same": people[0][table][column], "goes": goes},
        )
    await owner.execute(
        text(
            "update user_progress set status = 'completed', first_completed_at = now(),"
            " best_score = 90, total_attempts = 2 where user_id = :goes"
        ),
        {"goes": goes},
    )
    await owner.execute(
        text("update forum_posts set like_count = 2 where id = :post"),
        {"post": people[0]["forum_posts"]["id"]},
    )
    await owner.execute(
        text("update activity_ledger set xp = 7 where user_id = :goes"), {"goes": goes}
    )
    await owner.execute(
        text("update memberships set role = 'instructor' where user_id = :goes"), {"goes": goes}
    )
    await owner.execute(
        text("insert into feedback_upvotes (feedback_id, user_id) values (:feedback, :user)"),
        {"feedback": people[1]["course_feedback"]["id"], "user": stays},
    )
    link = await confirmed(owner, people)
    before = [await rows_of(owner, user) for user in (stays, goes)]
    assert await as_learner(owner, stays, "select join_learners(:link, now())", link=link) == goes
    together = await rows_of(owner, stays)
    for table in set(SAME) - {"activity_ledger"}:
        assert len(together[table]["user_id"]) == 1, table
    (progress,) = together["user_progress"]["user_id"]
    assert (progress["status"], progress["best_score"]) == ("completed", 90)
    (role,) = {row["role"] for row in together["memberships"]["user_id"]}
    assert role == "instructor"
    ledger = {row["kind"]: row["xp"] for row in together["activity_ledger"]["user_id"]}
    assert ledger["again"] == 0
    assert sorted(ledger.values()) == [0, 7]
    assert await as_learner(owner, stays, "select part_learners(:link, now())", link=link) == goes
    after = [await rows_of(owner, user) for user in (stays, goes)]
    for had, has in zip(before, after, strict=True):
        for table, columns in had.items():
            assert has[table] == columns, table


# Of each service: what either said (agreed, told that it trains), and what holds for both.
STRICTER = {
    "first yes": ((True, True), (False, False), (False, False)),
    "second yes": ((False, False), (True, True), (False, False)),
    "both": ((True, True), (True, True), (True, True)),
    "not to train": ((True, True), (True, False), (True, False)),
}
SWITCHES = {
    "lends_programs": (False, True, False),
    "tutor_history": (True, False, False),
    "show_on_boards": (True, True, True),
}


async def test_a_no_wins_over_a_yes_and_parting_gives_both_back(
    owner: AsyncConnection, people: Sequence[Rows]
):
    stays, goes = (rows["users"]["id"] for rows in people)
    await owner.execute(text("delete from tutor_consents"))
    for number, user in enumerate((stays, goes)):
        for destination, answers in STRICTER.items():
            allowed, trains = answers[number]
            await owner.execute(
                text(
                    "insert into tutor_consents"
                    " (user_id, destination, is_allowed, trains, decided_at)"
                    " values (:user, :destination, :allowed, :trains, now())"
                ),
                {"user": user, "destination": destination, "allowed": allowed, "trains": trains},
            )
        for switch, on in SWITCHES.items():
            await owner.execute(
                text(f"update user_settings set {switch} = :on where user_id = :user"),
                {"on": on[number], "user": user},
            )
    link = await confirmed(owner, people)
    before = [await rows_of(owner, user) for user in (stays, goes)]
    assert await as_learner(owner, stays, "select join_learners(:link, now())", link=link) == goes
    together = await rows_of(owner, stays)
    said = together["tutor_consents"]["user_id"]
    assert {row["destination"]: (row["is_allowed"], row["trains"]) for row in said} == {
        destination: both for destination, (_, _, both) in STRICTER.items()
    }
    (settings,) = together["user_settings"]["user_id"]
    assert {name: settings[name] for name in SWITCHES} == {
        name: both for name, (_, _, both) in SWITCHES.items()
    }
    assert await as_learner(owner, stays, "select part_learners(:link, now())", link=link) == goes
    for user, had in zip((stays, goes), before, strict=True):
        has = await rows_of(owner, user)
        for table in ("tutor_consents", "user_settings"):
            assert has[table] == had[table]


async def test_all_rows_are_moved_and_parting_gives_every_one_back(
    owner: AsyncConnection, people: Sequence[Rows]
):
    stays, goes = (rows["users"]["id"] for rows in people)
    link = await confirmed(owner, people)
    before = [await rows_of(owner, user) for user in (stays, goes)]
    assert all(before[1][table] for table in before[1])
    gone = await as_learner(owner, stays, "select join_learners(:link, now())", link=link)
    assert gone == goes
    together, nothing = await rows_of(owner, stays), await rows_of(owner, goes)
    assert not any(rows for columns in nothing.values() for rows in columns.values())
    assert await owner.scalar(text("select count(*) from users where id = :id"), {"id": goes}) == 0
    for table, columns in before[1].items():
        for column, rows in columns.items():
            if table != "follows":  # nobody follows themselves
                assert together[table][column] or not rows, (table, column)
    assert await as_learner(owner, stays, "select part_learners(:link, now())", link=link) == goes
    after = [await rows_of(owner, user) for user in (stays, goes)]
    for had, has in zip(before, after, strict=True):
        for table, columns in had.items():
            assert has[table] == columns, table
    assert await owner.scalar(text("select count(*) from link_rows")) == 0
