"""The tables as this version of Sonica needs them: `upgrade` makes them so, step by step."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.platform.database import Database

STEPS = Path(__file__).with_name("migrations")
LOCK = 0x50_4E_1C_A0
"""Of PostgreSQL's advisory locks: processes that migrate take turns."""
NEWEST, NONE = "head", "base"


async def migrate(database: Database, to: str = NEWEST) -> tuple[str | None, str | None]:
    """Goes up or down to a step, `head` or `base`, in one transaction; from which step, and to which.

    Raises DatabaseError.
    """

    async def work(connection: AsyncConnection) -> tuple[str | None, str | None]:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        return await connection.run_sync(_go, to)

    return await database.run(work)


async def is_current(database: Database) -> bool:
    """Whether the tables are those of this version. Raises DatabaseError."""

    async def work(connection: AsyncConnection) -> bool:
        return await connection.run_sync(lambda sync: _step(sync) == newest())

    return await database.run(work, retry_s=0.0)


def newest() -> str | None:
    """The last step that this version knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _go(connection: Connection, to: str) -> tuple[str | None, str | None]:
    before = _step(connection)
    config = _config()
    config.attributes["connection"] = connection
    if to == NONE or _is_below(to, before):
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)
    return before, _step(connection)


def _is_below(to: str, before: str | None) -> bool:
    if before is None or to in {NEWEST, before}:
        return False
    return any(
        step.revision == to for step in ScriptDirectory.from_config(_config()).iterate_revisions(before, NONE)
    )


def _step(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    return config
