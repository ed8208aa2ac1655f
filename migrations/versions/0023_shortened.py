"""What waits to be sent does not come in a night chosen meanwhile, nor once it is muted."""

from alembic import op

from migrations.sql import run

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run(op.get_bind(), "r0023")


def downgrade() -> None:
    run(op.get_bind(), "r0023/down")
