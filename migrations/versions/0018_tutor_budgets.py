"""What the tutor may spend: hearts of learners, caps of servers and days."""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
