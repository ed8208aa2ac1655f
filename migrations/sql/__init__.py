"""The migrations' SQL: one folder per revision, frozen once it is released."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

FOLDER = Path(__file__).parent

# A statement ends at the first semicolon outside a comment, a string and a $$ body.
_STATEMENT = re.compile(r"(?:--[^\n]*|'[^']*'|\$\$.*?\$\$|[^;'$-]|-(?!-)|\$(?!\$))+;", re.DOTALL)


def statements(folder: str) -> Iterator[str]:
    """The statements of a folder, file by file in the order of their names."""
    for path in sorted((FOLDER / folder).glob("*.sql")):
        for match in _STATEMENT.finditer(path.read_text(encoding="utf-8")):
            yield match[0].strip()


def run(connection: Connection, folder: str) -> None:
    """Run the statements of a folder on a connection, in the transaction it is in."""
    for statement in statements(folder):
        connection.exec_driver_sql(statement)
