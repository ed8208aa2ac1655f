"""Hearts and tokens: never more than there are, given back when a process dies, settled once."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from domain.database import Database
from domain.errors import Refusal
from domain.tutoring import budgets
from domain.tutoring.budgets import HELD, Hearts, Limits, OutOfBudget, Reservation

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
_days = count()
LIMITS = Limits(hearts=3, refill=timedelta(minutes=10), community=1000, day=3000)


class Study:
    """A day of its own in the module's database, so that caps start at nothing."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now
        self.midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)

    async def person(self) -> UUID:
        """A new learner."""
        async with self.database.unit_of_work() as conn:
            found = await conn.scalar(
                text("select user_id from resolve_learner('terminal', :name, 'Ada', 'en', null)"),
                {"name": uuid4().hex},
            )
        assert isinstance(found, UUID)
        return found

    async def enters(self, user: UUID, place: str) -> UUID:
        """The group of a place, which the learner is in from now on."""
        async with self.database.unit_of_work(user) as conn:
            found = await conn.scalar(
                text("select enter_community('discord', :place, 'Group')"), {"place": place}
            )
        assert isinstance(found, UUID)
        return found

    async def ask(
        self,
        user: UUID,
        tokens: int = 100,
        *,
        after: timedelta = timedelta(),
        community: UUID | None = None,
        key: UUID | None = None,
    ) -> Reservation:
        """Reserve, outside of any course."""
        async with self.database.unit_of_work(user) as conn:
            return await budgets.reserve(
                conn,
                user=user,
                course=None,
                community=community,
                tokens=tokens,
                now=self.now + after,
                limits=LIMITS,
                key=key,
            )

    async def book(
        self,
        user: UUID,
        held: Reservation,
        tokens: int = 100,
        *,
        after: timedelta = timedelta(),
        refund: bool = False,
    ) -> bool:
        """Settle."""
        async with self.database.unit_of_work(user) as conn:
            return await budgets.settle(
                conn, held, tokens=tokens, now=self.now + after, refund=refund, limits=LIMITS
            )

    async def hearts(self, user: UUID, after: timedelta = timedelta()) -> Hearts:
        """What is left."""
        async with self.database.unit_of_work(user) as conn:
            return await budgets.left(conn, user, None, self.now + after, LIMITS)

    async def used(self, community: UUID | None = None) -> int:
        """Tokens of the day."""
        async with self.database.worker_unit_of_work() as conn:
            found = await conn.scalar(
                text(
                    "select tokens from tutor_usage"
                    " where day = :day and community_id is not distinct from :group"
                ),
                {"group": community, "day": self.now.date()},
            )
        return int(found or 0)


@pytest.fixture
def study(database: Database) -> Study:
    """A day that no other test of this module has."""
    return Study(database, NOW + timedelta(days=next(_days)))


async def test_hearts_are_spent_and_come_back_one_by_one(study: Study) -> None:
    me = await study.person()
    assert await study.hearts(me) == Hearts(3, 3, None)
    for left in (2, 1, 0):
        assert await study.book(me, await study.ask(me))
        assert (await study.hearts(me)).left == left
    assert (await study.hearts(me)).next_at == study.now + timedelta(minutes=10)
    with pytest.raises(OutOfBudget) as refused:
        await study.ask(me)
    assert isinstance(refused.value, Refusal)
    assert (refused.value.why, refused.value.until) == ("hearts", study.now + timedelta(minutes=10))
    later = timedelta(minutes=10)
    assert (await study.hearts(me, later)).left == 1
    await study.book(me, await study.ask(me, after=later), after=later)
    with pytest.raises(OutOfBudget):
        await study.ask(me, after=later)
    assert await study.hearts(me, timedelta(minutes=40)) == Hearts(3, 3, None)
    other = await study.person()
    assert (await study.hearts(other)).left == 3
    assert await study.used() == 400


async def test_one_question_of_a_learner_at_a_time_and_each_event_once(study: Study) -> None:
    me = await study.person()
    key = uuid4()
    held = await study.ask(me, key=key)
    with pytest.raises(OutOfBudget) as refused:
        await study.ask(me)
    assert (refused.value.why, refused.value.until) == ("busy", study.now + HELD)
    with pytest.raises(OutOfBudget) as refused:
        await study.ask(me, key=key)
    assert refused.value.why == "again"
    assert await study.book(me, held, 70)
    assert not await study.book(me, held, 70)
    assert await study.used() == 70
    assert (await study.hearts(me)).left == 2
    await study.ask(me)


