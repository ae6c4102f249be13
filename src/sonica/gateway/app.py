"""The application: routes, what is around them, and what runs beside them."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sonica import __version__
from sonica.gateway import ingest, operations, packs, recognize, songs
from sonica.gateway.middleware import Around
from sonica.gateway.parts import Parts
from sonica.gateway.problems import ProblemDocument, handle_problems
from sonica.platform.database import DatabaseError

HOUSE_S = 6 * 3600.0
"""Seconds between two looks whether the coming months have their partitions, and what may be forgotten."""

log = structlog.get_logger("sonica.gateway")


def create_app(parts: Parts) -> FastAPI:
    """The application. Its database has the tables of this version."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        parts.sandbox.warm()
        beside = asyncio.create_task(_keep_house(parts))
        yield
        beside.cancel()
        with suppress(asyncio.CancelledError):
            await beside
        await parts.close()

    app = FastAPI(
        title="Sonica",
        version=__version__,
        summary="Names the song that is playing.",
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,  # how clients made of the document call it
        docs_url=None,  # their pages load code from elsewhere
        redoc_url=None,
    )
    app.state.parts = parts
    app.add_middleware(Around, metrics=parts.metrics, most=parts.limits.requests)
    handle_problems(app)
    app.include_router(operations.router)
    app.include_router(recognize.router)
    app.include_router(songs.router)
    app.include_router(packs.router)
    app.include_router(ingest.router)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # the way that FastAPI documents
    return app


def _document(app: FastAPI) -> dict[str, object]:
    """The OpenAPI document, with the schema that all problems share."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        made["components"]["schemas"]["ProblemDocument"] = ProblemDocument.model_json_schema()
        app.openapi_schema = made
    return app.openapi_schema


async def _keep_house(parts: Parts) -> None:
    while True:
        try:
            made = await parts.records.make_partitions(dt.datetime.now(dt.UTC).date())
            await parts.records.forget()
        except DatabaseError as error:
            log.warning("house not kept", code=error.code)
            await asyncio.sleep(60.0)
            continue
        for name in made:
            log.info("partition made", name=name)
        await asyncio.sleep(HOUSE_S)
