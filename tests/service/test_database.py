"""Transactions that survive the database's death, and its tables, on a real server."""

import asyncio
import datetime as dt
import os
import signal
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.service.conftest import seed

import sonica.catalogue.models
import sonica.platform.models
import sonica.work.models  # noqa: F401  their tables are among all
from sonica.platform.database import Base, Database, DatabaseError, checked_url
from sonica.platform.ids import new_id, time_of
from sonica.platform.migrate import is_current, migrate, newest
from sonica.platform.postgres import Postgres
from sonica.platform.postgres.keeper import pid_file
from sonica.platform.postgres.place import Place
from sonica.platform.settings import SettingsError
from sonica.recognition import Answer, Candidate, SongRef
from sonica.recognition.records import MONTHS_AHEAD, Records
from sonica.work.charts import Charts

T = TypeVar("T")
TODAY = dt.date(2026, 11, 25)
SONG = SongRef(id=3, recording_id=4, title="सावन", artist="", language="hi", path="")
MATCH = Answer(
    file="",
    status="match",
    song=SONG,
    offset_s=12.5,
    speed=1.0,
    pitch_semitones=0.0,
    confidence=0.99,
    alternatives=(Candidate(song=SONG, offset_s=1.0, speed=1.0, pitch_semitones=0.0, confidence=0.1),),
)


