"""Answers by the key of their request, so that asking again answers the same."""

from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Makes the table."""
    op.execute(
        "CREATE TABLE idempotency_keys (key_hash bytea PRIMARY KEY, request_hash bytea NOT NULL,"
        " recognition_id uuid NOT NULL, answer jsonb NOT NULL, created_at timestamptz NOT NULL)"
    )
    op.execute("CREATE INDEX idempotency_keys_time ON idempotency_keys (created_at)")


def downgrade() -> None:
    """Takes it away: whoever asks again is answered anew."""
    op.execute("DROP TABLE idempotency_keys")
