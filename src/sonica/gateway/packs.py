"""Packs to take along: for phones, browsers and the edge to fetch, in parts where the line breaks."""

from typing import Annotated, Self

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from pydantic import BaseModel, Field

from sonica.catalogue import field_of
from sonica.gateway.admin import PacksAdmin
from sonica.gateway.conditional import FOREVER, answer, check_range, has
from sonica.gateway.parts import parts_of
from sonica.gateway.problems import Problem, documented
from sonica.platform.keys import KeyFileError, as_text, signing_key
from sonica.work.packs import KEY, Making, Manifest, PackOrder, Published
from sonica.work.worker import ask_for_pack

router = APIRouter(prefix="/v1/packs", tags=["packs"])

PACK = "application/vnd.sonica.pack"
SOON = "public, max-age=60"
"""What caches are told of what may be published anew."""
RESERVED = "key"

PackName = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9-]{0,63}$", examples=["bhojpuri-lite"])]
READ = documented(404, 422, 503)
CHANGE = documented(401, 403, 404, 422, 503)


class PackDetail(Manifest):
    """A pack, and what proves it: `signature` is that of the bytes of `manifest`, as they stand here."""

    url: str = Field(description="Where it is; always the same bytes.")
    manifest: str = Field(description="JSON: name, profile, language, recordings, bytes, sha256, made_at.")
    signature: str = Field(description="Ed25519, base64.")
    key_id: str

    @classmethod
    def of(cls, pack: Published) -> Self:
        """As it was published."""
        told = pack.manifest
        return cls(
            **told.model_dump(),
            url=f"{router.prefix}/{told.name}?sha256={told.sha256}",
            manifest=pack.text,
            signature=as_text(pack.signature),
            key_id=pack.key_id,
        )


class PackList(BaseModel):
    """All packs; there are few, so `next` is null."""

    items: tuple[PackDetail, ...]
    next: str | None


class PublicKey(BaseModel):
    """The key that packs are signed with: its 32 bytes as base64, and as `openssl` reads it."""

    id: str
    algorithm: str
    public_key: str
    pem: str


@router.get("", response_model=PackList, responses=documented(503))
async def list_packs(request: Request) -> Response:
    """Lists the packs that can be fetched, with their signatures."""
    packs = await parts_of(request).packs.all()
    return answer(request, PackList(items=tuple(map(PackDetail.of, packs)), next=None), SOON)


@router.get(f"/{RESERVED}", response_model=PublicKey, responses=documented(503))
def show_pack_key(request: Request) -> Response:
    """Shows the key that packs are signed with. Keep it: a pack that it did not sign is not ours."""
    try:
        key = signing_key(parts_of(request).home, KEY)
    except KeyFileError as error:
        raise Problem(
            503, "key-file", "The key cannot be used: the log says more.", code=error.code
        ) from error
    told = PublicKey(id=key.id, algorithm="Ed25519", public_key=as_text(key.public), pem=key.pem)
    return answer(request, told, SOON)


@router.head("/{name}", include_in_schema=False)
@router.get(
    "/{name}",
    response_class=FileResponse,
    responses={
        200: {"content": {PACK: {"schema": {"type": "string", "format": "binary"}}}},
        206: {"description": "The part that `Range` asks for"},
        304: {"description": "As in `If-None-Match`"},
        **documented(404, 416, 422, 503),
    },
)
async def fetch_pack(
    request: Request,
    name: PackName,
    sha256: Annotated[str, Query(pattern="^(?:[0-9a-f]{64})?$", description="Only this very pack.")] = "",
) -> Response:
    """Fetches a pack, or the rest of one: with `Range`, and `If-Range` with the `ETag` of what is there."""
    pack = await _pack(request, name)
    if sha256 not in {"", pack.manifest.sha256}:
        raise Problem(404, "not-found", "It was published anew: the list says where.", code="replaced")
    etag = f'"{pack.manifest.sha256[:32]}"'
    headers = {"ETag": etag, "Cache-Control": FOREVER if sha256 else SOON}
    if has(request, etag):
        return Response(status_code=304, headers=headers)
    check_range(request, etag, pack.manifest.bytes)
    return FileResponse(pack.path, headers=headers, media_type=PACK, filename=f"{name}.pack")


@router.get("/{name}/manifest", response_model=Manifest, responses=READ)
async def show_pack_manifest(request: Request, name: PackName) -> Response:
    """Shows what was signed of a pack, to the byte; `Sonica-Signature` is the signature, base64."""
    pack = await _pack(request, name)
    headers = {"Sonica-Signature": as_text(pack.signature), "Cache-Control": SOON}
    return PlainTextResponse(pack.text, headers=headers, media_type="application/json")


@router.put("/{name}", status_code=202, responses={**CHANGE, **documented(400, 408, 413)})
async def publish_pack(request: Request, name: PackName, order: PackOrder, _: PacksAdmin) -> Making:
    """Has a pack be made, or made anew, in the background. What was published stays until that is whole."""
    if name == RESERVED:
        raise Problem(422, "bad-request", f"No pack can be called {RESERVED}.", code="reserved")
    try:
        language = str(field_of("language", order.language)) if order.language else ""
    except ValueError as error:
        raise Problem(422, "bad-request", f"{str(error).capitalize()}.", code="bad_language") from None
    parts = parts_of(request)
    await parts.packs.order(name, order.model_copy(update={"language": language}))
    await ask_for_pack(parts.jobs, name)
    return await show_pack_making(request, name, _)


@router.get("/{name}/making", responses=CHANGE)
async def show_pack_making(request: Request, name: PackName, _: PacksAdmin) -> Making:
    """Shows how far the making of a pack is, and why it failed if it did."""
    making = await parts_of(request).packs.making(name)
    if making is None:
        raise _unknown(name)
    return making


@router.delete("/{name}", status_code=204, responses=CHANGE)
async def remove_pack(request: Request, name: PackName, _: PacksAdmin) -> None:
    """Takes a pack back: it is listed and given out no more."""
    if not await parts_of(request).packs.remove(name):
        raise _unknown(name)


async def _pack(request: Request, name: str) -> Published:
    pack = await parts_of(request).packs.find(name)
    if pack is None or not pack.path.is_file():
        raise _unknown(name)
    return pack


def _unknown(name: str) -> Problem:
    return Problem(404, "not-found", f"There is no pack {name}.", code="unknown_pack")
