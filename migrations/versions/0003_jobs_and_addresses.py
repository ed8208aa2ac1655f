"""The job engine's tables, and where each outbox message goes, so that senders claim their own."""

from alembic import op

from migrations.sql import run

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run(op.get_bind(), "r0003")
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX IF EXISTS ix_outbox_due_platform")
        op.execute(
            """CREATE INDEX CONCURRENTLY ix_outbox_due_platform
            ON outbox (platform, run_at, id) WHERE state = 'pending'"""
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_outbox_due")


def downgrade() -> None:
    run(op.get_bind(), "r0003/down")
