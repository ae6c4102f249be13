"""The application: routes, what is around them, and what runs beside them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sonica import __version__
from sonica.gateway import charts, ingest, operations, packs, recognize, songs
from sonica.gateway.bounds import Bounded
from sonica.gateway.middleware import Around
from sonica.gateway.parts import Parts
from sonica.gateway.problems import ProblemDocument, handle_problems


def create_app(parts: Parts) -> FastAPI:
    """The application. Its database has the tables of this version."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        parts.sandbox.warm()
        yield
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
    app.add_middleware(Bounded)
    app.add_middleware(Around, metrics=parts.metrics, most=parts.limits.requests)
    handle_problems(app)
    app.include_router(operations.router)
    app.include_router(recognize.router)
    app.include_router(songs.router)
    app.include_router(charts.router)
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
