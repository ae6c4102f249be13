"""Recognition, and what listeners say of it."""

import asyncio
import uuid
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response

from sonica import _engine
from sonica.gateway.bodies import ANY, FIELD, FINGERPRINT, FORM, Query, read_query
from sonica.gateway.callers import Session, count_request
from sonica.gateway.direct import Direct
from sonica.gateway.examples import FEEDBACK, KEY, RECOGNITION_ID, RECOGNIZED, as_json
from sonica.gateway.parts import Parts, parts_of
from sonica.gateway.problems import Problem, documented, of_audio
from sonica.gateway.schemas import Feedback, Recognized
from sonica.gateway.stages import Stages
from sonica.recognition import QUERY_SECONDS, Answer
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
        work = partial(parts.engine.do, partial(of_fingerprint, parts, query.fingerprint))
    else:
        work = partial(parts.decoder.do, partial(_of_audio, parts, query.path))
    return await parts.remembered.recognition(digest, work)


def of_fingerprint(parts: Parts, data: bytes, *, nominal: bool = False) -> Answer:
    """What a fingerprint is of (see `Recognizer.fingerprint`). Raises Problem."""
    try:
        told = _engine.read_fingerprint(data)
        if told.duration_s > QUERY_SECONDS:
            data = told.excerpt(0.0, QUERY_SECONDS)
    except _engine.EngineError as error:
        raise Problem(422, "bad-fingerprint", f"{error.message.capitalize()}.", code=error.code) from error
    answer = parts.recognizer.fingerprint(data, nominal=nominal)
    if answer.error:
        raise Problem(422, "bad-fingerprint", answer.error.message, code=answer.error.code)
    return answer


def _of_audio(parts: Parts, path: str) -> Answer:
    answer = parts.recognizer.file(path)
    if answer.error:
        raise of_audio(answer.error)
    return answer
