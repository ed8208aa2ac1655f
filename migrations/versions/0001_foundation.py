"""The tables a learner needs to learn: people, courses, lessons, quizzes, challenges, progress."""

from alembic import op

from migrations.sql import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    run(op.get_bind(), "r0001")


def downgrade() -> None:
    run(op.get_bind(), "r0001/down")
