"""A small web server on a configured address: metrics of a process, calls of a webhook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import web

from domain.settings import ConfigurationError

CLOSING_S = 5.0  # for requests that are still being answered when the server is to close


@asynccontextmanager
async def listening_on(app: web.Application, address: str, setting: str) -> AsyncIterator[int]:
    """Serve an application while the block runs; gives the port.

    Args:
        app: what answers.
        address: host:port; port 0 takes a free one.
        setting: the setting that the address was read from, for the message.

    Raises:
        ConfigurationError: the address is taken or not this machine's.
    """
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=CLOSING_S)
    await runner.setup()
    try:
        parts = urlsplit(f"//{address}")
        try:
            await web.TCPSite(runner, parts.hostname, parts.port).start()
        except OSError as error:
            raise ConfigurationError(
                f"{setting}: nothing can listen on {address}: {error.strerror}. "
                "Choose another port for each process."
            ) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
