"""One warm grader for the tests of a module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from domain.grading import Grader, SandboxUnsafe


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def grader() -> AsyncIterator[Grader]:
    async with Grader() as grader:
        try:
            await grader.layers()
        except SandboxUnsafe as why:
            pytest.skip(f"this machine cannot contain attacks: {why}")
        yield grader
