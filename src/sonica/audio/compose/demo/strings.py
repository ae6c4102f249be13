"""Plucked strings, by Karplus and Strong (Computer Music Journal 7:2, 1983). Mono float32 at `RATE`.

Their loop is a period of noise that goes round and is filtered each time. Here the same is done with the
period's spectrum: each harmonic of each turn has its gain, and all turns are transformed at once. That
allows what a loop cannot do, as the bloom of overtones that a sitar's flat bridge (jawari) gives.
A string sounds at a whole number of samples a period; it is read at the speed that makes its pitch exact,
and a glide (meend) is a change of that speed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonica.audio.compose.demo.phrasing import Tone
from sonica.audio.compose.demo.ragas import hertz
from sonica.audio.compose.instruments import RATE, Samples, mix_in


@dataclass(frozen=True)
class String:
    """`ring`: seconds until the low harmonics have fallen to a third; `damping`: how much faster high ones
    do; `bright`: how strong they begin (falling as 1 / k^bright); `pick`: where it is plucked, as a share
    of its length; `bloom`: how much the bridge feeds the overtones; `octave` above written; `release` in
    seconds.
    """

    ring: float
    damping: float
    bright: float
    pick: float = 0.13
    bloom: float = 0.0
    octave: int = 0
    release: float = 0.12
    glides: bool = False


STRINGS: dict[str, String] = {
    "sitar": String(0.95, 0.55, 0.85, 0.1, bloom=0.5, octave=1, release=0.2, glides=True),
    "sarod": String(0.6, 1.0, 1.0, 0.14, bloom=0.15, release=0.15, glides=True),
    "santoor": String(0.9, 0.8, 1.1, 0.21, octave=1, release=0.5),
    "mandolin": String(0.4, 1.2, 1.1, 0.16, octave=1),
    "guitar": String(0.8, 1.6, 1.3, 0.22, octave=0, release=0.25),
    "swarmandal": String(0.9, 1.0, 1.2, 0.3, octave=1, release=0.8),
    "bass": String(0.7, 3.0, 1.6, 0.3, release=0.1),
}
"""By name."""

LONGEST = 3.2
"""Seconds that a string is let ring."""
HIGHEST = 9_000.0
"""No harmonic above (Hz)."""


def play_string(
    string: String, tones: Sequence[Tone], sa: float, seconds: float, rng: np.random.Generator
) -> Samples:
    """All `tones` on a plucked instrument; `sa` in Hz, the whole is `seconds` long."""
    track = np.zeros(int(seconds * RATE), np.float32)
    plucked: dict[int, tuple[Samples, float]] = {}
    before: Tone | None = None
    for tone in tones:
        if tone.swara not in plucked:
            plucked[tone.swara] = ring(string, hertz(tone.swara, sa) * 2**string.octave, rng)
        sound, speed = plucked[tone.swara]
        count = int(min(LONGEST - 0.1, tone.length + string.release) * RATE)
        places = _places(string, tone, before, speed, count)
        note = np.interp(places, np.arange(len(sound)), sound).astype(np.float32)
        fade = min(int(string.release * RATE), count)
        note[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
        mix_in(track, note, tone.start, tone.loudness)
        before = tone
    return track


def ring(string: String, pitch: float, rng: np.random.Generator) -> tuple[Samples, float]:
    """A string plucked and let ring for `LONGEST`, peak about 1, and the speed at which to read it so
    that it sounds at `pitch` (Hz).
    """
    period = int(RATE / pitch)
    turns = int(LONGEST * RATE / period) + 1
    top = max(2, min(period // 2, int(HIGHEST / pitch)))
    k = np.arange(1, top + 1, dtype=np.float32)
    time = (np.arange(turns, dtype=np.float32) * np.float32(period / RATE))[:, None]
    strength = k**-string.bright * (0.15 + np.abs(np.sin(np.pi * string.pick * k)))
    fall = (1 + string.damping * 0.12 * (k - 1) * np.float32(min(2.0, pitch / 220))) / string.ring
    gain = strength * np.exp(-time * fall)
    if string.bloom:
        # The band that the bridge feeds comes down from the high harmonics while the string rings.
        centre = 3 + 9 * np.exp(-time / 0.35)
        gain += string.bloom * np.exp(-np.square((k - centre) / 2.5) - time / string.ring) * 0.22
    spectrum = np.zeros((turns, period // 2 + 1), np.complex64)
    spectrum[:, 1 : top + 1] = gain * np.exp(1j * rng.uniform(0, 2 * np.pi, top)).astype(np.complex64)
    sound = np.fft.irfft(spectrum, period, axis=1).reshape(-1).astype(np.float32)
    rise = int(0.003 * RATE)
    sound[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    return sound / np.float32(np.abs(sound).max()), pitch * period / RATE


def _places(string: String, tone: Tone, before: Tone | None, speed: float, count: int) -> NDArray[np.float64]:
    """Where to read a string at each sample: even steps, or uneven ones where the note is bent."""
    bent = before is not None and string.glides and tone.glide > 0.08
    close = before is not None and abs(before.start + before.length - tone.start) < 0.1
    if not (bent and close and before is not None) and tone.touched is None and tone.sway != "andolan":
        return np.arange(count, dtype=np.float64) * speed
    time = np.arange(count, dtype=np.float64) / RATE
    octaves = np.zeros(count)
    if tone.sway == "andolan":
        octaves += 0.035 * np.sin(2 * np.pi * 2.4 * time) * np.clip(time / 0.3, 0, 1)
    elif tone.touched is not None and string.glides:
        # Pulled sideways to the swara above and let go.
        octaves += np.log2(hertz(tone.touched, 1) / hertz(tone.swara, 1)) * np.clip(1 - time / 0.07, 0, 1)
    elif before is not None and string.glides:
        there = np.log2(hertz(before.swara, 1) / hertz(tone.swara, 1))
        octaves += there * (0.5 + 0.5 * np.cos(np.pi * np.clip(time / tone.glide, 0, 1)))
    return np.asarray(np.concatenate([[0.0], np.cumsum(speed * np.exp2(octaves))[:-1]]))
