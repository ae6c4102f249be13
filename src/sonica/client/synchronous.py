"""The client for programs that wait for each answer."""

import os
import time
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


class Client:
    """Asks the service at `address`. Safe to use from several threads; close it, or use it with `with`.

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
        self._http = httpx.Client(**options(address, timeout_s))
        self._tries, self._patience_s = tries, patience_s

    def recognize(
        self, path: str | os.PathLike[str], *, upload: bool = False, session: str | None = None
    ) -> Recognized:
        """Names the song in an audio file. Raises AudioError, too.

        Only its fingerprint is sent, which is made here; with `upload` the file itself. `session`: the same
        for all looks at one listening (16 to 64 letters and digits), which count once against the quota.
        """
        if upload:
            return self.recognize_audio(Path(path).read_bytes(), session=session)
        return self.recognize_fingerprint(fingerprint_of(path), session=session)

    def recognize_fingerprint(self, fingerprint: bytes, *, session: str | None = None) -> Recognized:
        """Names the song of a fingerprint."""
        return read(self._send(recognizing(fingerprint, FINGERPRINT, session)), Recognized)

    def recognize_audio(
        self, content: bytes, kind: str = OCTETS, *, session: str | None = None
    ) -> Recognized:
        """Names the song in the content of an audio file; `kind`: its MIME type."""
        return read(self._send(recognizing(content, kind, session)), Recognized)

    def give_feedback(self, answer: Recognized, *, is_right: bool, song_id: int | None = None) -> None:
        """Says whether an answer is right, and which song it was, where that is known."""
        self._send(judging(answer, is_right=is_right, song_id=song_id))

    def readiness(self) -> Readiness:
        """Whether the service can answer now; a service that is not ready is no error."""
        response = self._try(Ask("GET", "/readyz"))
        return read(response, Readiness)

    def close(self) -> None:
        """Ends its connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, ask: Ask) -> httpx.Response:
        attempts = Attempts(self._tries, self._patience_s)
        while True:
            response = self._try(ask, attempts)
            wait_s = attempts.answered(response)
            if wait_s is None:
                return response
            time.sleep(wait_s)

    def _try(self, ask: Ask, attempts: Attempts | None = None) -> httpx.Response:
        attempts = attempts or Attempts(self._tries, self._patience_s)
        while True:
            try:
                return self._http.request(ask.method, ask.path, content=ask.content, headers=ask.headers)
            except httpx.TransportError as error:
                wait_s = attempts.failed(error)
            time.sleep(wait_s)
