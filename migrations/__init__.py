"""The database's history, one step after another; works from an installed package too."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent
_ASSIGNMENT = r"^{name}(?:\s*:[^=\n]+)?\s*=\s*(?:None|['\"]([\w.-]+)['\"])"
_REVISION = re.compile(_ASSIGNMENT.format(name="revision"), re.MULTILINE)
_PARENT = re.compile(_ASSIGNMENT.format(name="down_revision"), re.MULTILINE)


def head() -> str | None:
    """The newest revision, read from the files without importing Alembic; None: there is none.

    Raises:
        ValueError: the history has several ends.
    """
    revisions: set[str] = set()
    parents: set[str] = set()
    for path in (FOLDER / "versions").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        revisions |= {match[1] for match in _REVISION.finditer(text) if match[1]}
        parents |= {match[1] for match in _PARENT.finditer(text) if match[1]}
    ends = revisions - parents
    if len(ends) > 1:
        raise ValueError(f"the migrations have several ends: {', '.join(sorted(ends))}")
    return next(iter(ends), None)
