"""Music from prefixes of object stores, and folders whose files are kept."""

from alembic import op

revision = "0007"
down_revision: str | None = "0006"

KINDS = "ALTER TABLE ingests ADD CONSTRAINT ingests_kind_check CHECK (kind IN ({}))"


def upgrade() -> None:
    """Allows them."""
    op.execute("ALTER TABLE ingests DROP CONSTRAINT ingests_kind_check")
    op.execute(KINDS.format("'upload', 'folder', 'manifest', 'prefix'"))
    op.execute("ALTER TABLE ingests ADD COLUMN keep boolean NOT NULL DEFAULT false")
    op.execute("UPDATE ingests SET keep = true WHERE kind = 'upload'")


def downgrade() -> None:
    """Forgets the ingests of prefixes; what they added stays."""
    op.execute("DELETE FROM ingests WHERE kind = 'prefix'")
    op.execute("ALTER TABLE ingests DROP COLUMN keep")
    op.execute("ALTER TABLE ingests DROP CONSTRAINT ingests_kind_check")
    op.execute(KINDS.format("'upload', 'folder', 'manifest'"))
