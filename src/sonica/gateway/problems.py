"""Every failure as a problem document (RFC 9457): a type for each cause, and nothing of our insides."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from sonica.catalogue import CatalogueError
from sonica.gateway.schemas import ProblemDocument
from sonica.platform.database import DatabaseError
from sonica.platform.failures import DAMAGED, Failure
from sonica.platform.postgres import PostgresError
from sonica.recognition.once import KeyReusedError

MEDIA_TYPE = "application/problem+json"
TYPES = "/problems/"
"""Before the name of a type."""
UNREADABLE = "The catalogue cannot be read or written just now."
AWAY_S = 2
"""Seconds after which a database that was away may be there."""

TITLES = {
    "audio": "The sound cannot be used",
    "bad-fingerprint": "That is no fingerprint",
    "bad-id": "That is no id",
    "bad-multipart": "The form cannot be read",
    "bad-range": "The file has no such part",
    "bad-request": "The request cannot be understood",
    "body-missing": "The body is empty",
    "body-too-large": "The body is too large",
    "body-too-slow": "The body came too slowly",
    "busy": "Too much to do",
    "catalogue": "The songs cannot be used",
    "changed": "It has changed meanwhile",
    "conflict": "Not in this state",
    "database": "The database is away",
    "forbidden": "The key is not good for this",
    "idempotency-key": "The key was used for another request",
    "internal": "Something is wrong in Sonica",
    "key-file": "A key of the service cannot be used",
    "method-not-allowed": "Not done with this method",
    "not-found": "There is no such thing",
    "objects": "The store of objects is away",
    "rate-limit": "Asked too often",
    "unauthorized": "A key is needed",
    "unsupported-type": "A body of this type is not understood",
}
"""Every type, and its title."""


class Problem(Exception):  # noqa: N818  that is what the RFC calls it
    """A failure that is to be told of.

    `type_`: of TITLES. `retry_after`: seconds. `allow`: methods. `is_last`: the connection ends with it, for
    what is still coming would be read for nothing, perhaps without end.
    """

    def __init__(
        self,
        status: int,
        type_: str,
        detail: str,
        *,
        code: str | None = None,
        retry_after: int | None = None,
        allow: str | None = None,
        is_last: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.type, self.detail, self.code = status, type_, detail, code
        self.retry_after = retry_after
        self.headers: dict[str, str] = {**(headers or {})}
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)
        if allow is not None:
            self.headers["Allow"] = allow
        if is_last:
            self.headers["Connection"] = "close"

    def document(self, request_id: str | None) -> ProblemDocument:
        """What is told of it."""
        return ProblemDocument(
            type=TYPES + self.type,
            title=TITLES[self.type],
            status=self.status,
            detail=self.detail,
            code=self.code,
            request_id=request_id,
        )

    def response(self, request_id: str | None) -> JSONResponse:
        """As it travels."""
        content = self.document(request_id).model_dump(exclude_none=True)
        return JSONResponse(content, self.status, self.headers, media_type=MEDIA_TYPE)


def of_audio(error: Failure) -> Problem:
    """What is wrong with audio that was sent. The hint is for who sits at the command line, and not told."""
    if error.code == "no_process":
        return Problem(503, "busy", "No process to decode the sound in is to be had.", retry_after=AWAY_S)
    if error.code == "too_large":
        return Problem(413, "body-too-large", error.message, code=error.code)
    return of_answer(error, "audio")


def of_answer(error: Failure, kind: str) -> Problem:
    """Why there is no answer to what was sent: it is nothing of this kind, or the catalogue is damaged."""
    if error.code == DAMAGED:
        return Problem(503, "catalogue", UNREADABLE, code=error.code, retry_after=AWAY_S)
    return Problem(422, kind, error.message, code=error.code)


def of_catalogue(error: CatalogueError) -> Problem:
    """What is wrong with what was asked of the catalogue, or with its folder, of which nothing is told."""
    if error.code in {"unknown_song", "unknown_recording"}:
        return Problem(404, "not-found", error.message, code=error.code)
    return Problem(503, "catalogue", UNREADABLE, code=error.code, retry_after=AWAY_S)


def of_database(error: DatabaseError | PostgresError) -> Problem:
    """A database that may soon be there again. Where its programs and data lie is nobody's business."""
    said = error.message if isinstance(error, DatabaseError) else "The database does not run."
    return Problem(503, "database", said, code=error.code, retry_after=AWAY_S)


