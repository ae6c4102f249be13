"""What a sandbox and its processes say to each other: JSON objects and samples, each behind its length.

No pickle: a process that a hostile file has taken over can answer nonsense, and no more than that.
"""

from __future__ import annotations

import json
import socket
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from sonica.audio.errors import AudioErrorCode
from sonica.audio.limits import Limits
from sonica.audio.sound import Heard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 64 << 20
"""Bytes of the longest message: a fingerprint of hours and a cover, with room to spare."""

_LENGTH = struct.Struct("<I")


@dataclass(frozen=True)
class Request:
    """A file to listen to. `path`: absolute, as the bytes that the file system knows.

    `as_stream`: its samples are wanted, at `rate` or its own, rather than what `listen` makes of them.
    `descriptor`: of a pipe that the sound comes through while it is made; there is no path then.
    """

    path: bytes
    limits: Limits
    first: float | None = None
    with_cover: bool = False
    as_stream: bool = False
    rate: int | None = None
    descriptor: int | None = None

    @classmethod
    def read(cls, data: bytes) -> Self:
        """What was sent. It comes from who started us, and is believed."""
        said = json.loads(data)
        return cls(**{**said, "path": urlsafe_b64decode(said["path"]), "limits": Limits(**said["limits"])})


@dataclass(frozen=True)
class Problem:
    """An AudioError."""

    code: AudioErrorCode
    message: str
    hint: str


@dataclass(frozen=True)
class Reply:
    """What became of a request; with no part, a sign of life: more is to come.

    `rate`: of a stream whose blocks are to follow, the last of which is empty; `seconds`: how long the file
    says that it is.
    """

    __pydantic_config__: ClassVar = {"val_json_bytes": "base64"}
    """For the sandbox, which believes nothing. A process that decodes need not load what checks it."""

    heard: Heard | None = None
    problem: Problem | None = None
    rate: int | None = None
    seconds: float | None = None
    is_block: bool = False
    """Whether a block of samples comes next."""


class SilenceError(Exception):
    """The other side has said nothing for too long."""


class Channel:
    """One end of a connection. Used by one thread at a time."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def send(self, message: Request | Reply) -> None:
        """Raises OSError when the other side is gone."""
        data = json.dumps(asdict(message), default=_as_text).encode()
        self._socket.settimeout(None)
        self._socket.sendall(_LENGTH.pack(len(data)) + data)

    def send_block(self, samples: NDArray[np.float32]) -> None:
        """A reply that is samples. Raises OSError when the other side is gone."""
        self.send(Reply(is_block=True))
        self._socket.sendall(_LENGTH.pack(samples.nbytes) + samples.tobytes())

    def receive_block(self, patience: int) -> NDArray[np.float32]:
        """The samples that a reply announced. Raises as `receive` does."""
        import numpy as np  # noqa: PLC0415  who asks for fingerprints never comes here

        data = self.receive(patience)
        if len(data) % 4:
            raise ValueError("samples have four bytes")
        return np.frombuffer(data, np.float32)

    def receive(self, patience: int | None = None) -> bytes:
        """The next message, as it was sent.

        `patience`: for how many seconds of silence. They are counted one by one, so that being stopped
        (Ctrl-Z) takes no more than one of them. Raises SilenceError, EOFError when the other side is gone,
        ValueError for one that is too long.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, patience))
        if length > MOST:
            raise ValueError("a message that is too long")
        return self._exactly(length, patience)

    def _exactly(self, count: int, patience: int | None) -> bytes:
        self._socket.settimeout(None if patience is None else 1.0)
        data, silent = bytearray(), 0
        while len(data) < count:
            try:
                piece = self._socket.recv(min(count - len(data), 1 << 16))
            except TimeoutError:
                silent += 1
                if patience is not None and silent >= patience:
                    raise SilenceError from None
                continue
            except OSError:
                piece = b""
            if not piece:
                raise EOFError
            data += piece
            silent = 0
        return bytes(data)

    def shut(self) -> None:
        """Ends whatever waits at either end. Other threads may be waiting at this one."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # the other side was faster
            return

    def close(self) -> None:
        """Gives the connection back to the system. Nobody may use it any more."""
        self._socket.close()


def _as_text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode()