async def test_nothing_was_answered_so_the_heart_goes_back(study: Study) -> None:
    me = await study.person()
    held = await study.ask(me)
    assert await study.book(me, held, 0, refund=True)
    assert await study.hearts(me) == Hearts(3, 3, None)
    assert not await study.book(me, held, 0, refund=True)  # not twice
    assert await study.used() == 0


async def test_what_a_killed_process_held_is_there_again(study: Study) -> None:
    me = await study.person()
    lost = await study.ask(me, 2900)
    other = await study.person()
    with pytest.raises(OutOfBudget) as refused:
        await study.ask(other, 200)
    assert refused.value.why == "day"
    assert refused.value.until == study.midnight
    later = HELD
    assert await study.hearts(me, later) == Hearts(3, 3, None)
    await study.book(other, await study.ask(other, 200, after=later), 200)
    held = await study.ask(me, 2000, after=later)
    assert (await study.hearts(me, later)).left == 2
    # The process was not dead, only slow: what it spent counts, the heart stays given back.
    assert await study.book(me, lost, 50, after=later)
    assert (await study.hearts(me, later)).left == 2
    assert await study.book(me, held, 10, after=later)
    assert await study.used() == 260


async def test_a_group_has_a_share_that_only_its_members_use(study: Study) -> None:
    me, friend = await study.person(), await study.person()
    place = uuid4().hex
    group = await study.enters(me, place)
    assert await study.enters(friend, place) == group
    stranger = await study.person()
    await study.book(me, await study.ask(me, 900, community=group), 900)
    with pytest.raises(OutOfBudget) as refused:
        await study.ask(friend, 200, community=group)
    assert refused.value.why == "community"
    await study.book(stranger, await study.ask(stranger, 200, community=group), 200)
    assert (await study.used(group), await study.used()) == (900, 1100)
    await study.ask(friend, 200)  # in private it is not the group's share


@pytest.mark.parametrize("seed", [1, 2])
async def test_however_many_ask_at_once_no_cap_is_passed(study: Study, seed: int) -> None:
    """Random crowds: the sum of what is open and spent stays below each cap, hearts add up."""
    chance = random.Random(seed)  # noqa: S311
    crowd = [await study.person() for _ in range(8)]
    place = uuid4().hex
    group = [await study.enters(user, place) for user in crowd][0]  # noqa: RUF015 - all enter
    granted: dict[UUID, list[int]] = {user: [] for user in crowd}

    async def act(user: UUID) -> None:
        tokens = chance.choice([100, 200, 400])
        where = chance.choice([group, None])
        try:
            held = await study.ask(user, tokens, community=where)
        except OutOfBudget:
            return
        fate = chance.random()
        if fate < 0.2:  # its process is killed
            granted[user].append(0)
            return
        spent = chance.randint(1, tokens)
        assert await study.book(user, held, spent) is True
        assert await study.book(user, held, spent) is False
        granted[user].append(spent)

    for _ in range(4):
        acts = [act(chance.choice(crowd)) for _ in range(16)]
        await asyncio.gather(*acts)
        async with study.database.worker_unit_of_work() as conn:
            rows = await conn.execute(
                text(
                    "select community_id, coalesce(sum(tokens) filter (where settled_at is null),"
                    " 0)::int + coalesce(sum(spent), 0)::int as total"
                    " from tutor_reservations where day = :day group by community_id"
                ),
                {"day": study.now.date()},
            )
            totals: dict[UUID | None, int] = {row.community_id: row.total for row in rows}
        assert sum(totals.values()) <= LIMITS.day
        assert totals.get(group, 0) <= LIMITS.community
    assert await study.used() == sum(map(sum, granted.values()))
    for user, answers in granted.items():
        assert len(answers) <= LIMITS.hearts
        assert (await study.hearts(user)).left == LIMITS.hearts - len(answers)


async def test_nobody_settles_what_somebody_else_reserved(study: Study) -> None:
    me = await study.person()
    thief = await study.person()
    held = await study.ask(me)
    assert not await study.book(thief, held, 0, refund=True)
    assert (await study.hearts(me)).left == 2


@given(st.integers(-3000, 3000), st.integers(1, 20), st.integers(1, 100))
def test_hearts_follow_from_the_instant_when_all_are_back(
    seconds: int, most: int, minutes: int
) -> None:
    limits = Limits(hearts=most, refill=timedelta(minutes=minutes))
    found = budgets.hearts(NOW + timedelta(seconds=seconds), NOW, limits)
    assert 0 <= found.left <= most
    if found.next_at is None:
        assert found.left == most
        return
    assert found.next_at > NOW
    if seconds <= most * minutes * 60:
        assert found.next_at <= NOW + limits.refill
        assert budgets.hearts(NOW + timedelta(seconds=seconds), found.next_at, limits).left == (
            found.left + 1
        )
