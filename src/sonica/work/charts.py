"""Charts: what is recognised most, newer recognitions counting for more, drawn up anew every hour."""

import datetime as dt
from typing import Any, Literal, NamedTuple

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.catalogue import Catalogue
from sonica.platform.database import Database
from sonica.work.models import ChartRecordingRow

Period = Literal["day", "week", "month", "year"]
Order = Literal["popular", "rising"]

VIEW = "popular_songs_by_language"
LOCK = 0x50_4E_1C_A4
"""Of PostgreSQL's advisory locks: processes that draw charts take turns."""
TOGETHER = 5000
"""Rows that are written at a time."""
NEW = 5
"""Recognitions that a song counts as having had before, so that its first two are no sensation."""


class Place(NamedTuple):
    """A song in a chart.

    `popularity`: the sum of its recognitions; one of now counts 1, one of half a period ago half as much.
    `listens` and `listens_before`: how many there were in the period, and in the one before it.
    """

    song_id: int
    popularity: float
    listens: int
    listens_before: int
    drawn_at: dt.datetime


class Charts:
    """The charts in a database. All methods raise DatabaseError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def top(
        self,
        period: Period,
        *,
        language: str = "",
        genre: str = "",
        order: Order = "popular",
        most: int = 100,
    ) -> list[Place]:
        """The first songs of a chart; of all languages, and genres, where none is named."""
        rank = (
            "popularity" if order == "popular" else f"(listens - listens_before) / (listens_before + {NEW}.0)"
        )
        wanted = text(
            f"SELECT song_id, popularity, listens, listens_before, drawn_at FROM {VIEW}"  # noqa: S608  all ours
            " WHERE period = :period AND (:language = '' OR language = :language)"
            " AND (:genre = '' OR lower(genre) = lower(:genre))"
            f" ORDER BY {rank} DESC, song_id LIMIT :most"
        )
        said = {"period": period, "language": language, "genre": genre, "most": most}

        async def work(connection: AsyncConnection) -> list[Place]:
            return [Place(*row) for row in await connection.execute(wanted, said)]

        return await self._database.run(work)

    async def draw(self, catalogue: Catalogue) -> None:
        """Draws all charts anew, while the old ones can be read. Raises CatalogueError, too."""
        now = _recordings(catalogue)

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await _tell(connection, now)
            await connection.execute(text(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {VIEW}"))

        await self._database.run(work)


def _recordings(catalogue: Catalogue) -> dict[int, dict[str, Any]]:
    """Of which song each recording is by now, by its id: songs are merged after they were recognised."""
    return {
        recording.id: {
            "recording_id": recording.id,
            "song_id": entry.song.id,
            "language": entry.song.language,
            "genre": entry.song.genre,
        }
        for entry in catalogue.songs()
        for recording in entry.recordings
    }


async def _tell(connection: AsyncConnection, now: dict[int, dict[str, Any]]) -> None:
    """Brings the table of recordings up to date."""
    there = {row.recording_id: row._asdict() for row in await connection.execute(select(ChartRecordingRow))}
    changed = [row for id_, row in now.items() if there.get(id_) != row]
    put = insert(ChartRecordingRow)
    put = put.on_conflict_do_update(
        index_elements=["recording_id"],
        set_={name: getattr(put.excluded, name) for name in ("song_id", "language", "genre")},
    )
    for start in range(0, len(changed), TOGETHER):
        await connection.execute(put, changed[start : start + TOGETHER])
    gone = sorted(there.keys() - now.keys())
    for start in range(0, len(gone), TOGETHER):
        some = gone[start : start + TOGETHER]
        await connection.execute(delete(ChartRecordingRow).where(ChartRecordingRow.recording_id.in_(some)))
