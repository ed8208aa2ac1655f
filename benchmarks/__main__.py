"""Run the benchmarks one after another: `make bench`, or `make bench ARGS="requests matcher"`.

Each runs in a process of its own, so that none warms the machine's caches for the next. What it
prints is kept in `benchmarks/results/`. Exit code 1 when one misses its aim.
"""

import argparse
import subprocess
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
# What benchmarks start: bots, and learners on loopback platforms.
PARTS = frozenset(
    {"delivery_chats", "discord_echo", "discord_load", "telegram_bot", "telegram_load"}
)
NAMES = tuple(
    path.stem
    for path in sorted(Path(__file__).parent.glob("*.py"))
    if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
    and path.stem not in {"__main__", *PARTS}
)


def run(name: str) -> bool:
    """Run one benchmark and keep its table; whether it reached its aim."""
    sys.stderr.write(f"== {name}\n")
    done = subprocess.run(  # noqa: S603 - own programs
        [sys.executable, "-m", f"benchmarks.{name}"], stdout=subprocess.PIPE, text=True, check=False
    )
    sys.stdout.write(done.stdout)
    sys.stdout.flush()
    (RESULTS / f"{name}.txt").write_text(done.stdout, encoding="utf-8")
    return done.returncode == 0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    chosen = parser.parse_args().names or NAMES
    unknown = sorted(set(chosen) - set(NAMES))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    missed = [name for name in chosen if not run(name)]
    if missed:
        sys.stderr.write(f"Missed: {', '.join(missed)}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
