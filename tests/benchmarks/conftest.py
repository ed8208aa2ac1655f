"""A place for the benchmarks' databases on the tests' server."""

import os
from collections.abc import AsyncIterator
from itertools import count

import pytest

from benchmarks.home import Home
from domain.postgres import EmbeddedServer
from domain.settings import Settings

_numbers = count()


class CleanHome(Home):
    """Remembers what it made, to delete it afterwards."""

    def __init__(self, server: EmbeddedServer, settings: Settings, template: str) -> None:
        super().__init__(server, settings, f"stoa_bench_{os.getpid()}_{next(_numbers)}", template)
        self.made: set[str] = set()

    async def make(self, name: str, template: str = "") -> None:
        self.made.add(name)
        await super().make(name, template)


@pytest.fixture
async def home(
    server: EmbeddedServer, settings: Settings, template: str
) -> AsyncIterator[CleanHome]:
    """The tests' server, with names of this test's own."""
    made = CleanHome(server, settings, template)
    yield made
    for name in made.made:
        await made.drop(name)
