"""Many clients at once over plain HTTP/1.1, each asking again as soon as it is answered."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

END = b"\r\n\r\n"


@dataclass
class Told:
    """What came back: milliseconds of each answer that was good, and how many were not."""

    seconds: float = 0.0
    took_ms: list[float] = field(default_factory=list)
    cpu_s: float = 0.0
    """Of the service's process."""
    failed: int = 0
    last: bytes = b""
    """The last bad answer, head and body."""

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.took_ms) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor for each answer."""
        return 1000 * self.cpu_s / len(self.took_ms)

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.took_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(method: str, path: str, body: bytes = b"", kind: str = "") -> bytes:
    """A request as it travels."""
    head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\n"
    if body:
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


async def load(address: tuple[str, int], requests: Sequence[bytes], connections: int, seconds: float) -> Told:
    """Asks the requests in turn on so many connections for so long; whoever asked then is still answered."""
    told = Told()
    begun = time.perf_counter()
    loop = asyncio.get_running_loop()
    clients = [
        _Client([*requests[number:], *requests[:number]], told, begun + seconds)
        for number in range(connections)
    ]
    for client in clients:
        await loop.create_connection(lambda client=client: client, *address)  # type: ignore[misc]
    await asyncio.gather(*(client.done for client in clients))
    told.seconds = time.perf_counter() - begun
    return told


class _Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: Sequence[bytes], told: Told, until: float) -> None:
        self._requests, self._told, self._until = requests, told, until
        self._number = 0
        self._asked = 0.0
        self._read = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks first."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Asks again once the answer is whole."""
        self._read += data
        head, end, body = self._read.partition(END)
        if not end or len(body) < _length(head):
            return
        now = time.perf_counter()
        if head.startswith(b"HTTP/1.1 200"):
            self._told.took_ms.append(1000 * (now - self._asked))
        else:
            self._told.failed += 1
            self._told.last = self._read
        self._read = b""
        if now < self._until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """The end, or one bad answer more."""
        if error is not None or time.perf_counter() < self._until:
            self._told.failed += 1
        if not self.done.done():
            self.done.set_result(None)

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._requests[self._number % len(self._requests)])
        self._number += 1


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
