"""Reminders: which local day was dealt with, and how many messages were ignored."""

from alembic import op

from migrations.sql import run

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run(op.get_bind(), "r0012")


def downgrade() -> None:
    run(op.get_bind(), "r0012/down")
