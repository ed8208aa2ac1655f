"""One round trip for all that a request begins with."""

from alembic import op

from migrations.sql import run

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run(op.get_bind(), "r0017")


def downgrade() -> None:
    run(op.get_bind(), "r0017/down")
