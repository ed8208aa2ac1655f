"""One learner who takes a quiz."""

from uuid import UUID, uuid4

from domain.clock import ManualClock
from domain.database import Database
from domain.identity.rules import Learner
from domain.quizzes import asking, service
from domain.quizzes.grading import Result
from domain.quizzes.shown import Shown
from domain.quizzes.starting import Part


class Taker:
    """One learner who takes steps, each in a unit of work of its own."""

    def __init__(self, database: Database, learner: Learner, clock: ManualClock) -> None:
        self.database, self.learner, self.clock = database, learner, clock
        self.attempt = uuid4()

    def work(self):
        return self.database.unit_of_work(self.learner.user_id)

    async def start(self, quiz: UUID, wish: Part | None = None) -> UUID:
        async with self.work() as conn:
            self.attempt = await service.start(
                conn, self.learner, quiz, uuid4(), self.clock.now(), wish
            )
        return self.attempt

    async def show(self, position: int | None = None) -> Shown | Result:
        async with self.work() as conn:
            return await asking.show(
                conn, self.learner.user_id, self.attempt, position, "terminal", self.clock.now()
            )

    async def types(self, position: int, text: str):
        async with self.work() as conn:
            return await asking.type_answer(
                conn, self.learner.user_id, self.attempt, position, text, self.clock.now()
            )

    async def presses(self, position: int, *places: int):
        step = None
        for place in places:
            async with self.work() as conn:
                step = await asking.press(
                    conn, self.learner.user_id, self.attempt, position, place, self.clock.now()
                )
        return step

    async def confirms(self, position: int):
        async with self.work() as conn:
            return await asking.confirm(
                conn, self.learner.user_id, self.attempt, position, self.clock.now()
            )

    async def hint(self, position: int):
        async with self.work() as conn:
            return await asking.hint(
                conn, self.learner.user_id, self.attempt, position, self.clock.now()
            )

    async def submit(self) -> Result:
        async with self.work() as conn:
            return await service.submit(conn, self.learner.user_id, self.attempt, self.clock.now())
