"""Reminders with fewer indexes to keep, and messages written without a look at their learner."""

from alembic import op

from migrations.sql import run

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for statement in (
            "CREATE UNIQUE INDEX CONCURRENTLY ix_reminders_learner_kind"
            " ON reminders (user_id, kind)",
            "CREATE INDEX CONCURRENTLY ix_reminders_due_learner"
            " ON reminders (next_fire_at, user_id) WHERE is_enabled",
            "CREATE INDEX CONCURRENTLY ix_nudges_due_learner"
            " ON nudges (next_at, user_id) WHERE next_at IS NOT NULL",
            "CREATE INDEX CONCURRENTLY ix_outbox_channel"
            " ON outbox (channel_id) WHERE channel_id IS NOT NULL",
            "CREATE INDEX CONCURRENTLY ix_outbox_identity"
            " ON outbox (identity_id) WHERE identity_id IS NOT NULL",
            "DROP INDEX CONCURRENTLY ix_reminders_due",
            "DROP INDEX CONCURRENTLY ix_nudges_due",
            "DROP INDEX CONCURRENTLY ix_outbox_channel_id",
            "DROP INDEX CONCURRENTLY ix_outbox_identity_id",
        ):
            op.execute(statement)
    run(op.get_bind(), "r0021")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for statement in (
            "CREATE INDEX CONCURRENTLY ix_reminders_due_alone"
            " ON reminders (next_fire_at) WHERE is_enabled",
            "CREATE INDEX CONCURRENTLY ix_nudges_due_alone"
            " ON nudges (next_at) WHERE next_at IS NOT NULL",
            "CREATE INDEX CONCURRENTLY ix_outbox_channel ON outbox (channel_id)",
            "CREATE INDEX CONCURRENTLY ix_outbox_identity ON outbox (identity_id)",
            "DROP INDEX CONCURRENTLY ix_reminders_due",
            "DROP INDEX CONCURRENTLY ix_nudges_due",
            "DROP INDEX CONCURRENTLY ix_outbox_channel_id",
            "DROP INDEX CONCURRENTLY ix_outbox_identity_id",
        ):
            op.execute(statement)
    run(op.get_bind(), "r0021/down")
