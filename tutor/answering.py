"""One answer of the tutor: what the sandbox found, a model's words if there is one, or the ladder.

Without a model, or when it does not answer in time, gives something away twice or cannot be
checked, the offline tutor says what it knows: nothing here ends without a useful text.
"""

import asyncio
import logging
import time
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
)
from contextlib import aclosing
from dataclasses import dataclass

from domain.errors import N_
from domain.grading import Grader, Note, SandboxError
from domain.tutoring.log import Answered
from domain.tutoring.rungs import SOLVED
from tutor import offline
from tutor.diagnosis.diagnose import diagnose
from tutor.diagnosis.model import Diagnosis
from tutor.guard.guard import Guard
from tutor.judging import Exercise, Judge
from tutor.ladder import Rung, ladder, sure
from tutor.models import prompt
from tutor.models.protocol import Finish, ModelError, NoModel, TutorRequest
from tutor.presentable import cited
from tutor.question import Ended, Program, Progress, Question
from tutor.quoting import Quote, quotes
from tutor.told import Tell, rung_text
from tutor.writing import GaveAway, Streams, Tally, write

_log = logging.getLogger(__name__)
Leave = Callable[[int], Awaitable[str]]
PLACE = 2  # the rung that names a line
PATIENCE_S = 18.0  # from the question to the last word of a model; 20 are promised
TOO_LONG = N_("The answer grew too long and ends here. Ask for the rest.")
QUOTES_S = 6.0  # for judging passages of the course
BESIDE_S = 14.0  # the same while a model is asked
DIAGNOSIS_S = 8.0  # for looking at the program, waiting for a turn of the sandbox included


@dataclass(slots=True)
class _Facts:
    """What was found out before anything is said."""

    diagnosis: Diagnosis | None = None
    evidence: tuple[str, ...] = ()
    shown: str = ""


