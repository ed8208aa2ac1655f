"""The learner model: abilities by skill, and what was learned from which answer."""

from alembic import op

from migrations.sql import run

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run(op.get_bind(), "r0014")


def downgrade() -> None:
    run(op.get_bind(), "r0014/down")
