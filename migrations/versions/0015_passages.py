"""Passages of courses for the tutor, and what instructors tell it."""

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
