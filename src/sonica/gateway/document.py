"""The OpenAPI document: made of the routes, and kept as `openapi.json` at the root of the checkout."""

import json
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi

from sonica import __version__
from sonica.gateway.conditional import conditional
from sonica.gateway.examples import add_examples
from sonica.gateway.schemas import ProblemDocument, scan_schemas

router = APIRouter(include_in_schema=False)

ABOUT = """\
Sonica names the song that is playing, from a few seconds of sound or from its fingerprint.

A failure is a problem document (RFC 9457); its `type` is the address of a page that says what to do. Every
answer carries an `X-Request-ID`: the one of the request, where that is 1 to 64 letters, digits, dots, dashes
and underscores, or else a new one.
"""
TAGS = [
    {"name": "recognition", "description": "What is playing, and whether the answer is right."},
    {"name": "operations", "description": "Is the service alive, and can it answer?"},
]
"""Of tags that are not here the routes say enough."""

HEADERS = {
    "X-Request-ID": {
        "description": "Of this request; it stands in the log, too.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
        "example": "0199a1b2c3d47e5f8a6b9c0d1e2f3a4b",
    },
    "RateLimit": {
        "description": "Of the quota: `r` requests are left, and all of them again in `t` seconds.",
        "schema": {"type": "string"},
        "example": '"anonymous";r=99;t=900',
    },
    "RateLimit-Policy": {
        "description": "The quota: `q` requests in `w` seconds, from the first of them on.",
        "schema": {"type": "string"},
        "example": '"anonymous";q=100;w=900',
    },
    "Retry-After": {
        "description": "Seconds after which it is worth trying again.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 2,
    },
}
"""Headers of answers: of every one, of those that count against a quota, and of those that say to wait."""
WAITING = {"429", "503"}


@router.api_route("/openapi.json", methods=["GET", "HEAD"])
async def show_document(request: Request) -> Response:
    """This description."""
    return conditional(request, document_bytes(request.app), "application/json")


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application's routes; made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=__version__,
            summary=app.summary,
            description=ABOUT,
            routes=app.routes,
            tags=TAGS,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        made["servers"] = [{"url": "/"}]
        for name, schema in scan_schemas().items():
            made["components"]["schemas"].setdefault(name, schema)
        made["components"]["schemas"]["ProblemDocument"] = ProblemDocument.model_json_schema()
        made["components"]["headers"] = HEADERS
        add_examples(made)
        for operations in made["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    _add_headers(status, answer, is_limited="429" in operation["responses"])
        app.openapi_schema = made
    return app.openapi_schema


def _add_headers(status: str, answer: dict[str, Any], *, is_limited: bool) -> None:
    names = ["X-Request-ID", *(["Retry-After"] if status in WAITING else [])]
    names += ["RateLimit", "RateLimit-Policy"] if is_limited else []
    answer.setdefault("headers", {}).update(
        {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    )


def document_bytes(app: FastAPI) -> bytes:
    """The document as it travels, and as it is kept."""
    return (json.dumps(document(app), indent=1, ensure_ascii=False) + "\n").encode()
