"""Instruments made of sines and noise: every function gives mono float32 at `RATE`, peak about 1.

Additive synthesis throughout. A sustained line is one oscillator whose pitch glides from note to
note, as a flute or a voice does; its overtones come from the recurrence
sin((k+1)x) = 2 cos(x) sin(kx) - sin((k-1)x), which spares a sine for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RATE = 44_100
"""Sampling rate of everything that is composed (Hz)."""

Samples = NDArray[np.float32]


class Note(NamedTuple):
    """`start` and `length` in seconds, `pitch` in Hz, `loudness` from 0 to 1."""

    start: float
    length: float
    pitch: float
    loudness: float


@dataclass(frozen=True)
class Lead:
    """A sustained instrument. `overtones`: amplitudes of the first harmonics; `glide` and `attack`
    in seconds; `vibrato` and `tremolo` as a share; `breath` the amplitude of noise.
    """

    overtones: tuple[float, ...]
    glide: float = 0.03
    attack: float = 0.03
    vibrato: float = 0.004
    tremolo: float = 0.0
    breath: float = 0.0


LEADS: dict[str, Lead] = {
    "bansuri": Lead((1, 0.35, 0.12, 0.05, 0.02), glide=0.05, attack=0.05, vibrato=0.006, breath=0.05),
    "harmonium": Lead((1, 0.7, 0.55, 0.4, 0.3, 0.25, 0.15, 0.1), 0.008, 0.03, 0.0, tremolo=0.08),
    "shehnai": Lead((0.5, 0.8, 1, 0.9, 0.6, 0.45, 0.3, 0.2, 0.1), 0.04, 0.02, 0.008),
    "sarangi": Lead((1, 0.8, 0.45, 0.5, 0.3, 0.12, 0.2, 0.1), glide=0.09, attack=0.06, vibrato=0.007),
    "voice": Lead((0.8, 1, 0.9, 0.35, 0.15, 0.2, 0.25, 0.12, 0.05), 0.07, 0.05, 0.01, breath=0.02),
    "clarinet": Lead((1, 0.05, 0.6, 0.05, 0.4, 0.05, 0.2, 0.03, 0.1), 0.02, 0.025, 0.003),
}


@dataclass(frozen=True)
class Pluck:
    """A plucked or struck instrument. `bright`: how slowly overtones fade with their number;
    `ring`: seconds until the fundamental has fallen to a third; `stretch`: inharmonicity.
    """

    harmonics: int
    bright: float
    ring: float
    stretch: float = 0.0


PLUCKS: dict[str, Pluck] = {
    "sitar": Pluck(14, 1.0, 0.55, 0.0001),
    "santoor": Pluck(7, 1.4, 0.7, 0.002),
    "sarod": Pluck(9, 1.3, 0.4, 0.0002),
    "mandolin": Pluck(10, 1.1, 0.25, 0.0003),
}

BASS = Pluck(4, 1.6, 0.45)


def lead_line(instrument: Lead, notes: Sequence[Note], seconds: float, rng: np.random.Generator) -> Samples:
    """A whole line of `notes` (in order of time) on a sustained instrument."""
    count = int(seconds * RATE)
    pitch = np.full(count, notes[0].pitch if notes else 220.0)
    level = np.zeros(count)
    for note in notes:
        begin, end = int(note.start * RATE), int((note.start + note.length) * RATE)
        pitch[begin:] = note.pitch
        level[begin:end] = note.loudness
    pitch = np.exp2(_smooth(np.log2(pitch), instrument.glide))
    level = _smooth(level, instrument.attack)
    sway = np.sin(2 * np.pi * rng.uniform(4.8, 6.2) * np.arange(count) / RATE + rng.uniform(0, 6))
    cycles = np.cumsum(pitch * (1 + instrument.vibrato * sway)) / RATE
    angle = (2 * np.pi * (cycles % 1.0)).astype(np.float32)
    last, now, twice = np.zeros(count, np.float32), np.sin(angle), 2 * np.cos(angle)
    sound = np.zeros(count, np.float32)
    for amplitude in instrument.overtones:
        sound += np.float32(amplitude) * now
        last, now = now, twice * now - last
    sound /= np.float32(np.sqrt(sum(a * a for a in instrument.overtones)))
    if instrument.breath:
        sound += np.float32(instrument.breath) * rng.standard_normal(count, np.float32)
    return sound * (level * (1 + instrument.tremolo * sway)).astype(np.float32)


def pluck(instrument: Pluck, pitch: float, length: float) -> Samples:
    """One note of a plucked instrument."""
    time = (np.arange(int(length * RATE)) / RATE).astype(np.float32)
    sound = np.zeros(len(time), np.float32)
    for k in range(1, instrument.harmonics + 1):
        frequency = float(k * pitch * np.sqrt(1 + instrument.stretch * k * k))
        if frequency > 0.4 * RATE:
            break
        fade = np.exp(time * np.float32(-(k**0.7) / instrument.ring))
        sound += np.float32(k**-instrument.bright) * fade * np.sin(np.float32(2 * np.pi * frequency) * time)
    return _edges(sound, 0.002, 0.02)


def tanpura(pitch: float, length: float = 3.0) -> Samples:
    """One string of the drone: its overtones bloom one after the other, which makes it shimmer."""
    time = (np.arange(int(length * RATE)) / RATE).astype(np.float32)
    fading = np.float32(0.4) * np.exp(np.float32(-1.2) * time)
    sound = np.zeros(len(time), np.float32)
    for k in range(1, 15):
        bloom = fading + np.float32(0.6) * np.exp(-np.square((time - np.float32(0.09 * k)) / np.float32(0.7)))
        sound += np.float32(1 / (k + 2)) * bloom * np.sin(np.float32(2 * np.pi * k * pitch) * time)
    return _edges(sound, 0.004, 0.3)


def strokes(tonic: float, rng: np.random.Generator) -> dict[str, Samples]:
    """A set of drums, tuned to the song and a little different each time, by stroke.

    `na` rings, `ti` is damped, `ge` is the bass that bends, `dhol` and `tak` are the two sides of
    a dhol, `jhanj` small cymbals.
    """
    ring = tonic * rng.uniform(0.99, 1.01)
    while ring < 260:
        ring *= 2
    low = rng.uniform(62, 95)
    time = np.arange(int(0.5 * RATE)) / RATE
    noise = rng.standard_normal(len(time))
    soft = _smooth(noise, 0.0006)

    def bent(start: float, end: float, speed: float) -> NDArray[np.float64]:
        return np.asarray(np.sin(2 * np.pi * np.cumsum(end + (start - end) * np.exp(-time * speed)) / RATE))

    def ringing(partials: Sequence[tuple[float, float, float]]) -> NDArray[np.float64]:
        waves = [a * np.exp(-time / d) * np.sin(2 * np.pi * ring * r * time) for r, a, d in partials]
        return np.asarray(np.sum(waves, axis=0))

    click = noise * np.exp(-time / 0.004)
    sounds = {
        "na": ringing(((1, 0.9, 0.12), (2.01, 0.6, 0.09), (3.02, 0.4, 0.06))) + 0.3 * click,
        "ti": ringing(((1.5, 0.5, 0.02), (2.6, 0.4, 0.015))) + 0.5 * soft * np.exp(-time / 0.012),
        "ge": bent(low * 1.5, low, 9) * np.exp(-time / 0.22) + 0.15 * click,
        "dhol": bent(low * 2.2, low * 0.9, 30) * np.exp(-time / 0.14) + 0.25 * soft * np.exp(-time / 0.02),
        "tak": 0.8 * soft * np.exp(-time / 0.02) + 0.4 * ringing(((2.3, 1, 0.03),)),
        "jhanj": np.diff(noise, prepend=0.0) * np.exp(-time / rng.uniform(0.03, 0.08)) * 0.35,
    }
    return {name: _edges(sound.astype(np.float32), 0.0005, 0.05) for name, sound in sounds.items()}


def room(sound: Samples, rng: np.random.Generator, taps: int = 18) -> Samples:
    """The sound in a small hall: a few dozen fading echoes at random times."""
    out = sound.copy()
    for when in np.sort(rng.uniform(0.012, 0.45, taps)):
        delay = int(when * RATE)
        out[delay:] += np.float32(rng.choice((-1, 1)) * 0.16 * np.exp(-when / 0.16)) * sound[:-delay]
    return out


def mix_in(track: Samples, sound: Samples, at: float, gain: float) -> None:
    """Adds `sound` to `track` in place, beginning `at` seconds; what hangs over is cut."""
    begin = max(0, int(at * RATE))
    piece = sound[: max(0, len(track) - begin)]
    track[begin : begin + len(piece)] += np.float32(gain) * piece


def _smooth(values: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """A moving average of odd length, centred."""
    half = max(1, int(seconds * RATE / 2))
    total = np.cumsum(np.pad(values, (half + 1, half), mode="edge"))
    return np.asarray((total[2 * half + 1 :] - total[: -2 * half - 1]) / (2 * half + 1))


def _edges(sound: Samples, attack: float, release: float) -> Samples:
    """Ramps at both ends, so that nothing clicks; then the peak to 1."""
    rise, fall = int(attack * RATE) + 1, int(release * RATE) + 1
    sound[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    sound[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
    return np.asarray(sound / max(1e-9, float(np.abs(sound).max())), np.float32)
