"""Column shapes that the tables share, so that a table's text says only what is its own."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    LargeBinary,
    Numeric,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import MappedColumn, mapped_column

Id = Annotated[UUID, mapped_column(Uuid, primary_key=True, server_default=func.uuidv7())]
Txt = Annotated[str, mapped_column(Text)]
Words = Annotated[list[str], mapped_column(ARRAY(Text), server_default="{}")]
Stamp = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Now = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Percentage = Annotated[Decimal, mapped_column(Numeric(5, 2))]
Points = Annotated[Decimal, mapped_column(Numeric(10, 2))]
Json = Annotated[dict[str, Any], mapped_column(JSONB, server_default="{}")]
JsonList = Annotated[list[Any], mapped_column(JSONB, server_default="[]")]
Sealed = Annotated[bytes, mapped_column(LargeBinary)]
JsonOrNull = Annotated[Any, mapped_column(JSONB(none_as_null=True), nullable=True)]


def ref(
    target: str, ondelete: str, *, index: bool = True, primary_key: bool = False
) -> MappedColumn[Any]:
    """A foreign key of one column with its rule on deletion and its index.

    Args:
        target: "table.column".
        ondelete: CASCADE, RESTRICT or SET NULL.
        index: False only where another index already starts with this column.
        primary_key: the column is (part of) the key.
    """
    return mapped_column(
        Uuid, ForeignKey(target, ondelete=ondelete), index=index, primary_key=primary_key
    )


def time_of_id() -> MappedColumn[datetime]:
    """`created_at` of a table partitioned by its uuid-7 id: read from the id, never stored."""
    return mapped_column(
        DateTime(timezone=True), Computed("uuid_extract_timestamp(id)", persisted=False)
    )


def one_of(column: str, *values: str) -> CheckConstraint:
    """The column holds one of these words (an enumeration that can grow without a new type)."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def at_least(low: int, *columns: str) -> tuple[CheckConstraint, ...]:
    """Each column is at least `low`."""
    return tuple(CheckConstraint(f"{column} >= {low}", name=column) for column in columns)


def between(column: str, low: int, high: int) -> CheckConstraint:
    """The column lies between two numbers, ends included."""
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=column)


def length(column: str, low: int, high: int) -> CheckConstraint:
    """The text has between `low` and `high` characters."""
    return CheckConstraint(f"char_length({column}) BETWEEN {low} AND {high}", name=column)


def size(column: str, low: int, high: int) -> CheckConstraint:
    """The value has between `low` and `high` bytes."""
    return CheckConstraint(f"octet_length({column}) BETWEEN {low} AND {high}", name=column)
