"""Days that may be missed, rewards in the ledger, cards of the day, and boards."""

from alembic import op

from migrations.sql import run

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run(op.get_bind(), "r0009")


def downgrade() -> None:
    run(op.get_bind(), "r0009/down")
