"""What the service keeps beside recognitions: keys of those who run it, packs for others, ingests, charts.

The queue's tables are those of the version of its library that the lock names, in a schema of their own.
"""

from typing import Any

from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.util import await_only

from sonica.platform.jobs import SCHEMA

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
CREATE TABLE published_packs (
    name text PRIMARY KEY,
    profile text NOT NULL,
    language text NOT NULL,
    most_bytes bigint NOT NULL,
    asked_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'ready', 'failed')),
    error text NOT NULL,
    file text NOT NULL,
    manifest text NOT NULL,
    signature bytea NOT NULL,
    key_id text NOT NULL
);
CREATE TABLE ingests (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('upload', 'folder', 'manifest')),
    place text NOT NULL,
    dedupe boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'cancelled', 'done', 'failed')),
    code text NOT NULL,
    message text NOT NULL,
    total integer,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    runner uuid,
    leased_until timestamptz
);
CREATE INDEX ingests_open ON ingests (created_at) WHERE state IN ('queued', 'running');
CREATE TABLE ingest_files (
    ingest_id uuid NOT NULL REFERENCES ingests (id) ON DELETE CASCADE,
    number integer NOT NULL,
    path bytea NOT NULL,
    said jsonb NOT NULL,
    status text NOT NULL CHECK (status IN ('waiting', 'added', 'known', 'updated', 'error')),
    song_id bigint,
    recording_id bigint,
    code text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (ingest_id, number)
);
CREATE INDEX ingest_files_status ON ingest_files (ingest_id, status, number);
CREATE TABLE chart_recordings (
    recording_id bigint PRIMARY KEY,
    song_id bigint NOT NULL,
    language text NOT NULL,
    genre text NOT NULL
);
CREATE MATERIALIZED VIEW popular_songs_by_language AS
WITH periods (period, length) AS (
    VALUES ('day', interval '1 day'), ('week', interval '7 days'),
           ('month', interval '30 days'), ('year', interval '365 days')
), heard AS (
    SELECT recognitions.recording_id, now() - recognitions.created_at AS age
    FROM recognitions
    LEFT JOIN feedback ON feedback.recognition_id = recognitions.id
        AND feedback.recognised_at = recognitions.created_at
    WHERE recognitions.status = 'match'
        AND recognitions.created_at > now() - interval '730 days'
        AND feedback.is_right IS NOT FALSE
)
SELECT
    period,
    language,
    genre,
    song_id,
    count(*) FILTER (WHERE age < length) AS listens,
    count(*) FILTER (WHERE age >= length) AS listens_before,
    sum(power(0.5, 2 * extract(epoch FROM age) / extract(epoch FROM length)))
        FILTER (WHERE age < length)::double precision AS popularity,
    now() AS drawn_at
FROM heard
JOIN chart_recordings USING (recording_id)
JOIN periods ON age < 2 * length
GROUP BY period, language, genre, song_id
HAVING count(*) FILTER (WHERE age < length) > 0;
CREATE UNIQUE INDEX popular_songs_by_language_song ON popular_songs_by_language (period, song_id);
CREATE INDEX popular_songs_by_language_rank
    ON popular_songs_by_language (period, language, popularity DESC);
"""
DOWN = """
DROP MATERIALIZED VIEW popular_songs_by_language;
DROP TABLE chart_recordings;
DROP TABLE ingest_files;
DROP TABLE ingests;
DROP TABLE published_packs;
DROP TABLE admin_keys;
"""


def upgrade() -> None:
    """Makes the tables."""
    _run(UP)
    op.execute(f"CREATE SCHEMA {SCHEMA}")
    op.execute(f"SET LOCAL search_path TO {SCHEMA}")
    # Many statements at once, with bodies of functions: only the driver itself takes them so.
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute(SchemaManager.get_schema()))
    op.execute("SET LOCAL search_path TO DEFAULT")


def downgrade() -> None:
    """Takes them away, with all in them."""
    _run(DOWN)
    op.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def _run(statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            op.execute(statement)
