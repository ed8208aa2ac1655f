"""A round on the real database: many answers at once, every event twice, owners that vanish."""

import asyncio
from datetime import timedelta
from fractions import Fraction
from uuid import UUID, uuid4

import pytest

from domain.clock import ManualClock
from domain.community import service as community
from domain.database import Database
from domain.errors import Conflict, NotFound, Refusal
from domain.identity.rules import Learner
from domain.live import (
    answering,
    chats,
    hosting,
    making,
    phases,
    picking,
    playing,
    rounds,
    running,
    scene,
)
from domain.live.options import Options, understand
from domain.live.rounds import Live
from domain.live.scene import Scene
from domain.sql import sql
from tests.domain.quizzes import samples
from tests.domain.quizzes.seeding import Course, make_course

ME, OTHER = "live:one", "live:two"


_SHOW = sql("""
    UPDATE live_chats c SET message_id = '1', message_position = r.position,
        message_phase = r.phase, failed = NULL
    FROM live_rounds r
    WHERE r.id = c.round_id AND r.id = :round AND c.address = :chat
        AND r.phase IN ('question', 'reveal')
""")
_FAIL = sql("UPDATE live_chats SET failed = 'no' WHERE address = :chat")


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


@pytest.fixture
async def table(database: Database, clock: ManualClock) -> Table:
    return Table(database, await make_course(database), clock)


async def test_a_whole_round(table: Table):
    await table.open(3, "mode:accuracy", (samples.SINGLE, samples.TRUE_FALSE))
    for number in range(3):
        await table.join(number)
    await table.go_on()
    right = await table.right()
    await table.press(0, right)
    await table.press(1, (right + 1) % 3)
    await table.go_on()
    assert await table.points() == [(await table.scene()).closed[0].points, 0, 0]
    await table.go_on()
    await table.press(2, await table.right())
    for _ in range(2):
        await table.go_on()
    ended = await table.live()
    assert ended.at.phase == "finished"
    assert sum(one > 0 for one in await table.points()) == 2
    async with table.database.worker_unit_of_work() as conn:
        assert await rounds.in_chat(conn, "terminal", table.chat) is None


async def test_an_answer_is_changed_until_the_end_and_never_doubled(table: Table):
    await table.open(2)
    await table.join(0)
    await table.join(1)
    await table.go_on()
    right = await table.right()
    await table.press(0, (right + 1) % 3)
    table.clock.advance(timedelta(seconds=1))
    await table.press(0, right, event="same")
    await table.press(0, right, event="same")
    now = await table.scene()
    assert len(now.given) == 1
    assert now.given[0].is_right
    assert dict(now.picks[0]) == {now.posed[0].order[right]: 1}


async def test_a_press_that_was_overtaken_does_not_undo_the_later_one(table: Table):
    await table.open(1)
    await table.join(0)
    await table.go_on()
    right = await table.right()
    table.clock.advance(timedelta(seconds=5))
    await table.press(0, right)
    await table.press(0, (right + 1) % 3, late=3)
    assert (await table.scene()).given[0].is_right


async def test_several_right_options_are_taken_in_and_out(table: Table):
    await table.open(1, questions=(samples.MULTI,))
    await table.join(0)
    await table.go_on()
    for place in (0, 2, 0):
        table.clock.advance(timedelta(milliseconds=20))
        await table.press(0, place)
    now = await table.scene()
    assert dict(now.picks[0]) == {now.posed[0].order[2]: 1}


async def test_a_press_that_the_platform_held_back_still_counts(table: Table):
    await table.open(2, "time:10")
    await table.join(0)
    await table.join(1)
    await table.go_on()
    right = await table.right()
    table.clock.advance(timedelta(seconds=11))
    await table.go_on()
    table.clock.advance(timedelta(seconds=2))
    await table.press(0, right, late=9)
    assert await table.points() == [(await table.scene()).closed[0].points, 0]
    with pytest.raises(Refusal):
        await table.press(1, right, late=1)


@pytest.mark.parametrize("seconds", [11.0, 400.0])
async def test_after_the_time_is_over_nothing_counts(table: Table, seconds: float):
    await table.open(1, "time:10")
    await table.join(0)
    await table.go_on()
    table.clock.advance(timedelta(seconds=seconds + 0.1))
    with pytest.raises(Refusal):
        await table.press(0, 0)
    assert (await table.scene()).given == ()


