"""Looking at cards over a real database: scheduled, counted once, spread, and put aside."""

import random
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from fsrs import Card, Rating, Scheduler
from sqlalchemy import text

from domain import ids
from domain.database import Database
from domain.errors import NotFound, Refusal
from domain.identity.service import Accounts
from domain.motivation.queries import totals
from domain.motivation.rebuild import rebuild_learner
from domain.review import decks, sitting, writing
from domain.review.decks import Sides
from domain.review.service import Look, Looked, look, memory_of

START = datetime(2026, 3, 2, 18, tzinfo=UTC)
DAY = timedelta(days=1)
THREE = time(3)


class Student:
    """Somebody with cards of their own."""

    def __init__(self, database: Database, user_id: UUID, identity_id: UUID) -> None:
        self.database, self.user_id, self.identity_id = database, user_id, identity_id

    async def writes(self, count: int) -> list[UUID]:
        async with self.database.unit_of_work(self.user_id) as conn:
            return [
                (
                    await writing.put_card(
                        conn, self.user_id, "Mine", Sides(f"k{n}", f"front {n}", f"back {n}")
                    )
                )[0]
                for n in range(count)
            ]

    async def looks(
        self, card: UUID, rating: int, at: datetime, seen: int | None = None, key: str = ""
    ) -> Looked:
        async with self.database.unit_of_work(self.user_id) as conn:
            if seen is None:
                _, seen, _ = await memory_of(conn, self.user_id, card)
            one = Look(
                ids.event_uuid7(at, key or str(uuid4())), card, rating, seen, timedelta(seconds=5)
            )
            when = sitting.when(at, "UTC", THREE)
            return await look(conn, self.user_id, self.identity_id, one, when)

    async def table(self, at: datetime) -> sitting.Table:
        async with self.database.unit_of_work(self.user_id) as conn:
            return await sitting.table_of(conn, self.user_id, sitting.when(at, "UTC", THREE))

    async def next(self, at: datetime, last: UUID | None = None) -> UUID | None:
        async with self.database.unit_of_work(self.user_id) as conn:
            when = sitting.when(at, "UTC", THREE)
            table = await sitting.table_of(conn, self.user_id, when)
            return await sitting.next_card(conn, self.user_id, when, table, None, last)


@pytest.fixture
async def ada(database: Database) -> Student:
    async with database.unit_of_work() as conn:
        found = await Accounts().learner(conn, "terminal", str(uuid4()), "Ada", None, START)
    return Student(database, found.user_id, found.identity_id)


async def test_a_random_history_in_the_database_is_the_librarys(ada: Student):
    (card,) = await ada.writes(1)
    library, own = Scheduler(enable_fuzzing=False), Card(card_id=1, due=START)
    dice, at = random.Random(7), START  # noqa: S311
    for _ in range(30):
        at += timedelta(minutes=dice.choice((3, 10, 60 * 24, 60 * 24 * 9)))
        rating = dice.choice((1, 2, 3, 3, 3, 4))
        own, _ = library.review_card(own, Rating(rating), at)
        looked = await ada.looks(card, rating, at)
        assert looked.due == own.due
    async with ada.database.unit_of_work(ada.user_id) as conn:
        memory, seen, _ = await memory_of(conn, ada.user_id, card)
    assert (memory.stability, memory.difficulty, seen) == (own.stability, own.difficulty, 30)


async def test_the_same_event_and_a_double_press_count_once(ada: Student):
    (card,) = await ada.writes(1)
    assert (await ada.looks(card, 3, START, 0, "event")).counted
    assert not (await ada.looks(card, 3, START, 1, "event")).counted  # the event again
    assert not (await ada.looks(card, 3, START + timedelta(seconds=1), 0, "other")).counted
    async with ada.database.unit_of_work(ada.user_id) as conn:
        assert (await memory_of(conn, ada.user_id, card))[1] == 1


async def test_repeats_do_not_count_and_a_day_counts_when_nothing_is_left(ada: Student):
    first, second = await ada.writes(2)
    at = START
    assert await ada.next(at) == first
    looked = await ada.looks(first, 1, at)
    assert looked.outcome is None
    assert await ada.next(at, last=first) == second
    await ada.looks(second, 4, at)
    at += timedelta(minutes=2)
    assert await ada.next(at) == first  # in the same sitting
    table = await ada.table(at)
    assert (table.done, table.repeats, table.plan.today) == (2, 1, 0)
    assert (await ada.looks(first, 3, at)).outcome is None
    looked = await ada.looks(first, 3, at + timedelta(minutes=11))
    assert looked.outcome is not None
    assert looked.outcome.streak is not None
    assert looked.outcome.xp == 10
    assert await ada.next(at + timedelta(minutes=12)) is None
    async with ada.database.unit_of_work(ada.user_id) as conn:
        assert (await totals(conn, ada.user_id)).cards == 2
    async with ada.database.worker_unit_of_work() as conn:
        await conn.execute(text("UPDATE user_stats SET cards_reviewed = 90"))
        await rebuild_learner(conn, ada.user_id, at)
        assert (await totals(conn, ada.user_id)).cards == 2


