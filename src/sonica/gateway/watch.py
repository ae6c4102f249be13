"""A look at something that may be away for long: never two at a time, and not at every question."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sonica.platform.errors import SonicaError

HOLDS_S = 5.0
"""Seconds for which an answer holds."""


class Watch:
    """Whether it is there. It is looked at in a thread of its own, which others that wait would not free."""

    def __init__(self, look: Callable[[], None]) -> None:
        """`look` raises SonicaError or OSError where it is away."""
        self._look = look
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sonica-watch")
        self._last: Future[bool] | None = None
        self._ended = 0.0

    async def is_there(self, patience_s: float) -> bool:
        """Whether it is; it is not where nobody knows after so many seconds. Used in one event loop."""
        last = self._last
        if last is None or (last.done() and time.monotonic() - self._ended > HOLDS_S):
            last = self._last = self._thread.submit(self._looked)
        done, _ = await asyncio.wait([asyncio.wrap_future(last)], timeout=patience_s)
        return bool(done) and last.result()

    def close(self) -> None:
        """Ends it, without waiting for a look that is going on."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _looked(self) -> bool:
        try:
            self._look()
        except (SonicaError, OSError):
            return False
        finally:
            self._ended = time.monotonic()
        return True