async def test_only_players_answer_and_only_the_open_question(table: Table):
    await table.open(2)
    await table.join(0)
    with pytest.raises(Refusal):
        await table.press(0, 0, position=0)
    await table.go_on()
    with pytest.raises(Refusal):
        await table.press(1, 0)
    with pytest.raises(NotFound):
        await table.press(0, 25)


async def test_a_second_quiz_in_the_chat_is_refused(table: Table):
    await table.open(1)
    first, table.round = table.round, uuid4()
    with pytest.raises(Refusal):
        await table.open(1)
    async with table.database.worker_unit_of_work() as conn:
        found = await rounds.in_chat(conn, "terminal", table.chat)
    assert found is not None
    assert found.id == first


async def test_teams_stay_even_when_many_join_at_once(table: Table):
    await table.open(9, "teams:3")
    await asyncio.gather(*(table.join(number) for number in range(9)))
    teams = [player.team for player in (await table.scene()).players]
    assert sorted(teams, key=str) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


async def test_fifty_presses_at_once_are_fifty_answers(table: Table):
    await table.open(50)
    await asyncio.gather(*(table.join(number) for number in range(50)))
    await table.go_on()
    right = await table.right()
    await asyncio.gather(
        *(table.press(n, right, event=f"e{n % 50}") for n in [*range(50), *range(50)])
    )
    now = await table.scene()
    assert len(now.given) == 50
    assert all(one.is_right for one in now.given)
    assert now.everybody_answered()


async def moved(table: Table, owner: str) -> list[timedelta]:
    """One look by a process: take what is free, then do what is due."""
    now = table.clock.now()
    async with table.database.worker_unit_of_work() as conn:
        assert await running.hold(conn, owner, now)
        await running.beat(conn, owner, now)
        taken = await running.take_over(conn, owner, now)
        for live in await running.mine(conn, owner):
            await running.move(conn, live, now)
    return [one.moved for one in taken if one.round_id == table.round]


async def test_time_moves_a_round_to_its_end(table: Table):
    await table.open(1, "time:10", (samples.SINGLE, samples.SINGLE))
    await table.join(0)
    await table.go_on()
    seen = []
    for _ in range(60):
        await moved(table, ME)
        await table.show()
        seen.append((await table.live()).at.phase)
        table.clock.advance(timedelta(seconds=1))
    assert [phase for n, phase in enumerate(seen) if n == 0 or seen[n - 1] != phase] == [
        *("question", "reveal", "question", "reveal", "finished")
    ]


async def test_a_clock_waits_for_its_message_but_not_for_ever(table: Table):
    await table.open(1, "time:10")
    await table.join(0)
    host = table.people[0].user_id
    async with table.database.unit_of_work(host) as conn:
        live = await rounds.load(conn, table.round)
        await hosting.go_on(conn, live, host, table.clock.now())
    opened = table.clock.now()
    for _ in range(29):
        await moved(table, ME)
        table.clock.advance(timedelta(seconds=1))
    await table.press(0, await table.right())
    assert (await table.scene()).given[0].used == timedelta(0)
    table.clock.advance(timedelta(seconds=1))
    await moved(table, ME)
    begun = (await table.live()).at
    assert begun.unseen_since is None
    assert begun.opened_at == opened + phases.PATIENCE


async def test_an_answer_stays_until_all_chats_have_shown_it_that_can(table: Table):
    await table.open(2, "time:10", (samples.SINGLE,) * 2)
    second = f"{table.chat}-2"
    async with table.database.worker_unit_of_work() as conn:
        await making.add_chat(conn, table.round, "terminal", second)
        await running.hold(conn, ME, table.clock.now())
        await chats.claim(conn, ME, ["terminal"], table.clock.now())

    async def waits() -> bool:
        return (await table.live()).at.unseen_since is not None

    await table.go_on()  # the first chat shows each phase, the second one nothing
    assert not await waits()  # a question that can be seen somewhere is open
    await table.go_on()
    assert await waits()
    await table.show(second)
    assert not await waits()
    await table.go_on()
    async with table.database.worker_unit_of_work() as conn:
        await conn.execute(_FAIL, {"chat": second})
    await table.go_on()
    assert not await waits()


async def test_when_all_have_answered_nobody_waits(table: Table):
    await table.open(2, "time:60")
    await table.join(0)
    await table.join(1)
    await table.go_on()
    await table.press(0, 0)
    await moved(table, ME)
    assert (await table.live()).at.phase == "question"
    await table.press(1, 1)
    await moved(table, ME)
    assert (await table.live()).at.phase == "reveal"


