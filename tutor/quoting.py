"""What is quoted of a course: passages that give no exercise away, judged in time."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from domain.grading import SandboxError
from tutor.guard.stream import Checks
from tutor.models.protocol import Passage

_log = logging.getLogger(__name__)
EXCERPT = 420  # characters of a passage that are quoted
QUOTED = 2  # passages


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage with what may be quoted of it; "" where the lesson can only be named."""

    passage: Passage
    text: str = ""


async def quotes(
    passages: Sequence[Passage], judge: Checks, patience_s: float
) -> tuple[Quote, ...]:
    """The best passages that may be quoted: a lesson can show how its exercise is solved.

    Where that cannot be told, or not in time, a lesson is named and nothing of it is quoted.

    Args:
        passages: best first.
        judge: says whether a text gives something away.
        patience_s: seconds for all of it.
    """
    found: list[Quote] = []
    left = list(passages)
    try:
        async with asyncio.timeout(patience_s):
            while left and len(found) < QUOTED:
                text = excerpt(left[0].text)
                gives_away = (await judge.check(text)).gives_away
                passage = left.pop(0)
                if not gives_away:
                    found.append(Quote(passage, text))
    except (SandboxError, TimeoutError):
        pass
    except Exception:  # noqa: BLE001 - a fault of ours must not cost the answer
        _log.exception("a passage could not be judged")
    return (*found, *(Quote(passage) for passage in left[: QUOTED - len(found)]))


def excerpt(text: str) -> str:
    """The beginning of a passage, whole paragraphs and whole code blocks only."""
    parts: list[list[str]] = [[]]
    is_fenced = False
    for line in text.strip().splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            is_fenced = not is_fenced
        if line.strip() or is_fenced:
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    kept: list[str] = []
    size = 0
    for part in ("\n".join(lines) for lines in parts if lines):
        if kept and size + len(part) > EXCERPT:
            break
        kept.append(part)
        size += len(part)
    return "\n\n".join(kept)
