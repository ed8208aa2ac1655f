"""Live quizzes: which part of a round a chat's message shows, and when its clock begins."""

from alembic import op

from migrations.sql import run

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run(op.get_bind(), "r0013")
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_live_rounds_unreported ON live_rounds (ended_at)"
            " WHERE (ended_at IS NOT NULL) AND (reported_at IS NULL)"
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_live_rounds_unreported")
    run(op.get_bind(), "r0013/down")
