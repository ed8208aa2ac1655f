"""Updates that wait in a lane for whoever works it, and what became of those that cannot be."""

from alembic import op

from migrations.sql import run

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run(op.get_bind(), "r0007")
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX IF EXISTS ix_inbound_updates_lane")
        op.execute(
            """CREATE INDEX CONCURRENTLY ix_inbound_updates_lane
            ON inbound_updates (platform, receiver, lane, sequence) WHERE handled_at IS NULL"""
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_inbound_updates_waiting")


def downgrade() -> None:
    run(op.get_bind(), "r0007/down")
