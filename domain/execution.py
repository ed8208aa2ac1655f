"""Statements that are SQL already, run on the driver itself.

For a small statement SQLAlchemy's execution spends about five times the processor time of the
driver: a greenlet, a context, a cursor, a result. What `domain.sql.sql` makes needs none of it.
`Connection.execute` hands such a statement to the driver of the same connection, in the same
transaction, and gives rows that read like SQLAlchemy's. Every other statement, and lists of
parameters, go SQLAlchemy's way. docs/benchmarks.md has the figures.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn, Self
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import Dialect, TextClause
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
    ProgrammingError,
)
from sqlalchemy.ext.asyncio import AsyncConnection

# The first two characters of the SQLSTATE; everything else is a plain DBAPIError.
_FAMILIES: dict[str, type[DBAPIError]] = {
    "22": DataError,
    "23": IntegrityError,
    "42": ProgrammingError,
}


class Row(asyncpg.Record):  # type: ignore[misc]
    """One row: its columns by name as attributes, by place, or one after another."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - columns have any type
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def _mapping(self) -> Mapping[str, Any]:
        """The columns by name, under the name SQLAlchemy gives it."""
        return dict(self.items())


class Rows:
    """What a statement gave, with those readers of SQLAlchemy's results that Stoa uses.

    Args:
        rows: all of them, or their first columns.
        rowcount: how many rows were found or changed.
    """

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> Sequence[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:  # noqa: ANN401
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:  # noqa: ANN401
        """The only row, or None.

        Raises:
            MultipleResultsFound: there are several.
        """
        if len(self._rows) > 1:
            raise MultipleResultsFound("several rows were found when one was wanted")
        return self.first()

    def one(self) -> Any:  # noqa: ANN401
        """The only row.

        Raises:
            NoResultFound: there is none.
            MultipleResultsFound: there are several.
        """
        if not self._rows:
            raise NoResultFound("no row was found when one was wanted")
        return self.one_or_none()

    def scalar(self) -> Any:  # noqa: ANN401
        """The first column of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalar_one_or_none(self) -> Any:  # noqa: ANN401
        """The first column of the only row, or None."""
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalar_one(self) -> Any:  # noqa: ANN401
        """The first column of the only row, which is there."""
        return self.one()[0]

    def scalars(self) -> "Rows":
        """The first column of every row."""
        return Rows([row[0] for row in self._rows], self.rowcount)


class _Plan:
    """A statement as the driver takes it: `$1`, `$2`, and what turns values into them."""

    __slots__ = ("gives_rows", "names", "text", "turns")

    def __init__(self, statement: TextClause, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self.turns: list[tuple[int, Callable[[Any], Any]]] = []
        for place, name in enumerate(self.names):
            kind = compiled.binds[name].type.dialect_impl(dialect)
            turn = kind.bind_processor(dialect)
            if turn is not None:
                self.turns.append((place, turn))
        self.gives_rows: bool | None = None

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        values = [parameters[name] for name in self.names]
        for place, turn in self.turns:
            values[place] = turn(values[place])
        return values


_plans: WeakKeyDictionary[TextClause, _Plan] = WeakKeyDictionary()


class Connection(AsyncConnection):
    """A connection of the pool whose transaction is the driver's own.

    The engine must be one with isolation level AUTOCOMMIT, so that SQLAlchemy begins and ends
    nothing; `domain.database` begins and ends the transaction.
    """

    __slots__ = ("driver",)

    driver: asyncpg.Connection

    async def open(self) -> Self:
        """Take a connection from the pool."""
        await self.start()
        pooled: Any = self.sync_connection
        self.driver = pooled.connection.driver_connection
        return self

    async def execute(
        self,
        statement: Any,  # noqa: ANN401 - whatever SQLAlchemy executes
        parameters: Any = None,  # noqa: ANN401
        *,
        execution_options: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401 - Rows, or SQLAlchemy's result
        """Run a statement in the open transaction.

        Raises:
            DBAPIError: PostgreSQL refused it; `orig.sqlstate` says why.
        """
        if (
            type(statement) is not TextClause
            or execution_options
            or not (parameters is None or type(parameters) is dict)
        ):
            return await super().execute(statement, parameters, execution_options=execution_options)
        driver = self.driver
        plan = _plans.get(statement)
        if plan is None:
            plan = _plans[statement] = _Plan(statement, self.dialect)
        try:
            values = plan.values(parameters) if parameters else ()
            if plan.gives_rows is None:
                plan.gives_rows = bool((await driver.prepare(plan.text)).get_attributes())
            if plan.gives_rows:
                rows = await driver.fetch(plan.text, *values, record_class=Row)
                return Rows(rows, len(rows))
            done: str = await driver.execute(plan.text, *values)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            self._raise(error, plan.text)
        count = done.rpartition(" ")[2]  # "UPDATE 3"; "SET" has no number
        return Rows((), int(count) if count.isdecimal() else -1)

    def _raise(self, error: Exception, text: str) -> NoReturn:
        """Raise what SQLAlchemy's own way would, without the parameters: they are people's."""
        state = getattr(error, "sqlstate", None) or ""
        family = _FAMILIES.get(state[:2], DBAPIError)
        dbapi: Any = self.dialect.dbapi
        kind = getattr(dbapi, family.__name__, dbapi.Error)
        own = kind(f"{type(error)}: {error}", error)
        raise family(text, None, own, hide_parameters=True) from error
