"""A Redis of the tests' own, over loopback: a process that can be killed, stopped and started again."""

import asyncio
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Gauge

from sonica.platform.far import Far

PATIENCE_S = 60.0
PATIENT_S = 20.0
"""For what has to be heard: this machine may be busy."""
OPENED: list[Far] = []
"""To be closed at the end of a test."""


class Shelf:
    """The server. What is in it is gone with its process."""

    def __init__(self, folder: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> None:
        """Starts it, empty. `more`: further settings."""
        said = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self._folder, *more]
        self._process = subprocess.Popen(["redis-server", *said], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                assert self.ask("PING") == b"+PONG"
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            else:
                return

    def ask(self, *words: str | bytes) -> bytes:
        """The first line of the answer to a command."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as connection:
            said = [word.encode() if isinstance(word, str) else word for word in words]
            connection.sendall(
                b"*%d\r\n" % len(said) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in said)
            )
            with connection.makefile("rb") as answer:
                return answer.readline().strip()

    def all(self) -> dict[str, bytes]:
        """Every key and its value."""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as connection,
            connection.makefile("rb") as answer,
        ):

            def bulk() -> bytes:
                size = int(answer.readline()[1:])
                return answer.read(size + 2)[:-2] if size >= 0 else b""

            connection.sendall(b"KEYS *\r\n")
            keys = [bulk() for _ in range(int(answer.readline()[1:]))]
            found = {}
            for key in keys:
                connection.sendall(b"*2\r\n$3\r\nGET\r\n$%d\r\n%s\r\n" % (len(key), key))
                found[key.decode()] = bulk()
            return found

    def pause(self) -> None:
        """Has it answer nothing, and keep what it has, until `go_on`."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Has it answer again."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        """Has it forget all."""
        self.ask("FLUSHALL")

    def kill(self) -> None:
        """Ends it at once."""
        if self._process:
            self._process.kill()
            self._process.wait(PATIENCE_S)
            self._process = None


@contextmanager
def open_shelf(*more: str) -> Iterator[Shelf]:
    """One that runs."""
    with tempfile.TemporaryDirectory(prefix="sonica-test-") as folder:
        shelf = Shelf(folder)
        shelf.start(*more)
        try:
            yield shelf
        finally:
            shelf.kill()


def far(shelf: Shelf, patience_s: float = PATIENT_S) -> Far:
    OPENED.append(Far(shelf.url, Gauge("up", "", registry=CollectorRegistry()), patience_s=patience_s))
    return OPENED[-1]


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def in_time() -> None:
        try:
            async with asyncio.timeout(60):
                await work()
        finally:
            while OPENED:
                await OPENED.pop().close()

    asyncio.run(in_time())


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110  of another process, or of another connection
        await asyncio.sleep(0.01)
