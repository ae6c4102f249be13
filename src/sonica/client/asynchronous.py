"""The client for programs of asyncio: the same methods, awaited."""

import asyncio
import os
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from sonica.client.asking import (
    ADDRESS,
    FINGERPRINT,
    OCTETS,
    PATIENCE_S,
    TIMEOUT_S,
    TRIES,
    Ask,
    Attempts,
    fingerprint_of,
    judging,
    options,
    read,
    recognizing,
)
from sonica.gateway.schemas import Readiness, Recognized


class AsyncClient:
    """Asks the service at `address`. Safe to use from several tasks; close it, or use it with `async with`.

    A request that fails for a reason that may pass is sent again, `tries` times in all, where that is to wait
    for at most `patience_s` seconds; it is answered once however often it was sent. All methods raise
    ClientError, and ProblemError where the service refuses.
    """

    def __init__(
        self,
        address: str = ADDRESS,
        *,
        timeout_s: float = TIMEOUT_S,
        tries: int = TRIES,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._http = httpx.AsyncClient(**options(address, timeout_s))
        self._tries, self._patience_s = tries, patience_s

    async def recognize(
        self, path: str | os.PathLike[str], *, upload: bool = False, session: str | None = None
    ) -> Recognized:
        """Names the song in an audio file. Raises AudioError, too.

        Only its fingerprint is sent, which is made here; with `upload` the file itself. `session`: the same
        for all looks at one listening (16 to 64 letters and digits), which count once against the quota.
        """
        if upload:
            content = await asyncio.to_thread(Path(path).read_bytes)
            return await self.recognize_audio(content, session=session)
        fingerprint = await asyncio.to_thread(fingerprint_of, path)
        return await self.recognize_fingerprint(fingerprint, session=session)

    async def recognize_fingerprint(self, fingerprint: bytes, *, session: str | None = None) -> Recognized:
        """Names the song of a fingerprint."""
        return read(await self._send(recognizing(fingerprint, FINGERPRINT, session)), Recognized)

    async def recognize_audio(
        self, content: bytes, kind: str = OCTETS, *, session: str | None = None
    ) -> Recognized:
        """Names the song in the content of an audio file; `kind`: its MIME type."""
        return read(await self._send(recognizing(content, kind, session)), Recognized)

    async def give_feedback(self, answer: Recognized, *, is_right: bool, song_id: int | None = None) -> None:
        """Says whether an answer is right, and which song it was, where that is known."""
        await self._send(judging(answer, is_right=is_right, song_id=song_id))

    async def readiness(self) -> Readiness:
        """Whether the service can answer now; a service that is not ready is no error."""
        response = await self._try(Ask("GET", "/readyz"))
        return read(response, Readiness)

    async def close(self) -> None:
        """Ends its connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _send(self, ask: Ask) -> httpx.Response:
        attempts = Attempts(self._tries, self._patience_s)
        while True:
            response = await self._try(ask, attempts)
            wait_s = attempts.answered(response)
            if wait_s is None:
                return response
            await asyncio.sleep(wait_s)

    async def _try(self, ask: Ask, attempts: Attempts | None = None) -> httpx.Response:
        attempts = attempts or Attempts(self._tries, self._patience_s)
        while True:
            try:
                return await self._http.request(
                    ask.method, ask.path, content=ask.content, headers=ask.headers
                )
            except httpx.TransportError as error:
                wait_s = attempts.failed(error)
            await asyncio.sleep(wait_s)
