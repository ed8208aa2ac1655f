"""/health and /metrics over HTTP, on the address of STOA_METRICS_LISTEN."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bots.listening import listening_on
from bots.observability.health import Health, Report, report
from bots.observability.metrics import Metrics
from domain.clock import Clock
from domain.database import Database

log = logging.getLogger(__name__)

PATIENCE_S = 5.0  # for the database, before it counts as away


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at one process when asked.

    Args:
        database: asked as the worker.
        clock: tells how old the last tick is.
        health: what the parts say.
        metrics: brought up to date at each look.
    """

    database: Database
    clock: Clock
    health: Health
    metrics: Metrics

    async def look(self) -> Report:
        """The state of the process now."""
        words, ticked = await self._measure()
        self.metrics.parts(self.health.working())
        now = self.clock.now()
        works = "worker" in self.health.parts
        return report(self.health, database=words, ticked=ticked, now=now, works=works)

    async def _measure(self) -> tuple[str, datetime | None]:
        try:
            async with asyncio.timeout(PATIENCE_S), self.database.worker_unit_of_work() as conn:
                return "up", await self.metrics.measure(conn, self.clock.now())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            log.warning("the database was looked at in vain: %s", type(error).__name__)
            return f"away: {type(error).__name__}", None

    async def serve_health(self, _: web.Request) -> web.Response:
        """200 when all is well, else 503; the facts as JSON."""
        found = await self.look()
        return web.json_response(found.facts, status=200 if found.well else 503)

    async def serve_metrics(self, _: web.Request) -> web.Response:
        """Prometheus's text format."""
        await self.look()
        return web.Response(body=self.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


@asynccontextmanager
async def serving(watch: Watch, listen: str | None) -> AsyncIterator[int | None]:
    """Serve /health and /metrics while the block runs; gives the port, None without an address.

    Args:
        watch: who is asked.
        listen: host:port; port 0 takes a free one.

    Raises:
        ConfigurationError: the address is taken or not this machine's.
    """
    if listen is None:
        yield None
        return
    app = web.Application()
    app.add_routes(
        [web.get("/health", watch.serve_health), web.get("/metrics", watch.serve_metrics)]
    )
    async with listening_on(app, listen, "STOA_METRICS_LISTEN") as port:
        log.info("health and metrics on %s, port %s", listen, port)
        yield port
