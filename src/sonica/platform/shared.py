"""The database of a data folder, for code that waits for it: one for all of a process, opened when needed.

The driver works in an event loop; that loop runs in a thread of its own, so that programs with and without
one (notebooks have one) may use this alike.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.platform.database import GONE, Database, DatabaseError, is_away, raise_as_told
from sonica.platform.errors import SonicaError
from sonica.platform.migrations import NEWEST
from sonica.platform.postgres import Postgres
from sonica.platform.settings import URL_VARIABLE

T = TypeVar("T")
END_S = 10.0
"""Seconds to wait for a statement that was interrupted to end."""


class _Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sonica-database", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of it. Interrupted, as by Ctrl-C, it ends the work first. Raises DatabaseError."""
        has_ended = threading.Event()

        async def watched() -> T:
            try:
                return await work
            finally:
                has_ended.set()

        future = asyncio.run_coroutine_threadsafe(watched(), self._loop)
        try:
            return future.result()
        except (*GONE, TimeoutError, SQLAlchemyError) as error:
            if is_away(error):
                said = "The database cannot be reached."
                raise DatabaseError("database_away", said, "Try again soon.") from error
            raise_as_told(error)
        except BaseException:
            if not future.done():
                future.cancel()
                has_ended.wait(END_S)
            raise

    def close(self) -> None:
        """Ends it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Transaction:
    """A transaction that is open. Nothing of it counts before `commit`."""

    def __init__(self, connection: AsyncConnection, loop: _Loop) -> None:
        self._connection, self._loop = connection, loop

    def run(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """What comes of `work`, done within the transaction. Raises DatabaseError."""
        return self._loop.run(_done(work, self._connection))

    def commit(self) -> None:
        """Makes it count, and ends it. Where this raises DatabaseError it may count all the same."""
        self._loop.run(self._connection.commit())


async def _done(work: Callable[[AsyncConnection], Awaitable[T]], connection: AsyncConnection) -> T:
    return await work(connection)


class SharedDatabase:
    """The database that is used with a data folder: the one that DATABASE_URL names, or Sonica's own.

    Nothing is started before it is needed. Safe to use from several threads.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self.largest = 4
        """Connections that there may be; said before the first is made."""
        self._lock = threading.RLock()
        self._postgres: Postgres | None = None
        self._database: Database | None = None

    def warm(self) -> None:
        """Opens it, so that the first transaction need not wait; errors come with that one."""
        with suppress(SonicaError, SQLAlchemyError, OSError):
            self._opened()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A new transaction, with the tables of this version; taken back at the end unless it was committed.

        Raises DatabaseError, PostgresError and SettingsError.
        """
        database, loop = self._opened(), _the_loop()
        connection = loop.run(_begun(database))
        try:
            yield Transaction(connection, loop)
        finally:
            with suppress(DatabaseError):
                loop.run(connection.close())

    def _opened(self) -> Database:
        with self._lock:
            if self._database is None:
                url = os.environ.get(URL_VARIABLE) or self._own()
                database = Database(url, smallest=1, largest=self.largest, retry_s=0.0)
                try:
                    _the_loop().run(_with_tables(database))
                except BaseException:
                    _the_loop().run(database.close())
                    raise
                self._database = database
            return self._database

    def _own(self) -> str:
        if self._postgres is None:
            self._postgres = Postgres(self._home).start()
        return self._postgres.url

    def close(self) -> None:
        """Ends all connections, and the own server where nobody else uses it. It may be used again."""
        with self._lock:
            if self._database is not None:
                _the_loop().run(self._database.close())
                self._database = None
            if self._postgres is not None:
                self._postgres.close()
                self._postgres = None


async def _begun(database: Database) -> AsyncConnection:
    connection = await database.engine.connect()
    await connection.begin()
    return connection


async def _with_tables(database: Database) -> None:
    """Sees to it that the tables are those of this version."""

    async def step(connection: AsyncConnection) -> str | None:
        if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        found: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found

    at = await database.run(step)
    if at is not None and at > NEWEST:
        raise DatabaseError(
            "database_newer", "The tables in the database are those of a newer Sonica.", "Update Sonica."
        )
    if at != NEWEST:
        from sonica.platform.migrate import migrate  # noqa: PLC0415  it is slow to load, and seldom needed

        await migrate(database)


_guard = threading.RLock()
_loops: list[_Loop] = []
_databases: dict[Path, SharedDatabase] = {}


def shared_database(home: Path) -> SharedDatabase:
    """The one of a data folder, for the rest of this process."""
    with _guard:
        return _databases.setdefault(home.absolute(), SharedDatabase(home))


def close_shared() -> None:
    """Ends all of them. What is used afterwards is opened again."""
    with _guard:
        for database in _databases.values():
            with suppress(DatabaseError):
                database.close()
        _databases.clear()
        while _loops:
            _loops.pop().close()


def _the_loop() -> _Loop:
    with _guard:
        if not _loops:
            _loops.append(_Loop())
        return _loops[0]


atexit.register(close_shared)
