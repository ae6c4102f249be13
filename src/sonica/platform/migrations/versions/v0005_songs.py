"""Songs, their recordings and packs, and the changes of them."""

from alembic import op

revision = "0005"
down_revision: str | None = "0004"

UP = """
CREATE TABLE artists (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    key text NOT NULL
);
CREATE INDEX artists_key ON artists (key text_pattern_ops);
CREATE TABLE albums (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL UNIQUE
);
CREATE TABLE songs (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    artist text NOT NULL,
    album_id bigint REFERENCES albums (id),
    language text NOT NULL,
    genre text NOT NULL,
    year integer NOT NULL,
    cover text NOT NULL,
    title_key text NOT NULL,
    artist_key text NOT NULL
);
CREATE INDEX songs_title_key ON songs (title_key text_pattern_ops);
CREATE INDEX songs_artist_key ON songs (artist_key text_pattern_ops);
CREATE INDEX songs_language ON songs (language, genre, year);
CREATE INDEX songs_album ON songs (album_id);
CREATE TABLE song_artists (
    song_id bigint NOT NULL REFERENCES songs (id) ON DELETE CASCADE,
    place integer NOT NULL,
    artist_id bigint NOT NULL REFERENCES artists (id),
    PRIMARY KEY (song_id, place)
);
CREATE INDEX song_artists_artist ON song_artists (artist_id);
CREATE TABLE external_ids (
    song_id bigint NOT NULL REFERENCES songs (id) ON DELETE CASCADE,
    kind text NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (song_id, kind, value)
);
CREATE INDEX external_ids_value ON external_ids (kind, value);
CREATE TABLE recordings (
    id bigint PRIMARY KEY,
    song_id bigint NOT NULL REFERENCES songs (id),
    path text NOT NULL,
    location text NOT NULL,
    content text NOT NULL,
    duration_s double precision NOT NULL,
    size bigint NOT NULL,
    mtime_ns bigint NOT NULL,
    original text NOT NULL,
    about jsonb,
    is_retired boolean NOT NULL
);
CREATE INDEX recordings_song ON recordings (song_id);
CREATE INDEX recordings_content ON recordings (content);
CREATE TABLE recording_links (
    low_id bigint NOT NULL REFERENCES recordings (id),
    high_id bigint NOT NULL REFERENCES recordings (id),
    is_turned boolean NOT NULL,
    kind text NOT NULL CHECK (kind IN ('same', 'related', 'different')),
    share double precision NOT NULL,
    offset_s double precision NOT NULL,
    speed double precision NOT NULL,
    PRIMARY KEY (low_id, high_id),
    CHECK (low_id <= high_id)
);
CREATE INDEX recording_links_high ON recording_links (high_id);
CREATE TABLE fingerprints (
    recording_id bigint PRIMARY KEY REFERENCES recordings (id),
    name text NOT NULL,
    size bigint NOT NULL,
    hash text NOT NULL
);
CREATE TABLE packs (
    name text PRIMARY KEY,
    recordings bigint[] NOT NULL,
    absent integer NOT NULL,
    state text NOT NULL CHECK (state IN ('current', 'stale'))
);
CREATE TABLE changes (
    sequence bigint PRIMARY KEY,
    token uuid NOT NULL UNIQUE,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
"""
TABLES = (
    "changes",
    "packs",
    "fingerprints",
    "recording_links",
    "recordings",
    "external_ids",
    "song_artists",
    "songs",
    "albums",
    "artists",
)


def upgrade() -> None:
    """Makes them. Nothing that is there is touched."""
    for statement in UP.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    """Takes them away; the feed in the data folder keeps all, and the next writer takes it in again."""
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
