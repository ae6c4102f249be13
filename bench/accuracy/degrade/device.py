"""What microphones, loudspeakers and their electronics do to sound."""

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from bench.accuracy.sound import RATE, Samples, rms

QUIET_DBFS = -50.0


def quiet(samples: Samples) -> Samples:
    """From far away: RMS at -50 dBFS, so that 16 bits leave about 8 of them."""
    return samples * (10 ** (QUIET_DBFS / 20) / rms(samples))


def clipped(samples: Samples, gain_db: float = 12.0) -> Samples:
    """Overdriven: the loudest sample would be `gain_db` above full scale."""
    return np.clip(samples / max(1e-9, float(np.max(np.abs(samples)))) * 10 ** (gain_db / 20), -1, 1)


def small_speaker(samples: Samples) -> Samples:
    """A loudspeaker of two centimetres: nothing below 500 Hz, and at its limit (tanh)."""
    high = sosfilt(butter(4, 500, "highpass", fs=RATE, output="sos"), samples)
    return np.tanh(1.5 * np.asarray(high) / (3 * rms(high)))


def band(samples: Samples, low: float, high: float) -> Samples:
    """Only low to high (Hz): Butterworth, fourth order."""
    return np.asarray(sosfilt(butter(4, [low, high], "bandpass", fs=RATE, output="sos"), samples))


def bass_boosted(samples: Samples, gain_db: float = 12.0, corner: float = 150.0) -> Samples:
    """A low shelf: second order, slope 1 (R. Bristow-Johnson, Audio EQ Cookbook)."""
    a = 10 ** (gain_db / 40)
    w = 2 * np.pi * corner / RATE
    cos, alpha = np.cos(w), np.sin(w) / np.sqrt(2)
    root = 2 * np.sqrt(a) * alpha
    less, more = a - 1, a + 1
    above = [a * (more - less * cos + root), 2 * a * (less - more * cos), a * (more - less * cos - root)]
    below = [more + less * cos + root, -2 * (less + more * cos), more + less * cos - root]
    return np.asarray(lfilter(above, below, samples), np.float64)


def compressed(samples: Samples, ratio: float = 6.0, below_db: float = 15.0) -> Samples:
    """A hard compressor: threshold 15 dB below the RMS level; attack 5 ms, release 150 ms; level kept."""
    hop = 64
    count = -(-samples.size // hop)
    blocks = np.pad(np.abs(samples), (0, count * hop - samples.size)).reshape(count, hop).max(axis=1)
    attack, release = (np.exp(-hop / (RATE * seconds)) for seconds in (0.005, 0.150))
    envelope = np.empty(count)
    level = 0.0
    for i, peak in enumerate(blocks):
        keep = attack if peak > level else release
        level = keep * level + (1 - keep) * peak
        envelope[i] = level
    over_db = 20 * np.log10(np.maximum(envelope, 1e-9) / rms(samples)) + below_db
    gain_db = -np.maximum(0, over_db) * (1 - 1 / ratio)
    gain = np.interp(np.arange(samples.size), hop * (np.arange(count) + 0.5), 10 ** (gain_db / 20))
    loud = samples * gain
    return loud * (rms(samples) / rms(loud))
