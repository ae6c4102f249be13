"""PostgreSQL, whoever runs it: connections, transactions that survive its death, migrations."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn, TypeVar

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from sonica.platform.errors import SonicaError
from sonica.platform.settings import URL_VARIABLE, SettingsError

SMALLEST, LARGEST = 10, 100
"""Connections that are kept, and that there may be."""
WAIT_S = 30.0
"""Seconds to wait for a free connection."""
OUR_OPTIONS = {"sslmode": "ssl"}
"""What an option of a URL is called elsewhere, and by our driver."""
RETRY_S = 10.0
"""Seconds during which a transaction is tried again, when the database dies or is still starting."""
PAUSE_S = 0.05
"""Seconds before the first new try; each next one waits twice as long, up to a second."""

Result = TypeVar("Result")

GONE = (
    OSError,  # not there, or not yet
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what asyncpg says where the server dies between two of its messages
)
"""What a database says, or has said of it, that may soon be well again."""


FULL = asyncpg.InsufficientResourcesError
"""What a database says whose disk or memory is full, or that may not take more."""


class Base(DeclarativeBase):
    """What all tables have in common: each part of Sonica states its own."""


class DatabaseError(SonicaError):
    """Codes: `database_away` (try again later), `database_busy` (no free connection), `database_full` (its
    disk is), `database_newer` (its tables are those of a later version).
    """


class Database:
    """A pool of connections. Used in one event loop."""

    def __init__(
        self,
        url: str,
        *,
        smallest: int = SMALLEST,
        largest: int = LARGEST,
        wait_s: float = WAIT_S,
        retry_s: float = RETRY_S,
    ) -> None:
        """`url`: `postgresql://user:password@host:port/name`. Raises SettingsError where it is none."""
        self.retry_s = retry_s
        self.engine: AsyncEngine = create_async_engine(
            checked_url(url),
            pool_size=smallest,
            max_overflow=largest - smallest,
            pool_timeout=wait_s,
            connect_args={"timeout": 10, "server_settings": {"application_name": "sonica"}},
        )
        self._for_one = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        # Ours to see without asking: a question before each transaction (the pool's own way) is three more.
        event.listen(self.engine.sync_engine, "checkout", _must_be_open)

    async def run(
        self,
        work: Callable[[AsyncConnection], Awaitable[Result]],
        *,
        retry_s: float | None = None,
        is_one: bool = False,
    ) -> Result:
        """`work` in a transaction, tried again where the database goes away meanwhile.

        That may be after its commit: the work must do no harm twice. `retry_s`: for how long, where the
        database's own is not meant. `is_one`: the work is one statement, a transaction by itself, so that the
        database is asked once and not three times. Raises DatabaseError.
        """
        engine = self._for_one if is_one else self.engine
        patience = self.retry_s if retry_s is None else retry_s
        deadline, pause = time.monotonic() + patience, PAUSE_S
        while True:
            try:
                async with engine.begin() as connection:
                    return await work(connection)
            except PoolTimeoutError as error:
                raise DatabaseError(
                    "database_busy", "No connection to the database is free.", "Try again soon."
                ) from error
            except (*GONE, TimeoutError, SQLAlchemyError) as error:
                if not is_away(error):
                    raise_as_told(error)
                if time.monotonic() + pause > deadline:
                    said = "The database cannot be reached."
                    raise DatabaseError("database_away", said, "Try again soon.") from error
            await asyncio.sleep(pause)
            pause = min(1.0, 2 * pause)

    async def is_there(self) -> bool:
        """Whether it answers now."""
        try:
            select = text("SELECT 1")
            await self.run(lambda connection: connection.execute(select), retry_s=0.0, is_one=True)
        except DatabaseError:
            return False
        return True

    def pool(self) -> Mapping[str, int]:
        """Connections that are in use, and all that there are."""
        pool = self.engine.sync_engine.pool
        used = getattr(pool, "checkedout", lambda: 0)()
        idle = getattr(pool, "checkedin", lambda: 0)()
        return {"used": used, "open": used + idle}

    async def close(self) -> None:
        """Ends all connections."""
        await self.engine.dispose()


def _must_be_open(connection: Any, *_: object) -> None:
    """Has the pool make another connection in place of one whose server has died."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def checked_url(url: str) -> str:
    """The URL for our driver, whichever one it names. Raises SettingsError."""
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise SettingsError(  # the URL holds a password: it is not repeated
            "database_url",
            f"{URL_VARIABLE} names no PostgreSQL.",
            "It is like postgresql://user:secret@host:5432/name",
        )
    query = {OUR_OPTIONS.get(name, name): value for name, value in parsed.query.items()}
    return parsed.set(drivername="postgresql+asyncpg", query=query).render_as_string(hide_password=False)


def raise_as_told(error: Exception) -> NoReturn:
    """Raises the error, or what to say of a database that has no room: nothing was written."""
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(cause, FULL):
        hint = "Make room where its data lies; nothing was changed."
        raise DatabaseError("database_full", "The database has no room for more.", hint) from error
    raise error


def is_away(error: BaseException) -> bool:
    """Whether the database is gone, starting or stopping, rather than that we asked for the wrong thing."""
    if isinstance(error, (*GONE, TimeoutError)):
        return True
    if isinstance(error, DBAPIError):
        cause = error.orig.__cause__ if error.orig else None
        return error.connection_invalidated or isinstance(cause, GONE)
    return False
