"""Live quizzes: which part of a round a chat's message shows, and when its clock begins."""

from alembic import op

from migrations.sql import run

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run(op.get_bind(), "r0013")


def downgrade() -> None:
    run(op.get_bind(), "r0013/down")
