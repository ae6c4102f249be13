"""What was made once is made once for all: kept `near`, and where there is one, in a shared place (`far`).

What is under a key never changes: who keeps what may change puts into the key which state it is of. So
nothing has to be taken back, and what is old is only never asked for again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar

from sonica.platform.far import Asked, AwayError, Far
from sonica.platform.near import Near
from sonica.platform.options import MEMORY_BYTES, Options, parse_memory
from sonica.platform.telemetry import Metrics

T = TypeVar("T")

NEAR, FAR = "memory", "shared"
"""Levels, as metrics call them."""
WAIT_S = 1.0
"""Seconds for which what another process makes is waited for; then it is made here, too."""
SOON_S, LATER_S = 0.005, 0.1
"""Seconds between two looks at it: the first, and the longest."""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What is kept. `name`: for metrics; `encode` gives None for what must not be kept.

    `decode` raises ValueError where it cannot use what is there.
    """

    name: str
    encode: Callable[[T], bytes | None]
    decode: Callable[[bytes], T]


@dataclass(frozen=True)
class Caching:
    """How much is kept in memory (bytes), and where the shared cache is, if there is one."""

    near_bytes: int = MEMORY_BYTES
    far_url: str | None = None

    @classmethod
    def of(cls, options: Options) -> Self:
        """As the settings say."""
        url = options.redis_url
        return cls(parse_memory(options.cache_memory), url.get_secret_value() if url else None)

    def shared(self, share: int) -> "Caching":
        """That of one of so many processes."""
        return replace(self, near_bytes=self.near_bytes // share)

    def open(self, metrics: Metrics) -> "Cache":
        """The cache."""
        near = Near(self.near_bytes)
        metrics.cache_bytes.set_function(lambda: near.bytes)
        return Cache(near, Far(self.far_url, metrics.cache_shared) if self.far_url else None, metrics)


class Cache:
    """Used in one event loop."""

    def __init__(self, near: Near, far: Far | None, metrics: Metrics, *, wait_s: float = WAIT_S) -> None:
        self.near, self.far = near, far
        self._metrics, self._wait_s = metrics, wait_s
        self._being_made: dict[str, asyncio.Future[Any]] = {}

    async def get_or_make(self, kind: Kind[T], key: str, make: Callable[[], Awaitable[T]]) -> T:
        """What is kept under a key, or else what is made now: once, however many ask meanwhile.

        They get what it gave, also where that is not kept, or what it raised. Where whoever makes it is
        cancelled, another one begins anew, with a `make` of its own.
        """
        while True:
            value = self._found(kind, NEAR, self.near.get(key))
            if value is not None:
                return value
            other = self._being_made.get(key)
            if other is None:
                break
            await asyncio.wait({other})
            if not other.cancelled():
                self._count(kind, NEAR, "joined")
                shared: T = other.result()
                return shared
        self._count(kind, NEAR, "miss")
        future = self._being_made[key] = asyncio.get_running_loop().create_future()
        try:
            value = await self._found_far_or_made(kind, key, make)
        except Exception as error:
            future.set_exception(error)
            future.exception()  # seen: maybe nobody else asked
            raise
        except BaseException:
            future.cancel()
            raise
        else:
            future.set_result(value)
            return value
        finally:
            del self._being_made[key]

    async def close(self) -> None:
        """Ends it."""
        if self.far:
            await self.far.close()

    async def _found_far_or_made(self, kind: Kind[T], key: str, make: Callable[[], Awaitable[T]]) -> T:
        if self.far is None:
            return self._kept_near(kind, key, await make())[0]
        raw = await self._asked(kind, key, self.far)
        found = self._found(kind, FAR, raw)
        if raw is not None and found is not None:
            self.near.put(key, raw)
            return found
        encoded = None
        try:
            value, encoded = self._kept_near(kind, key, await make())
            return value
        finally:
            self.far.keep(key, encoded)

    def _kept_near(self, kind: Kind[T], key: str, value: T) -> tuple[T, bytes | None]:
        encoded = kind.encode(value)
        if encoded is not None:
            self.near.put(key, encoded)
        return value, encoded

    async def _asked(self, kind: Kind[T], key: str, far: Far) -> bytes | None:
        """What others have made, or make just now."""
        if not far.is_up:
            self._count(kind, FAR, "away")
            return None
        try:
            asked = await far.ask(key)
            if asked.is_being_made:
                asked = await self._awaited(key, far)
        except AwayError:
            self._count(kind, FAR, "error")
            return None
        if asked.value is None:
            self._count(kind, FAR, "miss")
        return asked.value

    async def _awaited(self, key: str, far: Far) -> Asked:
        """Raises AwayError."""
        until, pause = time.monotonic() + self._wait_s, SOON_S
        while True:
            await asyncio.sleep(pause)
            asked = await far.look(key)
            if not asked.is_being_made or asked.value is not None or time.monotonic() >= until:
                return asked
            pause = min(2 * pause, LATER_S)

    def _found(self, kind: Kind[T], level: str, raw: bytes | None) -> T | None:
        if raw is None:
            return None
        try:
            value = kind.decode(raw)
        except ValueError:
            self._count(kind, level, "error")
            return None
        self._count(kind, level, "hit")
        return value

    def _count(self, kind: Kind[T], level: str, result: str) -> None:
        self._metrics.cache.labels(kind.name, level, result).inc()
