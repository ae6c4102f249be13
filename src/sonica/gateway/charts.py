"""Charts: what is recognised most."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from sonica.catalogue import Catalogue, CatalogueError, field_of
from sonica.gateway.access import Access
from sonica.gateway.conditional import conditional
from sonica.gateway.parts import Parts, parts_of
from sonica.gateway.problems import Problem, documented, of_catalogue
from sonica.gateway.songs import SongDetail
from sonica.work.charts import Order, Period, Place

router = APIRouter(prefix="/v1/charts", tags=["songs"])

MOST = 200
SOON = "public, max-age=300"


class ChartPlace(BaseModel):
    """A song in a chart."""

    rank: int = Field(description="From 1.")
    song: SongDetail
    popularity: float = Field(
        description="Recognitions; one of half a period ago counts half as much as a new one."
    )
    listens: int = Field(description="Recognitions in the period.")
    listens_before: int = Field(description="In the period before it.")


class Chart(BaseModel):
    """A chart; it has no more pages, so `next` is null."""

    items: tuple[ChartPlace, ...]
    next: str | None
    period: Period
    drawn_at: dt.datetime | None = Field(description="When it was drawn up; null where nothing is in it.")


@router.get("", response_model=Chart, responses=documented(422, 503))
async def show_chart(
    request: Request,
    *,
    period: Period = "week",
    language: Annotated[str, Query(max_length=35, description="Such as `hi`; all where none is named.")] = "",
    genre: Annotated[str, Query(max_length=200)] = "",
    order: Annotated[
        Order, Query(description="The most popular first, or those that rise the most.")
    ] = "popular",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:
    """Shows what was recognised most in the last day, week, month or year. It is drawn up every hour."""
    try:
        tag = str(field_of("language", language)) if language else ""
    except ValueError as error:
        raise Problem(422, "bad-request", f"{str(error).capitalize()}.", code="bad_language") from None
    if "\0" in genre:
        raise Problem(422, "bad-request", "That is no genre.", code="bad_genre")
    parts = parts_of(request)
    top = partial(parts.charts.top, period, language=tag, genre=genre, order=order, most=limit)
    drawn_at = await parts.charts.drawn_at()
    drawn, which = drawn_at.isoformat() if drawn_at else "", f"{period}:{order}:{limit}"
    chart = await parts.remembered.chart(drawn, tag, genre, which, partial(_chart, parts, period, top))
    return conditional(request, chart, "application/json", cache=SOON)


async def _chart(parts: Parts, period: Period, ask: Callable[[], Awaitable[list[Place]]]) -> bytes:
    """Raises Problem."""
    top = await ask()
    try:
        items = await asyncio.to_thread(_with_songs, parts.recognizer.catalogue, top, parts.access)
    except CatalogueError as error:
        raise of_catalogue(error) from error
    drawn_at = top[0].drawn_at if top else None
    chart = Chart(items=tuple(items), next=None, period=period, drawn_at=drawn_at)
    return chart.model_dump_json().encode()


def _with_songs(catalogue: Catalogue, top: list[Place], access: Access) -> list[ChartPlace]:
    """With what the songs are called now; without those that were removed since. Raises CatalogueError."""
    found = catalogue.find(place.song_id for place in top)
    return [
        ChartPlace(
            rank=rank,
            song=SongDetail.of(found[place.song_id], access),
            popularity=round(place.popularity, 3),
            listens=place.listens,
            listens_before=place.listens_before,
        )
        for rank, place in enumerate((place for place in top if place.song_id in found), 1)
    ]
