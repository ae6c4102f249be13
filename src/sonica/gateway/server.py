"""The web server in a process: it answers at one socket, and ends once all is answered."""

import socket
from collections.abc import Callable

import uvicorn

from sonica.gateway.app import create_app
from sonica.gateway.parts import Parts
from sonica.gateway.sockets import Requests, Socket
from sonica.gateway.unsignalled import DRAIN_S, Unsignalled

FRAME_BYTES = 16 << 10
"""Longest message of a WebSocket; a whole listening has a tenth of it."""
WAITING = 2048
"""Connections that the kernel accepts before we do."""


class SharedListener(socket.socket):
    """A socket that other processes answer at, too, made of its descriptor.

    The event loop takes as many connections at once as it may let wait. One at a time leaves the next one to
    whoever has time; how many the kernel lets wait is nobody's to change.
    """

    def listen(self, backlog: int = 1) -> None:
        """Does nothing: who made the socket has."""


class Server(Unsignalled):
    """uvicorn, which tells when it answers."""

    def __init__(self, parts: Parts, listener: socket.socket, on_ready: Callable[[], None]) -> None:
        proxies = parts.access.proxies  # nobody else is believed what `X-Forwarded-For` says
        super().__init__(
            uvicorn.Config(
                create_app(parts),
                http=Requests,  # h11, which bounds the headers of a request
                ws=Socket,
                ws_max_size=FRAME_BYTES,
                ws_per_message_deflate=False,  # frames are packed already
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=list(proxies),
                timeout_graceful_shutdown=DRAIN_S,
                backlog=1 if isinstance(listener, SharedListener) else WAITING,
            )
        )
        self._listener, self._on_ready = listener, on_ready

    async def answer(self) -> None:
        """Answers until it is to end."""
        await self.serve(sockets=[self._listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to answer."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    def end(self) -> None:
        """Has it end once all is answered; said again, at once."""
        self.force_exit = self.should_exit
        self.should_exit = True
