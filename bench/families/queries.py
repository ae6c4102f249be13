"""Clips that lie wholly within one section of a recording, as they are and made worse."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from bench.accuracy.degrade.noise import mixed, pink
from bench.accuracy.degrade.speed import at_speed
from bench.families.model import Recording, Samples, Section
from sonica.audio.compose import RATE

LENGTHS = (10, 5, 3)
CONDITIONS = ("clean", "pink noise, 10 dB", "speed +10%")
SNR_DB = 10.0
SPEED = 1.1


@dataclass(frozen=True, slots=True)
class Clip:
    """What is asked: `seconds` of `recording` from within `section`, in one of CONDITIONS."""

    recording: Recording
    section: Section
    seconds: int
    condition: str
    start_s: float
    samples: Samples


def clips(recordings: Iterable[Recording], seed: int, *, each: int) -> Iterator[Clip]:
    """`each` clips of every length from every section that can hold it, in every condition."""
    for recording in recordings:
        rng = np.random.default_rng([seed, zlib.crc32(recording.name.encode())])
        for section in recording.sections:
            for seconds in LENGTHS * each:
                for condition in CONDITIONS:
                    needed = seconds * (SPEED if condition == CONDITIONS[2] else 1.0)
                    room = section.end_s - section.start_s - needed
                    if room >= 0:
                        start = section.start_s + float(rng.uniform(0, room))
                        sound = recording.samples[int(start * RATE) : int((start + needed) * RATE)]
                        heard = _worse(sound.astype(np.float64), condition, rng)
                        yield Clip(recording, section, seconds, condition, start, heard)


def _worse(sound: np.ndarray, condition: str, rng: np.random.Generator) -> Samples:
    if condition == CONDITIONS[1]:
        sound = mixed(sound, pink(rng, sound.size), SNR_DB)
    elif condition == CONDITIONS[2]:
        sound = at_speed(sound, SPEED)
    return np.asarray(sound, np.float32)