async def test_another_process_takes_over_and_gives_the_time_back(table: Table):
    await table.open(2, "time:60")
    await table.join(0)
    await table.go_on()
    await moved(table, ME)
    before = (await table.live()).at
    table.clock.advance(timedelta(seconds=2))
    assert await moved(table, OTHER) == []  # the first one still lives
    table.clock.advance(timedelta(seconds=38))
    assert await moved(table, OTHER) == [timedelta(seconds=40)]
    after = (await table.live()).at
    assert after.closes_at is not None
    assert before.closes_at is not None
    assert after.closes_at - before.closes_at == timedelta(seconds=40)
    await table.press(0, await table.right())  # 40 s of outage are not the player's
    assert (await table.scene()).given[0].used == timedelta(0)


async def test_what_a_stalled_owner_still_writes_is_refused(table: Table):
    await table.open(1, "time:10")
    await table.join(0)
    await table.go_on()
    await moved(table, ME)
    stalled = await table.live()
    table.clock.advance(timedelta(seconds=12))
    await moved(table, OTHER)
    async with table.database.worker_unit_of_work() as conn:
        with pytest.raises(Conflict):
            await running.move(conn, stalled, table.clock.now())


async def test_after_a_long_outage_the_host_decides(table: Table):
    await table.open(1, "time:10")
    await table.join(0)
    await table.go_on()
    await moved(table, ME)
    table.clock.advance(timedelta(minutes=11))
    await moved(table, OTHER)
    assert ((await table.live()).at.phase, (await table.live()).at.why) == ("paused", "outage")
    host = table.people[0].user_id
    async with table.database.unit_of_work(host) as conn:
        await hosting.resume(conn, await rounds.load(conn, table.round), host, table.clock.now())
    await table.press(0, await table.right())
    assert (await table.scene()).given[0].used == timedelta(0)


async def test_a_void_question_is_taken_out_of_every_total(table: Table):
    await table.open(1)
    await table.join(0)
    await table.go_on()
    await table.press(0, await table.right())
    await table.go_on()
    assert await table.points() != [0]
    host = table.people[0].user_id
    for points in (Fraction(0), (await table.scene()).closed[0].points):
        async with table.database.unit_of_work(host) as conn:
            live = await rounds.load(conn, table.round)
            await hosting.void(conn, live, host, 0, table.clock.now())
        assert await table.points() == [points]


async def test_only_the_host_or_a_manager_leads(table: Table):
    await table.open(2)
    live = await table.live()
    hosting.check(live, table.people[0].user_id, manages=False)
    hosting.check(live, table.people[1].user_id, manages=True)
    with pytest.raises(Refusal):
        hosting.check(live, table.people[1].user_id, manages=False)


async def test_nobody_reads_what_somebody_else_answered(table: Table):
    await table.open(2)
    await table.join(0)
    await table.join(1)
    await table.go_on()
    await table.press(0, 1)
    async with table.database.unit_of_work(table.people[1].user_id) as conn:
        seen = await scene.load(conn, await rounds.load(conn, table.round))
    assert seen.given == ()
    assert len(seen.players) == 1


@pytest.mark.parametrize(
    ("words", "left", "expected"),
    [
        ("osi basics mode:timed time:20 n:5", "osi basics", Options("timed", 20, count=5)),
        ("teams:2 time:no", "", Options(seconds=None, teams=2)),
        ("domain:1.0 level:2 n:10", "", Options(count=10, domain="1.0", level=2)),
        ("mode:type osi", "osi", Options(typed=True)),
    ],
)
def test_the_words_of_a_host_are_understood(words: str, left: str, expected: Options):
    assert understand(words) == (left, expected)


@pytest.mark.parametrize("words", ["mode:fast", "time:1", "teams:9", "n:0", "color:red", "n:x"])
def test_what_a_round_cannot_be_is_refused(words: str):
    with pytest.raises(Refusal):
        understand(words)


async def test_a_draw_prefers_what_the_group_has_not_seen(table: Table):
    await table.course.bank("9.9", (samples.SINGLE,) * 6)
    async with table.database.worker_unit_of_work() as conn:
        first = await picking.of_bank(conn, uuid4(), Options(domain="9.9", count=3), seed=1)
        again = await picking.of_bank(conn, uuid4(), Options(domain="9.9", count=3), seed=1)
        with pytest.raises(NotFound):
            await picking.of_bank(conn, uuid4(), Options(domain="nowhere"), seed=1)
    assert [ident for ident, _ in first.questions] == [ident for ident, _ in again.questions]
    assert len({ident for ident, _ in first.questions if isinstance(ident, UUID)}) == 3
