"""The learner model: abilities by skill, and what was learned from which answer."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
