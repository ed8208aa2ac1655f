"""What a model is asked and what it gives back; the same for every provider.

A request holds no name, no handle, no platform id, no reference solution and no hidden test: it is
built from what the learner sees. A provider only carries it; what may be shown is decided by the
guard, and whether a provider is asked at all by budgets and consent.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

from domain.errors import StoaError

Kind = Literal["question", "hint_request", "explanation", "code_review"]
Finished = Literal["stop", "length", "blocked", "other"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a course that may be cited.

    Args:
        key: how the answer cites it, such as "L3.2"; unique in one request.
        title: of the lesson and section, as the learner sees it.
        text: what it says.
    """

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One earlier question of the same learner about the same thing, with what was answered."""

    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class TutorRequest:
    """One turn.

    Args:
        kind: what the learner asks for.
        level: the highest rung of help the answer may climb to, 0 (evidence) to 4 (a worked
            example on another theme); 5: the exercise is solved and nothing has to be kept back.
        language: BCP 47 tag of the language to answer in.
        text: the learner's words. Data, never instructions.
        item: the exercise or lesson as the learner sees it; "" outside of any.
        files: the learner's program by file name. Data as well.
        evidence: what the sandbox and the offline tutor found, in sentences.
        passages: parts of the course that the answer may cite.
        history: the last turns, oldest first.
        notes: what the course's author tells the tutor about this item.
        style: asks more questions, or explains more directly, as the learner likes it.
        strict: the turn before gave something away; show no code at all.
        conversation: a pseudonym of learner and conversation, for the provider's abuse checks.
    """

    kind: Kind
    level: int
    language: str
    text: str
    item: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    history: tuple[Exchange, ...] = ()
    notes: str = ""
    style: Literal["questions", "balanced", "direct"] = "balanced"
    strict: bool = False
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer, cut anywhere."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a try cost, in tokens. Of a provider the last one counts, of the router all of them."""

    prompt: int
    output: int
    thought: int = 0
    cached: int = 0

    @property
    def tokens(self) -> int:
        """All that is billed; what was cached is part of the prompt."""
        return self.prompt + self.output + self.thought


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of an answer. "blocked": the provider refused; there may be no text at all."""

    reason: Finished
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Who is asked now: the router says it before each try.

    Args:
        provider: the key of the service, as `domain.tutoring.destinations` names it.
        model: the model's name.
    """

    provider: str
    model: str


@dataclass(frozen=True, slots=True)
class Bill:
    """What one try cost, and whose; estimated where the service never said it."""

    source: Source | None
    usage: Usage


Part = Source | Delta | Usage | Finish


class ModelError(StoaError):
    """A model did not answer; each subclass says whether another try makes sense."""


class Retryable(ModelError):
    """A fault that may pass: overloaded, cut off, no answer in time.

    Args:
        after: how long the provider asks to be left alone; None: it did not say.
    """

    def __init__(self, message: str, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class Exhausted(Retryable):
    """The provider's quota is used up (429)."""


class Blocked(ModelError):
    """The provider will not answer this question."""


class Rejected(ModelError):
    """The service cannot read this one request (400); another one may well be answered."""


class Misconfigured(ModelError):
    """The key, the model's name or the address is wrong; only a person can mend that."""


class NoModel(ModelError):
    """No model answered, and no text was given yet: the offline tutor can take the turn.

    Args:
        reason: why, in a few words, for the log; holds nothing of the learner and no key.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Provider(Protocol):
    """One model of one service.

    `stream` yields `Delta`s, at least one `Usage` where the service counts, and one `Finish` last.
    It raises `ModelError` and nothing else, also for cut connections and unreadable answers;
    cancelling it closes the connection. It neither retries nor waits: `tutor.models.router` does.
    """

    @property
    def name(self) -> str:
        """The key of the service, such as "gemini"; consent is given for it."""
        ...

    @property
    def model(self) -> str:
        """The model's name, as the service knows it."""
        ...

    def stream(self, request: TutorRequest, *, timeout_s: float) -> AsyncIterator[Part]:
        """The answer to one request, as it comes."""
        ...

    async def ask_name(self, *, timeout_s: float) -> str:
        """What the service calls the model: costs nothing, needs address, key and model.

        Raises:
            ModelError: it did not answer, or does not know the key or the model.
        """
        ...

    async def close(self) -> None:
        """Close what is open; the provider can be used again after it."""
        ...
