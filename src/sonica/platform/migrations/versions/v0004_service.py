"""What the service keeps beside recognitions: the keys of those who run it."""

from alembic import op

revision = "0004"
down_revision: str | None = "0002"

UP = """
CREATE TABLE admin_keys (
    id text PRIMARY KEY,
    name text NOT NULL,
    may text[] NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
"""
DOWN = "DROP TABLE admin_keys;"


def upgrade() -> None:
    """Makes the tables."""
    _run(UP)


def downgrade() -> None:
    """Takes them away, with all in them."""
    _run(DOWN)


def _run(statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            op.execute(statement)
