"""Accounts of one person are joined and parted."""

from alembic import op

from migrations.sql import run

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run(op.get_bind(), "r0008")


def downgrade() -> None:
    run(op.get_bind(), "r0008/down")
