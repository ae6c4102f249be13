"""Recognitions, by month, and what listeners say of them."""

from alembic import op

revision = "0001"
down_revision: str | None = None

UP = """
CREATE TABLE recognitions (
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    source text NOT NULL CHECK (source IN ('fingerprint', 'audio')),
    status text NOT NULL CHECK (status IN ('match', 'unsure', 'none')),
    ambiguous boolean NOT NULL,
    song_id bigint,
    recording_id bigint,
    offset_s real,
    speed real,
    pitch_semitones real,
    confidence real NOT NULL,
    alternatives jsonb NOT NULL,
    decode_ms real NOT NULL,
    fingerprint_ms real NOT NULL,
    search_ms real NOT NULL,
    token_hash bytea NOT NULL,
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX recognitions_song_time ON recognitions (song_id, created_at) WHERE song_id IS NOT NULL;
CREATE TABLE feedback (
    recognition_id uuid PRIMARY KEY,
    recognised_at timestamptz NOT NULL,
    is_right boolean NOT NULL,
    song_id bigint,
    created_at timestamptz NOT NULL,
    FOREIGN KEY (recognition_id, recognised_at) REFERENCES recognitions (id, created_at) ON DELETE CASCADE
);
CREATE INDEX feedback_time ON feedback (created_at);
"""
DOWN = "DROP TABLE feedback; DROP TABLE recognitions;"


def upgrade() -> None:
    """Makes them."""
    _run(UP)


def downgrade() -> None:
    """Takes them away, with all in them."""
    _run(DOWN)


def _run(statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            op.execute(statement)
