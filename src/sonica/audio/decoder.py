"""Any audio file or stream to mono float32 samples at its own rate.

FFmpeg's libraries, through PyAV, do the decoding. What arrives is treated as hostile: only the
formats below are tried, a file can never make FFmpeg open another file or an address, and every
size is limited while it is counted, whatever the header says. What is fingerprinted keeps its rate: only
the engine resamples it, with the same bytes everywhere.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any, BinaryIO, Protocol

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from sonica.audio.errors import AudioError
from sonica.audio.files import Source, open_file
from sonica.audio.limits import BROADCAST, LIMITS, WHOLE, Limits
from sonica.audio.sound import Audio, Stream

BLOCK_SECONDS = 1.0
"""Audio is handed on in pieces of about this length, so that memory stays flat."""

SILENCE = 1e-4
"""Peak amplitude below which a whole file counts as silent (-80 dBFS): converters make as much of nothing."""

FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,eac3,flac,flv,loas,matroska,mov,mp2,mp3,mpc,"
    "mpc8,mpeg,mpegts,mp4,ogg,opus,tak,truehd,tta,voc,w64,wav,webm,wv"
)
"""FFmpeg's names of the formats that are tried. Not among them: playlists, which name other files."""

LIVE = {
    "format_whitelist": "aac,flac,loas,matroska,mov,mp3,mp4,mpegts,ogg,wav,webm",
    "probesize": "65536",
    "analyzeduration": "500000",
}
"""Of sound that comes while it is made: what stations send; bytes and microseconds that tell what it is."""

READABLE = frozenset(f"{kind}{plan}" for kind in ("u8", "s16", "s32", "flt", "dbl") for plan in ("", "p"))
"""FFmpeg's names of the sample formats that become arrays as they are."""

MOST_PLANES = 7
"""PyAV 18.1 reads past the end of a frame of 8 planes or more, and crashes."""


def decode(source: Source, limits: Limits = WHOLE, *, first: float | None = None) -> Audio:
    """The whole of `source`, or its `first` seconds, in memory. The channels are averaged.

    Raises AudioError; `silent` when there is nothing to hear.
    """
    with open_stream(source, limits, first=first) as stream:
        samples = np.concatenate(list(stream.blocks))
    return Audio(samples, stream.rate)


@contextmanager
def open_stream(
    source: Source, limits: Limits = BROADCAST, *, first: float | None = None, rate: int | None = None
) -> Iterator[Stream]:
    """`source` piece by piece, for clips of any length in little memory; at `rate` (Hz) or its own.

    Raises AudioError, from here or from the blocks; when the blocks end without an error there
    was at least one sample that is not silence.
    """
    with opened(source, limits) as container:
        stream = stream_of(container, limits, first=first)
        if rate is not None and rate != stream.rate:
            stream = Stream(rate, _resampled(stream, rate), stream.seconds)
        yield stream


def stream_of(container: InputContainer, limits: Limits = LIMITS, *, first: float | None = None) -> Stream:
    """The sound of a container that was just `opened`, as `open_stream` gives it. Raises AudioError."""
    frames = _frames(container, first_audio(container), limits)
    frame = next(frames, None)
    if frame is None:
        raise AudioError("corrupt", "No sound could be decoded.")
    rate = frame.sample_rate
    if not limits.lowest_rate <= rate <= limits.highest_rate:
        raise AudioError("rate", f"A sampling rate of {rate:,} Hz is outside what Sonica hears.")
    blocks = _checked(_blocks(frame, frames, limits), rate, limits, first)
    return Stream(rate, blocks, _said_seconds(container, first))


def _said_seconds(container: InputContainer, first: float | None) -> float | None:
    """How long the file says that it is, or the `first` seconds of it; None where it does not."""
    said = (container.duration or 0) / av.time_base
    if said <= 0:
        return None
    return said if first is None else min(said, first)


