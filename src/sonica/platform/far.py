"""What several processes share, in Redis. No request waits for it longer than PATIENCE_S, whatever it does.

Once it has not answered it is left alone, and asked every second, apart from any request, whether it is back.
A question whose answer is not waited for any more is still heard to its end: a connection on which a command
was broken off could give the next one its answer. All the same each value has a digest of itself and its key.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, NamedTuple, TypeVar

import structlog
from prometheus_client import Gauge
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

log = structlog.get_logger("sonica.platform")

T = TypeVar("T")

FAR_S = 3600.0
"""Seconds for which something is kept."""
PATIENCE_S = 0.05
"""Seconds that a request waits for an answer."""
PAUSE_S = 1.0
"""Seconds between two looks whether it is back."""
END_S = 2.0
"""Seconds after which a question that nobody waits for any more is given up."""
CLAIM_S = 5.0
"""Seconds for which a claim holds at most: its owner may have died."""
CONNECTIONS = 32
PENDING = 256
"""Values on their way; beyond that, new ones are not kept."""
SEAL = 16
"""Bytes before each value."""

ASK = """
local value = redis.call('GET', KEYS[1])
if value then return {value, 0} end
local claimed = redis.pcall('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2])
if claimed or redis.call('GET', KEYS[2]) == ARGV[1] then return {false, 1} end
return {false, 0}
"""
"""The value, or else whether it is ours to make: also where nothing can be written, as then for everybody."""
KEEP = """
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
"""
LOOK = "return {redis.call('GET', KEYS[1]), redis.call('EXISTS', KEYS[2])}"


class Asked(NamedTuple):
    """What came of a question: the value, where there is one; whether someone else is making it."""

    value: bytes | None = None
    is_being_made: bool = False


class AwayError(Exception):
    """It does not answer, or not so as could be used."""


class Far:
    """Values by their keys, in one event loop. `prefix`: of all keys. All but `agree` never raise.

    `is_up` is set to 1 while it answers, else to 0. Made with `checked_redis_url`.
    """

    def __init__(
        self, url: str, is_up: Gauge, *, prefix: str = "sonica:", patience_s: float = PATIENCE_S
    ) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=END_S,
            socket_timeout=END_S,
            socket_connect_timeout=END_S,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
        )
        self._redis = Redis.from_pool(pool)
        self._asking, self._keeping, self._looking = map(self._redis.register_script, (ASK, KEEP, LOOK))
        self._prefix, self._patience_s = prefix, patience_s
        self._token = secrets.token_hex(16)
        self._tasks = set[asyncio.Task[Any]]()
        self._watch: asyncio.Task[None] | None = None
        self._refused: str | None = None
        self._gauge = is_up
        self._gauge.set(1)

    @property
    def is_up(self) -> bool:
        """Whether it is worth asking."""
        return self._watch is None

    async def ask(self, key: str) -> Asked:
        """The value. Where there is none and nobody makes it, others are told that it is made here.

        Raises AwayError.
        """
        keys = self._keys(key)
        value, is_ours = await self._do(partial(self._asking, keys, [self._token, int(1000 * CLAIM_S)]))
        return Asked(self._opened(keys[0], value), value is None and not is_ours)

    async def look(self, key: str) -> Asked:
        """The value, or whether it is still being made. Raises AwayError."""
        keys = self._keys(key)
        value, is_claimed = await self._do(partial(self._looking, keys))
        return Asked(self._opened(keys[0], value), bool(is_claimed))

    def keep(self, key: str, value: bytes | None) -> None:
        """Has it kept, soon, and tells others that nobody makes it any more; None only tells that."""
        if not self.is_up or len(self._tasks) >= PENDING:
            return
        keys = self._keys(key)
        said = b"" if value is None else _seal(keys[0], value) + value
        work = partial(self._keeping, keys, [self._token, said, int(1000 * FAR_S)])
        self._started(self._quietly(work))

    async def agree(self, key: str, proposed: bytes, seconds: float) -> bytes:
        """What all processes have under a key: what was proposed first. Raises AwayError."""
        propose = partial(self._redis.set, self._prefix + key, proposed, nx=True, get=True, ex=int(seconds))
        said: object = await self._do(propose)
        return said if isinstance(said, bytes) else proposed

    async def close(self) -> None:
        """Ends it."""
        tasks = [*self._tasks, *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._redis.aclose()

    def _keys(self, key: str) -> list[str]:
        return [f"{self._prefix}{key}", f"{self._prefix}claim:{key}"]

    def _opened(self, key: str, said: bytes | None) -> bytes | None:
        """Raises AwayError where it is not what was kept under the key."""
        if said is None:
            return None
        seal, value = said[:SEAL], said[SEAL:]
        if _seal(key, value) != seal:
            raise AwayError("what is kept is not what was put there")
        return value

    async def _quietly(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await self._do(work)
        except AwayError:
            return

    async def _do(self, work: Callable[[], Awaitable[T]]) -> T:
        """What comes of it, in time. Raises AwayError."""
        if not self.is_up:
            raise AwayError("it is away")
        task = self._started(work())
        done, _ = await asyncio.wait({task}, timeout=self._patience_s)
        if not done:
            raise self._away(f"no answer within {self._patience_s:g} s")
        try:
            return task.result()
        except ResponseError as error:  # it is there, and says no: to this
            raise self._refuses(error) from error
        except Exception as error:  # whatever a connection may fail with when it dies costs no answer
            raise self._away(f"{type(error).__name__}: {error}") from error

    def _started(self, work: Awaitable[T]) -> "asyncio.Task[T]":
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen: nobody may wait for it any more

    def _refuses(self, error: ResponseError) -> AwayError:
        """Said once for each way in which it does."""
        why = str(error)
        kind = why.partition(" ")[0]
        if kind != self._refused:
            self._refused = kind
            log.warning("the shared cache refuses", reason=why)
        return AwayError(why)

    def _away(self, why: str) -> AwayError:
        if self.is_up:
            self._gauge.set(0)
            log.warning("the shared cache is away", reason=why, hint="Answers are made without it meanwhile.")
            self._watch = asyncio.create_task(self._until_back())
        return AwayError(why)

    async def _until_back(self) -> None:
        while True:
            await asyncio.sleep(PAUSE_S)
            try:
                await self._redis.ping()
            except Exception as error:  # noqa: BLE001  as above
                log.debug("the shared cache is still away", reason=str(error))
            else:
                break
        self._watch = None
        self._refused = None
        self._gauge.set(1)
        log.info("the shared cache is back")


def _seal(key: str, value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=SEAL, key=hashlib.sha256(key.encode()).digest()).digest()
