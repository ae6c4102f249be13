"""Adding music over HTTP: a file that is sent, a folder or manifest on the server, or a prefix, as a job."""

import asyncio
import json
import os
import shutil
import unicodedata
import uuid
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sonica.gateway.admin import IngestAdmin
from sonica.gateway.bodies import ANY, FIELD, FORM, UPLOAD, BodyLimits, read_query
from sonica.gateway.parts import Parts, parts_of
from sonica.gateway.problems import Problem, documented
from sonica.platform.files import end_of_name, replacing
from sonica.platform.ids import new_id
from sonica.platform.objects import checked_objects_url
from sonica.platform.settings import SettingsError
from sonica.work.adding import forget_upload, upload_folder
from sonica.work.ingests import Ingest, IngestFile, State, Status
from sonica.work.worker import ask_for_ingest

router = APIRouter(prefix="/v1/ingest", tags=["ingest"])

JSON = "application/json"
MOST_JSON = 16 << 10
MOST_NAME = 120
"""Characters of the name of a file that are kept."""
MOST = 1000
"""Files of a page of the report."""

BINARY = {"schema": {"type": "string", "format": "binary"}}
PART = {"type": "object", "required": [FIELD], "properties": {FIELD: {"type": "string", "format": "binary"}}}
IngestId = Annotated[uuid.UUID, InPath(alias="id")]
CHANGE = documented(401, 403, 404, 409, 422, 503)
READ = documented(401, 403, 404, 422, 503)


