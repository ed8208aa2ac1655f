"""Says whether a reply gives the solution or a fix away, by running what it offers.

Not the words decide but the tests: code in a reply is run against them, and a change that it asks
for is made in the learner's program, which is then run. Whatever passes more tests than the
learner's own program was given away.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from domain.grading import Task
from tutor.diagnosis.lab import Grades, Lab, called
from tutor.diagnosis.model import Change, Edit
from tutor.diagnosis.program import Program, parameters
from tutor.diagnosis.search import edited
from tutor.guard import directives, extract, mending, pages, similarity, splice, steps, telling
from tutor.guard.disguises import decoded, readings
from tutor.guard.extract import programs
from tutor.guard.languages import english
from tutor.guard.offers import Offer, in_turn, together
from tutor.guard.repair import runnable
from tutor.guard.sentences import without_messages
from tutor.guard.telling import Fix
from tutor.guard.translate import translations

Kind = Literal["", "solution", "fix"]

LONGEST = 8_000  # characters of a reply; what is longer is not read and not let through
_PROGRAMS = 260  # programs of one reply that are run
_HELPS = "the change it offers makes more tests pass"
_SECONDS = 0.012  # processor time of one run
# Processor time is what counts: on a busy machine the same replies are stopped, only later.
_BUDGET_CPU_MS, _BUDGET_S = 2500, 12.0
_MENDING_CPU_MS = 1500  # for changes that a reply may tell in words, once for each program


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply gives away.

    Args:
        kind: "solution", "fix", or "" for nothing.
        why: for logs and authors; English.
        evidence: the code or words that did it; never for the learner.
        ran: how many programs were run.
        ms: wall time in milliseconds.
    """

    kind: Kind = ""
    why: str = "nothing that helps the tests"
    evidence: str = ""
    ran: int = 0
    ms: float = 0.0

    @property
    def gives_away(self) -> bool:
        """Whether the reply must not be sent as it is."""
        return bool(self.kind)


