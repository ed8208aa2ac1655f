"""Live quizzes: rounds, their chats, questions, players and answers, and what happened."""

from alembic import op

from migrations.sql import run

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run(op.get_bind(), "r0011")


def downgrade() -> None:
    run(op.get_bind(), "r0011/down")
