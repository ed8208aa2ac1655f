"""What the tutor's models may cost, and what learners said about their words leaving."""

from alembic import op

from migrations.sql import run

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run(op.get_bind(), "r0018")


def downgrade() -> None:
    run(op.get_bind(), "r0018/down")
