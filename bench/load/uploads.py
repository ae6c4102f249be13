"""Clips as phones send them, one after the other, and where the time from upload to answer goes."""

import asyncio
import io
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from bench.load.clients import END, request


class Format(NamedTuple):
    """FFmpeg's names of encoder and container, Hz, bits a second, and what a clip is sent as."""

    encoder: str
    container: str
    rate: int
    bit_rate: int
    media_type: str


FORMATS = {
    "opus": Format("libopus", "ogg", 48_000, 32_000, "audio/ogg"),
    "mp3": Format("libmp3lame", "mp3", 44_100, 128_000, "audio/mpeg"),
    "m4a": Format("aac", "ipod", 44_100, 96_000, "audio/mp4"),
}
_STAGE = re.compile(rb"(\w+);dur=([\d.]+)")


@dataclass
class Took:
    """Milliseconds of each good answer: `total` as the client saw it, `stages` as the service told them."""

    total: list[float] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0


def encode(samples: NDArray[np.float32], rate: int, name: str) -> bytes:
    """Mono samples at `rate` Hz as a file of one of the FORMATS."""
    form, file = FORMATS[name], io.BytesIO()
    with av.open(file, "w", format=form.container) as output:
        stream = output.add_stream(form.encoder, rate=form.rate)
        assert isinstance(stream, AudioStream)  # noqa: S101
        stream.layout, stream.bit_rate = "mono", form.bit_rate
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(stream.format, "mono", form.rate, stream.frame_size)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return file.getvalue()


async def upload(address: tuple[str, int], clips: Sequence[bytes], kind: str, rounds: int) -> Took:
    """Sends each clip so often on one connection, the next one when the last is answered."""
    took, loop = Took(), asyncio.get_running_loop()
    reader, writer = await asyncio.open_connection(*address)
    try:
        for clip in [*clips] * rounds:
            begun = loop.time()
            writer.write(request("POST", "/v1/recognize", clip, kind))
            head = await reader.readuntil(END)
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            await reader.readexactly(int(length[1]) if length else 0)
            total = 1000 * (loop.time() - begun)
            if not head.startswith(b"HTTP/1.1 200"):
                took.failed += 1
                continue
            took.total.append(total)
            for name, value in _STAGE.findall(head):
                took.stages.setdefault(name.decode(), []).append(float(value))
    finally:
        writer.close()
    return took


def stages_of(took: Took) -> dict[str, dict[str, float]]:
    """Means and 95th percentiles (milliseconds): the total, each stage, and what none tells (`rest`)."""
    told = sum(map(np.array, took.stages.values()), np.zeros(len(took.total)))
    rest = [float(value) for value in np.array(took.total) - told]
    stages = {"total": took.total, **took.stages, "rest": rest}
    return {name: _spread(values) for name, values in stages.items()}


def _spread(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "mean_ms": statistics.fmean(values),
        "p95_ms": ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))],
    }
