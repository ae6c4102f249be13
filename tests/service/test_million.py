"""The tables with a million songs in them, as they are in the end."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.service.conftest import seed

from sonica.catalogue.listing import page
from sonica.platform.database import Database
from sonica.platform.migrate import migrate
from sonica.platform.postgres import Postgres
from sonica.platform.postgres.place import Place
from sonica.recognition.records import Records
from sonica.work.charts import Charts

SONGS_THERE = "0005"
"""The step that makes the table of songs."""
FILL = """
INSERT INTO songs
    SELECT n, 'सावन ' || n, 'Singer ' || n % 5000, NULL, (ARRAY['hi', 'bho', 'pa'])[n % 3 + 1], '', 0, '',
        'सावन ' || n, 'singer ' || n % 5000
    FROM generate_series(1, 1000000) AS n;
INSERT INTO recordings
    SELECT n, n, '', '', '', 240, 0, 0, '', NULL, false FROM generate_series(1, 1000000) AS n;
INSERT INTO recognitions
    SELECT gen_random_uuid(), now() - n * interval '1 second', 'audio', 'match', false, n, n, 1, 1, 0, 0.9,
        '[]', 0, 0, 0, ''
    FROM generate_series(1, 100000) AS n;
ANALYZE songs;
ANALYZE recordings
"""
CHANGES = ("UPDATE songs SET year = year + 1 WHERE id = 7", "SELECT count(*) FROM songs WHERE id < 100")

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def database_url(module_folder: Path, cluster: Place) -> Iterator[str]:
    seed(cluster, module_folder / "home")
    with Postgres(module_folder / "home") as postgres:
        asyncio.run(_fill(postgres.url))
        yield postgres.url


async def _fill(url: str) -> None:
    database = Database(url)
    try:
        await migrate(database)
        today = dt.datetime.now(dt.UTC).date()
        for day in (today, today - dt.timedelta(days=2)):
            await Records(database).make_partitions(day)
        for statement in FILL.split(";"):
            await database.run(partial(_do, statement=statement))
    finally:
        await database.close()


async def _do(connection: AsyncConnection, statement: str) -> None:
    await connection.execute(text(statement))


async def _goes_on(database: Database, done: asyncio.Event) -> int:
    """Changes songs until all is done, none of which may wait for a second; how often it did."""
    times = 0
    async with database.engine.connect() as connection:
        await connection.execute(text("SET lock_timeout = '1s'"))
        await connection.commit()
        while not done.is_set():
            for change in CHANGES:
                await connection.execute(text(change))
            await connection.commit()
            times += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), 0.01)
    return times


def test_steps_keep_nobody_waiting(database_url: str) -> None:
    async def work() -> int:
        database, done = Database(database_url), asyncio.Event()
        try:
            others = asyncio.create_task(_goes_on(database, done))
            for _ in range(2):
                await migrate(database, SONGS_THERE)
                await migrate(database)
            done.set()
            return await others
        finally:
            await database.close()

    assert asyncio.run(work()) > 3


def test_charts_and_search(database_url: str) -> None:
    async def work() -> None:
        database = Database(database_url)
        try:
            await Charts(database).draw()
            top = await Charts(database).top("month", language="bho", most=10)
            assert len(top) == 10
            for words, ids in (
                ("सावन 99999", [99999, *range(999990, 999999)]),
                ("singer 4999", [4999, 9999, 14999]),
                ("0777", [777 + 10000]),
            ):
                found = await database.run(partial(page, words=words, most=len(ids)))
                assert [place.song_id for place in found] == ids
        finally:
            await database.close()

    asyncio.run(work())
