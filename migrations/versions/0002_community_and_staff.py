"""The rest of the schema: learner model, tutor, community, reports, privacy, authoring."""

from alembic import op

from migrations.sql import run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run(op.get_bind(), "r0002")


def downgrade() -> None:
    run(op.get_bind(), "r0002/down")
