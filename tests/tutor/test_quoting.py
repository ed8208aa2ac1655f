"""Passages are quoted when they give nothing away, and named when that cannot be told in time."""

import asyncio

import pytest

from domain.grading import SandboxError
from tutor.guard.guard import Verdict
from tutor.models.protocol import Passage
from tutor.quoting import Quote, excerpt, quotes

ONE, TWO, SHOWS, LAST = (
    Passage(f"L1.{number}", f"Part {number}", text)
    for number, text in enumerate(("A loop.", "A list.", "return max(values)", "A name."), start=1)
)


class Judge:
    """Stops what returns something; at the word given it fails or never ends."""

    def __init__(self, stops_at: str = "", fault: type[Exception] | None = None) -> None:
        self._stops_at = stops_at
        self._fault = fault

    async def check(self, reply: str, learner: str = "") -> Verdict:
        """Judge a passage."""
        if self._stops_at and self._stops_at in reply:
            if self._fault is not None:
                raise self._fault("it cannot be judged")
            await asyncio.Event().wait()
        return Verdict("solution", "it returns") if "return" in reply else Verdict()


def quoted(*passages: Passage) -> tuple[Quote, ...]:
    return tuple(Quote(one, one.text) for one in passages)


async def test_the_first_two_that_give_nothing_away_are_quoted() -> None:
    assert await quotes((SHOWS, ONE, SHOWS, TWO, LAST), Judge(), 60) == quoted(ONE, TWO)
    assert await quotes((SHOWS, ONE), Judge(), 60) == quoted(ONE)
    assert await quotes((), Judge(), 60) == ()


@pytest.mark.parametrize("fault", [None, SandboxError, KeyError])
async def test_what_cannot_be_judged_is_named_only(fault: type[Exception] | None) -> None:
    judge = Judge("list", fault)
    named = (*quoted(ONE), Quote(TWO))
    assert await quotes((ONE, SHOWS, TWO, LAST), judge, patience_s=0.05) == named
    assert await quotes((TWO, LAST), judge, patience_s=0.05) == (Quote(TWO), Quote(LAST))


def test_an_excerpt_is_whole_paragraphs_and_whole_blocks() -> None:
    block = "```python\nx = 1\n\ny = 2\n```"
    assert excerpt(f"\n\nFirst.\n\n{block}\n\n{'word ' * 100}") == f"First.\n\n{block}"
    assert excerpt("word " * 200).count("word") == 200  # never nothing
