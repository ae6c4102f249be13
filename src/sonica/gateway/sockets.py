"""Connections: of HTTP, which end without a request lost, and WebSockets whose other end must read."""

from typing import cast

from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LINGER_S = 1.0
"""Seconds for which a connection still takes a request when the process is to end."""


class Requests(H11Protocol):
    """Answers a request that is on its way when the process is to end, and says that it was the last.

    Whoever has connected, or asks on a connection again and again, cannot know that it is about to be closed.
    """

    _is_ending = False

    def shutdown(self) -> None:
        """Takes one more request at most."""
        self._is_ending = True
        if self._is_idle():
            self.loop.call_later(LINGER_S, self._end_idle)
        else:
            self._make_last()

    def data_received(self, data: bytes) -> None:
        """As usual."""
        super().data_received(data)
        if self._is_ending and not self._is_idle():
            self._make_last()

    def _is_idle(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # there is none before the first request
        return cycle is None or cycle.response_complete

    def _make_last(self) -> None:
        """Has the answer say that the connection ends with it, where its head is not sent yet."""
        self.cycle.keep_alive = False
        if CLOSE_HEADER not in self.cycle.scope["headers"]:  # which is repeated in the answer
            self.cycle.scope["headers"] = [*self.cycle.scope["headers"], CLOSE_HEADER]

    def _end_idle(self) -> None:
        if self._is_idle() and not self.transport.is_closing():
            super().shutdown()


class Socket(WebSocketsSansIOProtocol):
    """Drops a connection once 64 kB wait in it to be read.

    What we say of ourselves is a hundredth of that; but every ping is answered, also of who never reads.
    """

    def pause_writing(self) -> None:
        """Ends the connection, without waiting for what is left to be read."""
        super().pause_writing()
        self.transport.abort()
