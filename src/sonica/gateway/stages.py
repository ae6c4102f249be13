"""How long each stage of a request took, as its `Server-Timing` says."""

import time

from sonica.recognition import Timings


class Stages:
    """Stages one after another, from now on; printed, the value of the header (milliseconds)."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._ended: dict[str, float] = {}
        self._took: dict[str, float] = {}

    def end(self, name: str) -> None:
        """What was done since the last stage ended was this."""
        now = time.perf_counter()
        self._took[name] = 1000 * (now - self._last)
        self._ended[name] = self._last = now

    def end_with(self, name: str, parts: Timings) -> None:
        """It was these parts, and the rest of it this."""
        self.end(name)
        took = {"decode": parts.decode, "fingerprint": parts.fingerprint, "search": parts.search}
        self._took[name] = max(0.0, self._took[name] - sum(took.values()))
        self._took |= took

    def since(self, name: str) -> float:
        """Seconds from the end of a stage to the end of the last one."""
        return self._last - self._ended[name]

    def __str__(self) -> str:
        return ", ".join(f"{name};dur={value:.1f}" for name, value in self._took.items())
