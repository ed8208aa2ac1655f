"""How the tutor's answers came about, and the rung of help that a learner has reached."""

from alembic import op

from migrations.sql import run

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run(op.get_bind(), "r0010")


def downgrade() -> None:
    run(op.get_bind(), "r0010/down")
