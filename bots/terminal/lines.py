"""Lines from a pipe, a file or a plain terminal, read beside the event loop."""

import asyncio
import codecs
import os
import threading
from collections.abc import AsyncIterator

LONGEST = 1024 * 1024  # characters; the rest of a longer line is left out
_CHUNK = 64 * 1024


class Lines:
    """The lines of a file descriptor, without their ends; broken bytes become "�".

    A thread of its own reads, because a regular file or a terminal cannot be waited for in the
    event loop, and because a reader that waits for a person must not keep the program from ending.

    Args:
        descriptor: what to read; it is not closed.
        encoding: of the text.
        prompt: called before each wait for a line.
    """

    def __init__(self, descriptor: int, encoding: str = "utf-8") -> None:
        self._descriptor = descriptor
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest = ""
        self._at_end = False

    async def __aiter__(self) -> AsyncIterator[str]:
        """Each line, the last one also without an end."""
        while True:
            line, end, rest = self._rest.partition("\n")
            if end:
                self._rest = rest
                yield line.removesuffix("\r")[:LONGEST]
            elif self._at_end:
                if line:
                    self._rest = ""
                    yield line[:LONGEST]
                return
            else:
                self._rest = line[: LONGEST + 1] + await self._more()

    async def _more(self) -> str:
        chunk = await _beside(self._descriptor)
        self._at_end = not chunk
        return self._decoder.decode(chunk, final=self._at_end)


async def _beside(descriptor: int) -> bytes:
    """One read in a thread that nobody waits for when the program ends."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[bytes] = loop.create_future()

    def finish(chunk: bytes) -> None:
        if not result.done():
            result.set_result(chunk)

    def read() -> None:
        try:
            chunk = os.read(descriptor, _CHUNK)
        except OSError:  # the terminal is gone
            chunk = b""
        try:
            loop.call_soon_threadsafe(finish, chunk)
        except RuntimeError:  # the loop is closed
            return

    threading.Thread(target=read, daemon=True, name="stdin").start()
    return await result
