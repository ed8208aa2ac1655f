"""The tutor: its log, budgets, the learner model and passages."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
