"""What happens to a song on its way to a listener: just enough of it for the demo."""

import numpy as np
from numpy.typing import NDArray


def excerpt(samples: NDArray[np.float32], rate: int, start: float, seconds: float) -> NDArray[np.float32]:
    """`seconds` of mono `samples` from `start` (s) on; shorter at the end of the song."""
    return np.asarray(samples[int(start * rate) : int((start + seconds) * rate)], np.float32)


def play_faster(samples: NDArray[np.float32], speed: float) -> NDArray[np.float32]:
    """The sound as if its record turned `speed` times as fast: shorter and higher."""
    places = np.arange(int(len(samples) / speed)) * speed
    return np.asarray(np.interp(places, np.arange(len(samples)), samples), np.float32)


def add_noise(samples: NDArray[np.float32], snr_db: float, seed: int = 0) -> NDArray[np.float32]:
    """The sound with pink noise (1/f, like a busy street) `snr_db` decibels below it."""
    count = len(samples)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), count)
    wanted = np.sqrt(np.mean(np.square(samples, dtype=np.float64)) / 10 ** (snr_db / 10))
    noisy = samples + pink * (wanted / np.sqrt(np.mean(np.square(pink))))
    return np.asarray(noisy / max(1.0, float(np.abs(noisy).max())), np.float32)