class Tutor:
    """Answers questions.

    Args:
        grader: the sandbox.
        models: that may be asked, if any.
        patience_s: seconds from the question to the last word of a model.
    """

    def __init__(
        self, grader: Grader, models: Streams | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._grader = grader
        self._models = models
        self._patience_s = patience_s

    async def answer(
        self, asked: Question, tell: Tell, leave: Leave | None = None
    ) -> AsyncGenerator[Progress, None]:
        """The answer as it grows; the last one has `ended`.

        Args:
            asked: the question.
            tell: says notes in the learner's language.
            leave: asked just before a model is, with the tokens it may take; gives why not, in a
                word for the log, or "".
        """
        tally = Tally(time.perf_counter())
        end = asyncio.get_running_loop().time() + self._patience_s
        # Looked for beside everything else, since a model may take all the time there is.
        quoted = asyncio.create_task(self._quotes(asked))
        try:
            facts = await self._facts(asked, tell)
            if facts.shown:
                yield Progress(facts.shown)
            if asked.kind == "code_review":  # what the checks found is where a model may begin
                facts.evidence = (self._offline(asked, facts, await quoted, tell),)
            reason = asked.reason
            request = self._request(asked, facts)
            if asked.allowed and self._models is not None:
                reason = await leave(self._models.estimate(request)) if leave is not None else ""
            if asked.allowed and self._models is not None and not reason:
                texts = write(self._models, request, self._judge(asked), tally, asked.allowed)
                try:
                    async with aclosing(texts):
                        while (text := await _next(texts, end)) is not None:
                            yield Progress(_joined(facts.shown, text))
                    reason = _cut_off(tally.finish)
                except NoModel as error:
                    reason = f"unavailable: {error.reason}"
                except ModelError as error:
                    reason = f"cut off: {error}"
                except GaveAway:
                    reason = "gave away"
                except TimeoutError:
                    reason = "late"
                except SandboxError:
                    reason = "unchecked"
            if tally.text and reason:
                tally.text = _joined(tally.text.rstrip(), tell(Note(offline.BROKE_OFF)))
            elif tally.finish is not None and tally.finish.reason == "length":
                tally.text = _joined(tally.text.rstrip(), tell(Note(TOO_LONG)))
            instead = self._offline(asked, facts, await quoted, tell) if reason else ""
            yield self._ended(asked, facts, tally, reason, instead)
        finally:
            quoted.cancel()

    async def _facts(self, asked: Question, tell: Tell) -> _Facts:
        """Look at the learner's program, and prepare what the offline tutor would say."""
        facts = _Facts()
        program = asked.program
        if program is not None and program.result is not None and asked.kind != "code_review":
            facts.diagnosis = await self._diagnosis(program, asked)
        if facts.diagnosis is not None:
            rungs = ladder(facts.diagnosis)[: asked.level + 1]
            facts.evidence = tuple(_told(rung, facts.diagnosis, tell) for rung in rungs)
            if asked.kind == "explanation" and facts.evidence:
                facts.shown = facts.evidence[0]
        return facts

    def _offline(
        self, asked: Question, facts: _Facts, quoted: tuple[Quote, ...], tell: Tell
    ) -> str:
        """What the offline tutor says."""
        program = asked.program
        return offline.say(
            offline.Situation(
                asked.kind,
                asked.level,
                facts.evidence,
                program.task.language if program is not None else "",
                program.main if program is not None else "",
                program is not None and program.task.mode in {"call", "assert"},
                program is not None and program.result is not None,
                quoted,
                asked.has_course,
            ),
            tell,
        )

    async def _diagnosis(self, program: Program, asked: Question) -> Diagnosis | None:
        try:
            async with (
                asyncio.timeout(DIAGNOSIS_S),
                self._grader.turns.taken(asked.conversation),
            ):
                return await diagnose(
                    self._grader,
                    program.task,
                    program.files,
                    result=program.result,
                    show_hidden=program.show_hidden,
                    accepted=program.accepted,
                )
        except (SandboxError, TimeoutError):
            return None
        except Exception:  # noqa: BLE001 - a fault of ours in an odd program must not cost the answer
            _log.exception("a program could not be diagnosed")
            return None

    async def _quotes(self, asked: Question) -> tuple[Quote, ...]:
        if asked.kind != "question":
            return ()
        judge, has_time = self._judge(asked, with_earlier=False), asked.allowed and self._models
        return await quotes(asked.passages, judge, BESIDE_S if has_time else QUOTES_S)

    def _judge(self, asked: Question, *, with_earlier: bool = True) -> Judge:
        programs = [asked.program] if asked.program is not None else []
        exercises = [
            Exercise(Guard(self._grader, one.task, one.solutions), one.main, one.level)
            for one in (*programs, *asked.others)
            if one.level < SOLVED
        ]
        earlier = asked.history if with_earlier else ()
        return Judge(exercises, [turn.answered for turn in earlier])

    def _request(self, asked: Question, facts: _Facts) -> TutorRequest:
        return TutorRequest(
            kind=asked.kind,
            level=asked.level,
            language=asked.language,
            text=asked.text,
            item=asked.item,
            files=asked.program.files if asked.program is not None else {},
            evidence=facts.evidence,
            passages=asked.passages,
            history=asked.history,
            notes=asked.notes,
            style=asked.style,
            conversation=asked.conversation,
        )

    def _ended(
        self, asked: Question, facts: _Facts, tally: Tally, reason: str, instead: str
    ) -> Progress:
        shown = _joined(facts.shown, tally.text.rstrip())
        if reason:
            shown = _joined(shown, instead.removeprefix(facts.shown).lstrip("\n"))
        keys = [passage.key for passage in asked.passages]
        cites = tuple(cited(shown, keys))
        is_model = not reason
        usage = tally.usage
        answered = Answered(
            status="answered",
            response=shown,
            context=self._context(asked, facts, tally, cites),
            provider=tally.source.provider if is_model and tally.source else offline.PROVIDER,
            model=tally.source.model if tally.source else "",
            prompt=usage.prompt,
            output=usage.output,
            thought=usage.thought,
            cached=usage.cached,
            first_ms=tally.first_ms,
            ms=round((time.perf_counter() - tally.begun) * 1000),
            leaked=bool(tally.leaks),
            reason=reason,
        )
        ended = Ended(answered, tuple(tally.bills), cites, tally.source, len(tally.leaks))
        return Progress(shown, ended)

    def _context(
        self, asked: Question, facts: _Facts, tally: Tally, cites: tuple[str, ...]
    ) -> dict[str, object]:
        """What the answer was made from, for whoever reads the log: ids, keys and figures."""
        context: dict[str, object] = {
            "passages": [passage.key for passage in asked.passages],
            "cited": list(cites),
            "turns": len(asked.history),
        }
        if tally.source is not None:
            redacted = prompt.build(self._request(asked, facts)).redacted
            context["redacted"] = list(redacted)
        if tally.leaks:
            context["leaks"] = tally.leaks
        if tally.finish is not None:
            context["finish"] = tally.finish.reason
        found = facts.diagnosis
        if found is not None:
            context |= {
                "confidence": found.confidence,
                "concept": found.concept,
                "failing_test": found.failure.name if found.failure else None,
                "cause": found.cause.key if found.cause else None,
                "lines": list(found.lines),
                "evidence": list(facts.evidence[:1]),
                "diagnosis_ms": found.ms,
            }
        return context


def _told(rung: Rung, diagnosis: Diagnosis, tell: Tell) -> str:
    """A rung; the one that names a place says how sure it is, unless it says so itself."""
    text = rung_text(rung, tell)
    if rung.level == PLACE and diagnosis.confidence in {"validated", "partly"}:
        text = _joined(text, tell(sure(diagnosis)))
    return text


def _cut_off(finish: Finish | None) -> str:
    """Why a text is no whole answer although the model ended it, in words for the log; or ""."""
    if finish is None or finish.reason in {"stop", "length"}:
        return ""
    return f"cut off: {finish.detail or finish.reason}"


async def _next(texts: AsyncIterator[str], end: float) -> str | None:
    """The next text, None after the last.

    The clock must not run over a `yield`: it would stop whoever draws the text, not the model.
    """
    async with asyncio.timeout_at(end):
        return await anext(texts, None)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
