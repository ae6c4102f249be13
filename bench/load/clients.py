"""Many clients at once over plain HTTP/1.1: each asks as soon as it is answered, or all at a fixed rate."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

END = b"\r\n\r\n"
AGAIN_S = 0.05
"""Seconds after which a client whose connection was lost connects again."""


class Ask(NamedTuple):
    """A request as it travels, and the song that its answer may name: 0 for none, None for any."""

    sent: bytes
    song: int | None = None


@dataclass
class Told:
    """What came back: milliseconds of each answer that was good, and how many were not."""

    seconds: float = 0.0
    took_ms: list[float] = field(default_factory=list)
    cpu_s: float = 0.0
    """Of the service's processes."""
    failed: int = 0
    """Answers that were not good, and requests that were not answered."""
    statuses: dict[int, int] = field(default_factory=dict)
    """How many answers of each status; 0: none came."""
    last: bytes = b""
    """The last bad answer, head and body."""
    ids: list[str] = field(default_factory=list)
    """Of recognitions that were acknowledged."""
    mistakes: list[str] = field(default_factory=list)
    """Answers that name a song which is not the one that was asked: which, and when."""

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.took_ms) / self.seconds

    @property
    def wrong(self) -> int:
        """How many mistakes there were."""
        return len(self.mistakes)

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor for each answer."""
        return 1000 * self.cpu_s / max(1, len(self.took_ms))

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.took_ms) or [0.0]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(method: str, path: str, body: bytes = b"", kind: str = "") -> bytes:
    """A request as it travels."""
    head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\n"
    if body:
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


class Plan(Protocol):
    """Says what to ask next, and when: seconds of `time.perf_counter`. None: nothing any more."""

    def next(self, number: int) -> tuple[Ask, float] | None:
        """For the client of this number, which is free."""


class Closed:
    """Each client asks as soon as it is answered, for so many seconds: as fast as all is answered."""

    def __init__(self, asks: Sequence[Ask], connections: int, seconds: float) -> None:
        self._asks, self._until = asks, time.perf_counter() + seconds
        self._at = list(range(connections))

    def next(self, number: int) -> tuple[Ask, float] | None:
        """At once."""
        now = time.perf_counter()
        self._at[number] += 1
        return (self._asks[(self._at[number] - 1) % len(self._asks)], now) if now < self._until else None


class Open:
    """Requests come at a fixed rate, whether those before were answered or not; any free client sends them.

    What comes while none is free waits, and that counts: time is told from when a request was due.
    """

    def __init__(self, asks: Sequence[Ask], rate: float, seconds: float) -> None:
        self._asks, self._rate = asks, rate
        self._begun = time.perf_counter()
        self._until = self._begun + seconds
        self._count = 0

    def next(self, number: int) -> tuple[Ask, float] | None:  # noqa: ARG002  any client
        """When it is due, which may be past."""
        due = self._begun + self._count / self._rate
        self._count += 1
        return (self._asks[(self._count - 1) % len(self._asks)], due) if due < self._until else None


async def load(
    address: tuple[str, int], plan: Callable[[], Plan], connections: int, told: Told | None = None
) -> Told:
    """Asks by a plan, which begins now, on so many connections; who asked at the end is still answered."""
    told = Told() if told is None else told
    begun, loop, planned = time.perf_counter(), asyncio.get_running_loop(), plan()
    clients = [_Client(planned, number, told, address) for number in range(connections)]
    for client in clients:
        await loop.create_connection(lambda client=client: client, *address)  # type: ignore[misc]
    await asyncio.gather(*(client.done for client in clients))
    told.seconds += time.perf_counter() - begun
    return told


class _Client(asyncio.Protocol):
    """One that has a connection, or makes another."""

    def __init__(self, plan: Plan, number: int, told: Told, address: tuple[str, int]) -> None:
        self._plan, self._number, self._told, self._address = plan, number, told, address
        self._asked: tuple[Ask, float] | None = None
        self._read = b""
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.done: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks first."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport, self._read = transport, b""
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Asks again once the answer is whole."""
        self._read += data
        head, end, body = self._read.partition(END)
        if not end or len(body) < _length(head) or self._asked is None:
            return
        ask, due = self._asked
        self._asked = None
        self._count(int(head[9:12]), ask, body, 1000 * (time.perf_counter() - due))
        self._read = b""
        if b"\r\nconnection: close" in head:
            self._transport.close()
        else:
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002  any end is one
        """Connects again, where there is more to ask; what was asked is not answered."""
        if self._timer:
            self._timer.cancel()
        if self._asked is not None and self._asked[1] <= time.perf_counter():
            self._count(0, self._asked[0], b"", 0.0)
            self._asked = None
        if not self.done.done():
            self._task = self._loop.create_task(self._again())

    async def _again(self) -> None:
        while not self.done.done():
            try:
                await self._loop.create_connection(lambda: self, *self._address)
            except OSError:
                following = self._plan.next(self._number)
                if following is None:
                    self.done.set_result(None)
                    return
                self._count(0, following[0], b"", 0.0)  # nobody is there to be asked
                await asyncio.sleep(max(AGAIN_S, following[1] - time.perf_counter()))
            else:
                return

    def _ask(self) -> None:
        self._asked = self._asked or self._plan.next(self._number)
        if self._asked is None:
            self.done.set_result(None)
            self._transport.close()
            return
        wait = self._asked[1] - time.perf_counter()
        if wait > 0:
            self._timer = self._loop.call_later(wait, self._send)
        else:
            self._send()

    def _send(self) -> None:
        if self._asked and not self._transport.is_closing():
            self._transport.write(self._asked[0].sent)

    def _count(self, status: int, ask: Ask, body: bytes, took_ms: float) -> None:
        told = self._told
        told.statuses[status] = told.statuses.get(status, 0) + 1
        if status != 200:
            told.failed += 1
            told.last = self._read
            return
        told.took_ms.append(took_ms)
        if ask.song is not None:
            answer = json.loads(body)
            told.ids.append(answer["id"])
            if answer["status"] == "match" and answer["song"]["id"] != ask.song:
                named = f"{answer['song']['id']} {answer['song']['title']}"
                told.mistakes.append(f"{named} in place of {ask.song}, at {time.strftime('%X')}")


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
