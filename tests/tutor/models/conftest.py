"""A loopback model service for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.platforms.gemini.server import LoopbackGemini


@pytest.fixture(scope="session", autouse=True)
def _loaded() -> None:
    """The SDK, before a test that waits for silence counts the time that importing it takes."""
    import google.genai.client
    import google.genai.types  # noqa: F401


@pytest.fixture
async def gemini() -> AsyncIterator[LoopbackGemini]:
    """A Gemini on a port of this machine."""
    async with LoopbackGemini() as server:
        yield server
