"""Who is made an administrator, and that it is noted once."""

import pytest

from domain.database import Database
from domain.identity.admins import is_terminal_admin, make_admin
from domain.sql import sql

ADMINS = (("discord", "1"), ("terminal", "ana"))
_FLAG = sql("""
    SELECT u.is_platform_admin FROM users u JOIN identities i ON i.user_id = u.id
    WHERE i.provider = 'terminal' AND i.subject = :name
""")
_NOTES = sql("""
    SELECT count(*) FROM audit_log a JOIN identities i ON i.user_id = a.target_id
    WHERE i.subject = :name AND a.action = 'admin.grant' AND a.reason = 'test'
""")


@pytest.mark.parametrize(
    ("name", "login", "admins", "embedded", "expected"),
    [
        ("ana", "ana", (), True, True),
        ("ben", "ana", (), True, False),
        ("ana", "ana", (), False, False),
        ("ana", "ben", ADMINS, False, True),
        ("ana", "ben", ADMINS, True, True),
        ("ben", "ben", ADMINS, True, False),
        ("1", "1", ADMINS, True, False),
        ("ana", "ana", (("discord", "1"),), True, False),
    ],
)
def test_the_machine_s_own_user_only_when_nobody_is_named(
    name: str, login: str, admins: tuple[tuple[str, str], ...], embedded: bool, expected: bool
) -> None:
    assert is_terminal_admin(name, login, admins, is_embedded=embedded) is expected


async def test_an_administrator_is_made_once_and_noted_once(database: Database) -> None:
    assert await make_admin(database, "terminal", "ana", "test", "en")
    assert not await make_admin(database, "terminal", "ana", "test", "en")
    async with database.worker_unit_of_work() as conn:
        assert (await conn.execute(_FLAG, {"name": "ana"})).scalar_one() is True
        assert (await conn.execute(_NOTES, {"name": "ana"})).scalar_one() == 1
