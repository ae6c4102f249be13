"""The service as one command: database, tables, application, one port; all of it ends together."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial

import structlog
import uvicorn

from sonica.catalogue import Catalogue
from sonica.gateway.access import Access
from sonica.gateway.app import create_app
from sonica.gateway.parts import GatewayLimits, Parts
from sonica.platform.database import Database
from sonica.platform.errors import SonicaError
from sonica.platform.jobs import Jobs
from sonica.platform.migrate import migrate
from sonica.platform.options import Options
from sonica.platform.servers import database_server
from sonica.recognition import Thresholds
from sonica.work.adding import Places
from sonica.work.worker import Workshop, workshop

DRAIN_S = 30
"""Seconds that requests at work may still take when the service is told to stop."""
WAITING = 2048
"""Connections that the kernel accepts before we do."""

log = structlog.get_logger("sonica.gateway")


class ServeError(SonicaError):
    """Codes: `address_taken`, `address_bad`."""


def serve(
    options: Options,
    thresholds: Thresholds,
    *,
    host: str,
    ports: Sequence[int],
    on_ready: Callable[[str], None],
    limits: GatewayLimits | None = None,
) -> None:
    """Serves the songs in the data folder until SIGINT or SIGTERM; requests at work are answered first.

    The first of the `ports` that is free is taken; 0 is a free one. `on_ready` is told the address once
    requests are answered. Raises ServeError, SettingsError, PostgresError, DatabaseError and CatalogueError.
    """
    with listening(host, *ports) as listener, _stopping() as stop, database_server(options) as url:
        if not stop.is_set():
            ready = partial(on_ready, _address(listener))
            places = Places(options.folders, options.prefixes)
            access = Access.of(options)
            make = partial(Parts.make, options.home, thresholds, places=places, limits=limits, access=access)
            work = partial(workshop, options)
            serving = _serve(
                url,
                make,
                work,
                listener=listener,
                stop=stop,
                catch_up=Catalogue(options.home).catch_up,
                on_ready=ready,
            )
            asyncio.run(serving)


@contextlib.contextmanager
def listening(host: str, *ports: int) -> Iterator[socket.socket]:
    """A socket at the first address that is free, taken before anything is started.

    Connections wait in it.
    """
    *others, last = ports
    listener = None
    for port in others:
        with contextlib.suppress(ServeError):
            listener = _bound(host, port)
            break
    with listener or _bound(host, last) as bound:
        yield bound


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


class _Server(uvicorn.Server):
    """uvicorn, which tells when it answers.

    Without signal handlers of its own: they would end this process before what is beside it has ended.
    """

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to answer."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    def end(self) -> None:
        """Has it end once all is answered; said again, at once."""
        self.force_exit = self.should_exit
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals alone."""
        yield


async def _serve(
    url: str,
    make: Callable[[Database, Jobs], Parts],
    work: Callable[[Database, Jobs], AbstractAsyncContextManager[Workshop]],
    *,
    listener: socket.socket,
    stop: _Stop,
    catch_up: Callable[[], None],
    on_ready: Callable[[], None],
) -> None:
    database = Database(url)
    try:
        before, after = await migrate(database)
        if before != after:
            log.info("migrated", before=before, after=after)
        await asyncio.to_thread(catch_up)
        async with Jobs(url) as jobs, work(database, jobs), jobs.working():
            parts = make(database, jobs)
            proxies = parts.access.proxies  # nobody else is believed what `X-Forwarded-For` says
            server = _Server(
                uvicorn.Config(
                    create_app(parts),
                    http="h11",  # bounds the headers of a request
                    log_config=None,
                    access_log=False,
                    server_header=False,
                    proxy_headers=bool(proxies),
                    forwarded_allow_ips=list(proxies),
                    timeout_graceful_shutdown=DRAIN_S,
                ),
                on_ready,
            )
            loop = asyncio.get_running_loop()
            stop.on_set = lambda: loop.call_soon_threadsafe(server.end)
            if not stop.is_set():
                await server.serve(sockets=[listener])
    finally:
        await database.close()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
