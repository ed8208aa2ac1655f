"""The benchmark of reminders in its short form: it judges, catches up, and tells what it found."""

import json

from benchmarks import reminders
from benchmarks.home import Home


async def test_a_few_learners_are_reminded_and_an_outage_is_caught_up(home: Home) -> None:
    await reminders.prepare(home, 400, anew=True)
    found = await reminders.measure(home, 400, due=60, hours=9, sets=2)
    assert found.judged["sent"] == found.due >= 60
    assert 0 < found.outage_sent < found.outage_due < 400
    text = reminders.report(found)
    assert f"Judged: sent {found.due}." in text
    figures = json.loads(reminders.as_json(found))
    assert figures["outage_sent"] == found.outage_sent
    assert len(figures["goals"]) == text.count("ok   ") + text.count("MISS ") == 3
