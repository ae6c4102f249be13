"""The files that songs came from, for whoever may hear them: with ranges, and to be kept for good."""

import asyncio
from pathlib import Path as File
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from sonica.catalogue import NAME, OTHER, CatalogueError, Originals, Recording, kind_of
from sonica.gateway.access import Access
from sonica.gateway.conditional import FOREVER, check_range, has
from sonica.gateway.parts import parts_of
from sonica.gateway.problems import AWAY_S, Problem, documented, of_catalogue
from sonica.platform.objects import ObjectsError
from sonica.platform.options import NOBODY, OWN

router = APIRouter(prefix="/v1/originals", tags=["songs"])

SIGNED_S = 3600
"""Seconds for which the address in a store of objects is good."""
AGAIN_S = SIGNED_S // 2
"""And for which it may be kept: the sound that begins then can be heard to its end."""

OriginalName = Annotated[str, Path(pattern=f"^{NAME}$", examples=["5c0fe1b2a4d98e7736f1c2d4b5a69788.flac"])]


def audio_url(access: Access, recording: Recording) -> str | None:
    """Where everybody may hear a recording; null where nobody may, or where its file was not kept."""
    if access.audio == NOBODY or not recording.original:
        return None
    if access.audio == OWN:
        return f"{router.prefix}/{recording.original}"
    return f"{access.audio}/originals/{recording.original}"


@router.head("/{name}", include_in_schema=False)
@router.get(
    "/{name}",
    response_class=FileResponse,
    responses={
        200: {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}},
        206: {"description": "The part that `Range` asks for"},
        304: {"description": "As in `If-None-Match`"},
        307: {"description": "It is in a store of objects: `Location` is good for an hour"},
        **documented(404, 416, 422, 503),
    },
)
async def fetch_original(request: Request, name: OriginalName) -> Response:
    """Fetches the file of a recording, or the rest of one: its address always has the same bytes.

    Where the operator keeps originals in a store of objects, the answer says where, for an hour.
    """
    parts = parts_of(request)
    catalogue = parts.recognizer.catalogue
    try:
        if parts.access.audio != OWN or not await asyncio.to_thread(catalogue.has_original, name):
            raise _unknown()
        place = await asyncio.to_thread(_place, catalogue.originals, name, request.method)
    except CatalogueError as error:
        raise of_catalogue(error) from error
    except ObjectsError as error:
        said = "The store of objects is away."
        raise Problem(503, "objects", said, code=error.code, retry_after=AWAY_S) from error
    if isinstance(place, str):
        return RedirectResponse(place, 307, {"Cache-Control": f"public, max-age={AGAIN_S}"})
    return await _file(request, name, place)


def _place(originals: Originals, name: str, method: str) -> File | str | None:
    """Its file, or else its address for a while. Raises ObjectsError."""
    verb = cast("Literal['GET', 'HEAD']", method)
    return originals.path(name) or originals.signed(name, SIGNED_S, verb)


async def _file(request: Request, name: str, file: File | None) -> Response:
    try:
        size = (await asyncio.to_thread(file.stat)).st_size if file else None
    except OSError:
        size = None
    if file is None or size is None:
        raise _unknown()
    etag, kind = f'"{name}"', kind_of(name)
    headers = {"ETag": etag, "Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    if has(request, etag):
        return Response(status_code=304, headers=headers)
    check_range(request, etag, size)
    if kind == OTHER:  # no browser should guess what it is
        headers["Content-Disposition"] = "attachment"
    return FileResponse(file, headers=headers, media_type=kind)


def _unknown() -> Problem:
    return Problem(404, "not-found", "There is no such original.", code="unknown_original")
