"""Judges a reply: no exercise that it could give away, alone or with what was said before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.guard import telling
from tutor.guard.extract import prose
from tutor.guard.guard import LONGEST, Guard, Verdict
from tutor.guard.languages import english

KINDS_OF_CHANGE = 3  # from this rung on a reply may say which change is needed
_CODE = re.compile(r"[`=]|\bdef\b|\breturn\b|\bprint\b|<\w+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise that the learner has not solved.

    Args:
        guard: judges replies about it.
        program: what the learner has written for it so far, or the file to start with.
        level: the rung that the reply may climb to.
    """

    guard: Guard
    program: str
    level: int


class Judge:
    """Judges what one answer says.

    Args:
        exercises: that are not solved, the one that is talked about first; none: all is allowed.
        earlier: what the tutor said before about the same thing. A solution that is spread over
            several answers is stopped with the answer that completes it.
    """

    def __init__(self, exercises: Sequence[Exercise], earlier: Sequence[str] = ()) -> None:
        self._exercises = exercises
        self._earlier = "\n\n".join(earlier)

    async def check(self, reply: str, _learner: str = "") -> Verdict:
        """Judge what was said so far.

        Raises:
            SandboxError: nothing can be run; then nothing may be sent.
        """
        if len(reply) > LONGEST:
            return Verdict("solution", f"longer than {LONGEST} characters, so it was not read")
        for number, one in enumerate(self._exercises):
            if number and not _CODE.search(reply):
                continue  # words alone are judged for what is talked about
            verdict = await one.guard.check(reply, one.program, in_words=not number)
            if _matters(verdict, one.level):
                return verdict
        return await self._with_earlier(reply)

    async def _with_earlier(self, reply: str) -> Verdict:
        if not (self._exercises and self._earlier and _says_something(reply)):
            return Verdict()
        room = LONGEST - len(reply) - 2
        if room <= 0:
            return Verdict()
        one = self._exercises[0]
        verdict = await one.guard.check(f"{self._earlier[-room:]}\n\n{reply}", one.program)
        if verdict.kind == "fix" and one.level < KINDS_OF_CHANGE:
            # Only what this reply completes: an earlier answer may have said it on a higher rung.
            before = await one.guard.check(self._earlier[-room:], one.program)
            return Verdict(ran=verdict.ran) if before.gives_away else verdict
        return verdict if verdict.kind == "solution" else Verdict(ran=verdict.ran)


def _says_something(reply: str) -> bool:
    """Whether a reply holds code, or asks for something to be done: it may be the last piece."""
    return _CODE.search(reply) is not None or telling.orders(english(prose(reply)))


def _matters(verdict: Verdict, level: int) -> bool:
    if verdict.kind == "fix":
        return level < KINDS_OF_CHANGE
    return verdict.gives_away
