"""Steps outside a transaction: indexes that are made and dropped while the program runs.

Each is committed by itself, so a migrator that is killed, or waits for a lock in vain, leaves a
part of its migration behind. The next try finds that part and goes on.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from alembic import op

from migrations.sql import run

_MARK = "half_migrated"  # is there while a migration is committed in part


@contextmanager
def after(folder: str) -> Iterator[None]:
    """Run a folder's statements in the migration's transaction, and the block outside of it.

    Args:
        folder: of statements; those of a try that was broken off later are not run again.
    """
    connection = op.get_bind()
    if connection.exec_driver_sql(f"SELECT to_regclass('public.{_MARK}')").scalar() is None:
        run(connection, folder)
        connection.exec_driver_sql(f"CREATE TABLE {_MARK} ()")
    with op.get_context().autocommit_block():
        yield
    connection.exec_driver_sql(f"DROP TABLE {_MARK}")


def before() -> AbstractContextManager[None]:
    """Run the block outside of the migration's transaction, which begins after it."""
    return op.get_context().autocommit_block()


def make_index(name: str, definition: str, *, unique: bool = False) -> None:
    """Make an index while its table is in use, anew if a broken try left it unfinished.

    Args:
        name: of the index.
        definition: what follows the name, from ON on.
        unique: no two rows may have the same key.
    """
    drop_index(name)
    kind = "UNIQUE INDEX" if unique else "INDEX"
    op.execute(f"CREATE {kind} CONCURRENTLY {name} {definition}")


def drop_index(name: str) -> None:
    """Drop an index while its table is in use, unless it is gone."""
    op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
