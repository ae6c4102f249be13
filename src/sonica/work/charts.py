"""Charts: what is recognised most, newer recognitions counting for more, drawn up anew every hour."""

import datetime as dt
from typing import Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.platform.database import Database

Period = Literal["day", "week", "month", "year"]
Order = Literal["popular", "rising"]

VIEW = "popular_songs_by_language"
LOCK = 0x50_4E_1C_A4
"""Of PostgreSQL's advisory locks: processes that draw charts take turns."""
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

    async def drawn_at(self) -> dt.datetime | None:
        """When they were drawn up; None where nothing is in any."""

        async def work(connection: AsyncConnection) -> dt.datetime | None:
            when: dt.datetime | None = await connection.scalar(text(f"SELECT drawn_at FROM {VIEW} LIMIT 1"))  # noqa: S608
            return when

        return await self._database.run(work, is_one=True)

    async def draw(self) -> None:
        """Draws all charts anew, while the old ones can be read: of the songs as they are by now."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.execute(text(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {VIEW}"))

        await self._database.run(work)
