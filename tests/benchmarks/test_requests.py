"""The short form of `python -m benchmarks.requests`, and that both sides did the same."""

from benchmarks import requests, scenario
from benchmarks.home import Home
from benchmarks.recording import recorded
from benchmarks.requests import FLOOR, PRODUCT
from benchmarks.rounds import Shape
from domain.sql import sql

NAMES = ["next page", "quiz answer", "submit attempt", "progress", "courses search"]
# Without what the server or the moment decides: its own ids and its own clock.
_STATE = {
    "user_progress": "user_id, component_id, status, last_position, total_attempts, seconds_spent",
    "assessment_answers": "attempt_id, question_id, user_answer, is_correct, points_earned",
    "assessment_attempts": "id, user_id, assessment_id, attempt_number, status",
    "challenge_attempts": "id, user_id, component_id, files, status, submitted_at",
    "learning_sessions": "user_id, component_id, started_at, ended_at, interaction_count",
    "conversations": "identity_id, place_id, state, version",
    "enrollments": "user_id, course_id, last_component_id, seconds_spent",
}


async def _state(home: Home, name: str) -> dict[str, str]:
    async with home.owner(name) as connection:
        return {
            table: await connection.fetchval(
                f"SELECT md5(string_agg(r::text, ',' ORDER BY r::text))"
                f" FROM (SELECT {columns} FROM {table}) r"
            )
            for table, columns in _STATE.items()
        }


async def test_both_sides_do_the_same_work(home: Home) -> None:
    shape = Shape(requests=12, rounds=2, at_once=(1, 3), warm_up=6)
    rows = await requests.run(home, shape)
    assert [row.name for row in rows] == [name for name in NAMES for _ in range(2)]
    for row in rows:
        assert len(row.product.seconds) == len(row.floor.seconds) == 24
        assert min(row.product.processor + row.floor.processor) > 0
    # Not a measurement; beside other tests only a wild ratio means something.
    assert all(row.ratio < 4 * requests.GOAL for row in rows)
    shown = requests.report(rows)
    assert all(name in shown for name in NAMES)
    assert await _state(home, PRODUCT) == await _state(home, FLOOR)


async def test_each_stream_asks_for_what_its_name_says(home: Home) -> None:
    await requests.prepare(home, 12)
    async with home.owner(requests.BASE) as connection:
        people = await scenario.students(connection)
    database = home.database(requests.BASE)
    try:
        person = requests.router(database, home)
        said = {}
        for stream in scenario.streams(people, 20):
            for incoming in stream.before:
                await scenario.answer(person, incoming)
            said[stream.name] = [await scenario.answer(person, one) for one in stream.events]
    finally:
        await database.close()
    assert list(said) == NAMES
    assert all("page" in text for (text, *_) in said["next page"])
    assert {text.split("**")[1] for (text, *_) in said["quiz answer"]} == {"Right."}
    assert all("Running" in text for (text, *_) in said["submit attempt"])
    assert all("Your courses" in text for (text, *_) in said["progress"])
    assert all("course" in text for (text, *_) in said["courses search"])


async def test_a_recording_has_transactions_and_what_was_sent_in_them(home: Home) -> None:
    await home.make("recorded")
    database = home.database("recorded")
    one = sql("SELECT CAST(:n AS int) AS n")
    language = sql("INSERT INTO languages (code, name) VALUES (:code, :name)")
    try:
        async with database.worker_unit_of_work() as conn:
            await conn.execute(one, {"n": 0})
        with recorded() as recording:
            async with database.worker_unit_of_work() as conn:
                await conn.execute(one, {"n": 1})
                values = [{"code": "xa", "name": "Xa"}, {"code": "xb", "name": "Xb"}]
                await conn.execute(language, values)
            async with database.worker_unit_of_work() as conn:
                await conn.execute(one, {"n": 2})
    finally:
        await database.close()
    first, second = recording.transactions
    assert [sent.rows for sent in first] == [((1,),), (("xa", "Xa"), ("xb", "Xb"))]
    assert [sent.is_many for sent in first] == [False, True]
    assert [sent.rows for sent in second] == [((2,),)]
