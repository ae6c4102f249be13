"""Answers to live listenings."""

from alembic import op

revision = "0008"
down_revision: str | None = "0007"

SOURCES = "ALTER TABLE recognitions ADD CONSTRAINT recognitions_source_check CHECK (source IN ({}))"


def upgrade() -> None:
    """Allows them."""
    op.execute("ALTER TABLE recognitions DROP CONSTRAINT recognitions_source_check")
    op.execute(SOURCES.format("'fingerprint', 'audio', 'live'"))


def downgrade() -> None:
    """Calls them answers to fingerprints, which they are."""
    op.execute("UPDATE recognitions SET source = 'fingerprint' WHERE source = 'live'")
    op.execute("ALTER TABLE recognitions DROP CONSTRAINT recognitions_source_check")
    op.execute(SOURCES.format("'fingerprint', 'audio'"))
