"""Rooms: sound that arrives many times. Impulse responses from files, or of simulated boxes."""

from pathlib import Path

import numpy as np
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from bench.accuracy.sound import RATE, Samples, read_samples, resampled, rms

SPEED_OF_SOUND = 343.0  # m/s
SIMULATED = 16


def in_room(samples: Samples, response: Samples) -> Samples:
    """The clip as heard in the room: same length, same RMS level."""
    wet = fftconvolve(samples, response)[: samples.size]
    return np.asarray(wet) * (rms(samples) / rms(wet))


def with_tail(
    samples: Samples, rng: np.random.Generator, seconds: float = 2.0, share: float = 0.5
) -> Samples:
    """The reverb of a "slowed + reverb" remix: a tail of darkened noise that falls by 60 dB in `seconds`."""
    time = np.arange(int(seconds * RATE)) / RATE
    tail = rng.standard_normal(time.size) * 10 ** (-3 * time / seconds)
    tail = np.asarray(lfilter(*butter(1, 6000, fs=RATE), tail))
    wet = fftconvolve(samples, tail)[: samples.size]
    return samples + np.asarray(wet) * (share * rms(samples) / rms(wet))


def simulated_room(rng: np.random.Generator, decay_s: float, rate: int = 16_000) -> Samples:
    """Impulse response at RATE of a box of 4 to 9 by 3 to 7 by 2.5 to 3.5 m that falls by 60 dB in `decay_s`.

    Image sources (J. B. Allen, D. A. Berkley, JASA 1979), one reflection factor for all walls by Eyring's
    formula; arrivals are spread over the two nearest samples at `rate`, which has no content above 8 kHz
    anyway in what a phone hears; a high-pass at 50 Hz takes off the drift of equal signs.
    """
    size = np.array([rng.uniform(4, 9), rng.uniform(3, 7), rng.uniform(2.5, 3.5)])
    source, ear = (rng.uniform(0.6, size - 0.6) for _ in range(2))
    surface = 2 * (size[0] * size[1] + size[1] * size[2] + size[0] * size[2])
    volume = float(np.prod(size))
    reflection = np.sqrt(np.exp(-24 * np.log(10) * volume / (SPEED_OF_SOUND * surface * decay_s)))
    reach = SPEED_OF_SOUND * decay_s
    axes = []
    for length, s, e in zip(size, source, ear, strict=True):
        order = int(np.ceil(reach / (2 * length)))
        cells = np.arange(-order, order + 1)
        direct, mirrored = 2 * cells * length + s - e, 2 * cells * length - s - e
        bounces = np.concatenate([np.abs(2 * cells), np.abs(2 * cells - 1)])
        axes.append((np.concatenate([direct, mirrored]) ** 2, bounces))
    response = np.zeros(int(decay_s * rate) + 2)
    (x2, nx), (y2, ny), (z2, nz) = axes
    for square, bounces in zip(x2, nx, strict=True):
        distance = np.sqrt(square + y2[:, None] + z2[None, :]).ravel()
        count = (bounces + ny[:, None] + nz[None, :]).ravel()
        near = distance < reach
        place = distance[near] / SPEED_OF_SOUND * rate
        strength = reflection ** count[near] / distance[near]
        whole = place.astype(int)
        np.add.at(response, whole, strength * (1 - (place - whole)))
        np.add.at(response, whole + 1, strength * (place - whole))
    response = np.asarray(sosfilt(butter(2, 50, "highpass", fs=rate, output="sos"), response))
    response = resampled(response, rate, RATE)
    return response / float(np.sqrt(np.sum(response**2)))


def simulated_rooms(seed: int) -> list[tuple[str, Samples]]:
    """Sixteen rooms with decays of 0.3 to 0.8 s: (name, impulse response at RATE)."""
    decays = np.linspace(0.3, 0.8, SIMULATED)
    return [
        (f"room{i}", simulated_room(np.random.default_rng([seed, i]), float(decay)))
        for i, decay in enumerate(decays)
    ]


def rooms_from(files: list[Path]) -> list[tuple[str, Samples]]:
    """Impulse responses from audio files, at RATE, of energy 1."""
    rooms = []
    for path in files:
        response = read_samples(path)
        rooms.append((path.stem, response / max(1e-9, float(np.sqrt(np.sum(response**2))))))
    return rooms
