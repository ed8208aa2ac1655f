"""A round on the real database: many answers at once, and every event twice."""

import asyncio
from datetime import timedelta
from fractions import Fraction
from uuid import UUID, uuid4

import pytest

from domain.errors import NotFound, Refusal
from domain.live import (
    hosting,
    picking,
    rounds,
    scene,
)
from domain.live.options import Options, understand
from tests.domain.live.seated import Table
from tests.domain.quizzes import samples


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
