"""A listening that goes on while the song plays: frames in, what it is out (`docs/live.md`)."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from sonica.catalogue import CatalogueError
from sonica.gateway.callers import SESSION_PATTERN, count_request
from sonica.gateway.parts import Parts, parts_of
from sonica.gateway.problems import Problem, of_catalogue, of_database
from sonica.gateway.recognize import search
from sonica.gateway.schemas import Recognized
from sonica.platform.database import DatabaseError
from sonica.platform.errors import SonicaError
from sonica.platform.ids import new_id
from sonica.platform.postgres import PostgresError
from sonica.recognition import Answer, Session

router = APIRouter()
log = structlog.get_logger("sonica.gateway")

LONGEST_S = 16.0
"""Of a sound: a little more than the last look."""
IDLE_S = 20.0
"""Seconds without a frame after which nobody is there any more."""
OPEN_S = 120.0
"""Longest connection: sound that takes so long to come is not heard live."""
PATIENCE_S, AGAIN_S = 5.0, 0.25
"""For so long, and so often, the last look is tried where there is no room for it."""

CLOSE_S = 5.0
"""Seconds in which the other end takes our last words."""

DONE, NO_FRAME, REFUSED, TOO_LONG, FAILED, LATER = 1000, 1003, 1008, 1009, 1011, 1013
"""Codes of closing (RFC 6455, section 7.4.1, and IANA's registry)."""
CODES = {413: TOO_LONG, 422: NO_FRAME, 500: FAILED, 503: LATER}
"""By the status of the problem; REFUSED for others."""


@router.websocket("/v1/listen")
async def listen(websocket: WebSocket) -> None:
    """Answers one connection."""
    parts, request_id = parts_of(websocket), new_id().hex
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        if not _is_welcome(websocket, parts):
            await websocket.close()  # before it is accepted: a 403
            return
        if not parts.listeners.enter():
            said = "More people listen than there is room for."
            full = Problem(503, "busy", said, code="listenings", retry_after=1)
            await websocket.send_denial_response(full.response(request_id))
            return
        try:
            await websocket.accept()
            code, problem = await _heard(websocket, parts)
            async with asyncio.timeout(CLOSE_S):
                await _close(websocket, code, problem, request_id)
        except (TimeoutError, WebSocketDisconnect, RuntimeError):  # it is closed already, or nobody reads
            return
        finally:
            parts.listeners.leave()


async def _heard(websocket: WebSocket, parts: Parts) -> tuple[int, Problem | None]:
    """Listens to the end: how the connection is to be closed, and what went wrong."""
    begun, told = time.perf_counter(), dict[str, object]()
    code, problem = DONE, None
    try:
        async with asyncio.timeout(OPEN_S):
            await _Listening(websocket, parts, told).run()
    except WebSocketDisconnect as left:
        code = left.code
    except TimeoutError:
        said = f"A listening takes no longer than {OPEN_S:g} seconds."
        code, problem = REFUSED, Problem(408, "body-too-slow", said)
    except (DatabaseError, PostgresError) as error:
        code, problem = LATER, of_database(error)
    except CatalogueError as error:
        code, problem = LATER, of_catalogue(error)
    except Problem as error:
        code, problem = CODES.get(error.status, REFUSED), error
    except Exception as error:
        log.exception("a bug", error_type=type(error).__name__)
        code, problem = FAILED, Problem(500, "internal", "This is a bug; the log says more.")
    if problem:
        kind = f"{problem.type}/{problem.code}" if problem.code else problem.type
        parts.metrics.errors.labels(kind, "gateway").inc()
        told["problem"] = kind
    took = round(1000 * (time.perf_counter() - begun), 1)
    log.info("listening", route="/v1/listen", code=code, duration_ms=took, **told)
    return code, problem


class _Listening:
    """What happens on a connection, one message after the other.

    While it is looked, nothing is read: a client that sends faster than it is answered waits.
    """

    def __init__(self, websocket: WebSocket, parts: Parts, told: dict[str, object]) -> None:
        self._websocket, self._parts, self._told = websocket, parts, told
        self._session, self._listener = Session(), new_id().hex

    async def run(self) -> None:
        """Until it is known what is heard. Raises WebSocketDisconnect, Problem, and what a look raises."""
        said = self._websocket.query_params.get("session")
        if said is not None and not re.fullmatch(SESSION_PATTERN, said):
            raise Problem(400, "bad-request", f"session: it must match {SESSION_PATTERN}.")
        self._listener = said or self._listener
        session = self._session
        while True:
            frame = await self._frame()
            try:
                session.push(frame)
            except SonicaError as error:
                if error.code != "sequence":
                    said = f"{error.message.capitalize()}."
                    raise Problem(422, "bad-fingerprint", said, code=error.code) from error
                await self._tell("resend")
                continue
            if session.heard_s > LONGEST_S:
                said = f"A listening has at most {LONGEST_S:g} seconds."
                raise Problem(413, "body-too-large", said, code="too_long")
            if await self._looked():
                return
            await self._tell("hearing", heard_s=session.heard_s, looked_s=session.looked_s)

    async def _count(self) -> None:
        """Each look counts against the quota, as one that is asked for by POST does."""
        await count_request(self._websocket, self._listener)

    async def _frame(self) -> bytes:
        try:
            async with asyncio.timeout(IDLE_S):
                return await self._websocket.receive_bytes()
        except TimeoutError:
            raise Problem(408, "body-too-slow", f"No frame came for {IDLE_S:g} seconds.") from None
        except KeyError:  # a text
            raise Problem(422, "bad-fingerprint", "A frame is a binary message.", code="format") from None

    async def _looked(self) -> bool:
        """Looks, if it is time to; whether that was the end."""
        session, parts = self._session, self._parts
        if not session.is_due:
            return False
        is_last, heard_s, begun = session.is_last, session.heard_s, time.perf_counter()
        await self._count()
        look = partial(search, parts, session.fingerprint(), is_thorough=session.is_thorough)
        try:
            answer = await (self._patiently(look) if is_last else look())
        except Problem as problem:
            if is_last or problem.type != "busy":
                raise
            return False  # the next frame brings it
        session.looked()
        parts.metrics.looks.labels(answer.status).observe(time.perf_counter() - begun)
        if answer.status == "match" or is_last:
            await self._end(answer, heard_s)
            return True
        if answer.status == "unsure":
            result = Recognized.of(answer, None, None).model_dump(
                mode="json", exclude={"id", "feedback_token"}
            )
            await self._tell("unsure", heard_s=heard_s, last=False, result=result)
        return False

    async def _patiently(self, look: Callable[[], Awaitable[Answer]]) -> Answer:
        """The last look: who has listened for so long also waits for room."""
        until = time.perf_counter() + PATIENCE_S
        while True:
            try:
                return await look()
            except Problem as problem:
                if problem.type != "busy" or time.perf_counter() >= until:
                    raise
            await asyncio.sleep(AGAIN_S)

    async def _end(self, answer: Answer, heard_s: float) -> None:
        kept = await self._parts.records.keep(answer, "live")
        self._parts.metrics.recognitions.labels("live", answer.status).inc()
        self._told |= {
            "recognition": str(kept.id),
            "result": answer.status,
            "confidence": round(answer.confidence, 4),
            "song": answer.song.id if answer.song else None,
            "heard_s": round(heard_s, 1),
        }
        result = Recognized.of(answer, kept.id, kept.token).model_dump(mode="json")
        await self._tell(answer.status, heard_s=heard_s, last=True, result=result)

    async def _tell(self, event: str, **more: Any) -> None:
        await self._websocket.send_text(_text(event, **more))


def _text(event: str, **more: Any) -> str:
    return json.dumps({"event": event, **more}, ensure_ascii=False)


def _is_welcome(websocket: WebSocket, parts: Parts) -> bool:
    """Whether the page that asks, if it is one, may read answers: browsers leave that to us here."""
    origin = websocket.headers.get("origin")
    return origin is None or parts.access.allows(origin, websocket.headers.get("host", ""))


async def _close(websocket: WebSocket, code: int, problem: Problem | None, request_id: str) -> None:
    if problem:
        document = problem.document(request_id).model_dump(exclude_none=True)
        waiting = {} if problem.retry_after is None else {"retry_after": problem.retry_after}
        await websocket.send_text(_text("problem", problem=document, **waiting))
    await websocket.close(code)
