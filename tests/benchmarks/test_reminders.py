"""The benchmark of reminders in its short form: it judges, catches up, and tells what it found."""

import json

from benchmarks import reminders
from benchmarks.home import Home


async def test_a_few_learners_are_reminded_and_an_outage_is_caught_up(home: Home) -> None:
    await reminders.prepare(home, 400, anew=True)
    found = await reminders.measure(home, 400, due=60, hours=9, rounds=1)
    assert found.judged["sent"] == found.due >= 60
    assert 0 < found.outage_sent < found.outage_due < 400
    text = reminders.report(found)
    assert f"Judged: sent {found.due}." in text
    nudged = found.nudged
    assert 20 <= nudged.zones <= 40  # those in which it is day
    assert nudged.planned >= nudged.due + nudged.backlog == nudged.judged.total() >= 60
    assert set(nudged.judged) == {"sent", "nothing"}
    figures = json.loads(reminders.as_json(found))
    assert figures["outage_sent"] == found.outage_sent
    assert len(figures["goals"]) == text.count("ok   ") + text.count("MISS ") == 3
