"""One turn of the conversation: everything a flow may use to answer one `Incoming`."""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation.dialogue import Button, Incoming, Reply
from bots.conversation.texts import Texts
from domain.clock import Clock
from domain.database import Database
from domain.errors import Refusal
from domain.grading import Grader
from domain.identity.rules import Learner
from domain.sealing import Seals
from domain.settings import Settings
from tutor.models.embedding import Embeddings
from tutor.writing import Streams


@dataclass(frozen=True, slots=True)
class Services:
    """What lives as long as the process.

    Where they are configured, `models` answer for the tutor and `embeddings` find passages.
    """

    database: Database
    clock: Clock
    settings: Settings
    grader: Grader
    models: Streams | None = None
    embeddings: Embeddings | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the next typed text answers: the name of a `typed` handler, and its data (JSON)."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """Eight characters that tell this expectation from another."""
        written = json.dumps([self.kind, self.data], sort_keys=True, default=str)
        return hashlib.sha256(written.encode()).hexdigest()[:8]


@dataclass(slots=True)
class Turn:
    """The open unit of work and who is asking.

    `expecting` is what a typed text answers now; a flow replaces it with `expect`, and the router
    stores it in the same transaction. A command clears it unless its flow expects anew.
    """

    conn: AsyncConnection
    services: Services
    incoming: Incoming
    learner: Learner
    texts: Texts
    now: datetime
    expecting: Expectation | None = None

    @property
    def user_id(self) -> UUID:
        """The learner's id."""
        return self.learner.user_id

    @property
    def seals(self) -> Seals:
        """What seals and opens text that is stored encrypted."""
        return self.services.database.seals

    @property
    def identity_id(self) -> UUID:
        """The account the learner writes from, kept on every row as its origin."""
        return self.learner.identity_id

    def say(self, message: str, **values: object) -> str:
        """A sentence in the learner's language, placeholders filled in."""
        return self.texts.say(message, **values)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """A sentence about `number` things (`{n}`) in the learner's language."""
        return self.texts.count(one, many, number, **values)

    def refusal(self, refusal: Refusal) -> str:
        """A refusal's sentence in the learner's language, its values made safe to show."""
        return self.texts.refusal(refusal)

    def expect(self, kind: str, **data: object) -> None:
        """Let the next typed text go to the `typed` handler of that name."""
        self.expecting = Expectation(kind, data)

    def expect_nothing(self) -> None:
        """The next typed text answers nothing in particular."""
        self.expecting = None


class Declined(Refusal):
    """A refusal whose next steps are buttons that no command line stands for."""

    def __init__(self, refusal: Refusal, buttons: tuple[Button, ...]) -> None:
        super().__init__(refusal.message, refusal.values, refusal.choices)
        self.buttons = buttons


@dataclass(frozen=True, slots=True)
class Later:
    """An answer in two parts: `now` is shown at once, after the commit; `work` makes the rest.

    `work` runs outside any transaction and opens units of work of its own. It must be safe to
    lose: whatever it does can be done again from the rows that were committed before it.
    """

    now: Reply
    work: Callable[[], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that grows: `now` is shown at once, after the commit; `steps` makes the rest.

    Each reply of `steps` takes the place of all before it; all but the last are `draft`s, which a
    door may leave out. `steps` runs outside any transaction, like the work of a `Later`, and must
    be as safe to lose. A door that cannot show `now` asks for no more; then `dropped` closes what
    was begun, in place of `steps`.
    """

    now: Reply
    steps: Callable[[], AsyncIterator[Reply]]
    dropped: Callable[[], Awaitable[None]]


Answer = Reply | Later | Streamed
