"""Two accounts that become one learner, and what the database holds of an account's learner."""

import re
from typing import Any

from domain.database import Base, Database
from domain.schema_doc import load_tables
from domain.sql import sql
from tests.support.account import Account

CODE = re.compile(r"/link ([0-9A-Z]{4}-[0-9A-Z]{4})")
_OWNER = sql("SELECT user_id FROM identities WHERE provider = :platform AND subject = :subject")
# Written by the joining itself, or by being here.
ITSELF = {"account_links", "audit_log", "outbox", "one_time_tokens", "learning_sessions"}
load_tables()
TABLES = {table.name for table in Base.metadata.sorted_tables if "user_id" in table.columns}
PASSING = ("updated_at", "created_at")


async def code_of(account: Account) -> str:
    """Ask for a code; the code as it is shown."""
    found = CODE.search(await account.says("/link"))
    assert found is not None
    return found[1]


async def agree(database: Database, first: Account, second: Account) -> str:
    """The whole way: a code, both agree; what the first account is told at the end."""
    await second.says(f"/link {await code_of(first)}")
    await second.presses("Yes, that is me")
    await first.is_told(database)
    return await first.presses("Yes, that is me")


async def owner(database: Database, account: Account) -> Any:
    async with database.worker_unit_of_work() as conn:
        values = {"platform": account.actor.platform, "subject": account.actor.subject}
        return (await conn.execute(_OWNER, values)).scalar_one()


async def state(database: Database, account: Account) -> dict[str, list[str]]:
    """Every row of the account's learner, but for what says when rows were written."""
    user = await owner(database, account)
    found = {}
    async with database.worker_unit_of_work() as conn:
        for table in sorted(TABLES - ITSELF):
            rows = await conn.execute(
                sql(f"SELECT to_jsonb(t) AS row FROM {table} t WHERE user_id = :user"),
                {"user": user},
            )
            kept = [
                {key: value for key, value in row.row.items() if key not in PASSING} for row in rows
            ]
            found[table] = sorted(map(str, kept))
    return found


async def read_lesson(account: Account) -> None:
    """Finish the first lesson of the sample course."""
    await account.says("/learn tiny")
    await account.presses("Next page")
    assert "is finished" in await account.presses("Finish lesson")


async def take_quiz(account: Account, answers: tuple[str, str]) -> str:
    """Take the first quiz; what is said at the end."""
    await account.says("/quiz tiny-boxes-quiz")
    for answer in answers:
        await account.says(answer)
        await account.presses(account.labels[0])
    return account.seen[-1].text
