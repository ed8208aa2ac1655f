"""What an event was answered is kept beside what it changed, so that it may arrive twice."""

from alembic import op

from migrations.sql import run

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run(op.get_bind(), "r0006")


def downgrade() -> None:
    op.execute("DROP TABLE receipts")
