"""What is sent to be recognised: a fingerprint in memory, or audio in a file that has no name.

Such a file is gone with the process, however that ends: no sound of a query stays behind.
"""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import IO, Literal, Self

from fastapi import Request
from prometheus_client import Gauge
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message

from sonica.gateway.problems import Problem

FINGERPRINT = "application/vnd.sonica.fingerprint"
FORM = "multipart/form-data"
ANY = "application/octet-stream"
WAIT_S = 2
"""Seconds after which bodies that were held may be gone."""
FIELD = "file"
"""The part of a form that is looked at."""


@dataclass(frozen=True)
class BodyLimits:
    """The most that a body may be."""

    fingerprint_bytes: int = 64 << 10
    """Ten minutes; a query's 15 seconds are 2 kB."""
    audio_bytes: int = 16 << 20
    """Half a minute in the widest format that is common (24 bits, 96 kHz, stereo)."""
    form_bytes: int = 64 << 10
    """What a form may add to its file."""
    seconds: float = 30.0
    """From the first to the last byte."""
    all_bytes: int = 512 << 20
    """Of all bodies that are held at a time: they lie where temporary files do, which may be memory."""

    def shared(self, share: int) -> "BodyLimits":
        """What one of so many processes may hold: its part, and at least a file to be added and a query."""
        least = UPLOAD.audio_bytes + UPLOAD.form_bytes + self.audio_bytes + self.form_bytes
        return replace(self, all_bytes=max(self.all_bytes // share, min(self.all_bytes, least)))


UPLOAD = BodyLimits(audio_bytes=256 << 20, seconds=600.0)
"""What a file that is to be added may be; longer ones lie in folders."""


class Held:
    """How many bytes of bodies are held."""

    def __init__(self, most: int, gauge: Gauge) -> None:
        self._most, self._gauge = most, gauge
        self._bytes = 0

    def take(self, count: int) -> None:
        """So many more. Raises Problem (503) where there would be too many; they count all the same."""
        self.give_back(-count)
        if self._bytes > self._most:
            said = "More is being sent than can be held just now."
            raise Problem(503, "busy", said, code="bodies", retry_after=WAIT_S)

    def give_back(self, count: int) -> None:
        """So many fewer."""
        self._bytes -= count
        self._gauge.set(self._bytes)


@dataclass(frozen=True)
class Query:
    """What was sent. `fingerprint`, or else the file descriptor of `audio`; `name`: of the file of a form."""

    kind: Literal["fingerprint", "audio"]
    fingerprint: bytes = b""
    audio: int = -1
    name: str = ""

    @property
    def path(self) -> str:
        """Where other processes of this user find the audio, while the body is held."""
        return f"/proc/{os.getpid()}/fd/{self.audio}"

    def digest(self) -> bytes:
        """SHA-256 of what was sent, whichever way it came."""
        hashed = hashlib.sha256(self.kind.encode() + b"\0" + self.fingerprint)
        place = 0
        while self.audio >= 0 and (piece := os.pread(self.audio, 1 << 20, place)):
            hashed.update(piece)
            place += len(piece)
        return hashed.digest()


@asynccontextmanager
async def read_query(request: Request, limits: BodyLimits, held: Held) -> AsyncIterator[Query]:
    """The whole body, held until the end. Raises Problem."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise Problem(415, "unsupported-type", "Send the body as it is, without any `Content-Encoding`.")
    if kind == FORM:
        most = limits.audio_bytes + limits.form_bytes
    elif kind == FINGERPRINT:
        most = limits.fingerprint_bytes
    elif kind == ANY or kind.startswith(("audio/", "video/")):
        most = limits.audio_bytes
    else:
        said = f"Send {FINGERPRINT}, audio (audio/*, video/*, {ANY}), or {FORM} with a part `{FIELD}`."
        raise Problem(415, "unsupported-type", said)
    with ExitStack() as stack, _Bounded(request, most, held) as bounded:
        try:
            async with asyncio.timeout(limits.seconds):
                if kind == FINGERPRINT:
                    query = Query("fingerprint", fingerprint=_something(await bounded.request.body()))
                else:
                    file = stack.enter_context(_held_file())
                    query = await (_of_form if kind == FORM else _of_body)(bounded, file, limits)
        except TimeoutError:
            said = f"The whole body must be here within {limits.seconds:g} seconds."
            raise Problem(408, "body-too-slow", said, is_last=True) from None
        except OSError as error:
            said = "What is sent cannot be held just now: the disk is full, or may not be written to."
            raise Problem(503, "busy", said, code="not_writable", retry_after=WAIT_S) from error
        yield query


@contextmanager
def _held_file() -> Iterator[IO[bytes]]:
    file = tempfile.TemporaryFile(prefix="sonica-")  # noqa: SIM115  closed below
    try:
        yield file
    finally:
        with suppress(OSError):  # of what could not be written we have been told
            file.close()


class _Bounded:
    """A request whose body raises Problem as soon as it is larger than `most`, or too much is held."""

    def __init__(self, request: Request, most: int, held: Held) -> None:
        self._received, self._most, self._held = 0, most, held
        self._receive = request.receive
        length = request.headers.get("content-length", "")
        self._has_end = bool(length)
        if length.isdigit() and int(length) > most:
            raise self._too_large()
        self.request = Request(request.scope, self._counted)

    async def _counted(self) -> Message:
        message = await self._receive()
        count = len(message.get("body", b""))
        self._received += count
        self._held.take(count)
        if self._received > self._most:
            raise self._too_large()
        return message

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.give_back(self._received)

    def _too_large(self) -> Problem:
        said = f"At most {self._most:,} bytes are taken of such a body."
        return Problem(413, "body-too-large", said, is_last=not self._has_end)


def _something(sent: bytes) -> bytes:
    if not sent:
        raise Problem(400, "body-missing", "Nothing was sent.")
    return sent


async def _of_body(bounded: _Bounded, file: IO[bytes], _: BodyLimits) -> Query:
    async for piece in bounded.request.stream():
        file.write(piece)
    return _audio(file)


def _audio(file: IO[bytes]) -> Query:
    file.flush()
    if file.tell() == 0:
        raise Problem(400, "body-missing", "Nothing was sent.")
    return Query("audio", audio=file.fileno())


async def _of_form(bounded: _Bounded, file: IO[bytes], limits: BodyLimits) -> Query:
    try:
        form = await bounded.request.form(max_files=1, max_fields=8, max_part_size=limits.form_bytes)
    except HTTPException as error:
        raise Problem(400, "bad-multipart", f"{error.detail}.") from error
    try:
        part = form.get(FIELD)
        if not isinstance(part, UploadFile):
            raise Problem(400, "body-missing", f"The form has no file in a part named `{FIELD}`.")
        kind = (part.content_type or "").partition(";")[0].strip().lower()
        if kind == FINGERPRINT:
            return Query("fingerprint", fingerprint=await _fingerprint(part, limits))
        while piece := await part.read(1 << 20):
            file.write(piece)
        return replace(_audio(file), name=part.filename or "")
    finally:
        await bounded.request.close()


async def _fingerprint(part: UploadFile, limits: BodyLimits) -> bytes:
    sent = await part.read(limits.fingerprint_bytes + 1)
    if len(sent) > limits.fingerprint_bytes:
        said = f"At most {limits.fingerprint_bytes:,} bytes are taken of a fingerprint."
        raise Problem(413, "body-too-large", said)
    return _something(sent)
