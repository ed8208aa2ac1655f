"""Messages at an hour that nobody set, what they told, and the daily roll-ups."""

from alembic import op

from migrations.sql import run

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run(op.get_bind(), "r0016")
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_user_profiles_timezone"
            " ON user_profiles (timezone, user_id)"
        )
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_components_new_lessons"
            " ON components (created_at) WHERE kind = 'lesson'"
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_components_new_lessons")
        op.execute("DROP INDEX CONCURRENTLY ix_user_profiles_timezone")
    run(op.get_bind(), "r0016/down")
