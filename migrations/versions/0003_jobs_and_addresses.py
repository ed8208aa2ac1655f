"""The job engine's tables, and where each outbox message goes, so that senders claim their own."""

from alembic import op

from migrations.online import after, drop_index, make_index
from migrations.sql import run

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with after("r0003"):
        make_index(
            "ix_outbox_due_platform", "ON outbox (platform, run_at, id) WHERE state = 'pending'"
        )
        drop_index("ix_outbox_due")


def downgrade() -> None:
    run(op.get_bind(), "r0003/down")
