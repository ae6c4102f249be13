"""Samples to an audio file that any player opens."""

import os
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from sonica.audio.errors import AudioError
from sonica.audio.sound import Tags
from sonica.platform.files import replacing

CODECS = {".wav": "pcm_s16le", ".flac": "flac"}
"""By suffix; both lossless, 16 bits."""

BLOCK = 1 << 14
"""Samples that are handed to the encoder at a time."""


def write_audio(
    path: str | os.PathLike[str], samples: NDArray[np.float32], rate: int, tags: Tags | None = None
) -> None:
    """Writes `samples` (shape (n,) for mono, (n, 2) for stereo, in [-1, 1]) as WAV or FLAC, with `tags`.

    A cover is left out. The file is whole or not there. Raises AudioError (`not_written`), ValueError
    for another suffix or shape.
    """
    path = Path(path)
    codec = CODECS.get(path.suffix.lower())
    channels = samples.reshape(len(samples), -1).shape[1]
    if codec is None or channels > 2:
        raise ValueError("write_audio writes .wav and .flac, mono and stereo")
    layout = "mono" if channels == 1 else "stereo"
    whole = np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16).reshape(1, -1)
    try:
        with replacing(path) as temporary, av.open(str(temporary), "w") as container:
            container.metadata.update(_metadata(tags or Tags()))
            stream = container.add_stream(codec, rate=rate)
            assert isinstance(stream, AudioStream)  # noqa: S101  both codecs are
            stream.layout = layout
            for start in range(0, whole.shape[1], BLOCK * channels):
                piece = np.ascontiguousarray(whole[:, start : start + BLOCK * channels])
                frame = av.AudioFrame.from_ndarray(piece, format="s16", layout=layout)
                frame.sample_rate = rate
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except OSError as error:
        raise AudioError("not_written", f"{path} could not be written ({error.strerror}).") from error


def _metadata(tags: Tags) -> dict[str, str]:
    """The tags under FFmpeg's names for them."""
    named = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "language": tags.language,
        "genre": tags.genre,
        "date": str(tags.year or ""),
        "ISRC": tags.isrc,
    }
    return {key: value for key, value in named.items() if value}
