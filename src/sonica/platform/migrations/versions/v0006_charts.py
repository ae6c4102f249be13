"""Charts of the songs' own tables, in place of a table that had to be told of them."""

from alembic import op

revision = "0006"
down_revision: str | None = "0005"

TOLD = """
CREATE TABLE chart_recordings (
    recording_id bigint PRIMARY KEY,
    song_id bigint NOT NULL,
    language text NOT NULL,
    genre text NOT NULL
)
"""
CHARTS = """
CREATE MATERIALIZED VIEW popular_songs_by_language AS
WITH periods (period, length) AS (
    VALUES ('day', interval '1 day'), ('week', interval '7 days'),
           ('month', interval '30 days'), ('year', interval '365 days')
), heard AS (
    SELECT known.song_id, known.language, known.genre, now() - recognitions.created_at AS age
    FROM recognitions
    JOIN {recordings} AS known USING (recording_id)
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
JOIN periods ON age < 2 * length
GROUP BY period, language, genre, song_id
HAVING count(*) FILTER (WHERE age < length) > 0
"""
THERE = """(
    SELECT recordings.id AS recording_id, song_id, language, genre
    FROM recordings JOIN songs ON songs.id = song_id WHERE NOT is_retired
)"""
INDEXES = """
CREATE UNIQUE INDEX popular_songs_by_language_song ON popular_songs_by_language (period, song_id);
CREATE INDEX popular_songs_by_language_rank
    ON popular_songs_by_language (period, language, popularity DESC)
"""


def upgrade() -> None:
    """Draws them anew."""
    _draw(THERE)
    op.execute("DROP TABLE chart_recordings")


def downgrade() -> None:
    """Leaves them empty until they are drawn the next time."""
    op.execute(TOLD)
    _draw("chart_recordings")


def _draw(recordings: str) -> None:
    op.execute("DROP MATERIALIZED VIEW popular_songs_by_language")
    op.execute(CHARTS.format(recordings=recordings))
    for index in INDEXES.split(";"):
        op.execute(index)