@contextmanager
def opened(source: Source, limits: Limits = LIMITS) -> Iterator[InputContainer]:
    """FFmpeg's view of `source`, with every failure of it as an AudioError.

    FFmpeg reads through a file object of ours: a name can never be taken for an address, and
    with an empty list of protocols nothing inside the file can be either. Bytes of tags that are no
    UTF-8 come as lone surrogates (PEP 383).
    """
    with open_file(source, limits) as file, _container(file, {}, lambda: _unrecognised(file)) as container:
        yield container


class Readable(Protocol):
    """All that the decoder needs of a file."""

    def read(self, count: int, /) -> bytes:
        """At most `count` bytes; none at the end."""


@contextmanager
def open_live(file: Readable, limits: Limits) -> Iterator[Stream]:
    """Sound that comes through `file` as it is made: no seeking, and no more is read than is needed to begin.

    `file.read(n)` gives what is there, at most n bytes, and nothing at the end. Raises AudioError.
    """
    with _container(file, LIVE, lambda: AudioError("not_audio", "What comes is no audio.")) as container:
        yield stream_of(container, limits)


@contextmanager
def _container(
    file: Readable, options: dict[str, str], unrecognised: Callable[[], AudioError]
) -> Iterator[InputContainer]:
    try:
        container = av.open(
            file,
            "r",
            options={"format_whitelist": FORMATS, "protocol_whitelist": "none", **options},
            metadata_errors="surrogateescape",
        )
    except MemoryError as error:
        raise out_of_memory() from error
    except (av.FFmpegError, ValueError) as error:
        raise unrecognised() from error
    try:
        yield container
    finally:
        container.close()


def out_of_memory() -> AudioError:
    """The error for a file that cannot be decoded in the memory there is."""
    return AudioError("memory", "Decoding this file would take more memory than is allowed.")


def _unrecognised(file: BinaryIO) -> AudioError:
    """Why FFmpeg could make nothing of the file."""
    file.seek(0)
    if file.read(8)[4:] == b"ftyp":  # MP4 and its kin, which keep what is needed most at their end
        return AudioError("corrupt", "The file is cut off or damaged: its table of contents is missing.")
    return AudioError("not_audio", "This is no audio that Sonica can read, or its beginning is damaged.")


def first_audio(container: InputContainer) -> AudioStream:
    """The stream that is listened to."""
    if not container.streams.audio:
        raise AudioError("no_audio", "There is no sound in this file.")
    return container.streams.audio[0]


def _frames(container: InputContainer, stream: AudioStream, limits: Limits) -> Iterator[AudioFrame]:
    """Every frame that can be decoded, within the time that there is."""
    packets = container.demux(stream)
    left = limits.decoding_seconds
    while True:
        begun = time.monotonic()
        frames = _next_frames(packets, stream)
        if frames is None:
            return
        left -= time.monotonic() - begun
        if left < 0:
            raise AudioError("time", f"Decoding took longer than {limits.decoding_seconds:,.0f} seconds.")
        yield from (frame for frame in frames if frame.samples)


def _next_frames(packets: Iterator["av.Packet[AudioStream]"], stream: AudioStream) -> list[AudioFrame] | None:
    """The frames of the next packet; None at the end. A damaged packet has none, as in any player."""
    try:
        packet = next(packets, None)
    except MemoryError as error:
        raise out_of_memory() from error
    except av.FFmpegError:
        return None  # cut off or damaged from here on: what came before is still good
    except OSError as error:
        raise AudioError("unreadable", f"Reading stopped ({error.strerror}).") from error
    if packet is None:
        return None
    try:
        return stream.decode(packet)
    except MemoryError as error:
        raise out_of_memory() from error
    except av.FFmpegError:
        return []


