"""One PostgreSQL for all tests, and in it a database for each data folder, made when it is asked for."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from sonica.platform.database import Database
from sonica.platform.migrate import migrate
from sonica.platform.postgres import Postgres
from sonica.platform.settings import URL_VARIABLE

TEMPLATE = "template_sonica"
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
"""The address of no database, for those that should need none."""
EMPTY = """
DO $$ DECLARE names text; BEGIN
    SELECT string_agg(format('%I', tablename), ', ') INTO names FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version';
    EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY';
END $$
"""
QUICK = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
"""The tests' machine does not lose power: these save most of the time of making databases."""


@contextmanager
def open_folder() -> Iterator[Path]:
    """An empty folder through which every user may pass; pytest's own are closed to all but one."""
    folder = Path(tempfile.mkdtemp(prefix="sonica-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class Databases:
    """The server, started when the first database is asked for."""

    def __init__(self, folder: Path) -> None:
        self._postgres = Postgres(folder / "home")
        self._names: dict[Path, str] = {}
        self._free: list[str] = []
        self._count = 0
        self._is_ready = False

    def url(self, home: Path) -> str:
        """Of the database that goes with a data folder: empty at first, with all tables."""
        self._prepare()
        if home not in self._names:
            self._names[home] = self._free.pop() if self._free else self._create()
        return self.at(self._names[home])

    def environment(self, home: Path) -> dict[str, str]:
        """For a process that works with a data folder."""
        return {**os.environ, URL_VARIABLE: self.url(home)}

    def mark(self) -> set[Path]:
        """The data folders that have a database now."""
        return set(self._names)

    def release(self, but: set[Path]) -> None:
        """Empties the databases of all other data folders: they may serve the next ones."""
        for home in self._names.keys() - but:
            name = self._names.pop(home)
            asyncio.run(do(self.at(name), EMPTY))
            self._free.append(name)

    def _create(self) -> str:
        self._count += 1
        name = f"test_{self._count}"
        asyncio.run(do(self._postgres.url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
        return name

    def at(self, name: str) -> str:
        """The address of a database of the server."""
        return self._postgres.url.replace("/sonica?", f"/{name}?")

    def close(self) -> None:
        """Stops the server."""
        if self._is_ready:
            self._postgres.close()

    def _prepare(self) -> None:
        if self._is_ready:
            return
        self._postgres.start()
        self._is_ready = True
        asyncio.run(
            do(
                self._postgres.url,
                *(f"ALTER SYSTEM SET {setting}" for setting in QUICK),
                "SELECT pg_reload_conf()",
                f"CREATE DATABASE {TEMPLATE}",
            )
        )
        asyncio.run(_with_tables(self.at(TEMPLATE)))


async def do(url: str, *statements: str) -> None:
    """Runs statements in a database, each by itself."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _with_tables(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()
