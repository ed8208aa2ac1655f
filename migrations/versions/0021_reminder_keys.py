"""Reminders with fewer indexes to keep, and messages written without a look at their learner."""

from alembic import op

from migrations.online import before, drop_index, make_index
from migrations.sql import run

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    with before():
        make_index("ix_reminders_learner_kind", "ON reminders (user_id, kind)", unique=True)
        make_index(
            "ix_reminders_due_learner", "ON reminders (next_fire_at, user_id) WHERE is_enabled"
        )
        make_index(
            "ix_nudges_due_learner", "ON nudges (next_at, user_id) WHERE next_at IS NOT NULL"
        )
        make_index("ix_outbox_channel", "ON outbox (channel_id) WHERE channel_id IS NOT NULL")
        make_index("ix_outbox_identity", "ON outbox (identity_id) WHERE identity_id IS NOT NULL")
        drop_index("ix_reminders_due")
        drop_index("ix_nudges_due")
        drop_index("ix_outbox_channel_id")
        drop_index("ix_outbox_identity_id")
    run(op.get_bind(), "r0021")


def downgrade() -> None:
    with before():
        make_index("ix_reminders_due_alone", "ON reminders (next_fire_at) WHERE is_enabled")
        make_index("ix_nudges_due_alone", "ON nudges (next_at) WHERE next_at IS NOT NULL")
        make_index("ix_outbox_channel", "ON outbox (channel_id)")
        make_index("ix_outbox_identity", "ON outbox (identity_id)")
        drop_index("ix_reminders_due")
        drop_index("ix_nudges_due")
        drop_index("ix_outbox_channel_id")
        drop_index("ix_outbox_identity_id")
    run(op.get_bind(), "r0021/down")
