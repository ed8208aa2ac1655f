"""Ctrl-C, a closed window, and a request to end, without losing what is being done."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Self, TypeVar

Result = TypeVar("Result")
_ENDS = (signal.SIGTERM, signal.SIGHUP)


class Interrupted(Exception):
    """The person did not want to wait any longer."""


class Interrupts:
    """What Ctrl-C does while this context lasts: it ends a wait, not the program.

    Args:
        otherwise: done when nothing is waited for.
    """

    def __init__(self, otherwise: Callable[[], object] = lambda: None) -> None:
        self._otherwise = otherwise
        self._end: Callable[[], object] | None = None
        self._was_ended = False

    def __enter__(self) -> Self:
        self._before = signal.getsignal(signal.SIGINT)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, self._before)

    async def wait(self, work: Awaitable[Result]) -> Result:
        """Wait for work.

        Raises:
            Interrupted: Ctrl-C ended the wait, and the work with it.
        """
        task = asyncio.ensure_future(work)
        self._end, self._was_ended = task.cancel, False
        try:
            return await task
        except asyncio.CancelledError:
            if self._was_ended:
                raise Interrupted from None
            raise
        finally:
            self._end = None

    def _interrupt(self) -> None:
        if self._end is None:
            self._otherwise()
        else:
            self._was_ended = True
            self._end()


async def until_told_to_end(work: Awaitable[Result], otherwise: Result) -> Result:
    """Wait for work; a closed window or a polite request to end cancels it, with its clean-up.

    Args:
        work: what is done; cancelled once, whatever else arrives.
        otherwise: the result when it was.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    requests: list[bool] = []

    def end() -> None:
        if not requests:
            requests.append(True)
            task.cancel()

    heeded = [number for number in _ENDS if signal.getsignal(number) != signal.SIG_IGN]  # nohup
    for number in heeded:
        loop.add_signal_handler(number, end)
    try:
        return await task
    except asyncio.CancelledError:
        if requests:
            return otherwise
        raise
    finally:
        for number in heeded:
            loop.remove_signal_handler(number)
