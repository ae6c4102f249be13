"""What networks and clever software take away: drop-outs, and noise suppression that eats music."""

import numpy as np
from scipy.signal import istft, stft

from bench.accuracy.sound import RATE, Samples, fitted


def with_dropouts(samples: Samples, rng: np.random.Generator, share: float = 0.05) -> Samples:
    """Silence in bursts of 20 to 120 ms until `share` of the clip is gone."""
    damaged = samples.copy()
    gone = np.zeros(samples.size, bool)
    while gone.sum() < share * samples.size:
        length = min(int(rng.uniform(0.020, 0.120) * RATE), round(share * samples.size - gone.sum()) + 1)
        start = int(rng.integers(0, max(1, samples.size - length)))
        gone[start : start + length] = True
    damaged[gone] = 0
    return damaged


def noise_suppressed(samples: Samples, over: float = 1.5, floor: float = 0.05) -> Samples:
    """Spectral subtraction (S. F. Boll, IEEE Trans. ASSP 1979): the fifth quietest of each bin is the noise.

    `over`: so many times the noise's power is taken away; `floor`: at least this gain stays.
    """
    _, _, spectrum = stft(samples, RATE, nperseg=1024, noverlap=768)
    power = np.abs(spectrum) ** 2
    noise = np.percentile(power, 20, axis=1, keepdims=True) / -np.log(0.8)  # to the mean of its exponential
    gain = np.sqrt(np.maximum(floor**2, 1 - over * noise / np.maximum(power, 1e-20)))
    _, clean = istft(spectrum * gain, RATE, nperseg=1024, noverlap=768)
    return fitted(np.asarray(clean, np.float64), samples.size)
