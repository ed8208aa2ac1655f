"""What can follow what somebody types in a command: courses, quizzes, challenges, zones, words.

An index of the published catalogue is kept in memory, so that an answer takes no query.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import available_timezones

from sqlalchemy.exc import SQLAlchemyError

from bots.conversation.texts import available, texts_for
from bots.conversation.vocabulary import VERBS
from domain.catalog import queries as catalog
from domain.clock import Clock
from domain.database import Database
from domain.errors import StoaError
from domain.identity.rules import CONTINENTS

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=1)  # how long the index may be behind a publication
Candidate = tuple[str, str]  # what is handed in, and what is read


class Catalogue:
    """The slugs and titles of everything published, read again when it is old.

    Args:
        database: where it is read.
        clock: says how old it is.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: Mapping[str, Mapping[str, str]] = {}
        self._read_at: datetime | None = None
        self._reading: asyncio.Task[None] | None = None

    async def refresh(self) -> None:
        """Read the index now; when the database is away the old one stays."""
        try:
            async with self._database.unit_of_work() as conn:
                known = await catalog.titles_by_kind(conn)
                known["lang"] = {code: code for code in await catalog.languages(conn)}
            self._known = known
            self._read_at = self._clock.now()
        except (OSError, StoaError, SQLAlchemyError):
            log.warning("the catalogue could not be read for completion", exc_info=True)

    def titles(self, kind: str) -> Mapping[str, str]:
        """Slugs and titles of "course", "quiz" or "challenge"; an old index is read again soon."""
        is_old = self._read_at is None or self._clock.now() - self._read_at > FRESH
        if is_old and (self._reading is None or self._reading.done()):
            self._reading = asyncio.get_running_loop().create_task(self.refresh())
        return self._known.get(kind, {})

    async def close(self) -> None:
        """Let a reading end."""
        if self._reading is not None:
            await self._reading


COMPLETED = frozenset({"course", "quiz", "challenge", "zone", "command", "lang", "language"})


def candidates(catalogue: Catalogue, option: str, typed: str, most: int) -> list[Candidate]:
    """The best completions of one value, those that begin so before those that contain it.

    Args:
        catalogue: what is published.
        option: one of `COMPLETED`.
        typed: what stands there.
        most: how many are wanted.
    """
    if option == "zone":
        typed = typed.strip().replace(" ", "_")
    return matching(_all(catalogue, option), typed, most)


def matching(known: Iterable[Candidate], typed: str, most: int) -> list[Candidate]:
    """Those of some values that hold what is typed, those that begin so first."""
    wish = typed.strip().casefold()
    found = [one for one in known if wish in _searched(one)]
    found.sort(key=lambda one: not any(part.startswith(wish) for part in _words(one)))
    return found[:most]


def _all(catalogue: Catalogue, option: str) -> Iterable[Candidate]:
    if option == "zone":
        return _zones()
    if option == "command":
        return tuple((verb.name, f"/{verb.name}") for verb in VERBS)
    if option == "language":
        return tuple((code, texts_for(code).name) for code in available())
    return tuple(catalogue.titles(option).items())


def _searched(one: Candidate) -> str:
    return f"{one[0]} {one[1]}".casefold()


def _words(one: Candidate) -> Iterator[str]:
    yield one[0].casefold()
    yield one[1].casefold()
    yield one[0].casefold().rpartition("/")[2]


@lru_cache(maxsize=1)
def _zones() -> tuple[Candidate, ...]:
    names = sorted(zone for zone in available_timezones() if zone.startswith(CONTINENTS))
    return tuple((name, name.replace("_", " ")) for name in names)
