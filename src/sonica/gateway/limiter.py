"""How often somebody may ask: a quota in windows of time, in which looks at one listening count little.

One interface, for a table in this process now; a table that several processes share has the same.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

FIRST_S, FURTHER_S = 15.0, 60.0
"""Seconds of one listening that count once: from its first look on, and after those."""
LOOKS = 60
"""At one listening, in each of these times; who looks more often pays for each look."""
LISTENING_S = 3600.0
"""Seconds after which a listening begins anew."""
MOST = 100_000
"""Callers, and listenings, that are remembered; beyond that the oldest are forgotten (30 MB each)."""


@dataclass(frozen=True)
class Quota:
    """So many requests in so many seconds, from the first of them on. `name`: what headers call it."""

    name: str
    most: int
    window_s: int


class Standing(NamedTuple):
    """Whether this request may be answered, how many more may, and seconds until all may again."""

    is_allowed: bool
    remaining: int
    reset_s: float


class Limiter(Protocol):
    """Counts requests against a quota."""

    quota: Quota

    async def take(self, who: str, listening: str | None = None) -> Standing:
        """Counts a request of a caller, where it counts; one that is refused does not."""


class LocalLimiter:
    """In this process. All that it does takes the same few microseconds, however many callers there are."""

    def __init__(self, quota: Quota, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self.quota, self._clock, self._most = quota, clock, most
        # Both in the order in which they began, so that those that are over lie in front.
        self._windows: dict[str, _Window] = {}
        self._listenings: dict[tuple[str, str], _Listening] = {}

    def __len__(self) -> int:
        """Callers that are remembered."""
        return len(self._windows)

    async def take(self, who: str, listening: str | None = None) -> Standing:
        """See Limiter."""
        now = self._clock()
        _forget(self._windows, now - self.quota.window_s, self._most)
        _forget(self._listenings, now - LISTENING_S, self._most)
        heard = self._listenings.get((who, listening)) if listening else None
        part = _part(now - heard.begun) if heard else 0
        is_free = heard is not None and part == heard.part and heard.looks < LOOKS
        window = self._windows.get(who)
        used = window.used if window else 0
        reset_s = (window.begun + self.quota.window_s if window else now + self.quota.window_s) - now
        if not is_free:
            if used >= self.quota.most:
                return Standing(is_allowed=False, remaining=0, reset_s=reset_s)
            if window is None:
                window = self._windows[who] = _Window(now)
            window.used = used = used + 1
        if heard is None and listening:
            heard = self._listenings[who, listening] = _Listening(now)
        if heard is not None:
            if part != heard.part:
                heard.part, heard.looks = part, 0
            heard.looks += 1
        return Standing(is_allowed=True, remaining=self.quota.most - used, reset_s=reset_s)


@dataclass(slots=True)
class _Window:
    begun: float
    used: int = 0


@dataclass(slots=True)
class _Listening:
    """`part`: of its time, the one that was counted last; `looks` in it."""

    begun: float
    part: int = 0
    looks: int = 0


def _part(seconds: float) -> int:
    """Which part of a listening this is: 0 are the first 15 seconds, then come minutes."""
    return 0 if seconds <= FIRST_S else math.ceil((seconds - FIRST_S) / FURTHER_S)


def _forget(begun: dict[str, _Window] | dict[tuple[str, str], _Listening], before: float, most: int) -> None:
    """Drops from the front what began so early, and one where a new one may be too many."""
    while begun:
        key = next(iter(begun))
        if begun[key].begun > before and len(begun) < most:  # type: ignore[index]
            return
        del begun[key]  # type: ignore[arg-type]
