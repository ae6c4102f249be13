"""Work that goes on after its request was answered: queued in the database, done by workers.

The only place that knows which library keeps the queue. Its tables are in a schema of their own, `jobs`.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Any, Self, cast

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import DeleteJobCondition, Job, Status
from psycopg import Error as PsycopgError
from psycopg_pool import PoolClosed, PoolTimeout
from sqlalchemy.engine import make_url

from sonica.platform.database import RETRY_S, DatabaseError, checked_url

SCHEMA = "jobs"
BEAT_S, STALLED_S = 2.0, 10.0
"""Seconds between two signs of life of a worker, and without one after which its jobs are another's."""
LOOK_S = 2.0
"""Seconds between two looks for jobs of workers that died; what is queued is told to workers at once."""
PAUSE_S = 1.0
"""Seconds before a worker tries again, where the database is away."""
DRAIN_S = 5.0
"""Seconds that jobs at work may still take when the worker is to end; the next one does the rest."""
AGAIN_S = 2 * DRAIN_S
"""Seconds after which a worker that was told to end, and has not, is told again."""
FAR_AHEAD = """
UPDATE procrastinate_jobs SET scheduled_at = now()
WHERE status = 'todo' AND scheduled_at > now() + interval '1 minute'
"""
"""Takes jobs now that were put off by somebody whose clock was wrong: nobody puts one off for longer."""
TRIES = 100
"""How often a job is begun that was interrupted, or whose database went away."""
AT_ONCE = 4
"""Jobs that a worker does side by side."""

AWAY = (ConnectorException, PsycopgError, PoolTimeout, PoolClosed, OSError)


class Interrupted(Exception):  # noqa: N818  nothing went wrong
    """Raised by a job that has ended early, since its worker is to end: another goes on with it."""


INTERRUPTED = (DatabaseError, asyncio.CancelledError, Interrupted)
"""After which a job is begun again."""

Work = Callable[..., Awaitable[None]]

log = structlog.get_logger("sonica.jobs")


class Jobs:
    """The queue in a database. Used in one event loop; `async with` holds its connections.

    Every job may be done twice, wholly or in part: where a worker dies, or is thought to have died.
    """

    def __init__(self, url: str, *, retry_s: float = RETRY_S, largest: int = AT_ONCE + 2) -> None:
        """`url`: as that of a Database; `largest`: connections that there may be, and one more of a worker.

        Raises SettingsError where the URL names none.
        """
        self.retry_s = retry_s
        self._app = App(
            connector=PsycopgConnector(
                conninfo=_conninfo(url),
                min_size=1,
                max_size=largest,
                timeout=retry_s,
                kwargs={"options": f"-c search_path={SCHEMA}", "application_name": "sonica-jobs"},
            )
        )
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Raises DatabaseError."""
        await self._try(self._app.open_async)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._app.close_async()

    @property
    def is_stopping(self) -> bool:
        """Whether work should come to an end: asked by jobs that take long."""
        return self._stopping.is_set()

    def add(self, name: str, work: Work, *, cron: str = "") -> None:
        """What jobs of this name do. `cron`: when it is done by itself (UTC), once for all workers."""
        retry = RetryStrategy(
            max_attempts=TRIES,
            wait=1,
            retry_exceptions=cast("tuple[type[Exception], ...]", INTERRUPTED),
        )

        async def regular(timestamp: int = 0) -> None:  # noqa: ARG001  when it was due
            await work()

        async def given(**arguments: Any) -> None:
            await work(**arguments)

        if cron:
            task = self._app.task(name=name, retry=retry, queueing_lock=name)(regular)
            self._app.periodic(cron=cron)(task)
        else:
            self._app.task(name=name, retry=retry)(given)

    async def defer(self, task: str, key: str, /, **arguments: str) -> None:
        """Queues a job; not once more, where one with the same key has not begun. Raises DatabaseError."""

        async def put() -> None:
            with contextlib.suppress(AlreadyEnqueued):
                await self._app.configure_task(task, queueing_lock=key).defer_async(**arguments)

        await self._try(put)

    async def _work(self) -> None:
        """Does jobs until it is cancelled, and outlives the database's death."""
        rescuing = asyncio.create_task(self._rescue())
        try:
            while (
                not self._stopping.is_set()
            ):  # a worker whose database is away ends with that, not as cancelled
                try:
                    await self._app.run_worker_async(
                        concurrency=AT_ONCE,
                        install_signal_handlers=False,
                        delete_jobs=DeleteJobCondition.SUCCESSFUL.value,
                        fetch_job_polling_interval=LOOK_S,
                        update_heartbeat_interval=BEAT_S,
                        stalled_worker_timeout=STALLED_S,
                        shutdown_graceful_timeout=DRAIN_S,
                    )
                except AWAY as error:
                    log.warning("worker without a database", error_type=type(error).__name__)
                if not self._stopping.is_set():
                    await asyncio.sleep(PAUSE_S)
        finally:
            self._stopping.set()
            rescuing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescuing

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Does jobs beside the block, and ends with it."""
        worker = asyncio.create_task(self._work(), name="sonica-worker")
        try:
            yield
        finally:
            self._stopping.set()
            await _ended(worker)

    async def _rescue(self) -> None:
        """Queues jobs again whose workers died, and those that a wrong clock has put off."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                for job in await self._stalled():
                    try:
                        await self._app.job_manager.retry_job(job)
                    except UniqueViolation:  # one with its key is queued already, and does the same
                        await self._app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
                    log.info("job of a dead worker", job=job.task_name, attempts=job.attempts)
                await self._app.connector.execute_query_async(FAR_AHEAD)
            except AWAY as error:
                log.warning("no look for dead workers", error_type=type(error).__name__)

    async def _stalled(self) -> list[Job]:
        return list(await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S))

    async def _try(self, work: Callable[[], Awaitable[None]]) -> None:
        """`work`, again and again while the database is away. Raises DatabaseError."""
        try:
            async with asyncio.timeout(self.retry_s):
                while True:
                    try:
                        await work()
                    except AWAY:
                        await asyncio.sleep(PAUSE_S / 4)
                    else:
                        return
        except TimeoutError as error:
            said = "The database cannot be reached."
            raise DatabaseError("database_away", said, "Try again soon.") from error


async def _ended(worker: asyncio.Task[None]) -> None:
    """Ends a task by cancelling it; again where a library has lost that, as while it waited to connect."""
    while not worker.done():
        worker.cancel()
        await asyncio.wait({worker}, timeout=AGAIN_S)
    if not worker.cancelled():
        worker.result()


def _conninfo(url: str) -> str:
    """The URL as PostgreSQL's own library takes it."""
    parsed = make_url(checked_url(url))
    query = {{"ssl": "sslmode"}.get(name, name): value for name, value in parsed.query.items()}
    return parsed.set(drivername="postgresql", query=query).render_as_string(hide_password=False)
