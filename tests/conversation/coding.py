"""Somebody who hands in code, and what is kept of it."""

from bots.conversation.dialogue import File, Incoming, Press, Reply, Text, Upload
from bots.terminal.plain import to_plain
from domain.database import Database
from domain.sql import sql
from tests.support.conversation import Person


class Coder(Person):
    """Somebody who also presses, uploads and pastes."""

    async def sends(self, action: Press | Text | Upload) -> list[Reply]:
        return await self.hears(self.door._event(action))

    async def hears(self, event: Incoming) -> list[Reply]:
        heard = [reply async for reply in self.door.router.answer(event)]
        for reply in heard:
            self.door._remember(reply)
        self.replies += heard
        return heard

    async def pastes(self, code: str) -> list[str]:
        return [to_plain(one.text) for one in await self.sends(Text(f"```python\n{code}```"))]

    async def uploads(self, *files: tuple[str, bytes]) -> list[str]:
        sent = Upload(tuple(File(name, content) for name, content in files))
        return [to_plain(one.text) for one in await self.sends(sent)]

    async def presses(self, beginning: str) -> str:
        (button,) = [one for one in self.door.buttons if one.label.startswith(beginning)]
        return to_plain((await self.sends(Press(button.payload)))[-1].text)


_ATTEMPTS = sql("""
    SELECT a.status, a.score FROM challenge_attempts a JOIN identities i ON i.user_id = a.user_id
    WHERE i.subject = :name ORDER BY a.id
""")


async def attempts(database: Database, coder: Coder) -> list[str]:
    async with database.worker_unit_of_work() as conn:
        rows = await conn.execute(_ATTEMPTS, {"name": coder.door.name})
        return [row.status for row in rows.all()]
