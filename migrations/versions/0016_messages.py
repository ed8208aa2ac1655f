"""Messages at an hour that nobody set, what they told, and the daily roll-ups."""

from alembic import op

from migrations.online import after, before, drop_index, make_index
from migrations.sql import run

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with after("r0016"):
        make_index("ix_user_profiles_timezone", "ON user_profiles (timezone, user_id)")
        make_index("ix_components_new_lessons", "ON components (created_at) WHERE kind = 'lesson'")


def downgrade() -> None:
    with before():
        drop_index("ix_components_new_lessons")
        drop_index("ix_user_profiles_timezone")
    run(op.get_bind(), "r0016/down")