def of_key(error: KeyReusedError) -> Problem:
    """A key that came with another request before."""
    return Problem(422, "idempotency-key", f"{error.message} {error.hint}", code=error.code)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Problem documents of these statuses, for the OpenAPI document of a route."""
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {
        status: {
            "description": SAID[status],
            "content": {MEDIA_TYPE: {"schema": schema, "example": _example(status)}},
        }
        for status in statuses
    }


SAID: Mapping[int, str] = {
    400: "The request cannot be understood",
    401: "A key of those who run the service is needed",
    403: "The key is not good for this",
    404: "There is no such thing",
    408: "The body came too slowly",
    409: "Not in the state that it is in",
    412: "It has changed meanwhile",
    413: "The body is too large",
    415: "A body of this type is not understood",
    416: "There is no such part",
    422: "What was sent cannot be used",
    429: "Asked too often: try again after `Retry-After` seconds",
    503: "Too much to do, or the database is away: try again after `Retry-After` seconds",
}
EXAMPLES = {
    400: ("body-missing", "Nothing was sent."),
    404: ("not-found", "There is no such thing."),
    408: ("body-too-slow", "The whole body must be here within 30 seconds."),
    413: ("body-too-large", "At most 65,536 bytes are taken of such a body."),
    415: ("unsupported-type", "Send application/vnd.sonica.fingerprint, audio, or a form."),
    422: ("bad-request", "body.token: Field required."),
    429: ("rate-limit", "This address has asked 100 times in 15 minutes."),
    503: ("busy", "More is asked than can be answered just now."),
}


def _example(status: int) -> dict[str, Any]:
    type_, detail = EXAMPLES.get(status, ("bad-request", SAID[status]))
    told = ProblemDocument(
        type=TYPES + type_,
        title=TITLES[type_],
        status=status,
        detail=detail,
        request_id="0199a1b2c3d47e5f8a6b9c0d1e2f3a4b",
    )
    return told.model_dump(exclude_none=True)


def handle_problems(app: FastAPI) -> None:
    """Has every failure of the routes, and of the framework, answered by a problem document."""

    def answer(request: Request, problem: Problem) -> JSONResponse:
        request.state.problem = problem
        return problem.response(getattr(request.state, "request_id", None))

    async def on_problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)  # noqa: S101
        return answer(request, error)

    async def on_database(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, DatabaseError | PostgresError)  # noqa: S101
        return answer(request, of_database(error))

    async def on_key(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, KeyReusedError)  # noqa: S101
        return answer(request, of_key(error))

    async def on_invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return answer(request, Problem(422, "bad-request", f"{where}: {first['msg']}.", code=first["type"]))

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101
        return answer(request, _of_framework(request, error))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(DatabaseError, on_database)
    app.add_exception_handler(PostgresError, on_database)
    app.add_exception_handler(KeyReusedError, on_key)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)


def _of_framework(request: Request, error: HTTPException) -> Problem:
    if error.status_code == 404:
        return Problem(404, "not-found", "Nothing is at this address.")
    if error.status_code == 405:
        said = "This address does not take this method."
        return Problem(405, "method-not-allowed", said, allow=_methods(request))
    type_ = {408: "body-too-slow", 413: "body-too-large"}.get(error.status_code, "bad-request")
    return Problem(error.status_code, type_, str(error.detail))


def _methods(request: Request) -> str:
    """The methods that the address takes, of all its routes: the framework names only those of the first."""
    matching = [one for one in request.app.state.routes if one.matches(request.scope)[0] is not Match.NONE]
    same = [one for one in matching if one.path == matching[0].path]
    return ", ".join(sorted({method for route in same for method in route.methods or ()}))
