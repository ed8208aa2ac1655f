"""Updates that wait in a lane for whoever works it, and what became of those that cannot be."""

from alembic import op

from migrations.online import after, drop_index, make_index
from migrations.sql import run

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with after("r0007"):
        make_index(
            "ix_inbound_updates_lane",
            "ON inbound_updates (platform, receiver, lane, sequence) WHERE handled_at IS NULL",
        )
        drop_index("ix_inbound_updates_waiting")


def downgrade() -> None:
    run(op.get_bind(), "r0007/down")
