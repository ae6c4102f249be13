"""WebSockets whose other end must read what it is told."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class Socket(WebSocketsSansIOProtocol):
    """Drops a connection once 64 kB wait in it to be read.

    What we say of ourselves is a hundredth of that; but every ping is answered, also of who never reads.
    """

    def pause_writing(self) -> None:
        """Ends the connection, without waiting for what is left to be read."""
        super().pause_writing()
        self.transport.abort()
