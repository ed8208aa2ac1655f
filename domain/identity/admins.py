"""Who administers a Stoa: named in the settings, or whoever sits at its own machine."""

from collections.abc import Collection

from domain.database import Database
from domain.sql import sql

_RESOLVE = sql("""
    SELECT user_id FROM resolve_learner(:provider, :subject, :subject, :locale, NULL)
""")
_PROMOTE = sql("""
    WITH promoted AS (
        UPDATE users SET is_platform_admin = true
        WHERE id = :user_id AND NOT is_platform_admin RETURNING id),
    noted AS (
        INSERT INTO audit_log (action, target_type, target_id, reason)
        SELECT 'admin.grant', 'user', id, :reason FROM promoted)
    SELECT count(*) FROM promoted
""")


def is_terminal_admin(
    name: str, login: str, admins: Collection[tuple[str, str]], *, is_embedded: bool
) -> bool:
    """Whether a local learner administers this Stoa. Pure.

    Those who are named do. When nobody is named on any platform, the person who runs the embedded
    database does: its files are theirs in any case.

    Args:
        name: the local learner.
        login: the name of the machine's user who runs this process.
        admins: (provider, subject) as configured.
        is_embedded: whether the database is this machine's own.
    """
    if admins:
        return ("terminal", name) in admins
    return is_embedded and name == login


async def make_admin(
    database: Database, provider: str, subject: str, reason: str, locale: str | None = None
) -> bool:
    """Make the person behind an account a platform administrator, and the account if needed.

    Args:
        database: worked on as the worker, because learners cannot raise themselves.
        provider: the account's platform.
        subject: the platform's id of the account, and their name while no other is known.
        reason: kept in the audit log.
        locale: their language, when they are new.

    Returns:
        Whether they were none before.
    """
    async with database.worker_unit_of_work() as conn:
        account = {"provider": provider, "subject": subject, "locale": locale}
        user_id = (await conn.execute(_RESOLVE, account)).scalar_one()
        promoted = await conn.execute(_PROMOTE, {"user_id": user_id, "reason": reason})
        return bool(promoted.scalar_one())
