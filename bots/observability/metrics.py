"""What Prometheus reads: counters of this process, and gauges asked of the database when read."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.observability.tutor_metrics import TutorMetrics
from domain.notifications import queries as notifications
from domain.sql import sql

# Seconds. Platforms wait 3 s for an acknowledgement; most answers take milliseconds.
LATENCIES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0, 30.0)

_WAITING = sql("""
    SELECT count(*) FILTER (WHERE status = 'queued') AS queued,
           count(*) FILTER (WHERE status = 'running') AS running
    FROM challenge_attempts WHERE finished_at IS NULL
""")
_TICKED = sql("SELECT max(started_at) FROM job_runs")


class Metrics:
    """The registry of one process. Labels are words of the program, never of a learner."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._interactions = Counter(
            "stoa_interactions",
            "Events answered.",
            ("door", "action", "outcome"),
            registry=self.registry,
        )
        self._latency = Histogram(
            "stoa_reply_seconds",
            "From taking an event up to its reply: the first one, or the last one.",
            ("door", "reply"),
            buckets=LATENCIES,
            registry=self.registry,
        )
        self._acknowledged = Histogram(
            "stoa_acknowledge_seconds",
            "From receiving an event to acknowledging it.",
            ("door",),
            buckets=LATENCIES,
            registry=self.registry,
        )
        self._faults = Counter(
            "stoa_faults",
            "Events that ended in a fault of ours.",
            ("door",),
            registry=self.registry,
        )
        self._deliveries = Counter(
            "stoa_deliveries",
            "Messages of the outbox that were tried.",
            ("door", "result"),
            registry=self.registry,
        )
        self._outbox = Gauge(
            "stoa_outbox_waiting",
            "Messages that are due and wait.",
            ("door",),
            registry=self.registry,
        )
        self._grading = Gauge(
            "stoa_grading",
            "Submissions that are not graded yet.",
            ("status",),
            registry=self.registry,
        )
        self._tick_age = Gauge(
            "stoa_worker_tick_age_seconds",
            "Since a worker last began its recurring work.",
            registry=self.registry,
        )
        self.tutor = TutorMetrics(self.registry)
        self._doors = Gauge(
            "stoa_part_up",
            "1 while a part of this process works, such as a door.",
            ("part",),
            registry=self.registry,
        )

    def answered(self, door: str, action: str, outcome: str) -> None:
        """One event is answered: "answered", "refused" or "fault"."""
        self._interactions.labels(door, action, outcome).inc()
        if outcome == "fault":
            self._faults.labels(door).inc()

    def replied(self, door: str, which: str, seconds: float) -> None:
        """The "first" or the "last" reply to an event was ready after so long."""
        self._latency.labels(door, which).observe(seconds)

    def acknowledged(self, door: str, seconds: float) -> None:
        """The platform was told that an event arrived."""
        self._acknowledged.labels(door).observe(seconds)

    def delivered(self, door: str, result: str) -> None:
        """A message of the outbox was tried; `result` as in `domain.notifications.rules`."""
        self._deliveries.labels(door, result).inc()

    def parts(self, up: Mapping[str, bool]) -> None:
        """Which parts of this process work."""
        for name, works in up.items():
            self._doors.labels(name).set(works)

    async def measure(self, conn: AsyncConnection, now: datetime) -> datetime | None:
        """Bring the gauges that stand for rows up to date.

        Args:
            conn: a transaction of the worker.
            now: the present.

        Returns:
            When a worker last began its recurring work, if ever.
        """
        for door in ("discord", "telegram", "terminal"):
            self._outbox.labels(door).set(0)
        for waiting in await notifications.backlog(conn, now):
            self._outbox.labels(waiting.platform).set(waiting.waiting)
        grading = (await conn.execute(_WAITING)).one()
        self._grading.labels("queued").set(grading.queued)
        self._grading.labels("running").set(grading.running)
        ticked: datetime | None = (await conn.execute(_TICKED)).scalar_one()
        if ticked is not None:
            self._tick_age.set(max(0.0, (now - ticked).total_seconds()))
        return ticked

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self.registry)
