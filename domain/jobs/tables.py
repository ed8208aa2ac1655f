"""What keeps several processes out of each other's way. The job engine brings its own tables."""

from sqlalchemy import BigInteger, CheckConstraint, Index, text
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
    """One event a platform delivered; the same event delivered again finds its row here.

    A waiting one (`handled_at` is null) belongs to a lane, whose events are worked in order by
    one `owner`: the name of a lease. One that cannot be worked is set aside with its `error`.
    """

    __tablename__ = "inbound_updates"
    __table_args__ = (
        one_of("platform", "discord", "telegram", "terminal"),
        CheckConstraint("(error IS NULL) OR (handled_at IS NOT NULL)", name="error"),
        *at_least(0, "sequence", "tries"),
        Index("ix_inbound_updates_received_at", "received_at"),
        Index(
            "ix_inbound_updates_lane",
            "platform",
            "receiver",
            "lane",
            "sequence",
            postgresql_where=text("handled_at IS NULL"),
        ),
    )
    platform: Mapped[Txt] = mapped_column(primary_key=True)
    update_id: Mapped[Txt] = mapped_column(primary_key=True)
    receiver: Mapped[Txt] = mapped_column(server_default="")  # our account there: a bot's id
    lane: Mapped[Txt] = mapped_column(server_default="")
    sequence: Mapped[int] = mapped_column(BigInteger, server_default="0")
    payload: Mapped[Json]
    owner: Mapped[Txt | None]
    tries: Mapped[int] = mapped_column(server_default="0")  # begun after its first owner was gone
    error: Mapped[Txt | None]
    received_at: Mapped[Now]
    handled_at: Mapped[Stamp | None]
