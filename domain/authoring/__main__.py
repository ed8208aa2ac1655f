"""`python -m domain.authoring PATH...`: check courses and print every problem."""

import sys
from pathlib import Path

from domain.authoring.compiler import compile_course
from domain.authoring.sources import read_source


def main(paths: list[str]) -> int:
    """Check each folder or zip; returns 0 when all are clean of errors, 1 otherwise, 2 on usage."""
    if not paths:
        print("usage: python -m domain.authoring PATH...", file=sys.stderr)
        return 2
    failed = False
    for name in paths:
        path = Path(name)
        if not path.exists():
            print(f"{name}: there is no such folder or file", file=sys.stderr)
            return 2
        compiled = compile_course(*read_source(path))
        for problem in [*compiled.errors, *compiled.warnings]:
            print(f"{path / str(problem)}")
        failed |= bool(compiled.errors)
        print(f"{name}: {len(compiled.errors)} errors, {len(compiled.warnings)} warnings")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
