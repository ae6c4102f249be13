"""Which songs there are, a page at a time, and plain search in titles and artists: asked of the database."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.catalogue.browse import START, Place, folded

ALL = """
SELECT 0, id FROM songs WHERE id > :after_id AND {is_there} ORDER BY id LIMIT :most
"""
FITTING = """
SELECT rank, id FROM (
    SELECT id, CASE
        WHEN title_key LIKE :begins THEN 0
        WHEN artist_key LIKE :begins THEN 1
        WHEN title_key LIKE :word OR artist_key LIKE :word THEN 2
        ELSE 3 END AS rank
    FROM songs WHERE (title_key LIKE :anywhere OR artist_key LIKE :anywhere) AND {is_there}
) AS fitting
WHERE (rank, id) > (:after_rank, :after_id) ORDER BY rank, id LIMIT :most
"""
WORST = 3
"""Of ranks: see `page`."""
IS_THERE = "EXISTS (SELECT FROM recordings WHERE song_id = songs.id AND NOT is_retired)"


async def page(
    connection: AsyncConnection, words: str = "", after: Place = START, most: int = 50
) -> list[Place]:
    """The places of the first `most` songs after a place in the list.

    A song fits where its title (rank 0) or artist (1) begins with the words, or a later word of either
    does (2), or they stand anywhere in them (3). Without words every song has rank 0. Songs that come or
    go meanwhile make none appear twice, and none that stays be left out.
    """
    wanted = folded(words)
    said: dict[str, str | int] = {"after_rank": after.rank, "after_id": after.song_id, "most": most}
    if wanted:  # which holds none of the signs that LIKE knows
        said |= {"begins": f"{wanted}%", "word": f"% {wanted}%", "anywhere": f"%{wanted}%"}
    question = text((FITTING if wanted else ALL).format(is_there=IS_THERE))
    return [Place(*row) for row in await connection.execute(question, said)]
