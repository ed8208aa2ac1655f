"""Passages of courses for the tutor, and what instructors tell it."""

from alembic import op

from migrations.sql import run

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run(op.get_bind(), "r0015")


def downgrade() -> None:
    run(op.get_bind(), "r0015/down")
