"""The tutor's text, sealed with the application's key; `stoa migrate` seals the rows of before."""

from alembic import op

from migrations.sql import run

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run(op.get_bind(), "r0020")


def downgrade() -> None:
    run(op.get_bind(), "r0020/down")