class IngestOrder(BaseModel):
    """What to add: a folder on the server's disk with all in it, the files that a manifest there names, or
    all below a prefix of an object store.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    folder: str = Field(default="", max_length=4096, examples=["/srv/music/new"])
    manifest: str = Field(default="", max_length=4096)
    prefix: str = Field(default="", max_length=4096, examples=["s3://music/new/"])


class IngestList(BaseModel):
    """A page of ingests, the newest first."""

    items: tuple[Ingest, ...]
    next: str | None


class IngestReport(BaseModel):
    """A page of files of an ingest, and what became of each."""

    items: tuple[IngestFile, ...]
    next: str | None


BODIES = {
    JSON: {
        "schema": IngestOrder.model_json_schema(),
        "examples": {
            "folder": {"summary": "A folder of the server", "value": {"folder": "/srv/music/new"}},
            "prefix": {"summary": "All below a prefix", "value": {"prefix": "s3://music/new/"}},
        },
    },
    "audio/*": BINARY,
    "video/*": BINARY,
    ANY: BINARY,
    FORM: {"schema": PART},
}


@router.post(
    "",
    status_code=202,
    responses=documented(400, 401, 403, 408, 413, 415, 422, 503),
    openapi_extra={"requestBody": {"required": True, "content": BODIES}},
)
async def add_music(
    request: Request,
    response: Response,
    _: IngestAdmin,
    *,
    dedupe: Annotated[
        bool, Query(description="Let a recording that is there already, however encoded, join its song.")
    ] = True,
    keep: Annotated[
        bool, Query(description="Keep the files of a folder or manifest as originals, too: a copy of each.")
    ] = False,
) -> Ingest:
    """Takes an order to add music, and answers once it is sure to be done; `Location` shows how far it is.

    An audio or video file of at most 256 MiB, raw or as the part `file` of a form; or, as JSON, a folder or a
    manifest on the server's disk, in a folder that the operator named (`SONICA_INGEST_FOLDERS`), or a prefix
    of an object store (`SONICA_INGEST_PREFIXES`). Files that are sent, and objects, are always
    kept as originals.
    """
    parts = parts_of(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    id_ = new_id()
    if kind == JSON:
        what, place = _place(parts, await _order(request))
        await parts.ingests.add(what, place, dedupe=dedupe, keep=keep or what == "prefix", id_=id_)
    else:
        await _take_upload(request, id_, dedupe=dedupe)
    await ask_for_ingest(parts.jobs, id_)
    response.headers["Location"] = f"{router.prefix}/{id_}"
    return await _find(parts, id_)


@router.get("", responses=documented(400, 401, 403, 422, 503))
async def list_ingests(
    request: Request,
    _: IngestAdmin,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str, Query(max_length=100)] = "",
) -> IngestList:
    """Lists what was asked for, the newest first."""
    try:
        before = uuid.UUID(cursor) if cursor else None
    except ValueError:
        raise _bad_cursor() from None
    found = await parts_of(request).ingests.newest(limit + 1, before)
    return IngestList(
        items=tuple(found[:limit]), next=str(found[limit - 1].id) if len(found) > limit else None
    )


@router.get("/{id}", responses=READ)
async def show_ingest(request: Request, id_: IngestId, _: IngestAdmin) -> Ingest:
    """Shows how far it is. A file that counts as added is named by every process from now on."""
    return await _find(parts_of(request), id_)


@router.get("/{id}/files", responses={**READ, **documented(400)})
async def show_ingest_files(
    request: Request,
    id_: IngestId,
    _: IngestAdmin,
    status: Annotated[
        Status | None, Query(description="Only those; `error` for what failed, and why.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    cursor: Annotated[str, Query(max_length=100)] = "",
) -> IngestReport:
    """Reports what became of each file."""
    parts = parts_of(request)
    await _find(parts, id_)
    if cursor and not (cursor.isascii() and cursor.isdigit() and int(cursor) < 2**31):
        raise _bad_cursor()
    found = await parts.ingests.files(id_, status, int(cursor) if cursor else -1, limit + 1)
    is_last = len(found) <= limit
    return IngestReport(items=tuple(found[:limit]), next=None if is_last else str(found[limit - 1].number))


@router.post("/{id}/{action}", responses=CHANGE)
async def steer_ingest(
    request: Request, id_: IngestId, action: Literal["pause", "resume", "cancel"], _: IngestAdmin
) -> Ingest:
    """Pauses it, resumes it where it was paused or has failed, or cancels it for good.

    What is added stays; a file or sixteen that are at work are finished first.
    """
    parts = parts_of(request)
    to, of = MOVES[action]
    if not await parts.ingests.move(id_, to, of):
        found = await _find(parts, id_)
        if found.state != to:
            raise Problem(409, "conflict", f"It is {found.state}: it cannot {action} now.", code=found.state)
    if action == "resume":
        await ask_for_ingest(parts.jobs, id_)
    found = await _find(parts, id_)
    if action == "cancel" and found.kind == "upload":  # whoever copies objects removes them
        await asyncio.to_thread(forget_upload, parts.home, id_)
    return found


MOVES: dict[str, tuple[State, tuple[State, ...]]] = {
    "pause": ("paused", ("queued", "running")),
    "resume": ("queued", ("paused", "failed")),
    "cancel": ("cancelled", ("queued", "running", "paused", "failed")),
}


async def _find(parts: Parts, id_: uuid.UUID) -> Ingest:
    found = await parts.ingests.find(id_)
    if found is None:
        raise Problem(404, "not-found", "There is no such ingest.", code="unknown_ingest")
    return found


async def _order(request: Request) -> IngestOrder:
    """What the body asks for. Raises Problem."""
    body, patience = b"", BodyLimits().seconds
    try:
        async with asyncio.timeout(patience):
            async for piece in request.stream():
                body += piece
                if len(body) > MOST_JSON:
                    said = f"At most {MOST_JSON:,} bytes are taken of an order."
                    raise Problem(413, "body-too-large", said)
    except TimeoutError:
        said = f"The whole body must be here within {patience:g} seconds."
        raise Problem(408, "body-too-slow", said) from None
    try:
        order = IngestOrder.model_validate(json.loads(body))
    except (ValueError, RecursionError) as error:
        first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "it is no JSON"
        raise Problem(
            422, "bad-request", f"The order cannot be understood: {first}.", code="bad_order"
        ) from None
    if [bool(order.folder), bool(order.manifest), bool(order.prefix)].count(True) != 1:
        said = "Name either a folder, or a manifest, or a prefix."
        raise Problem(422, "bad-request", said, code="bad_order")
    return order


def _place(parts: Parts, order: IngestOrder) -> tuple[Literal["folder", "manifest", "prefix"], str]:
    """What is to be read, and where. Raises Problem: also where it must not be told whether it is there."""
    if order.prefix:
        return "prefix", _prefix(parts, order.prefix)
    kind: Literal["folder", "manifest"] = "folder" if order.folder else "manifest"
    name = order.folder or order.manifest
    if "\0" in name or not Path(name).is_absolute():
        raise Problem(422, "bad-request", f"The {kind} is no absolute path.", code="bad_path")
    try:
        is_allowed = parts.places.allows(Path(name))
    except UnicodeEncodeError:  # half of a pair, as JSON may hold
        is_allowed = False
    if not is_allowed:
        said = "The operator did not allow to add from there."
        raise Problem(403, "forbidden", said, code="place_not_allowed")
    try:
        is_there = Path(name).is_dir() if kind == "folder" else Path(name).is_file()
    except OSError:
        is_there = False
    if not is_there:
        raise Problem(422, "bad-request", f"There is no such {kind}.", code="no_place")
    return kind, name


def _prefix(parts: Parts, said: str) -> str:
    """The prefix as it is known again. What is below it is looked for by the worker. Raises Problem."""
    try:
        prefix = checked_objects_url(said)
    except SettingsError:
        prefix = ""
    if not prefix.startswith("s3://"):
        raise Problem(422, "bad-request", "The prefix is not like s3://bucket/new/.", code="bad_prefix")
    if not parts.places.allows_prefix(prefix):
        said = "The operator did not allow to add from there."
        raise Problem(403, "forbidden", said, code="place_not_allowed")
    return prefix


async def _take_upload(request: Request, id_: uuid.UUID, *, dedupe: bool) -> None:
    """Keeps the file that is sent, on the disk, and the order to add it. Raises Problem."""
    parts = parts_of(request)
    async with read_query(request, UPLOAD, parts.held) as query:
        if query.kind != "audio":
            raise Problem(415, "unsupported-type", "A fingerprint alone is no music to add: send the sound.")
        name = _safe_name(query.name)
        file = upload_folder(parts.home, id_) / name
        try:
            await asyncio.to_thread(_copy, query.audio, file)
        except OSError as error:
            said = "The file cannot be kept: the disk is full, or may not be written to."
            raise Problem(503, "catalogue", said, code="not_writable", retry_after=60) from error
    try:
        await parts.ingests.add("upload", name, dedupe=dedupe, keep=True, id_=id_, file=file)
    except BaseException:
        await asyncio.to_thread(forget_upload, parts.home, id_)
        raise


def _copy(descriptor: int, file: Path) -> None:
    with (
        os.fdopen(os.dup(descriptor), "rb") as sent,
        replacing(file) as temporary,
        temporary.open("xb") as new,
    ):
        sent.seek(0)
        shutil.copyfileobj(sent, new, 1 << 20)


def _safe_name(name: str) -> str:
    """The name of a file without folders and what cannot be seen; its end, which says the format, stays."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip(". ")
    return end_of_name(seen, MOST_NAME) or "sound"


def _bad_cursor() -> Problem:
    return Problem(400, "bad-request", "This cursor is from no page of this list.", code="bad_cursor")
