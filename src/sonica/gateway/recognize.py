"""Recognition, and what listeners say of it."""

import asyncio
import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response

from sonica.gateway.bodies import ANY, FIELD, FINGERPRINT, FORM, Query, read_query
from sonica.gateway.callers import Session, count_request
from sonica.gateway.direct import Direct
from sonica.gateway.engines.wire import Mode
from sonica.gateway.examples import FEEDBACK, KEY, RECOGNITION_ID, RECOGNIZED, as_json
from sonica.gateway.parts import Parts, parts_of
from sonica.gateway.problems import Problem, documented, of_audio
from sonica.gateway.schemas import Feedback, Recognized
from sonica.gateway.search import of_fingerprint
from sonica.gateway.stages import Stages
from sonica.recognition import Answer, Timings
from sonica.recognition.once import Once

router = APIRouter(prefix="/v1", tags=["recognition"])

BINARY = {"schema": {"type": "string", "format": "binary"}}
PART = {"type": "object", "required": [FIELD], "properties": {FIELD: {"type": "string", "format": "binary"}}}
BODIES = {FINGERPRINT: BINARY, "audio/*": BINARY, "video/*": BINARY, ANY: BINARY, FORM: {"schema": PART}}


async def recognize(
    request: Request,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="As random as a UUID, new for each request. Who asks again with it within a day, not "
            "having heard, gets the same answer under the same id.",
            min_length=16,
            max_length=255,
            pattern="^[!-~]+$",
            examples=[KEY],
        ),
    ] = None,
    session: Session = None,
) -> Response:
    """Names the song in a fingerprint, or in an audio or video file of any common format.

    A file may also come as the part `file` of a form. Its first half minute is heard.
    """
    parts = parts_of(request)
    await count_request(request, session)
    stages = Stages()
    async with read_query(request, parts.limits.body, parts.held) as query:
        stages.end("receive")
        digest = await _digest(query)
        once = Once(key.strip('"'), digest) if key else None
        known = await parts.records.find(once) if once else None
        answer, is_remembered = (known.answer, False) if known else await _answer(parts, query, digest)
    if known:
        kept = known
    else:
        if is_remembered:
            stages.end("remembered")
        else:
            stages.end_with("wait", answer.timings_ms)
        kept = await parts.records.keep(answer, query.kind, once)
        stages.end("store")
    headers = {"Server-Timing": str(stages)}
    if kept.is_replayed:
        headers["Idempotency-Replayed"] = "true"
    else:
        parts.metrics.recognition_latency.labels(query.kind).observe(stages.since("receive"))
        parts.metrics.recognitions.labels(query.kind, kept.answer.status).inc()
    request.state.told = {
        "recognition": str(kept.id),
        "result": kept.answer.status,
        "confidence": round(kept.answer.confidence, 4),
        "song": kept.answer.song.id if kept.answer.song else None,
        **({"replayed": True} if kept.is_replayed else {"remembered": True} if is_remembered else {}),
    }
    said = Recognized.of(kept.answer, kept.id, kept.token).model_dump_json()
    return Response(said, headers=headers, media_type="application/json")


router.add_api_route(
    "/recognize",
    recognize,
    methods=["POST"],
    response_model=Recognized,
    responses={200: as_json(RECOGNIZED), **documented(400, 408, 413, 415, 422, 429, 503)},
    openapi_extra={"requestBody": {"required": True, "content": BODIES}},
    route_class_override=Direct,
)


@router.post(
    "/recognitions/{id}/feedback",
    status_code=204,
    responses=documented(400, 404, 408, 413, 422, 503),
    openapi_extra={"requestBody": as_json(FEEDBACK)},
)
async def give_feedback(
    request: Request, id_: Annotated[uuid.UUID, Path(alias="id", examples=[RECOGNITION_ID])], said: Feedback
) -> None:
    """Says whether an answer is right; what is said last holds."""
    parts = parts_of(request)
    if not await parts.records.judge(id_, said.token, is_right=said.is_right, song_id=said.song_id):
        raise Problem(404, "not-found", "There is no such recognition, or the token is not its own.")
    parts.metrics.feedback.labels("right" if said.is_right else "wrong").inc()


async def _digest(query: Query) -> bytes:
    """A file has to be read for it; a fingerprint is small."""
    return query.digest() if query.kind == "fingerprint" else await asyncio.to_thread(query.digest)


async def _answer(parts: Parts, query: Query, digest: bytes) -> tuple[Answer, bool]:
    """What it is, and whether that was remembered. Raises Problem."""
    if query.kind == "fingerprint":
        work = partial(search, parts, query.fingerprint)
    else:
        work = partial(_of_file, parts, query.path)
    return await parts.remembered.recognition(digest, work)


async def _of_file(parts: Parts, path: str) -> Answer:
    """Raises Problem."""
    if parts.engines is None:
        return await parts.decoder.do(partial(_of_audio, parts, path))
    heard = await parts.decoder.do(partial(parts.recognizer.hear, path))
    if isinstance(heard, Answer):
        return _good(heard)
    answer = await search(parts, heard.fingerprint)
    took = Timings(
        decode=1000 * heard.decoding_s,
        fingerprint=1000 * heard.fingerprinting_s,
        search=answer.timings_ms.search,
    )
    return answer.model_copy(update={"timings_ms": took})


async def search(parts: Parts, fingerprint: bytes, *, is_thorough: bool = True) -> Answer:
    """What a fingerprint is of, found here or by an engine process. Raises Problem.

    Where it need not be `is_thorough`, changes of speed, tempo and pitch are only tried while nobody waits.
    """
    if parts.engines:
        return await parts.engines.ask(fingerprint, Mode.THOROUGH if is_thorough else Mode.NOMINAL_IF_BUSY)
    nominal = parts.engine.is_busy and not is_thorough
    return await parts.engine.do(partial(of_fingerprint, parts.recognizer, fingerprint, nominal=nominal))


def _of_audio(parts: Parts, path: str) -> Answer:
    return _good(parts.recognizer.file(path))


def _good(answer: Answer) -> Answer:
    if answer.error:
        raise of_audio(answer.error)
    return answer