class Guard:
    """Checks replies about one challenge.

    Args:
        grader: the sandbox.
        task: the challenge.
        solutions: texts of programs that pass, such as the author's; they are compared with.
    """

    def __init__(self, grader: Grades, task: Task, solutions: Sequence[str] = ()) -> None:
        self.grader, self.task = grader, task
        self.solutions = tuple(solutions)
        self.wanted = called(task)
        self._passed: dict[str, frozenset[int]] = {}
        self._fixes: dict[str, tuple[Fix, ...]] = {}

    async def check(self, reply: str, learner: str = "", *, in_words: bool = True) -> Verdict:
        """Check one reply, or what was shown of it so far.

        Args:
            reply: as the learner would get it.
            learner: the learner's present program, or "" when there is none.
            in_words: whether fixes in words alone count; the first time they cost a search.

        Raises:
            SandboxError: nothing can be run; then nothing may be sent unchecked.
        """
        begin = time.perf_counter()
        if len(reply) > LONGEST:
            return Verdict("solution", f"longer than {LONGEST} characters, so it was not read")
        try:
            verdict = await self._check(reply, learner.replace("\r\n", "\n"), in_words=in_words)
        except RecursionError:
            return Verdict("solution", "nested too deeply to be read")
        return replace(verdict, ms=round((time.perf_counter() - begin) * 1000, 1))

    async def _check(self, reply: str, learner: str, *, in_words: bool) -> Verdict:
        if self.task.language != "python":
            return await self._page(reply, learner)
        lab = Lab(self.grader, self.task, {self.task.main: learner})
        mine = await self._passes(lab, learner)
        every = frozenset(range(len(self.task.tests)))
        if mine == every:
            return Verdict(why="the learner has solved it")
        whole, ordered, mentioned = await asyncio.to_thread(self._offers, reply, learner)
        offered, asked = [*ordered, *mentioned], len(ordered)
        size = len(learner.encode())
        edits = [[Edit("", 1, (Change(0, size, text),))] for text in whole]
        edits += [[Edit("", 1, changes)] for _, changes in offered]
        lab.deadline, lab.cpu_most_ms = time.perf_counter() + _BUDGET_S, _BUDGET_CPU_MS
        passes = await self._run(lab, edits, mine)
        for text, passed in zip(whole, passes, strict=False):
            if passed == every:
                return Verdict("solution", "a program in it passes every test", text, len(edits))
        for place, ((words, _), passed) in enumerate(
            zip(offered, passes[len(whole) :], strict=True)
        ):
            if mine < passed and (place < asked or _mostly(mine, passed, every)):
                return Verdict("fix", _HELPS, words, len(edits))
        told = await self._told(lab, reply, learner, mine) if in_words else ""
        if told:
            return Verdict("fix", "its words tell a change that mends the program", told)
        pairs = together(offered)
        passes = await self._run(lab, [[Edit("", 1, changes)] for _, changes in pairs], mine)
        for (words, _), passed in zip(pairs, passes, strict=True):
            if mine < passed and _mostly(mine, passed, every):
                return Verdict("fix", _HELPS, words, len(edits) + len(pairs))
        return replace(self._compared(reply, learner), ran=len(edits) + len(pairs))

    def _offers(self, reply: str, learner: str) -> tuple[list[str], list[Offer], list[Offer]]:
        """Whole programs in a reply, changes that it asks for, and code that it mentions."""
        texts = readings(reply)
        whole = list(self._programs(texts, learner))
        program = _read(learner)
        if program is None or not learner.strip():
            return whole, [], []
        ordered = [one for text in texts for one in directives.variants(text, program)]
        mentioned = [one for text in texts for one in splice.variants(text, program)]
        return whole, ordered, mentioned

    async def _told(self, lab: Lab, reply: str, learner: str, mine: frozenset[int]) -> str:
        """The words of a reply that tell a change without its code; "" when none do."""
        texts = english(without_messages(extract.prose(readings(reply)[0])))
        if not learner.strip() or not telling.orders(texts):
            return ""
        if learner not in self._fixes:
            self._fixes[learner] = await self._mended(lab, learner, mine)
        return telling.tells(texts, self._fixes[learner])

    async def _mended(self, lab: Lab, learner: str, mine: frozenset[int]) -> tuple[Fix, ...]:
        """Small changes that make more tests pass: the best of them."""
        program = _read(learner)
        if program is None:
            return ()
        edits = mending.changes(program, self.wanted, self.solutions)
        lab.deadline, lab.cpu_most_ms = time.perf_counter() + _BUDGET_S, _MENDING_CPU_MS
        passes = await self._run(lab, [[one] for one in edits], mine)
        every = frozenset(range(len(self.task.tests)))
        good = [
            (len(passed), number)
            for number, passed in enumerate(passes)
            if mine < passed and _mostly(mine, passed, every)
        ]
        most = max((count for count, _ in good), default=0)
        afters = [edited(learner, edits[number].changes) for count, number in good if count == most]
        found = [telling.fix(learner, after) for after in afters]
        return tuple(one for one in found if one is not None)

    async def _page(self, reply: str, learner: str) -> Verdict:
        """For a page: what the reply holds is loaded and tested like a submission."""
        main, ran = self.task.main, 0
        texts = (reply, *decoded(reply), *readings(reply))
        mine = await self._met({main: learner}) if learner.strip() else frozenset()
        for code, files in pages.submissions(texts, main, learner, self.solutions):
            ran += 1
            met = await self._met(files)
            if len(met) == len(self.task.tests):
                return Verdict("solution", "a page in it passes every test", code, ran)
            # Of the learner's other files nothing is known, so only a page can be better than it.
            if learner.strip() and set(files) == {main} and mine < met:
                return Verdict("fix", _HELPS, code, ran)
            share = similarity.alike(code, self.solutions, learner)
            if share >= similarity.SHARE:
                why = f"{share:.0%} of a stored solution's lines stand in it"
                return Verdict("solution", why, code, ran)
        return Verdict(ran=ran)

    async def _met(self, files: Mapping[str, str]) -> frozenset[str]:
        """The tests that a page passes."""
        result = await self.grader.grade(self.task, files)
        return frozenset(one.id for one in result.tests if one.status == "passed")

    async def _run(
        self, lab: Lab, edits: Sequence[Sequence[Edit]], mine: frozenset[int]
    ) -> list[frozenset[int]]:
        """Which tests each change passes; of what fixes none of the failing ones, not all."""
        every = range(len(self.task.tests))
        failing = [number for number in every if number not in mine]
        order = [*failing, *sorted(mine)]
        found = [frozenset[int]()] * len(edits)
        first = await lab.outcomes(edits, order[:1], {}, _SECONDS)
        open_ = [place for place, one in enumerate(first) if one.get(order[0])]
        if len(failing) > 1:  # a fix of another test only
            rest = [place for place in range(len(edits)) if place not in set(open_)]
            second = await lab.outcomes(
                [edits[place] for place in rest], failing[1:2], {}, _SECONDS
            )
            open_ += [place for place, one in zip(rest, second, strict=True) if any(one.values())]
        whole = await lab.outcomes([edits[place] for place in open_], order, {}, _SECONDS)
        for place, one in zip(open_, whole, strict=True):
            found[place] = frozenset(number for number, met in one.items() if met)
        return found

    async def _passes(self, lab: Lab, learner: str) -> frozenset[int]:
        if learner not in self._passed:
            if len(self._passed) > 64:
                self._passed.clear()
            results = await lab.outcomes([[]], range(len(self.task.tests)), {}, _SECONDS)
            self._passed[learner] = frozenset(number for number, met in results[0].items() if met)
        return self._passed[learner]

    def _programs(self, texts: Sequence[str], learner: str) -> Iterator[str]:
        given = self._parameters(learner)
        seen = {_tight(learner)}
        for text in texts:
            scraps = list(programs(text))
            for one in (*scraps[:12], text):
                for translated in translations(one):
                    scraps.append(translated)
                    scraps += programs(translated)[:3]
            # One candidate of each in turn, so that no scrap uses up what may be run.
            for candidate in in_turn(
                runnable(scrap, self.wanted, given) for scrap in dict.fromkeys(scraps)
            ):
                key = _tight(candidate)
                if key not in seen and len(seen) <= _PROGRAMS:
                    seen.add(key)
                    yield candidate

    def _parameters(self, learner: str) -> list[list[str]]:
        """Names of parameters that a body without its first line may use."""
        found: list[list[str]] = []
        for text in (learner, *self.solutions[:3]):
            program = _read(text)
            found += [
                parameters(function)
                for function in (program.functions if program else ())
                if function.name in self.wanted
            ]
        for test in self.task.tests[:1]:
            args = test.spec.get("args")
            if isinstance(args, list):
                found.append([f"x{number}" for number in range(len(args))])
        return [list(one) for one in dict.fromkeys(map(tuple, found))] or [[]]

    def _compared(self, reply: str, learner: str) -> Verdict:
        """Without running: stored solutions beside the reply's code and its steps."""
        for text in readings(reply):
            for scrap in programs(text)[:20]:
                for candidate in list(runnable(scrap, [], []))[:4]:
                    share = similarity.shared(candidate, self.solutions, learner)
                    if share >= similarity.SHARE:
                        why = f"{share:.0%} of a stored solution's statements stand in it"
                        return Verdict("solution", why, candidate)
            if steps.whole(text, self.solutions):
                return Verdict("solution", "its steps go through a whole stored solution", text)
        return Verdict()


def _mostly(mine: frozenset[int], passed: frozenset[int], every: frozenset[int]) -> bool:
    """Whether most failing tests pass now: code that is only mentioned helps some by accident."""
    return 2 * len(passed - mine) >= len(every - mine)


@lru_cache(maxsize=64)
def _read(text: str) -> Program | None:
    try:
        return Program.read(text)
    except SyntaxError:
        return None


def _tight(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())
