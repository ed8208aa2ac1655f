"""Fills every table, so that rules can be tried on rows and not only read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Table, insert
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.engine import Connection

from domain import ids
from domain.database import Base
from domain.schema_doc import load_tables

Rows = dict[str, Mapping[str, Any]]
SETS = 2  # two people, each with courses and everything else of their own

# What a type and the CHECKs of one column do not tell.
_SPECIAL: Mapping[str, Mapping[str, Any]] = {
    "media": {"url": "https://example.org/a.png"},
    "units": {"position": 1},
    "active_days": {"finished": 1},
    "ai_interactions": {"ai_response": "An answer"},
    "day_settings": {"day_ends": time(3, 0)},
    "delivery_channels": {"community_id": None},
    "flashcard_sets": {"component_id": None},
}
# Pairs: the second foreign key names a row of the other set.
_PAIRS = {
    "follows": "followed_id",
    "course_prerequisites": "requires_course_id",
    "unit_prerequisites": "requires_unit_id",
    "component_prerequisites": "requires_component_id",
}
_CIRCULAR = {"course_prerequisites", "unit_prerequisites", "component_prerequisites"}


def fill(connection: Connection) -> Sequence[Rows]:
    """Insert one row into each table, for each of two people, and give them back by table."""
    load_tables()
    sets: list[Rows] = [{} for _ in range(SETS)]
    for table in Base.metadata.sorted_tables:
        for number, rows in enumerate(sets):
            if table.name in _CIRCULAR and number:
                continue
            values = _row(table, number, sets)
            result = connection.execute(insert(table).values(values).returning(*table.columns))
            rows[table.name] = dict(result.mappings().one())
    return sets


def _row(table: Table, number: int, sets: list[Rows]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    special = _SPECIAL.get(table.name, {})
    for key in table.foreign_key_constraints:
        if key.referred_table is not table and not key.use_alter:
            values |= _parent(table, key, number, sets)
    if table.name == "outbox":  # its learner is named without a foreign key
        values["user_id"] = sets[number]["users"]["id"]
    values |= special
    for column in table.columns:
        known = column.name in values or column.computed is not None or column.nullable
        if not known and column.server_default is None:
            values[column.name] = _value(table, column, number)
    if table.name == "skill_evidence":
        values["item_id"] = values["question_id"]
    return values


def _parent(
    table: Table, key: ForeignKeyConstraint, number: int, sets: list[Rows]
) -> dict[str, Any]:
    names = [column.name for column in key.columns]
    other = _PAIRS.get(table.name) in names
    parent = sets[1 - number if other else number].get(key.referred_table.name)
    if parent is None:
        return {}
    return {
        name: parent[element.column.name] for name, element in zip(names, key.elements, strict=True)
    }


def _value(table: Table, column: Column[Any], number: int) -> object:
    if words := _words(table, column.name):
        return words[0]
    if table.name == "languages" and column.name == "code":
        return ("en", "de")[number]
    match column.type:
        case ARRAY():
            return []
        case JSONB():
            return {}
    kind = column.type.python_type
    if kind is str:
        return f"{column.name.replace('_', '-')}-{number}"
    if kind is bytes:
        return bytes([number]) * 32
    simple: dict[type, object] = {
        int: 1,
        float: 1.0,
        Decimal: Decimal(1),
        bool: False,
        datetime: datetime.now(UTC),
        date: date(2026, 3, 2),
        time: time(9, 0),
    }
    return simple[kind] if kind in simple else uuid4()


def _words(table: Table, column: str) -> list[str]:
    """The words that a CHECK made by `one_of` allows."""
    start = f"{column} IN ("
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint) and str(constraint.sqltext).startswith(start):
            return [
                word.strip(" '") for word in str(constraint.sqltext)[len(start) : -1].split(",")
            ]
    return []


def copies(table: Table, row: Any, days: Sequence[datetime]) -> list[dict[str, Any]]:
    """A row once more for each of these instants, under an id of that time."""
    stored = {name for name, column in table.columns.items() if column.computed is None}
    return [{name: row[name] for name in stored - {"id"}} | {"id": ids.uuid7(day)} for day in days]
