"""SQL statements written as SQL: built once per module, with the types that cannot be guessed."""

import re
from typing import Any

from sqlalchemy import DateTime, TextClause, bindparam, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

# PostgreSQL ended one of several transactions that waited for each other; it may run again.
_LOST_RACES = frozenset({"40P01", "40001"})  # deadlock_detected, serialization_failure
INSTANTS = frozenset({"now", "at", "until", "since"})
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")


def sql(query: str, **types: TypeEngine[Any]) -> TextClause:
    """A statement for `AsyncConnection.execute`, prepared once by the driver.

    The driver casts each value by its Python type, which is right except for instants (it would
    drop the zone) and JSON. Parameters called now, at, until or since are timestamptz.

    Args:
        query: SQL with `:named` parameters; never put together from values.
        types: the SQLAlchemy type of a parameter by its name, such as `position=JSONB()`.
    """
    instants = INSTANTS & set(_PARAMETER.findall(query))
    known: dict[str, TypeEngine[Any]] = dict.fromkeys(instants, DateTime(timezone=True))
    return text(query).bindparams(
        *(bindparam(name, type_=kind) for name, kind in (known | types).items())
    )


def lost_a_race(error: DBAPIError) -> bool:
    """Whether the transaction was only in another's way: the same again may succeed."""
    return getattr(error.orig, "sqlstate", None) in _LOST_RACES
