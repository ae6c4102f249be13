"""Around every request: an id, a line in the log, the metrics, a bound, and no failure without a document."""

import re
import time

import structlog
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sonica.gateway.problems import Problem
from sonica.platform.ids import new_id
from sonica.platform.telemetry import Metrics

REQUEST_ID = "x-request-id"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
OPERATIONS = {"/healthz", "/readyz", "/metrics"}
"""Answered also when there is too much to do, and not logged."""
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""What metrics tell apart: others could be any number."""
GONE = 499
"""What the log says where the client did not wait for its answer."""

log = structlog.get_logger("sonica.gateway")


class Around:
    """The middleware. `most`: requests at work at a time."""

    def __init__(self, app: ASGIApp, metrics: Metrics, most: int) -> None:
        self._app, self._metrics, self._most = app, metrics, most
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, request_id, status = time.perf_counter(), _request_id(scope), 0
        state = scope.setdefault("state", {})
        state["request_id"] = request_id

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                headers.append((REQUEST_ID.encode(), request_id.encode()))
                headers.append((b"x-content-type-options", b"nosniff"))
                headers += [
                    (name.encode(), value.encode()) for name, value in state.get("headers", {}).items()
                ]
            await send(message)

        self._open += 1
        self._metrics.open_requests.set(self._open)
        try:
            with structlog.contextvars.bound_contextvars(request_id=request_id):
                try:
                    if self._open > self._most and scope["path"] not in OPERATIONS:
                        said = "More is asked than can be answered just now."
                        state["problem"] = Problem(503, "busy", said, code="requests", retry_after=1)
                        await state["problem"].response(request_id)(scope, receive, sending)
                    else:
                        await self._app(scope, receive, sending)
                except ClientDisconnect:
                    status = status or GONE
                except Exception as error:
                    log.exception("a bug", error_type=type(error).__name__)
                    state["problem"] = Problem(500, "internal", "This is a bug; the log says more.")
                    if status == 0:
                        await state["problem"].response(request_id)(scope, receive, sending)
                self._tell(scope, status, time.perf_counter() - begun)
        finally:
            self._open -= 1
            self._metrics.open_requests.set(self._open)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        path = route.path if isinstance(route, Route) else "other"
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.requests.labels(method, path, status).inc()
        problem = scope["state"].get("problem")
        cause = {}
        if problem is not None:
            kind = f"{problem.type}/{problem.code}" if problem.code else problem.type
            cause = {"problem": kind}
            self._metrics.errors.labels(kind, "gateway").inc()
        if path not in OPERATIONS:
            told = scope["state"].get("told", {})
            log.info(
                "request",
                method=method,
                route=path,
                status=status,
                duration_ms=round(1000 * seconds, 1),
                **cause,
                **told,
            )


def _request_id(scope: Scope) -> str:
    """The one that the client, or the edge before us, has given; else a new one."""
    for name, value in scope["headers"]:
        if name == REQUEST_ID.encode():
            given: str = value.decode("latin-1")
            if _GIVEN.fullmatch(given):
                return given
    return new_id().hex
