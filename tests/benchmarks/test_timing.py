"""Percentiles are of the durations that were measured, never between them."""

from benchmarks.timing import Times, machine, table


def test_percentiles_are_the_nearest_rank() -> None:
    times = Times(tuple(n / 1000 for n in range(100, 0, -1)))
    assert times.p50 == 50
    assert times.p99 == 99
    assert times.at(100) == 100
    assert Times((0.004,)).p50 == Times((0.004,)).p99 == 4


def test_a_table_keeps_its_columns_under_their_heads() -> None:
    lines = table(["request", "ms"], [["next page", "1.25"], ["progress", "12.50"]]).splitlines()
    assert lines == [
        "request       ms",
        "---------  -----",
        "next page   1.25",
        "progress   12.50",
    ]


def test_the_machine_is_told_in_words() -> None:
    assert "PostgreSQL 18" in machine()
    assert "/" not in machine()
