"""Live quizzes: which part of a round a chat's message shows, and when its clock begins."""

from alembic import op

from migrations.online import after, before, drop_index, make_index
from migrations.sql import run

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with after("r0013"):
        make_index(
            "ix_live_rounds_unreported",
            "ON live_rounds (ended_at) WHERE (ended_at IS NOT NULL) AND (reported_at IS NULL)",
        )


def downgrade() -> None:
    with before():
        drop_index("ix_live_rounds_unreported")
    run(op.get_bind(), "r0013/down")
