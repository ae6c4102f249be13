"""The songs in a long recording, whose fingerprint is sent: told line by line, as soon as each is certain.

Nothing is kept, neither what was sent nor what was found.
"""

import asyncio
import math
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import Future
from dataclasses import replace

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from sonica import _engine
from sonica.catalogue import CatalogueError
from sonica.gateway.bodies import FINGERPRINT, read_query
from sonica.gateway.callers import count_request
from sonica.gateway.examples import SCANNED
from sonica.gateway.parts import Parts, parts_of
from sonica.gateway.problems import Problem, documented, of_catalogue, of_database
from sonica.gateway.schemas import ScanEnd, ScanProblem, ScanProgress, ScanSong
from sonica.platform.database import DatabaseError
from sonica.platform.errors import SonicaError
from sonica.platform.postgres import PostgresError
from sonica.recognition import cut_fingerprint, scan_fingerprints

router = APIRouter(prefix="/v1", tags=["recognition"])
log = structlog.get_logger("sonica.gateway")

LONGEST_S = 3 * 3600.0
"""Of a recording."""
MOST_BYTES = 2 << 20
"""Of its fingerprint: 100 to 110 a second, so that the longest has half as many."""
COUNTED_S = 600.0
"""Each started ten minutes of a recording count once against the quota: a hundred excerpts."""
LINES = "application/x-ndjson"
OFTEN_S, BEAT_S = 0.25, 5.0
"""How far it is, is told no more often than that, and at least so often: else proxies take it for dead."""


@router.post(
    "/scan",
    response_class=Response,
    responses={
        200: {
            "description": "A JSON object a line: `progress` again and again, a `song` as soon as it is "
            "certain (in the order of their beginnings), and `end`, or a `problem` that came up meanwhile.",
            "content": {LINES: {"schema": {"$ref": "#/components/schemas/ScanLine"}, "examples": SCANNED}},
        },
        **documented(400, 408, 413, 415, 422, 429, 503),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {FINGERPRINT: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def scan(request: Request) -> StreamingResponse:
    """Lists the songs in the fingerprint of a long recording, of up to three hours.

    Each started ten minutes count once against the quota. Whoever closes the connection ends the work.
    Nothing of it is kept.
    """
    parts = parts_of(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FINGERPRINT:
        raise Problem(415, "unsupported-type", f"Send {FINGERPRINT}; long sound itself is not taken.")
    await count_request(request)
    limits = replace(parts.limits.body, fingerprint_bytes=MOST_BYTES)
    async with read_query(request, limits, parts.held) as query:
        told = _read(query.fingerprint)
    further = math.ceil(told.duration_s / COUNTED_S) - 1
    if further > 0:
        await count_request(request, times=further)
    return _Lines(_Scan(parts, told, request))


def _read(data: bytes) -> _engine.FingerprintInfo:
    """Raises Problem."""
    try:
        told = _engine.read_fingerprint(data)
    except _engine.EngineError as error:
        raise Problem(422, "bad-fingerprint", f"{error.message.capitalize()}.", code=error.code) from error
    if told.duration_s > LONGEST_S:
        said = f"At most {LONGEST_S / 3600:g} hours are scanned at once: send the fingerprints of parts."
        raise Problem(413, "body-too-large", said, code="too_long")
    return told


class _LeftError(Exception):
    """Nobody waits for it any more."""


class _Scan:
    """A recording that is scanned by a thread, and what that says on the way."""

    def __init__(self, parts: Parts, info: _engine.FingerprintInfo, request: Request) -> None:
        """Begins it, or waits in line. Raises Problem (503) where that is full."""
        self._parts, self._info, self._request = parts, info, request
        self._loop, self._said = asyncio.get_running_loop(), asyncio.Queue[BaseModel | None]()
        self._has_left = threading.Event()
        self._progress = ScanProgress(done_s=0.0, of_s=round(info.duration_s, 2))
        self._told = time.monotonic()
        self._songs = 0
        self._work = parts.scanner.begin(self._scan)
        self._work.add_done_callback(self._ended)

    async def lines(self) -> AsyncIterator[bytes]:
        """As they travel."""
        line: BaseModel | None = self._progress
        while line:
            yield f"{line.model_dump_json()}\n".encode()
            try:
                async with asyncio.timeout(BEAT_S):
                    line = await self._said.get()
            except TimeoutError:
                line = self._progress

    def leave(self) -> None:
        """Nobody waits for more: what goes on ends soon, and what has not begun does not."""
        self._request.state.told = {
            "seconds": self._progress.of_s,
            "songs": self._songs,
            **({} if self._work.done() else {"left_at": self._progress.done_s}),
        }
        self._has_left.set()
        self._work.cancel()

    def _scan(self) -> None:
        """In a thread. One excerpt after the other, so that it takes one core, and ends soon."""
        pieces = cut_fingerprint(self._info)
        for segment in scan_fingerprints(self._parts.recognizer, pieces, self._heard, batch=1):
            self._songs += 1
            self._tell(ScanSong.of(segment))
        self._tell(ScanEnd(songs=self._songs, of_s=self._progress.of_s))

    def _heard(self, seconds: float) -> None:
        if self._has_left.is_set():
            raise _LeftError
        now, before = time.monotonic(), self._progress
        done = min(before.of_s, max(before.done_s, round(seconds, 2)))
        self._progress = before.model_copy(update={"done_s": done})
        if now - self._told >= OFTEN_S:
            self._told = now
            self._tell(self._progress)

    def _tell(self, line: BaseModel | None) -> None:
        # The loop may be gone, where the service ends.
        if not self._has_left.is_set():
            self._loop.call_soon_threadsafe(self._said.put_nowait, line)

    def _ended(self, work: Future[None]) -> None:
        """Says why, where it broke off, and that there is no more."""
        error = None if work.cancelled() else work.exception()
        if isinstance(error, Exception) and not isinstance(error, _LeftError):
            problem = _problem_of(error)
            kind = f"{problem.type}/{problem.code}" if problem.code else problem.type
            self._parts.metrics.errors.labels(kind, "gateway").inc()
            document = problem.document(self._request.state.request_id)
            self._tell(ScanProblem(problem=document, retry_after=problem.retry_after))
        self._tell(None)


class _Lines(StreamingResponse):
    """The answer. However it ends, the scan ends with it."""

    def __init__(self, scan_: _Scan) -> None:
        super().__init__(scan_.lines(), media_type=LINES)
        self._scan = scan_

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._scan.leave()


def _problem_of(error: Exception) -> Problem:
    """What went wrong while it was scanned."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, DatabaseError | PostgresError):
        return of_database(error)
    if isinstance(error, CatalogueError):
        return of_catalogue(error)
    if isinstance(error, SonicaError):
        return Problem(422, "bad-fingerprint", f"{error.message.capitalize()}.", code=error.code)
    log.error("a bug", error_type=type(error).__name__, exc_info=error)
    return Problem(500, "internal", "This is a bug; the log says more.")
