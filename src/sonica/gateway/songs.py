"""The songs that are known: for everybody to see, for those who run the service to change."""

import asyncio
import base64
import binascii
from collections.abc import Callable
from functools import partial
from typing import Annotated, Self, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from sonica.catalogue import START, About, Catalogue, CatalogueError, Link, Place, SongEntry, field_of
from sonica.catalogue.listing import WORST, page
from sonica.gateway.access import Access
from sonica.gateway.admin import SongsAdmin
from sonica.gateway.conditional import answer, conditional, require_match
from sonica.gateway.originals import audio_url
from sonica.gateway.parts import parts_of
from sonica.gateway.problems import Problem, documented, of_catalogue

router = APIRouter(prefix="/v1/songs", tags=["songs"])

Result = TypeVar("Result")

MOST = 200
"""Songs of one page."""
LARGEST = 2**53 - 1
"""Of ids: what every JSON reader keeps."""
NOWHERE = Place(-1, -1)
SongId = Annotated[int, Path(alias="id", ge=1, le=LARGEST)]


class RecordingDetail(BaseModel):
    """A recording of a song. Where its file was found is nobody's business."""

    id: int
    duration_s: float = Field(description="Seconds.")
    audio_url: str | None = Field(
        description="Where it can be heard, always the same bytes; null where nobody may, or it was not kept."
    )


class SongDetail(About):
    """A song; empty strings and 0 where nobody said. `language`: a tag of BCP 47."""

    id: int
    recordings: tuple[RecordingDetail, ...]

    @classmethod
    def of(cls, entry: SongEntry, access: Access) -> Self:
        """As the catalogue has it."""
        recordings = tuple(
            RecordingDetail(id=one.id, duration_s=round(one.duration_s, 3), audio_url=audio_url(access, one))
            for one in entry.recordings
        )
        return cls(id=entry.song.id, recordings=recordings, **entry.song.about().model_dump())


class SongList(BaseModel):
    """A page of songs; `next` is the cursor of the page after it, null on the last one."""

    items: tuple[SongDetail, ...]
    next: str | None


class SongChange(BaseModel):
    """What is to be said of a song. What is not named stays; an empty text, or the year 0, takes it away."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: str | None = Field(default=None, max_length=1000)
    artist: str | None = Field(default=None, max_length=1000)
    album: str | None = Field(default=None, max_length=1000)
    language: str | None = Field(default=None, max_length=100, examples=["hi"])
    genre: str | None = Field(default=None, max_length=200)
    year: int | None = Field(default=None, ge=0, le=9999)
    isrc: str | None = Field(default=None, max_length=20)


class Merge(BaseModel):
    """Songs that are the same as this one: their recordings become its own."""

    model_config = ConfigDict(extra="forbid", strict=True)

    songs: list[Annotated[int, Field(ge=1, le=LARGEST)]] = Field(min_length=1, max_length=100)


@router.get("", response_model=SongList, responses=documented(400, 422, 503))
async def list_songs(
    request: Request,
    q: Annotated[
        str, Query(max_length=200, description="The beginning, or any part, of title or artist; in any case.")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    cursor: Annotated[str, Query(max_length=100, description="The `next` of the page before.")] = "",
) -> Response:
    """Lists the songs, by id; with `q` those that fit it, the best first.

    Following `next` shows each song once, also while others are added or removed.
    """
    after = _place(cursor) if cursor else START
    parts = parts_of(request)
    places = await parts.database.run(partial(page, words=q, after=after, most=limit + 1))
    ids = [place.song_id for place in places[:limit]]
    found = await _done(request, lambda catalogue: catalogue.find(ids))
    is_last = len(places) <= limit
    items = tuple(SongDetail.of(entry, parts.access) for entry in found.values())
    return answer(request, SongList(items=items, next=None if is_last else _cursor(places[limit - 1])))


@router.get(
    "/{id}",
    response_model=SongDetail,
    responses={304: {"description": "As in `If-None-Match`"}, **documented(404, 422, 503)},
)
async def show_song(request: Request, song_id: SongId) -> Response:
    """Shows a song and its recordings."""
    document = await parts_of(request).remembered.song(song_id, partial(_document, request, song_id))
    return conditional(request, document, "application/json")


@router.patch(
    "/{id}", response_model=SongDetail, responses=documented(400, 401, 403, 404, 408, 412, 413, 422, 503)
)
async def edit_song(request: Request, song_id: SongId, said: SongChange, _: SongsAdmin) -> Response:
    """Says otherwise what a song is called. With `If-Match` only where it is as it was seen."""
    fields = {}
    for name, value in said.model_dump(exclude_none=True).items():
        try:
            fields[name] = field_of(name, value)
        except ValueError as error:
            raise Problem(422, "bad-request", f"{str(error).capitalize()}.", code=f"bad_{name}") from None
    require_match(request, await _song(request, song_id))
    changed = await _done(request, lambda catalogue: catalogue.edit(song_id, fields))
    return answer(request, SongDetail.of(changed, parts_of(request).access))


@router.delete("/{id}", status_code=204, responses=documented(401, 403, 404, 412, 422, 503))
async def remove_song(request: Request, song_id: SongId, _: SongsAdmin) -> None:
    """Removes a song with all its recordings; no process names it any more. The files stay."""
    require_match(request, await _song(request, song_id))
    await _done(request, lambda catalogue: catalogue.remove([song_id]))


@router.post(
    "/{id}/merge", response_model=SongDetail, responses=documented(400, 401, 403, 404, 408, 413, 422, 503)
)
async def merge_songs(request: Request, song_id: SongId, said: Merge, _: SongsAdmin) -> Response:
    """Makes the recordings of other songs recordings of this one, which keeps its title.

    Where one of the songs is not there, nothing is changed.
    """
    if song_id in said.songs:
        raise Problem(422, "bad-request", "A song cannot be merged into itself.", code="same_song")

    def merge(catalogue: Catalogue) -> SongEntry:
        kept = catalogue.song(song_id).recordings[0].id
        others = [catalogue.song(other) for other in dict.fromkeys(said.songs)]
        for recording in (one for other in others for one in other.recordings):
            catalogue.attach(recording.id, song_id, Link(recordings=(recording.id, kept), kind="same"))
        return catalogue.song(song_id)

    return answer(request, SongDetail.of(await _done(request, merge), parts_of(request).access))


async def _document(request: Request, song_id: int) -> bytes:
    return (await _song(request, song_id)).model_dump_json().encode()


async def _song(request: Request, song_id: int) -> SongDetail:
    found = await _done(request, lambda catalogue: catalogue.song(song_id))
    return SongDetail.of(found, parts_of(request).access)


async def _done(request: Request, work: Callable[[Catalogue], Result]) -> Result:
    """`work` with the catalogue, in a thread. Raises Problem."""
    try:
        return await asyncio.to_thread(work, parts_of(request).recognizer.catalogue)
    except CatalogueError as error:
        raise of_catalogue(error) from error


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(f"{place.rank}.{place.song_id}".encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    """Raises Problem (400)."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        rank, _, song_id = text.partition(".")
        place = Place(int(rank), int(song_id))
    except (ValueError, binascii.Error):
        place = NOWHERE
    is_place = 0 <= place.rank <= WORST and 0 <= place.song_id <= LARGEST
    if not is_place or _cursor(place) != cursor:
        raise Problem(400, "bad-request", "This cursor is from no page of this list.", code="bad_cursor")
    return place
