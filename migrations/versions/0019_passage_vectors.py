"""Vectors of passages, for finding them by meaning."""

from alembic import op

from migrations.sql import run

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run(op.get_bind(), "r0019")


def downgrade() -> None:
    run(op.get_bind(), "r0019/down")