async def test_ten_cards_make_a_day_count_once_and_the_cap_holds(ada: Student):
    cards = await ada.writes(60)
    outcomes = [await ada.looks(card, 4, START) for card in cards[:12]]
    counted = [number for number, looked in enumerate(outcomes) if looked.outcome]
    assert counted == [9]
    table = await ada.table(START)
    assert (table.done, table.plan.new) == (12, 0)  # ten new cards a day, and these were new


async def test_a_backlog_is_spread_and_nothing_is_lost(ada: Student):
    cards = await ada.writes(50)
    for card in cards:
        await ada.looks(card, 3, START)
    later = START + 30 * DAY
    table = await ada.table(later)
    assert (table.plan.due, table.plan.later, table.plan.days) == (12, 38, 7)
    when = sitting.when(later, "UTC", THREE)
    async with ada.database.unit_of_work(ada.user_id) as conn:
        await sitting.spread_backlog(conn, ada.user_id, when, table)
        again = await sitting.table_of(conn, ada.user_id, when)
        assert (again.plan.due, again.plan.later) == (12, 0)
        ahead = await sitting.forecast(conn, ada.user_id, when, "UTC", THREE)
    assert ahead[0] == 12
    assert sum(ahead) + 38 - sum(ahead[1:]) == 50
    assert max(ahead[1:]) - min(ahead[1:]) <= 1


async def test_a_card_that_is_forgotten_six_times_is_stubborn_and_can_rest(ada: Student):
    (card,) = await ada.writes(1)
    at, stubborn = START, []
    for _ in range(9):
        await ada.looks(card, 4, at)
        at += 40 * DAY
        stubborn.append((await ada.looks(card, 1, at)).is_stubborn)
        at += DAY
    assert stubborn == [False] * 5 + [True, False, False, True]
    async with ada.database.unit_of_work(ada.user_id) as conn:
        before, _, _ = await memory_of(conn, ada.user_id, card)
        await writing.rest_card(conn, ada.user_id, card, at)
        after, _, _ = await memory_of(conn, ada.user_id, card)
    assert after.due == before.due
    assert await ada.next(at + 29 * DAY) is None
    assert await ada.next(at + 31 * DAY) == card


async def test_retention_is_the_share_of_known_cards_that_were_known_again(ada: Student):
    one, other = await ada.writes(2)
    for card in (one, other):
        await ada.looks(card, 4, START)
    await ada.looks(one, 1, START + 20 * DAY)
    await ada.looks(other, 3, START + 20 * DAY)
    async with ada.database.unit_of_work(ada.user_id) as conn:
        assert await sitting.retention(conn, ada.user_id, START + 21 * DAY) == (2, 1)


async def test_cards_are_written_changed_and_deleted(ada: Student):
    (card,) = await ada.writes(1)
    assert (await ada.writes(1)) == [card]  # the same key
    async with ada.database.unit_of_work(ada.user_id) as conn:
        face = await decks.card_of(conn, ada.user_id, card)
        assert (
            await writing.edit_card(
                conn, ada.user_id, face, Sides("", "new", "sides"), "Mine", START
            )
            == card
        )
        face = await decks.card_of(conn, ada.user_id, card)
        assert (face.front, face.back, face.is_own) == ("new", "sides", True)
        with pytest.raises(Refusal, match="two sides"):
            await writing.edit_card(conn, ada.user_id, face, Sides("", "x", " "), "Mine", START)
        with pytest.raises(Refusal, match="1001"):
            await writing.edit_card(
                conn, ada.user_id, face, Sides("", "x" * 1001, "y"), "Mine", START
            )
        await writing.delete_card(conn, ada.user_id, face, START)
        with pytest.raises(NotFound):
            await decks.card_of(conn, ada.user_id, card)
        assert await writing.put_cards(conn, ada.user_id, "Mine", [Sides("k0", "a", "b")]) == (0, 1)
        assert await writing.put_cards(conn, ada.user_id, "Mine", [Sides("k9", "a", "b")]) == (1, 0)


async def test_nobody_sees_the_cards_of_somebody_else(ada: Student, database: Database):
    (card,) = await ada.writes(1)
    async with database.unit_of_work() as conn:
        bob = await Accounts().learner(conn, "terminal", str(uuid4()), "Bob", None, START)
        with pytest.raises(NotFound):
            await decks.card_of(conn, bob.user_id, card)
        with pytest.raises(NotFound):
            await decks.card_of(conn, ada.user_id, card)  # not even by saying to be her
