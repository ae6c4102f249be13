"""The web server, as it is run beside other things that end with it."""

import contextlib
from collections.abc import Iterator

import uvicorn

DRAIN_S = 30
"""Seconds that what is at work may still take when a process is told to stop."""


class Unsignalled(uvicorn.Server):
    """uvicorn without signal handlers of its own.

    They would end the process before what is beside it has ended.
    """

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals alone."""
        yield