def _blocks(frame: AudioFrame, rest: Iterator[AudioFrame], limits: Limits) -> Iterator[NDArray[np.float32]]:
    """Mono samples from `frame` and the `rest`, at the rate of `frame`, about a second at a time."""
    even = _even(frame.sample_rate)
    pending: list[NDArray[Any]] = []
    count = 0
    while True:
        if frame.layout.nb_channels > limits.channels:
            raise AudioError(
                "channels",
                f"The file has {frame.layout.nb_channels} channels, more than {limits.channels}.",
            )
        for part in even(frame):
            pending.append(_values(part))
            count += pending[-1].shape[1]
        following = next(rest, None)
        if pending and (following is None or count >= BLOCK_SECONDS * frame.sample_rate):
            yield _mono(pending)
            pending, count = [], 0
        if following is None:
            return
        frame = following


def _even(rate: int) -> Callable[[AudioFrame], list[AudioFrame]]:
    """Passes frames on, all in a format that NumPy knows and at `rate`.

    A frame whose rate differs (a chained file, a damaged header) is brought to `rate` by FFmpeg, so
    that time goes on evenly: the one case where not the engine resamples.
    """
    converter: av.AudioResampler | None = None

    def bring(frame: AudioFrame) -> list[AudioFrame]:
        nonlocal converter
        if frame.sample_rate == rate and _is_readable(frame):
            return [frame]
        if converter is None:
            converter = av.AudioResampler(format="flt", layout=frame.layout.name, rate=rate)
        frame.pts = None
        try:
            return converter.resample(frame)
        except (av.FFmpegError, ValueError):  # it changed once more: start anew
            converter = None
            return []

    return bring


def _is_readable(frame: AudioFrame) -> bool:
    planes = frame.layout.nb_channels if frame.format.is_planar else 1
    return frame.format.name in READABLE and planes <= MOST_PLANES


def _values(frame: AudioFrame) -> NDArray[Any]:
    """The samples as the decoder left them, shape (channels, n)."""
    values = frame.to_ndarray()
    return values if frame.format.is_planar else values.reshape(-1, frame.layout.nb_channels).T


def _mono(parts: list[NDArray[Any]]) -> NDArray[np.float32]:
    """The average of the channels, shape (n,), of what `_values` gave. Frames are short: many at once."""
    alike = groupby(parts, lambda part: (len(part), part.dtype))  # a stream may change on its way
    return np.concatenate([_average(np.concatenate(list(group), axis=1)) for _, group in alike])


def _average(values: NDArray[Any]) -> NDArray[np.float32]:
    if values.dtype == np.uint8:
        return np.asarray((values.mean(axis=0, dtype=np.float32) - 128) / 128, np.float32)
    full = 1.0 if values.dtype.kind == "f" else 2.0 ** (8 * values.dtype.itemsize - 1)
    return np.asarray(values.mean(axis=0, dtype=np.float64) / full, np.float32)


def _checked(
    blocks: Iterator[NDArray[np.float32]], rate: int, limits: Limits, first: float | None
) -> Iterator[NDArray[np.float32]]:
    """The same samples, finite and in [-1, 1], within the limits, and not all of them silent."""
    allowed = int(limits.seconds * rate)
    wanted = allowed + 1 if first is None else int(first * rate)
    heard, loudest = 0, 0.0
    for whole in blocks:
        block = np.clip(np.nan_to_num(whole[: wanted - heard], nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
        heard += len(block)
        if heard > allowed:
            raise AudioError(
                "too_long",
                f"The file is longer than {limits.seconds / 60:,.4g} minutes, the most that is allowed.",
            )
        loudest = max(loudest, float(np.abs(block).max(initial=0.0)))
        yield block
        if heard >= wanted:
            break
    if loudest < SILENCE:
        raise AudioError("silent", "There is nothing to hear: the whole file is silent.")


def _resampled(stream: Stream, rate: int) -> Iterator[NDArray[np.float32]]:
    """The same sound at another rate (Hz), for whoever asks for one."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
    for block in stream.blocks:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block[None]), format="flt", layout="mono")
        frame.sample_rate = stream.rate
        yield from (np.clip(part.to_ndarray()[0], -1.0, 1.0) for part in resampler.resample(frame))
    yield from (np.clip(part.to_ndarray()[0], -1.0, 1.0) for part in resampler.resample(None))
