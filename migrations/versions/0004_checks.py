"""CHECKs for the kinds of finished work and for the reason of a suspension."""

from alembic import op

from migrations.sql import run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run(op.get_bind(), "r0004")


def downgrade() -> None:
    run(op.get_bind(), "r0004/down")
