"""What learners are told at once is kept with what messages told them."""

from alembic import op

from migrations.sql import run

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run(op.get_bind(), "r0022")


def downgrade() -> None:
    run(op.get_bind(), "r0022/down")
