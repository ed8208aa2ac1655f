"""What keeps several processes out of each other's way. The job engine brings its own tables."""

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.columns import Json, JsonOrNull, Now, Stamp, Txt, at_least, one_of
from domain.database import Base


class JobRun(Base):
    """One slot of one clock tick: whoever inserts the row first does the work."""

    __tablename__ = "job_runs"
    __table_args__ = (
        one_of("outcome", "done", "failed"),
        CheckConstraint("(outcome IS NULL) = (finished_at IS NULL)", name="finished_at"),
        Index("ix_job_runs_started_at", "started_at"),
    )
    job: Mapped[Txt] = mapped_column(primary_key=True)
    slot: Mapped[Txt] = mapped_column(primary_key=True)
    started_at: Mapped[Now]
    finished_at: Mapped[Stamp | None]
    outcome: Mapped[Txt | None]
    details: Mapped[JsonOrNull]


class Lease(Base):
    """One role that only one process may hold at a time; each new owner gets a higher fence."""

    __tablename__ = "leases"
    __table_args__ = at_least(1, "fence")
    name: Mapped[Txt] = mapped_column(primary_key=True)
    owner: Mapped[Txt]
    fence: Mapped[int] = mapped_column(server_default="1")
    expires_at: Mapped[Stamp]


class InboundUpdate(Base):
    """One event a platform delivered; the same event delivered again finds its row here."""

    __tablename__ = "inbound_updates"
    __table_args__ = (
        one_of("platform", "discord", "telegram", "terminal"),
        Index("ix_inbound_updates_received_at", "received_at"),
        Index(
            "ix_inbound_updates_waiting",
            "platform",
            "received_at",
            postgresql_where=text("handled_at IS NULL"),
        ),
    )
    platform: Mapped[Txt] = mapped_column(primary_key=True)
    update_id: Mapped[Txt] = mapped_column(primary_key=True)
    payload: Mapped[Json]
    received_at: Mapped[Now]
    handled_at: Mapped[Stamp | None]
