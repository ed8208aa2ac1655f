"""Who moves into the night, or makes it longer, is told nothing in it that waits since before."""

from alembic import op

from migrations.sql import run

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run(op.get_bind(), "r0023")


def downgrade() -> None:
    run(op.get_bind(), "r0023/down")
