"""What the product sends to the database for one request, and the same sent by bare asyncpg."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement
from sqlalchemy import Connection, Engine, event

Parameters = Sequence[object]


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement as the driver got it; `rows` are the parameters, several for one text."""

    text: str
    rows: tuple[Parameters, ...]
    is_many: bool


@dataclass(slots=True)
class Recording:
    """The transactions of one request, each with its statements in order."""

    transactions: list[list[Sent]] = field(default_factory=list)

    @property
    def statements(self) -> list[Sent]:
        """All statements, without BEGIN and COMMIT."""
        return [sent for transaction in self.transactions for sent in transaction]

    @property
    def texts(self) -> list[str]:
        """The texts of all statements."""
        return [sent.text for sent in self.statements]


@contextmanager
def recorded() -> Iterator[Recording]:
    """Write down what any engine of this process sends; one request at a time.

    Yields:
        What was sent so far. A transaction that was rolled back is kept as well: a refused
        request costs its statements too.
    """
    recording = Recording()

    def begin(_: Connection) -> None:
        recording.transactions.append([])

    def execute(
        _conn: Connection,
        _cursor: object,
        statement: str,
        parameters: Any,  # noqa: ANN401 - a tuple, or a list of tuples
        _context: object,
        executemany: bool,
    ) -> None:
        rows = tuple(parameters) if executemany else (tuple(parameters),)
        recording.transactions[-1].append(Sent(statement, rows, executemany))

    event.listen(Engine, "begin", begin)
    event.listen(Engine, "before_cursor_execute", execute)
    try:
        yield recording
    finally:
        event.remove(Engine, "begin", begin)
        event.remove(Engine, "before_cursor_execute", execute)


class Floor:
    """A bare asyncpg connection that repeats recordings, with every statement prepared once."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._prepared: dict[str, PreparedStatement] = {}

    async def repeat(self, recording: Recording) -> None:
        """Send the same statements with the same parameters in the same transactions."""
        connection, prepared = self._connection, self._prepared
        for transaction in recording.transactions:
            async with connection.transaction():
                for sent in transaction:
                    if sent.is_many:
                        await connection.executemany(sent.text, sent.rows)
                        continue
                    statement = prepared.get(sent.text)
                    if statement is None:
                        statement = await connection.prepare(sent.text)
                        prepared[sent.text] = statement
                    await statement.fetch(*sent.rows[0])
