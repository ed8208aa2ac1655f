"""What the product sends to the database for one request, and the same sent by bare asyncpg."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

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
    is_open: bool = False

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
    """Write down what any connection of this process sends; one request at a time.

    The driver's own methods are wrapped meanwhile, so nothing passes by, whichever layer sends it.

    Yields:
        What was sent so far. A transaction that was rolled back is kept as well: a refused
        request costs its statements too.
    """
    recording = Recording()

    def note(text: str, rows: Sequence[Parameters], *, is_many: bool = False) -> None:
        word = text.partition(";")[0].partition(" ")[0].upper()
        if word == "BEGIN":
            recording.transactions.append([])
            recording.is_open = True
        elif word in {"COMMIT", "ROLLBACK"}:
            recording.is_open = False
        elif recording.is_open:  # a new connection asks about types outside any transaction
            recording.transactions[-1].append(Sent(text, tuple(map(tuple, rows)), is_many))

    def execute(self: asyncpg.Connection, text: str, *values: object, **more: object) -> object:
        note(text, [values])
        return own_execute(self, text, *values, **more)

    def fetch(self: asyncpg.Connection, text: str, *values: object, **more: object) -> object:
        note(text, [values])
        return own_fetch(self, text, *values, **more)

    def many(self: asyncpg.Connection, text: str, rows: Sequence[Parameters]) -> object:
        note(text, rows, is_many=True)
        return own_many(self, text, rows)

    def fetch_prepared(self: PreparedStatement, *values: object, **more: object) -> object:
        note(self.get_query(), [values])
        return own_prepared(self, *values, **more)

    connection = asyncpg.Connection
    own_execute, own_fetch, own_many = connection.execute, connection.fetch, connection.executemany
    own_prepared = PreparedStatement.fetch
    connection.execute, connection.fetch, connection.executemany = execute, fetch, many
    PreparedStatement.fetch = fetch_prepared
    try:
        yield recording
    finally:
        connection.execute, connection.fetch = own_execute, own_fetch
        connection.executemany = own_many
        PreparedStatement.fetch = own_prepared


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
