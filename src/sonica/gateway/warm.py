"""Reading all packs once in the background: the first queries wait for no disk, and damage is mended early.

Packs are mapped, and opened without being read. What is asked meanwhile is answered, only later.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog

from sonica import _engine
from sonica.library import Recognizer
from sonica.platform.errors import SonicaError
from sonica.platform.telemetry import Metrics

HINT = "a worker makes it anew; else `sonica verify` says which it is, and `sonica index rebuild` mends it"

log = structlog.get_logger("sonica.gateway")


class Warming:
    """Reads the packs of a recognizer, in a thread of its own, and says when it is done.

    A pack that is damaged is searched all the same: what is damaged is not found. Where one is, `mend` is
    called, in the event loop.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        metrics: Metrics,
        *,
        mend: Callable[[], Awaitable[None]] | None = None,
        on_end: Callable[[], object] = lambda: None,
    ) -> None:
        """`on_end` is called, by that thread, once there is nothing more to read."""
        self._recognizer, self._metrics, self._mend, self._on_end = recognizer, metrics, mend, on_end
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sonica-warm", daemon=True)

    def start(self) -> None:
        """Begins. Used in an event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def close(self) -> None:
        """Ends it after the pack that is being read, without waiting for that."""
        self._closed.set()

    def _run(self) -> None:
        try:
            self._warm()
        finally:
            self._on_end()

    def _warm(self) -> None:
        begun = time.perf_counter()
        try:
            packs, _ = self._recognizer.open_packs()
        except (SonicaError, OSError) as error:  # whoever asks will be told
            if isinstance(error, SonicaError) and error.code == "damaged":
                log.warning("a pack is damaged", code=error.code, reason=error.message, hint=HINT)
                self._ask_to_mend()
            return
        damaged = self._read(packs)
        if self._closed.is_set():
            return
        if damaged:
            self._ask_to_mend()
        self._metrics.warm.set(1)
        size = sum(sum(pack.section_bytes().values()) for pack in packs)
        took = round(time.perf_counter() - begun, 2)
        log.info("catalogue warm", packs=len(packs), bytes=size, damaged=damaged, seconds=took)

    def _read(self, packs: Sequence[_engine.Pack]) -> int:
        """How many of them are damaged."""
        damaged = 0
        for number, pack in enumerate(packs):
            if self._closed.is_set():
                break
            try:
                pack.verify()
            except _engine.EngineError as error:
                damaged += 1
                log.warning("a pack is damaged", pack=number, code=error.code, hint=HINT)
        return damaged

    def _ask_to_mend(self) -> None:
        if self._mend and self._loop and not self._closed.is_set():
            asyncio.run_coroutine_threadsafe(self._mended(self._mend), self._loop)

    async def _mended(self, mend: Callable[[], Awaitable[None]]) -> None:
        try:
            await mend()
        except SonicaError as error:
            log.warning("nobody asked to mend", code=error.code)
