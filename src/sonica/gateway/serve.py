"""The service as one command: database, tables, application, one port; all of it ends together."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from sonica.catalogue import Catalogue
from sonica.gateway.access import Access
from sonica.gateway.errors import ServeError
from sonica.gateway.limiter import LocalLimiter
from sonica.gateway.parts import GatewayLimits, Parts
from sonica.gateway.process import Order
from sonica.gateway.server import WAITING, Server
from sonica.gateway.together import Desk
from sonica.gateway.workers import Workers
from sonica.platform.cache import Caching
from sonica.platform.connections import IN_BACKGROUND, Connections, to_answer
from sonica.platform.database import Database
from sonica.platform.jobs import Jobs
from sonica.platform.migrate import migrate
from sonica.platform.options import Options
from sonica.platform.servers import database_server
from sonica.recognition import Thresholds
from sonica.work.adding import Places
from sonica.work.worker import workshop

FIRST_GIVEN = 3
"""The descriptor of a socket that is held for us (SD_LISTEN_FDS_START)."""

log = structlog.get_logger("sonica.gateway")


def serve(
    options: Options,
    thresholds: Thresholds,
    *,
    host: str,
    ports: Sequence[int],
    on_ready: Callable[[str], None],
    limits: GatewayLimits | None = None,
    workers: int = 1,
    does_jobs: bool = True,
    web: Path | None = None,
    engines: Sequence[str] = (),
) -> None:
    """Serves the songs in the data folder until SIGINT or SIGTERM; requests at work are answered first.

    The first of the `ports` that is free is taken; 0 is a free one; and none where a socket is held for us
    (see `listening`). `on_ready` is told the address once requests are answered. `workers`: processes that
    answer; 1 is this one. `does_jobs`: whether it also does what goes on in the background. `web`: where the
    web app lies, or will. `engines`: addresses of engine processes that search in place of those that answer.
    Raises ServeError, SettingsError, PostgresError, DatabaseError and CatalogueError.
    """
    limits, access = limits or GatewayLimits(), Access.of(options)
    with listening(host, *ports) as listener, _stopping() as stop, database_server(options) as url:
        if stop.is_set():
            return
        ready = partial(on_ready, _address(listener))

        def here(database: Database, jobs: Jobs) -> Answering:
            places = Places(options.folders, options.prefixes)
            home = options.home
            parts = Parts.make(
                home,
                thresholds,
                database,
                jobs,
                places=places,
                limits=limits,
                access=access,
                caching=Caching.of(options),
                web=web,
                engines=engines,
            )
            return Server(parts, listener, ready)

        def apart(_: Database, __: Jobs) -> Answering:
            order = Order(
                url=url,
                listener=listener.fileno(),
                share=workers,
                thresholds=thresholds,
                limits=limits,
                web=web,
                engines=tuple(engines),
                log_level=logging.getLogger().level,
            )
            desk = Desk(LocalLimiter(access.quota) if access.quota else None)
            return Workers(order, listener, desk, ready)

        work = partial(_working, options) if does_jobs else _idle
        catch_up = Catalogue(options.home).catch_up
        answering = here if workers == 1 else apart
        most = to_answer(1) if workers == 1 else IN_BACKGROUND
        most = most._replace(jobs=IN_BACKGROUND.jobs if does_jobs else 1)
        asyncio.run(_serve(url, work, answering, most=most, stop=stop, catch_up=catch_up))


@contextlib.contextmanager
def listening(host: str, *ports: int) -> Iterator[socket.socket]:
    """A socket at the first address that is free, taken before anything is started.

    Connections wait in it. Where whoever started us holds one for us, it is that: what waits in it outlives
    us, and the next service answers it.
    """
    if given := _given():
        with given:
            yield given
        return
    *others, last = ports
    listener = None
    for port in others:
        with contextlib.suppress(ServeError):
            listener = _bound(host, port)
            break
    with listener or _bound(host, last) as bound:
        yield bound


def _given() -> socket.socket | None:
    """The socket that we were started with, as systemd does (sd_listen_fds). Raises ServeError."""
    said = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    if said[0] != str(os.getpid()):
        return None
    try:
        listener = socket.socket(fileno=FIRST_GIVEN)
        listens = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        if said[1] == "1" and listens and listener.family in {socket.AF_INET, socket.AF_INET6}:
            listener.set_inheritable(False)
            return listener
    except OSError:  # nothing is there, or no socket
        pass
    told = "What Sonica was started with is not one listening socket of TCP."
    raise ServeError("address_bad", told, "Let the socket unit have one ListenStream, a port.")


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With its protocol said: asyncio turns Nagle's delays (40 ms an answer) off for no other.
        listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    except (OSError, OverflowError) as error:
        raise ServeError("address_bad", f"{host}:{port} is no address ({error}).", "Name another.") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(WAITING)
    except OSError as error:
        listener.close()
        said = f"Sonica cannot listen at {host}:{port} ({error.strerror})."
        raise ServeError("address_taken", said, "Choose another: --port 8001.") from error
    return listener


class _Stop:
    """Whether to end, asked for by signals; `on_set` is called by them, in the main thread."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.on_set: Callable[[], object] = lambda: None

    def set(self, *_: object) -> None:
        """Asks for it."""
        self._asked.set()
        self.on_set()

    def is_set(self) -> bool:
        """Whether it was asked for."""
        return self._asked.is_set()


@contextlib.contextmanager
def _stopping() -> Iterator[_Stop]:
    """SIGINT and SIGTERM ask to end, from before the first server is started until the last has ended."""
    stop = _Stop()
    before = {number: signal.signal(number, stop.set) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Answering(Protocol):
    """What answers: a server in this process, or the processes that do."""

    async def answer(self) -> None:
        """Answers until `end`."""

    def end(self) -> None:
        """Has it end once all is answered; said again, at once."""


@contextlib.asynccontextmanager
async def _working(options: Options, database: Database, jobs: Jobs) -> AsyncIterator[None]:
    async with workshop(options, database, jobs), jobs.working():
        yield


@contextlib.asynccontextmanager
async def _idle(_: Database, __: Jobs) -> AsyncIterator[None]:
    yield


async def _serve(
    url: str,
    work: Callable[[Database, Jobs], AbstractAsyncContextManager[None]],
    answering: Callable[[Database, Jobs], Answering],
    *,
    most: Connections,
    stop: _Stop,
    catch_up: Callable[[], None],
) -> None:
    database = Database(url, smallest=most.kept, largest=most.database)
    try:
        before, after = await migrate(database)
        if before != after:
            log.info("migrated", before=before, after=after)
        await asyncio.to_thread(catch_up)
        async with Jobs(url, largest=most.jobs) as jobs, work(database, jobs):
            one = answering(database, jobs)
            loop = asyncio.get_running_loop()
            stop.on_set = lambda: loop.call_soon_threadsafe(one.end)
            if not stop.is_set():
                await one.answer()
    finally:
        await database.close()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
