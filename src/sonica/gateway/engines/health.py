"""How an engine is doing, over HTTP: for those who operate it, not for those who ask it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sonica.gateway.engines.address import Address, address_of, bound, let_in
from sonica.gateway.engines.seat import Searcher
from sonica.gateway.unsignalled import Unsignalled

log = structlog.get_logger("sonica.engine")


class Health:
    """What it tells. `state`: `warming`, `ready` or `ending`."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self.state = "warming"

    def app(self) -> Starlette:
        """`/healthz`, `/readyz` and `/metrics`, as the service has them."""
        routes = {"/healthz": self._healthz, "/readyz": self._readyz, "/metrics": self._metrics}
        return Starlette(routes=[Route(path, endpoint) for path, endpoint in routes.items()])

    async def _healthz(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _readyz(self, _: Request) -> Response:
        pong = self._searcher.pong
        is_ready = self.state == "ready" and pong.is_well
        status = self.state if pong.is_well else "catalogue unreadable"
        told = {"status": status, "packs": pong.packs, "recordings": pong.recordings}
        return JSONResponse(told, 200 if is_ready else 503)

    async def _metrics(self, _: Request) -> Response:
        return Response(generate_latest(self._searcher.metrics.registry), media_type=CONTENT_TYPE_LATEST)


@asynccontextmanager
async def told_at(address: Address | None, health: Health) -> AsyncIterator[None]:
    """It is told there meanwhile; nowhere, where no address is named. Raises ServeError."""
    if address is None:
        yield
        return
    with bound(address) as listener:
        let_in(listener, address)
        config = uvicorn.Config(
            health.app(), http="h11", log_config=None, access_log=False, server_header=False
        )
        server = Unsignalled(config)
        log.info("tells how it is", at=str(address_of(listener, address)))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield
        finally:
            server.should_exit = server.force_exit = True
            await serving
