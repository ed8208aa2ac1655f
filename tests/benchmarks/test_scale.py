"""The short form of `python -m benchmarks.scale`."""

from benchmarks import scale
from benchmarks.home import Home

SIZE = {"learners": 40, "items": 100, "attempts": 2000, "courses": 200, "days": 60}
SHORT = [f"--{name}={value}" for name, value in SIZE.items()]
SHORT += ["--samples=8", "--at-once", "1", "4"]


async def test_it_makes_measures_and_uses_the_data_again(home: Home) -> None:
    chosen = scale.options(SHORT)
    sizes = scale.sizes_of(chosen)
    await scale.prepare(home, sizes, anew=False)
    measured = await scale.targets(home, sizes, chosen.samples, chosen.at_once)
    names = {one.target.name for one in measured}
    assert len(names) == 10
    assert len(measured) == 7 * 2 + 3, "reports are measured one at a time"
    assert all(len(one.times.seconds) == 8 for one in measured)
    # Not a measurement: other tests run beside this one. Far off is still an error.
    assert all(one.times.p50 < 20 * one.target.limit for one in measured)
    shown = scale.target_table(measured)
    assert all(name in shown for name in names)

    await scale.prepare(home, sizes, anew=False)
    async with home.owner(scale.NAME) as connection:
        finished = await connection.fetchval(
            "SELECT count(*) FROM activity_ledger WHERE created_at > now() - interval '1 hour'"
        )
    assert finished > 0, "the data of the first run, with what was measured on it"


async def test_storage_counts_partitions_and_indexes(home: Home) -> None:
    await scale.prepare(home, scale.sizes_of(scale.options(SHORT)), anew=True)
    shown = await scale.storage(home)
    lines = {line.split()[0]: line.split() for line in shown.splitlines() if "," in line}
    rows, heap, index, both = lines["user_progress"][1:5]
    assert rows == "4,000"
    assert int(heap) + int(index) - int(both) in {-1, 0, 1}
    assert int(lines["challenge_attempts"][4]) > 200