@pytest.fixture(scope="module")
def postgres(module_folder: Path, cluster: Place) -> Iterator[Postgres]:
    seed(cluster, module_folder / "home")
    with Postgres(module_folder / "home") as started:
        yield started


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database, emptied and with the tables of this version."""
    database = Database(url, retry_s=60.0)
    try:
        await migrate(database, "base")
        await migrate(database)
        yield database
    finally:
        await database.close()


def on(postgres: Postgres, work: Callable[[Database], Awaitable[None]]) -> None:
    async def run() -> None:
        async with opened(postgres.url) as database:
            await work(database)

    asyncio.run(run())


class Twice(Database):
    """A database of which nobody hears that it has committed: everything is tried again."""

    async def run(self, work: Callable[[AsyncConnection], Awaitable[T]], **how: Any) -> T:
        await super().run(work, **how)
        return await super().run(work, **how)


async def value(database: Database, statement: str) -> object:
    async def work(connection: AsyncConnection) -> object:
        return await connection.scalar(text(statement))

    return await database.run(work)


def test_up_and_down(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        assert await is_current(database)
        assert await migrate(database) == (newest(), newest())
        assert await migrate(database, "0001") == (newest(), "0001")
        assert await migrate(database) == ("0001", newest())
        assert await migrate(database, "base") == (newest(), None)
        assert not await is_current(database)
        left = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename != 'alembic_version'"
        assert await value(database, left) == 0
        assert await migrate(database) == (None, newest())
        assert await value(database, left) == 17

    on(postgres, work)


def test_the_service_before_songs_were_here_is_taken_along(postgres: Postgres) -> None:
    """A database as an earlier service left it keeps its keys, and its charts can be drawn."""

    async def work(database: Database) -> None:
        await migrate(database, "0004")
        await value(database, "INSERT INTO admin_keys VALUES ('k', 'old', '{songs}', '', now()) RETURNING 1")
        assert await migrate(database) == ("0004", newest())
        assert await value(database, "SELECT name FROM admin_keys") == "old"
        await Charts(database).draw()
        assert await Charts(database).top("week") == []
        assert await migrate(database, "0004") == (newest(), "0004")
        assert await value(database, "SELECT count(*) FROM chart_recordings") == 0

    on(postgres, work)


def test_the_models_are_the_tables(postgres: Postgres) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async def work(database: Database) -> None:
        async with database.engine.connect() as connection:
            assert await connection.run_sync(differences) == []

    on(postgres, work)


def test_processes_that_migrate_at_once_take_turns(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        await migrate(database, "base")
        went = await asyncio.gather(*(migrate(database) for _ in range(5)))
        assert sorted(went, key=str) == [(newest(), newest())] * 4 + [(None, newest())]

    on(postgres, work)


def test_what_is_answered_is_kept_and_judged(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        records = Records(database)
        kept = await records.keep(MATCH, "audio")
        id_, token = kept.id, kept.token
        row = "SELECT (status, song_id, offset_s, alternatives->0->>'song_id')::text FROM recognitions"
        assert await value(database, row) == "(match,3,12.5,3)"
        assert await value(database, "SELECT created_at FROM recognitions") == time_of(id_)
        assert not await records.judge(id_, "guessed", is_right=True, song_id=None)
        assert not await records.judge(new_id(), token, is_right=True, song_id=None)
        assert not await records.judge(uuid.uuid4(), token, is_right=True, song_id=None)
        assert await value(database, "SELECT count(*) FROM feedback") == 0
        for is_right, song_id in ((True, None), (False, 7)):
            assert await records.judge(id_, token, is_right=is_right, song_id=song_id)
        assert await value(
            database, "SELECT (count(*), bool_or(is_right), max(song_id))::text FROM feedback"
        ) == ("(1,f,7)")

    on(postgres, work)


def test_partitions_by_month(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        records = Records(database)
        made = await asyncio.gather(*(records.make_partitions(TODAY) for _ in range(3)))
        wanted = [
            "recognitions_2026_11",
            "recognitions_2026_12",
            "recognitions_2027_01",
            "recognitions_2027_02",
        ]
        assert len(wanted) == MONTHS_AHEAD + 1
        assert sorted(name for names in made for name in names) == wanted
        assert await records.make_partitions(dt.date(2026, 12, 1)) == ["recognitions_2027_03"]

    on(postgres, work)


def test_an_answer_in_a_month_without_a_partition(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        await Records(database).keep(MATCH, "fingerprint")  # there are none at all
        assert await value(database, "SELECT count(*) FROM recognitions") == 1

    on(postgres, work)


def test_kill_9_of_the_server_amid_transactions(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        records = Records(database)
        await records.make_partitions(dt.datetime.now(dt.UTC).date())
        kept = []

        async def keep() -> None:
            for _ in range(25):
                kept.append((await records.keep(MATCH, "fingerprint")).id)
                if len(kept) == 60:
                    os.kill(int(pid_file(postgres.place.data)[0]), signal.SIGKILL)

        await asyncio.gather(*(keep() for _ in range(8)))
        assert len(set(kept)) == 200
        there = await value(database, "SELECT array_agg(id) FROM recognitions")
        assert isinstance(there, list)
        assert set(kept) == set(there)  # and none twice, though it was tried again

    on(postgres, work)


def test_an_answer_that_is_tried_again_is_kept_once(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        twice = Twice(postgres.url)
        kept = await Records(twice).keep(MATCH, "fingerprint")
        assert await Records(twice).judge(kept.id, kept.token, is_right=True, song_id=None)
        await twice.close()
        assert await value(database, "SELECT array_agg(id) FROM recognitions") == [kept.id]
        assert await value(database, "SELECT count(*) FROM feedback") == 1

    on(postgres, work)


def test_answers_of_one_moment_are_kept_together(postgres: Postgres) -> None:
    class Counting(Database):
        transactions = 0

        async def run(self, work: Callable[[AsyncConnection], Awaitable[T]], **how: Any) -> T:
            self.transactions += 1
            return await super().run(work, **how)

    async def work(database: Database) -> None:
        counting = Counting(postgres.url)
        records = Records(counting)
        await records.make_partitions(dt.datetime.now(dt.UTC).date())
        counting.transactions = 0
        kept = await asyncio.gather(*(records.keep(MATCH, "fingerprint") for _ in range(300)))
        assert counting.transactions == 2  # of at most 256
        there = await value(database, "SELECT array_agg(id) FROM recognitions")
        assert isinstance(there, list)
        assert {one.id for one in kept} == set(there)
        await counting.close()

    on(postgres, work)


def test_an_answer_that_cannot_be_kept_harms_no_other(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        records = Records(database)
        wrong = MATCH.model_copy(update={"song": SONG.model_copy(update={"id": 2**64})})
        answers = [MATCH, wrong, MATCH]
        kept = await asyncio.gather(
            *(records.keep(answer, "fingerprint") for answer in answers), return_exceptions=True
        )
        assert [isinstance(one, BaseException) for one in kept] == [False, True, False]
        assert await value(database, "SELECT count(*) FROM recognitions") == 2

    on(postgres, work)


def test_who_does_not_wait_for_an_answer_keeps_no_other_waiting(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        records = Records(database)
        asked = [asyncio.create_task(records.keep(MATCH, "fingerprint")) for _ in range(3)]
        await asyncio.sleep(0)
        asked[1].cancel()
        assert (await asked[0]).id != (await asked[2]).id
        assert (await records.keep(MATCH, "fingerprint")).answer == MATCH

    on(postgres, work)


def test_mistakes_are_not_tried_again(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        with pytest.raises(ProgrammingError):
            await value(database, "SELECT nonsense")

    on(postgres, work)


def test_a_database_that_is_not_there() -> None:
    async def run() -> None:
        database = Database("postgresql://nobody@127.0.0.1:1/none")
        try:
            with pytest.raises(DatabaseError) as told:
                await database.run(lambda connection: connection.execute(text("SELECT 1")), retry_s=0.2)
            assert told.value.code == "database_away"
            assert not await database.is_there()
        finally:
            await database.close()

    asyncio.run(run())


def test_a_pool_that_is_used_up(postgres: Postgres) -> None:
    async def run() -> None:
        database = Database(postgres.url, smallest=1, largest=2, wait_s=0.1)
        try:
            async with database.engine.begin(), database.engine.begin():
                assert database.pool()["used"] == 2
                with pytest.raises(DatabaseError) as told:
                    await value(database, "SELECT 1")
                assert told.value.code == "database_busy"
            assert await value(database, "SELECT 1") == 1
        finally:
            await database.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://u:secret@h/d", "sqlite://", "postgresql://h:port/d"]
)
def test_what_names_no_database(url: str) -> None:
    with pytest.raises(SettingsError) as told:
        checked_url(url)
    assert "secret" not in str(told.value)


def test_urls_of_any_driver() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        assert checked_url(f"{scheme}://u:p%40@h:5/d") == "postgresql+asyncpg://u:p%40@h:5/d"


def test_tls_is_asked_for_as_everywhere() -> None:
    assert checked_url("postgresql://h/d?sslmode=require") == "postgresql+asyncpg://h/d?ssl=require"


def test_ids_say_when_they_were_given() -> None:
    ids = [new_id(1_764_000_000_123) for _ in range(100)]
    assert len(set(ids)) == 100
    assert {id_.version for id_ in ids} == {7}
    assert {id_.variant for id_ in ids} == {uuid.RFC_4122}
    assert {time_of(id_) for id_ in ids} == {dt.datetime(2025, 11, 24, 16, 0, 0, 123_000, dt.UTC)}
    assert abs(time_of(new_id()) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    for other in (uuid.uuid4(), uuid.UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")):
        with pytest.raises(ValueError, match="an id of"):
            time_of(other)
