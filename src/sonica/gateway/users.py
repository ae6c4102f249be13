"""How many people use the service at the moment."""

import time
from collections.abc import Callable

RECENT_S = 300.0
"""Seconds for which somebody who asked counts as being there."""
MOST = 100_000
"""That are remembered; beyond that those who asked least recently are forgotten (20 MB)."""


class Users:
    """Who asked lately, by address and listening; in memory alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._clock, self._most = clock, most
        # In the order in which they asked last.
        self._seen: dict[tuple[str, str | None], float] = {}

    def see(self, address: str, listening: str | None = None) -> None:
        """Somebody asks."""
        self._seen.pop((address, listening), None)
        self._seen[address, listening] = self._clock()
        self._forget()

    def __len__(self) -> int:
        """How many there are now."""
        self._forget()
        return len(self._seen)

    def _forget(self) -> None:
        before = self._clock() - RECENT_S
        while self._seen:
            first = next(iter(self._seen))
            if self._seen[first] > before and len(self._seen) <= self._most:
                return
            del self._seen[first]
