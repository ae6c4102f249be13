"""Bodies of requests that need no large ones: few bytes, in little time, whoever sends them."""

import asyncio
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 64 << 10
"""Bytes; what is said of a song is a hundredth of it."""
SECONDS = 30.0
"""From the first look at the body to its last byte."""
OWN = {"/v1/recognize", "/v1/scan", "/v1/ingest", "/share"}
"""Addresses that bound their bodies themselves, since these are sound."""


class Bounded:
    """The middleware. A body that is too large, or too slow, raises HTTPException where it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["path"] in OWN:
            await self._app(scope, receive, send)
            return
        received, until, is_whole = 0, time.monotonic() + SECONDS, False

        async def bounded() -> Message:
            nonlocal received, is_whole
            if is_whole:  # what is waited for is that the client leaves
                return await receive()
            try:
                async with asyncio.timeout(until - time.monotonic()):
                    message = await receive()
            except TimeoutError:
                said = f"The whole body must be here within {SECONDS:g} seconds."
                raise HTTPException(408, said) from None
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if received > MOST:
                raise HTTPException(413, f"At most {MOST:,} bytes are taken of such a body.")
            return message

        await self._app(scope, bounded, send)
