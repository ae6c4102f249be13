"""A radio station for days: connects, decodes, and connects again, for ever.

A thread fetches what the server sends and writes it to the decoder's process; what is between them is a pipe,
so that neither runs ahead of the other. Where the sound changes its format, another process goes on.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sonica.audio.broadcast import checked_url, open_broadcast
from sonica.audio.errors import AudioError
from sonica.audio.sandbox import Live, Sandbox
from sonica.platform.errors import SonicaError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PATIENCE_S = 45
"""Seconds without sound after which a decoder counts as hung: longer than a server may be silent."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""Seconds before connecting again; twice as long each time, and by chance up to half of that shorter."""
WELL_S = 20.0
"""Seconds of sound after which a connection was a good one, and pauses begin anew."""
FRUITLESS = 2
"""Decoders in a row that make nothing of what comes, before the connection is given up."""
BURST_S = 60.0
"""Seconds that a server may have sent before its sound is taken to come as it is played."""
DRIFT = 2e-4
"""Clocks of stations differ by no more than this."""


@dataclass(frozen=True)
class Sound:
    """Mono samples at `rate` Hz; `at_s`: when the first was on air (seconds since 1970), as far as one knows.

    `is_new`: the first of a connection, which may begin some seconds before the last one ended.
    """

    samples: NDArray[np.float32]
    rate: int
    at_s: float
    is_new: bool


@dataclass(frozen=True)
class Away:
    """There is no sound, since `since_s` (seconds since 1970) and after so many tries; `error` says why."""

    since_s: float
    tries: int
    error: SonicaError


def hear(
    sandbox: Sandbox,
    url: str,
    *,
    give_up_after_s: float | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Sound | Away]:
    """What the station at `url` plays, from now on. Never ends by itself.

    Raises AudioError: `bad_address` at once, and where there was no sound for `give_up_after_s` what was
    the last reason. `sleep`: waits so many seconds.
    """
    checked_url(url)
    since, tries = time.time(), 0
    while True:
        heard_s = 0.0
        try:
            for sound in _connection(sandbox, url):
                heard_s += len(sound.samples) / sound.rate
                yield sound
                since = time.time()
            error = AudioError("no_stream", "The stream ended.")
        except AudioError as failed:
            error = failed
        tries = 1 if heard_s >= WELL_S else tries + 1
        if give_up_after_s is not None and time.time() - since >= give_up_after_s:
            raise error
        yield Away(since, tries, error)
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(tries - 1, 10))
        sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  no secret: many monitors shall not come together


def _connection(sandbox: Sandbox, url: str) -> Iterator[Sound]:
    """The sound of one connection, until it breaks. Raises AudioError where it did not just end."""
    fetcher = _Fetcher(url)
    fetcher.start()
    try:
        if not fetcher.has_begun.wait(PATIENCE_S):
            raise AudioError("no_stream", f"The server sent no sound for {PATIENCE_S} seconds.")
        air = _Air(time.time())
        is_new, fruitless = True, 0
        reason: AudioError | None = None
        while not (fetcher.is_over and fetcher.is_empty) and fruitless < FRUITLESS:
            fruitless += 1
            try:
                with sandbox.open_live(PATIENCE_S) as live:
                    fetcher.lead_to(live)
                    stream = live.begin()
                    for block in stream.blocks:
                        at_s = air.time_of(len(block) / stream.rate, time.time())
                        yield Sound(block, stream.rate, at_s, is_new)
                        is_new, fruitless = False, 0
            except AudioError as error:
                reason = error
        if fetcher.error or (reason and fruitless):
            raise fetcher.error or reason or AudioError("no_stream", "")
    finally:
        fetcher.stop()


class _Air:
    """When the sound of a connection was on air: its newest second is now, and what came at once is older."""

    def __init__(self, now: float) -> None:
        self._earliest = now - BURST_S
        self._begin = now
        """When its first second was on air."""
        self._heard = 0.0
        self._last = now

    def time_of(self, seconds: float, now: float) -> float:
        """When so many seconds began that have just come."""
        self._begin += DRIFT * max(0.0, now - self._last)
        self._last = now
        self._begin = max(self._earliest, min(self._begin, now - self._heard - seconds))
        at_s = self._begin + self._heard
        self._heard += seconds
        return at_s


class _Fetcher(threading.Thread):
    """Fetches what a server sends and writes it to the process that decodes now."""

    def __init__(self, url: str) -> None:
        super().__init__(name="sonica-fetch", daemon=True)
        self._url = url
        self._change = threading.Condition()
        self._live: Live | None = None
        self._is_stopped = False
        self.has_begun = threading.Event()
        """Set once something came, or nothing is going to."""
        self.is_over = False
        """Whether the server has ended; `error` says why, where it did not just end."""
        self.is_empty = True
        """Whether nothing waits to be written."""
        self.error: AudioError | None = None

    def lead_to(self, live: Live) -> None:
        """What comes from now on goes to this process."""
        with self._change:
            self._live = live
            self._change.notify_all()
            if self.is_over:  # nobody else ends it
                live.end()

    def stop(self) -> None:
        """Nobody wants any more. It ends once the server says something more, or nothing for too long."""
        with self._change:
            self._is_stopped = True
            self._change.notify_all()

    def run(self) -> None:
        """Until the server ends, or `stop`."""
        try:
            with open_broadcast(self._url) as pieces:
                for piece in pieces:
                    self.is_empty = False
                    self.has_begun.set()
                    if not self._write(piece):
                        return
                    self.is_empty = True
        except AudioError as error:
            self.error = error
        finally:
            with self._change:
                self.is_over = True
                live = self._live
            self.has_begun.set()
            if live:
                live.end()

    def _write(self, piece: bytes) -> bool:
        """Writes all of it, as the process takes it; to the next where one is gone. False after `stop`."""
        while True:
            with self._change:
                self._change.wait_for(lambda: self._live or self._is_stopped)
                live = self._live
            if self._is_stopped or live is None:
                return False
            try:
                live.write(piece)
            except OSError:
                with self._change:
                    if self._live is live:
                        self._live = None
            else:
                return True
