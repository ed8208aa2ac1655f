"""People around one table who play a round on the real database, without a director."""

from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

from domain.clock import ManualClock
from domain.community import service as community
from domain.database import Database
from domain.identity.rules import Learner
from domain.live import (
    answering,
    hosting,
    making,
    picking,
    playing,
    rounds,
    running,
    scene,
)
from domain.live.options import understand
from domain.live.rounds import Live
from domain.live.scene import Scene
from domain.sql import sql
from tests.domain.quizzes import samples
from tests.domain.quizzes.seeding import Course

_SHOW = sql("""
    UPDATE live_chats c SET message_id = '1', message_position = r.position,
        message_phase = r.phase, failed = NULL
    FROM live_rounds r
    WHERE r.id = c.round_id AND r.id = :round AND c.address = :chat
        AND r.phase IN ('question', 'reveal')
""")


class Table:
    """A group around one table: learners, a clock, and a round they play."""

    def __init__(self, database: Database, course: Course, clock: ManualClock) -> None:
        self.database, self.course, self.clock = database, course, clock
        self.round = uuid4()
        self.chat = f"chat-{uuid4().hex}"
        self.people: list[Learner] = []

    async def open(self, count: int, words: str = "", questions: object = None) -> None:
        slug = f"live-{uuid4().hex[:8]}"
        asked = questions if isinstance(questions, tuple) else (samples.SINGLE,) * 1
        await self.course.quiz(slug, asked, kind="practice")
        _, options = understand(words)
        self.people = [await self.course.learner(f"{slug}-{n}") for n in range(count)]
        host = self.people[0]
        async with self.database.unit_of_work(host.user_id) as conn:
            group = await community.enter(conn, "terminal", self.chat, "Table")
            picked = await picking.of_quiz(conn, slug, options, seed=7)
            await making.make(
                conn,
                self.round,
                host.user_id,
                group,
                ("terminal", self.chat),
                picked,
                options,
                self.clock.now(),
            )

    async def live(self) -> Live:
        async with self.database.worker_unit_of_work() as conn:
            return await rounds.load(conn, self.round)

    async def scene(self) -> Scene:
        async with self.database.worker_unit_of_work() as conn:
            return await scene.load(conn, await rounds.load(conn, self.round))

    async def join(self, number: int) -> None:
        who = self.people[number]
        async with self.database.unit_of_work(who.user_id) as conn:
            live = await rounds.load(conn, self.round)
            await playing.join(conn, live, who.user_id, who.identity_id, who.name)

    async def go_on(self) -> None:
        host = self.people[0].user_id
        async with self.database.unit_of_work(host) as conn:
            await hosting.go_on(conn, await rounds.load(conn, self.round), host, self.clock.now())
        await self.show()

    async def show(self, chat: str = "") -> None:
        """The chat shows what is open, and its process has seen that."""
        now = self.clock.now()
        async with self.database.worker_unit_of_work() as conn:
            await conn.execute(_SHOW, {"round": self.round, "chat": chat or self.chat})
            live = await rounds.load(conn, self.round)
            if live.at.unseen_since is not None:
                await running.move(conn, live, now)

    async def press(
        self,
        number: int,
        place: int,
        *,
        event: str = "",
        late: float = 0,
        position: int | None = None,
    ) -> None:
        """Press an option; `late` seconds pass between the press and its arrival."""
        who, now = self.people[number], self.clock.now()
        at = now - timedelta(seconds=late)
        when = answering.arrived(at, now, event or str(uuid4().int % 10**12))
        async with self.database.unit_of_work(who.user_id) as conn:
            live = await rounds.load(conn, self.round)
            asked = live.at.position if position is None else position
            here = await answering.seat(conn, self.round, who.user_id, asked)
            await answering.press(conn, here, place, when)

    async def right(self) -> int:
        """The place shown of the right option."""
        posed = (await self.scene()).current
        assert posed is not None
        key = posed.question.key
        return posed.order.index(key.correct[0])  # type: ignore[union-attr]

    async def points(self) -> list[Fraction]:
        """Points by person."""
        now = await self.scene()
        by_user = {now.users[one.player]: one.points for one in now.board()}
        return [by_user[one.user_id] for one in self.people if one.user_id in by_user]
