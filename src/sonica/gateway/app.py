"""The application: routes, what is around them, and what runs beside them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from sonica import __version__
from sonica.gateway import charts, ingest, listen, operations, originals, packs, pages, recognize, scan, songs
from sonica.gateway import document as description
from sonica.gateway.bounds import Bounded
from sonica.gateway.middleware import REQUEST_ID, Around
from sonica.gateway.parts import Parts
from sonica.gateway.problems import handle_problems

ROUTERS = (
    operations.router,
    recognize.router,
    scan.router,
    listen.router,
    songs.router,
    originals.router,
    charts.router,
    packs.router,
    ingest.router,
    description.router,
    pages.router,
)
"""All routes there are."""

HEARD = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "If-Range",
    "Range",
    "Sonica-Session",
    REQUEST_ID,
)
"""Headers that a page of another origin may send."""
TOLD = (
    "Content-Range",
    "ETag",
    "Idempotency-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Server-Timing",
    "Sonica-Signature",
    REQUEST_ID,
)
"""Headers that it may read."""
PREFLIGHT_S = 3600
"""Seconds for which a browser may remember that it may ask."""


def create_app(parts: Parts) -> FastAPI:
    """The application. Its database has the tables of this version."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        parts.start()
        yield
        await parts.close()

    app = create_routes()
    app.router.lifespan_context = lifespan
    app.state.parts = parts
    app.add_middleware(Bounded)
    app.add_middleware(Around, metrics=parts.metrics, most=parts.limits.requests)
    app.add_middleware(  # outermost: who may read an answer may read a failure, too
        CORSMiddleware,
        allow_origins=parts.access.origins,
        allow_origin_regex=parts.access.origin_pattern,
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=HEARD,
        expose_headers=TOLD,
        max_age=PREFLIGHT_S,
    )
    if parts.web:
        app.router.default = parts.web  # after all routes: theirs are the addresses that both have
    handle_problems(app)
    return app


def create_routes() -> FastAPI:
    """The routes alone: enough to describe them."""
    app = FastAPI(
        title="Sonica",
        version=__version__,
        summary="Names the song that is playing.",
        generate_unique_id_function=lambda route: route.name,  # how clients made of the document call it
        openapi_url=None,  # the document has a route of its own
        docs_url=None,  # their pages load code from elsewhere
        redoc_url=None,
    )
    for router in ROUTERS:
        app.include_router(router)
    app.state.routes = [route for router in ROUTERS for route in router.routes]  # the framework hides them
    app.openapi = lambda: description.document(app)  # type: ignore[method-assign]  # the way that FastAPI documents
    return app
