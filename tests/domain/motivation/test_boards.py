"""Boards show who agreed, to those who may look; ties share a place."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from domain.database import Database
from domain.identity.service import Accounts
from domain.motivation.boards import Line, board, week_of

TODAY = date(2026, 3, 4)
MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
async def people(database: Database) -> dict[str, UUID]:
    """Six people as on the first day; they are the same for all tests of the module."""
    points = {"Ada": 30, "Bob": 50, "Cyd": 30, "Dan": 10, "Eve": 90, "Fay": 0}
    found = {}
    for name, xp in points.items():
        async with database.unit_of_work() as conn:
            learner = await Accounts().learner(conn, "terminal", name, name, None, NOW)
            found[name] = learner.user_id
            await conn.execute(
                text(
                    "UPDATE user_stats SET xp = :xp, week_xp = :xp, week_start = :week"
                    " WHERE user_id = :me"
                ),
                {"xp": xp, "week": MONDAY, "me": learner.user_id},
            )
    async with database.worker_unit_of_work() as conn:
        await conn.execute(
            text("UPDATE users SET status = 'active', status_reason = NULL, handle = NULL")
        )
        await conn.execute(
            text("UPDATE user_settings SET board_name = 'name', show_on_boards = user_id <> :me"),
            {"me": found["Eve"]},
        )
    return found


async def shown(
    database: Database,
    asker: UUID | None,
    kind: str = "week",
    target: UUID | None = None,
    most: int = 10,
) -> list[Line]:
    async with database.unit_of_work(asker) as conn:
        return await board(conn, kind, target, TODAY, most)  # type: ignore[arg-type]


def places(lines: list[Line]) -> list[tuple[int, str]]:
    return [(line.place, line.name) for line in lines]


def test_a_week_begins_on_monday():
    assert week_of(TODAY) == week_of(MONDAY) == MONDAY
    assert week_of(date(2026, 3, 1)) == date(2026, 2, 23)


async def test_ties_share_a_place_and_who_hides_is_not_there(
    database: Database, people: dict[str, UUID]
):
    lines = await shown(database, people["Cyd"])
    assert places(lines) == [(1, "Bob"), (2, "Cyd"), (2, "Ada"), (4, "Dan")]
    assert [line.name for line in lines if line.is_me] == ["Cyd"]
    assert "Eve" not in {line.name for line in await shown(database, people["Eve"])}


async def test_the_asker_sees_their_own_place_below_the_first(
    database: Database, people: dict[str, UUID]
):
    lines = await shown(database, people["Dan"], most=2)
    assert places(lines) == [(1, "Bob"), (4, "Dan")]


async def test_last_weeks_points_are_not_this_weeks(database: Database, people: dict[str, UUID]):
    async with database.worker_unit_of_work() as conn:
        await conn.execute(
            text("UPDATE user_stats SET week_start = '2026-02-23' WHERE user_id = :me"),
            {"me": people["Bob"]},
        )
    assert "Bob" not in {line.name for line in await shown(database, people["Ada"])}
    assert (await shown(database, people["Ada"], "all"))[0].name == "Bob"


async def test_a_groups_board_is_for_its_members(database: Database, people: dict[str, UUID]):
    group = uuid4()
    async with database.worker_unit_of_work() as conn:
        await conn.execute(
            text(
                "INSERT INTO communities (id, platform, place_id, title)"
                " VALUES (:group, 'terminal', 'g', 'G')"
            ),
            {"group": group},
        )
        for name in ("Ada", "Dan", "Eve"):
            await conn.execute(
                text("INSERT INTO memberships (user_id, community_id) VALUES (:me, :group)"),
                {"me": people[name], "group": group},
            )
    members = await shown(database, people["Ada"], "group", group)
    assert places(members) == [(1, "Ada"), (2, "Dan")]
    assert await shown(database, people["Bob"], "group", group) == []
    assert await shown(database, None, "group", group) == []


async def test_a_course_one_is_not_in_has_no_board(database: Database, people: dict[str, UUID]):
    assert await shown(database, people["Ada"], "course", uuid4()) == []


async def test_suspended_people_and_chosen_names(database: Database, people: dict[str, UUID]):
    async with database.worker_unit_of_work() as conn:
        await conn.execute(
            text("UPDATE users SET status = 'suspended', status_reason = 'x' WHERE id = :me"),
            {"me": people["Bob"]},
        )
        await conn.execute(
            text("UPDATE users SET handle = 'countess' WHERE id = :me"), {"me": people["Ada"]}
        )
        for name, choice in (("Ada", "handle"), ("Cyd", "alias")):
            await conn.execute(
                text("UPDATE user_settings SET board_name = :choice WHERE user_id = :me"),
                {"me": people[name], "choice": choice},
            )
    names = [line.name for line in await shown(database, people["Dan"])]
    assert names[0].startswith("Learner ") or names[1].startswith("Learner ")
    assert "countess" in names
    assert not {"Ada", "Bob", "Cyd"} & set(names)
