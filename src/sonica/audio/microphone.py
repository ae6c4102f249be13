"""What the microphone hears while it hears it, by the first recorder here that gets any sound.

A recorder is a program that writes samples to a pipe. Those that come with a desktop know its sound server,
and one that crashes or hangs takes nothing with it. The last one is our own (`sonica.audio.recorder`).
"""

import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from sonica.audio.errors import AudioError
from sonica.audio.sound import Stream

RATE = 48_000
"""Hz. All recorders, and raw samples that are piped in, are 16 bits (little-endian), mono, at this rate."""

BLOCK_BYTES = RATE // 10 * 2
"""A tenth of a second, for whoever watches the level."""

START_S = 20.0
"""Seconds in which a recorder must give its first sound: on a busy machine, programs start slowly."""

PATIENCE_S = 5.0
"""Seconds without sound after which a recorder that gave some counts as hung."""

DEVICE = "DEVICE"
"""Stands in a recorder's command for the device."""

_FFMPEG = ("ffmpeg", "-v", "error", "-nostdin", "-f")
_RAW = ("-i", DEVICE, "-f", "s16le", "-ac", "1", "-ar", str(RATE), "-")
RECORDERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "@DEFAULT_SOURCE@",
        (
            *("parec", "--raw", "--format=s16le", "--channels=1", f"--rate={RATE}", "--latency-msec=50"),
            f"--device={DEVICE}",
        ),
    ),
    ("default", ("arecord", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(RATE), "-D", DEVICE)),
    ("default", (*_FFMPEG, "pulse", *_RAW)),
    ("default", (*_FFMPEG, "alsa", *_RAW)),
    ("default", (sys.executable, "-P", "-m", "sonica.audio.recorder", DEVICE)),
)
"""What each calls the microphone that is chosen in the settings, and its command; in the order of trying."""

FILES = (b"RIFF", b"fLaC", b"OggS", b"ID3", b"FORM", b"caff", b"\x1aE\xdf\xa3")
"""How files begin that somebody may take for raw samples."""


@contextmanager
def open_microphone(
    device: str = "", recorders: Sequence[tuple[str, tuple[str, ...]]] = RECORDERS
) -> Iterator[Stream]:
    """What a microphone hears from now on: `device`, as a recorder names it, or the usual one.

    The blocks are float32 in [-1, 1], a tenth of a second each, and have no end by themselves. Recording
    ends with the `with`. Raises AudioError (`no_microphone`), also from the blocks where it is unplugged.
    """
    recording, begin = _start(device, recorders)
    try:
        yield Stream(RATE, _recorded(recording, begin))
    finally:
        recording.close()


@contextmanager
def open_raw(source: str | os.PathLike[str] | BinaryIO) -> Iterator[Stream]:
    """Raw samples as they come, from a file, a pipe or an open file: 16 bits, mono, at RATE.

    Blocks as of `open_microphone`. Raises AudioError, also for what begins as an audio file does.
    """
    with _binary(source) as file:
        begin = file.read(BLOCK_BYTES)
        if begin.startswith(FILES) or begin[4:8] == b"ftyp":
            raise AudioError(
                "not_audio",
                "This is an audio file, not raw samples.",
                "Use `sonica recognize`, which reads audio files, also from standard input (-).",
            )
        yield Stream(RATE, _blocks(begin, lambda: file.read(BLOCK_BYTES)))


def _binary(source: str | os.PathLike[str] | BinaryIO) -> AbstractContextManager[BinaryIO]:
    """The source as an open file; a pipe too, other than where audio files are meant. Raises AudioError."""
    if not isinstance(source, str | os.PathLike):
        return nullcontext(source)
    try:
        return Path(source).open("rb")
    except FileNotFoundError:
        raise AudioError("not_found", "There is no such file.") from None
    except OSError as error:
        raise AudioError("unreadable", f"It could not be opened ({error.strerror}).") from error


class _Recording:
    """A recorder at work."""

    def __init__(self, command: Sequence[str]) -> None:
        """Starts it, in a group of its own: Ctrl-C at the terminal is for this process, which ends it.

        Raises AudioError.
        """
        path = os.pathsep.join(place for place in sys.path if place)  # for our own one
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed in `close`
        try:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, "PYTHONPATH": path, "LC_MESSAGES": "C"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._said,
                process_group=0,
            )
        except OSError as error:
            self._said.close()
            raise _no_microphone(f"it could not be started ({error.strerror})") from error

    def read(self, patience_s: float) -> bytes:
        """The next tenth of a second; less, or nothing, at the end. Raises AudioError where none comes."""
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101  as asked for
        data = b""
        while len(data) < BLOCK_BYTES:
            if not select.select([pipe], [], [], patience_s)[0]:
                raise _no_microphone(f"no sound came for {patience_s:.0f} seconds")
            piece = os.read(pipe.fileno(), BLOCK_BYTES - len(data))
            if not piece:
                break
            data += piece
        if not data and self._status(patience_s) != 0:
            raise _no_microphone(self._last_words())
        return data

    def _status(self, patience_s: float) -> int:
        """How it ended; one that has closed its pipe and does not end has failed, too."""
        try:
            return self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            return 1

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it failed")

    def close(self) -> None:
        """Ends it and leaves nothing behind."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._said.close()


def _start(device: str, recorders: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[_Recording, bytes]:
    """The first recorder that gets sound, and the first of it. Raises AudioError (`no_microphone`)."""
    reasons = []
    for usual, command in recorders:
        program = shutil.which(command[0])
        if program is None:
            continue
        arguments = [part.replace(DEVICE, device or usual) for part in command[1:]]
        try:
            recording = _Recording([program, *arguments])
            begin = _begin(recording)
            if begin:
                return recording, begin
            reason = "it recorded nothing"
        except AudioError as error:
            reason = error.message
        name = "sonica" if program == sys.executable else command[0]
        reasons.append(f"{name}: {reason.removeprefix(f'{name}: ')}")
    what = f"the microphone {device}" if device else "a microphone"
    raise _no_microphone(f"No sound could be recorded from {what} ({'; '.join(dict.fromkeys(reasons))}).")


def _begin(recording: _Recording) -> bytes:
    """The first sound of a recorder, which is ended where there is none."""
    begin = b""
    try:
        begin = recording.read(START_S)
    finally:
        if not begin:
            recording.close()
    return begin


def _no_microphone(message: str) -> AudioError:
    return AudioError("no_microphone", message)


def _recorded(recording: _Recording, begin: bytes) -> Iterator[NDArray[np.float32]]:
    try:
        yield from _blocks(begin, lambda: recording.read(PATIENCE_S))
    except AudioError as error:
        raise _no_microphone(f"The recording broke off ({error.message.rstrip('.')}).") from error


def _blocks(begin: bytes, read: Callable[[], bytes]) -> Iterator[NDArray[np.float32]]:
    data = begin
    while data:
        values = np.frombuffer(data[: len(data) // 2 * 2], "<i2")
        yield np.asarray(values / np.float32(32768), np.float32)
        data = read()
