"""A loopback model service for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.platforms.gemini.server import LoopbackGemini


@pytest.fixture
async def gemini() -> AsyncIterator[LoopbackGemini]:
    """A Gemini on a port of this machine."""
    async with LoopbackGemini() as server:
        yield server
