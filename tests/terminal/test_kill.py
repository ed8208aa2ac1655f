"""A chat that is killed at any moment: what was answered stays, and nothing counts twice."""

import asyncio
import re
import time
from random import Random

import asyncpg
import pytest

from domain.postgres import EmbeddedServer
from tests.support.stoa import Pipe, Stoa

LATEST_KILL_S = 0.06  # after a line was sent; most lines are answered by then
_TOTALS = """
    SELECT (SELECT count(*) FROM assessment_attempts a WHERE a.user_id = i.user_id) AS attempts,
           (SELECT count(*) FROM assessment_attempts a
            WHERE a.user_id = i.user_id AND a.status = 'graded') AS graded,
           (SELECT coalesce(sum(l.xp), 0) FROM activity_ledger l
            WHERE l.user_id = i.user_id)::int AS ledger_xp,
           (SELECT s.xp FROM user_stats s WHERE s.user_id = i.user_id)::int AS shown_xp,
           (SELECT count(*) FROM activity_ledger l
            WHERE l.user_id = i.user_id AND l.kind = 'lesson') AS lessons,
           (SELECT count(*) FROM user_progress p JOIN components c ON c.id = p.component_id
            WHERE p.user_id = i.user_id AND c.kind = 'lesson' AND p.status = 'completed') AS done,
           (SELECT count(*) FROM assessment_answers w JOIN assessment_attempts a
            ON a.id = w.attempt_id WHERE a.user_id = i.user_id AND w.answered_at IS NULL) AS open
    FROM identities i WHERE i.provider = 'terminal' AND i.subject = $1
"""
# Nobody takes over an attempt before its lease has ended; this is half a minute later.
_LATER = """
    UPDATE challenge_attempts a SET lease_until = a.lease_until - interval '1 minute'
    FROM identities i WHERE i.user_id = a.user_id AND i.subject = $1 RETURNING a.id
"""


def reached(reply: str) -> float:
    """How far a reply is on the way through the first lesson and its quiz."""
    if "Pass mark" in reply:
        return 100
    if found := re.search(r"Question (\d+) of", reply):
        return 10 + int(found[1])
    if "Say hello is finished" in reply:
        return 10
    found = re.search(r"Say hello · Lesson 1 of \d+ · page (\d+) of", reply)
    return int(found[1]) if found else 0


def next_line(reply: str) -> str:
    """What a learner types then; the kind of question does not matter, nor whether it is right."""
    last = reply.rstrip().split("\n")[-1]
    for label in ("Finish lesson", "Next page", "Take quiz", "See the result"):
        if f"] {label}" in reply:
            return label
    if last.endswith(":"):
        return "7"
    if "Match 1 of" in reply:
        return " ".join(
            f"{n}a" for n in range(1, 1 + int(re.findall(r"Match 1 of (\d+)", reply)[0]))
        )
    if "Press the numbers in order" in reply:
        return " ".join(re.findall(r"^(\d+)\. ", reply, re.MULTILINE))
    return "Next" if "] Next" in last else "a"


def walk(chat: Pipe, seen: float, cut_off: str, last: int) -> tuple[float, str]:
    """Go on from where the learner stands; every answer must be at least as far as the last.

    Args:
        chat: freshly started.
        seen: how far the answers before the kill were.
        cut_off: the line that was sent before the kill and perhaps not answered.
        last: how many lines are answered before the walk ends.

    Returns:
        How far it came, and the line that would come next.
    """
    reply = chat.ask("/quiz" if 10 < seen < 100 else "/learn python")
    if cut_off == "See the result" and "Which quiz?" in reply:
        return 100, ""  # it was handed in, and nobody saw the result
    assert reached(reply) >= seen, f"was at {seen}, and then:\n{reply}"
    while reached(reply) < 100:
        seen, line = max(seen, reached(reply)), next_line(reply)
        if not last:
            return seen, line
        last -= 1
        reply = chat.ask(line)
    return 100, ""


async def ask_database(stoa: Stoa, query: str, name: str) -> list[asyncpg.Record]:
    server = EmbeddedServer(stoa.data).start()
    try:
        connection = await asyncpg.connect(**server.connect_arguments(database="stoa"))
        try:
            return list(await connection.fetch(query, name))
        finally:
            await connection.close()
    finally:
        server.release()


def kill_at_random_moments(stoa: Stoa, seed: int, kills: int) -> None:
    random, name = Random(seed), f"killed-{seed}"  # noqa: S311
    seen, line = 0.0, ""
    for number in range(kills + 1):
        if seen == 100:
            break
        with stoa.start(name) as chat:
            seen, line = walk(chat, seen, line, random.randint(0, 5) if number < kills else 99)
            if line:
                chat.send(line)
                time.sleep(random.uniform(0, LATEST_KILL_S))
    assert seen == 100
    (found,) = asyncio.run(ask_database(stoa, _TOTALS, name))
    assert dict(found) == {
        "attempts": 1,
        "graded": 1,
        "ledger_xp": found["shown_xp"],
        "shown_xp": found["shown_xp"],
        "lessons": 1,
        "done": 1,
        "open": 0,
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_chat_loses_nothing_and_counts_nothing_twice(stoa: Stoa, seed: int) -> None:
    kill_at_random_moments(stoa, seed, kills=3)


def test_code_that_was_taken_before_a_kill_is_judged_once_afterwards(stoa: Stoa) -> None:
    name = "killed-code"
    stoa.says(name, "/learn python", *["Next page"] * 3, "Finish lesson")
    with stoa.start(name) as chat:
        chat.ask("/code door-greeter")
        for line in ("```python", "import time", "time.sleep(60)"):
            chat.send(line)
        chat.ask("```", until="Running…")
    assert asyncio.run(ask_database(stoa, _LATER, name))
    with stoa.start(name) as chat:
        assert "0 of 6 tests passed" in chat.ask("/code door-greeter")
        history = chat.ask("/code history")
    assert "1 attempt, newest first" in history
    assert "out of time" in history


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_killed_chats(stoa: Stoa, seed: int) -> None:
    kill_at_random_moments(stoa, seed, kills=6)
