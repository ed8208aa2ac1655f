"""The benchmark of delivery in its short form: raised limits, and real ones with a full chat."""

import pytest

from benchmarks import delivery
from benchmarks.home import Home


async def test_all_arrive_once_and_at_the_real_limits_nobody_waits_for_a_full_chat(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "FULL", 4)
    found = delivery.Found()
    await delivery.fast(home, found, messages=40, at_once=8)
    await delivery.fair(home, found, people=6)
    assert (found.messages, found.doubled, found.real_refused) == (40, 0, 0)
    assert 0 < found.real_last < found.chat_last
    text = delivery.report(found)
    assert text.count("ok   ") + text.count("MISS ") == len(found.goals) == 4
