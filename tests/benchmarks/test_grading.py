"""The short form of `python -m benchmarks.grading`, and of its soak; the long one with --soak."""

import pytest

from benchmarks import grading
from benchmarks.grading_cases import OURS
from benchmarks.grading_soak import soak


async def test_every_variant_runs_and_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    await grading.main(rounds=1, each=2)
    said = capsys.readouterr().out
    assert all(name in said for name in (*OURS, grading.COLD))
    assert "evaluations a second" in said
    assert "Memory of the sandbox" in said


async def test_nothing_is_left_behind(capsys: pytest.CaptureFixture[str]) -> None:
    assert await soak(200)
    assert "0 wrong" in capsys.readouterr().out


@pytest.mark.soak
async def test_nothing_grows_over_a_days_evaluations() -> None:
    assert await soak(200_000)
