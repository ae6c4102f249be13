"""Reading any audio file as mono samples, and writing queries as 16-bit WAV files."""

import io
import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from bench.accuracy.files import write_bytes_atomically
from bench.accuracy.truth import BadTableError
from sonica.audio import AudioError, decode

Samples = NDArray[np.float64]
"""Mono samples, shape (n,), in [-1, 1] where they end in a file."""
RATE = 44_100
"""Sampling rate (Hz) of every query, and at which degradations work."""


def read_clip(path: Path) -> tuple[NDArray[np.float32], int]:
    """Mono samples of an audio file at its own rate (Hz). Raises BadTableError."""
    try:
        audio = decode(path)
    except AudioError as error:
        raise BadTableError(f"{path}: {error}") from error
    return audio.samples, audio.rate


def read_samples(path: Path) -> Samples:
    """The same at RATE. Raises BadTableError."""
    samples, rate = read_clip(path)
    return resampled(samples.astype(np.float64), rate, RATE)


def resampled(samples: Samples, rate: float, to: float) -> Samples:
    """The samples at another rate (Hz), by a polyphase filter; the ratio is kept to 1 in 10,000."""
    ratio = (Fraction(to) / Fraction(rate)).limit_denominator(1000)
    if ratio == 1:
        return samples
    return np.asarray(resample_poly(samples, ratio.numerator, ratio.denominator), np.float64)


def wav_bytes(samples: Samples, rate: int = RATE) -> bytes:
    """A mono 16-bit WAV file; samples outside [-1, 1] are clipped."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return data.getvalue()


def write_wav(path: Path, samples: Samples, rate: int = RATE) -> None:
    """Writes a mono 16-bit WAV file in one step."""
    write_bytes_atomically(path, wav_bytes(samples, rate))


def rms(samples: Samples) -> float:
    """Root mean square, never quite zero."""
    return float(np.sqrt(np.mean(np.square(samples)) + 1e-20)) if samples.size else 1e-10


def fitted(samples: Samples, count: int) -> Samples:
    """Just `count` samples: the first ones, or all of them and silence."""
    return np.pad(samples[:count], (0, max(0, count - samples.size)))
