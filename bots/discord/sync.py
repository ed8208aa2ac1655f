"""Telling Discord which commands there are, when they are not the ones it was told before.

Discord allows 200 new commands a day and server, so they are not sent at every start.
"""

import logging
from collections.abc import Sequence

from discord.http import HTTPClient, Route

from bots.discord.commands import SlashCommand, digest
from domain.database import Database
from domain.sql import sql

log = logging.getLogger(__name__)

# Discord may take its time: a transaction that does nothing is ended after seconds elsewhere.
_PATIENTLY = sql("SET LOCAL idle_in_transaction_session_timeout = '5min'")
# The row is held until Discord has taken the commands, so that two processes do not both send.
_CLAIM = sql("""
    INSERT INTO leases AS l (name, owner, expires_at) VALUES (:name, :digest, 'infinity')
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = l.fence + 1
        WHERE l.owner <> excluded.owner
    RETURNING true
""")


async def sync(
    database: Database, http: HTTPClient, application: int, commands: Sequence[SlashCommand]
) -> bool:
    """Send the commands if they have changed.

    Args:
        database: remembers what was sent.
        http: the library's client, logged in.
        application: whose commands they are.
        commands: all of them; others are deleted.

    Returns:
        Whether they were sent.

    Raises:
        discord.HTTPException: Discord refused them; they will be sent at the next start.
    """
    async with database.worker_unit_of_work() as conn:
        await conn.execute(_PATIENTLY)
        values = {"name": f"discord.commands.{application}", "digest": digest(commands)}
        if (await conn.execute(_CLAIM, values)).one_or_none() is None:
            return False
        route = Route("PUT", "/applications/{application_id}/commands", application_id=application)
        await http.request(route, json=list(commands))
    log.info("%s commands were sent to Discord", len(commands))
    return True
