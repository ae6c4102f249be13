"""Noise: recorded, or made here, and mixed in at a stated ratio over the whole band."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from bench.accuracy.degrade.voice import babble
from bench.accuracy.sound import RATE, Samples, read_samples, rms

SECONDS = 60
"""So much of a noise is made or kept."""
Maker = Callable[[np.random.Generator, int], Samples]


def mixed(samples: Samples, noise: Samples, snr_db: float) -> Samples:
    """Both, the noise `snr_db` below the samples (RMS over the clip)."""
    return samples + noise * (rms(samples) / rms(noise) * 10 ** (-snr_db / 20))


def pink(rng: np.random.Generator, count: int) -> Samples:
    """Equal power in every octave from 40 Hz up, RMS 0.1."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    sound = np.fft.irfft(np.where(hertz > 40, spectrum / np.sqrt(np.maximum(hertz, 40)), 0), count)
    return sound * (0.1 / rms(sound))


def murmur(rng: np.random.Generator, count: int) -> Samples:
    """Like many people talking, without words: eight voices of glottal pulses through moving formants."""
    mix = np.zeros(count)
    for _ in range(8):
        syllables = int(count / RATE * 5) + 2
        times = np.linspace(0, count, syllables)
        pitch = rng.uniform(90, 240) * np.interp(np.arange(count), times, rng.uniform(0.85, 1.2, syllables))
        loud = np.interp(np.arange(count), times, rng.uniform(0, 1, syllables) ** 2)
        pulses = (np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0) > 0).astype(float)
        breath = 0.02 * rng.standard_normal(count)
        voice = np.zeros(count)
        for low, high in ((300, 800), (900, 2200), (2300, 3200)):
            centre = rng.uniform(low, high)
            r, w = np.exp(-np.pi * 90 / RATE), 2 * np.pi * centre / RATE
            voice += np.asarray(lfilter([1 - r], [1, -2 * r * np.cos(w), r * r], pulses + breath))
        mix += loud * voice / rms(voice)
    return mix * (0.1 / rms(mix))


def hum(rng: np.random.Generator, count: int) -> Samples:
    """Mains at 50 Hz with its harmonics, and a fan."""
    time = np.arange(count) / RATE
    mains = 50 * (1 + rng.uniform(-0.002, 0.002))
    sound = 3 * np.asarray(sosfilt(butter(2, 400, fs=RATE, output="sos"), rng.standard_normal(count)))
    for k in range(1, 12):
        sound += rng.uniform(0.2, 1) / k * np.sin(2 * np.pi * mains * k * time + rng.uniform(0, 6))
    return sound * (0.1 / rms(sound))


def clatter(rng: np.random.Generator, count: int) -> Samples:
    """Cups, plates and doors: short ringing knocks, four a second, over a soft floor."""
    sound = 0.02 * pink(rng, count)
    for _ in range(max(1, int(4 * count / RATE))):
        length = int(rng.uniform(0.02, 0.2) * RATE)
        start = int(rng.integers(0, max(1, count - length)))
        time = np.arange(min(length, count - start)) / RATE
        ring = sum(np.sin(2 * np.pi * f * time) for f in rng.uniform(300, 6000, 4))
        sound[start : start + time.size] += rng.uniform(0.1, 1) * ring * np.exp(-time * rng.uniform(20, 120))
    return sound * (0.1 / rms(sound))


MADE: dict[str, Maker] = {"pink": pink, "babble": babble, "murmur": murmur, "hum": hum, "clatter": clatter}


class NoiseBank:
    """Noises to choose from: audio files, and made ones by their names in MADE (each its own `seed`)."""

    def __init__(self, files: Sequence[Path], made: Sequence[str], seed: int) -> None:
        self._load: dict[str, Callable[[], Samples]] = {
            p.name: functools.partial(_recorded, p) for p in files
        }
        for name in made:
            self._load[name] = functools.partial(_made, name, seed)
        if not self._load:
            raise ValueError("give a folder with noises, or let some be made")

    @property
    def names(self) -> list[str]:
        """All noises."""
        return list(self._load)

    def segment(self, rng: np.random.Generator, count: int, like: str = "") -> tuple[Samples, str]:
        """`count` samples of a noise and its name; one whose name has the word `like`, if there is one."""
        names = [n for n in self._load if like in n] or list(self._load)
        for _ in range(20):
            name = names[int(rng.integers(len(names)))]
            sound = self._load[name]()
            start = int(rng.integers(0, max(1, sound.size - count)))
            part = np.resize(sound[start : start + count], count)  # a short one is repeated
            if rms(part) > 1e-4:
                return part, name
        raise ValueError(f"the noises are silent: {', '.join(names)}")


@functools.lru_cache(maxsize=64)
def _recorded(path: Path) -> Samples:
    return read_samples(path)[: SECONDS * RATE]


@functools.lru_cache(maxsize=16)
def _made(name: str, seed: int) -> Samples:
    return MADE[name](np.random.default_rng([seed, *name.encode()]), SECONDS * RATE)
