"""Updates that wait, and leases of whoever must be the only one."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
