"""What a process keeps in memory: so many bytes at most, each for a while; what is used least goes first."""

import time
from collections.abc import Callable

from cachetools import TTLCache

NEAR_S = 300.0
"""Seconds for which something is kept."""
OVERHEAD = 1024
"""Bytes that an entry takes beside its key and its value: more than was measured of any."""

Entry = tuple[str, bytes]
"""A key with its value: both count."""


class Near:
    """Values by their keys, in one event loop. `most`: bytes of all that is in it; 0 keeps nothing."""

    def __init__(
        self, most: int, seconds: float = NEAR_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._entries: TTLCache[str, Entry] = TTLCache(most, seconds, clock, getsizeof=_size)

    def get(self, key: str) -> bytes | None:
        """The value; None where it is not kept, or not any more."""
        entry = self._entries.get(key)
        return entry[1] if entry else None

    def put(self, key: str, value: bytes) -> None:
        """Keeps it, and lets go what is too much; what is larger than all there may be is not kept."""
        entry = (key, value)
        if _size(entry) <= self._entries.maxsize:
            self._entries[key] = entry
        else:
            self._entries.pop(key, None)

    @property
    def bytes(self) -> int:
        """How many there are in it; what is over and was not let go yet counts."""
        return int(self._entries.currsize)


def _size(entry: Entry) -> int:
    key, value = entry
    return len(key.encode()) + len(value) + OVERHEAD
