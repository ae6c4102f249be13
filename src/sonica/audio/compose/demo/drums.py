"""Hand drums and small cymbals. Mono float32 at `RATE`, each sound at most about 1.

A tabla's right head has a loaded centre, so that its modes are nearly harmonic (C. V. Raman, 1934): a ringing
edge stroke (na) lacks the first, an open one (tun) has little else. The left head bends upwards under the
wrist. A dholak is drier and deeper, and its bass bends down.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sonica.audio.compose.demo.pieces import Kit
from sonica.audio.compose.instruments import RATE, Samples

Floats = NDArray[np.float64]
Partials = Sequence[tuple[float, float, float]]
"""Modes of a head: ratio to the drum's pitch, amplitude, seconds until it has fallen to a third."""

SECONDS = 0.9
"""Length of a sound."""

RIGHT: dict[Kit, dict[str, Partials]] = {
    "tabla": {
        "na": (
            (1, 0.12, 0.07), (2.0, 0.9, 0.2), (3.01, 0.55, 0.14), (4.02, 0.3, 0.1), (5.04, 0.2, 0.07),
            (6.1, 0.12, 0.05), (7.2, 0.08, 0.04),
        ),
        "tin": ((1, 0.35, 0.14), (2.0, 0.75, 0.26), (3.01, 0.16, 0.12), (4.02, 0.05, 0.07)),
        "tun": ((1, 1.0, 0.34), (2.0, 0.12, 0.1), (3.01, 0.05, 0.06)),
        "te": ((1.5, 0.4, 0.02), (2.4, 0.35, 0.015), (3.3, 0.2, 0.01)),
    },
    "dholak": {
        "na": ((1, 0.5, 0.07), (1.62, 0.6, 0.06), (2.2, 0.45, 0.045), (2.9, 0.25, 0.03)),
        "tin": ((1, 0.7, 0.1), (1.62, 0.35, 0.07), (2.2, 0.2, 0.05)),
        "tun": ((0.8, 0.9, 0.16), (1.3, 0.3, 0.08), (2.1, 0.1, 0.04)),
        "te": ((1.4, 0.35, 0.02), (2.3, 0.3, 0.016), (3.4, 0.15, 0.012)),
    },
}  # fmt: skip
"""The right drum's strokes."""


def drum_set(kit: Kit, sa: float, rng: np.random.Generator) -> dict[str, Samples]:
    """The sounds of a set of drums by name, the right one tuned to Sa, each set a little its own."""
    time = np.arange(int(SECONDS * RATE)) / RATE
    pitch = sa * 2.0 ** np.ceil(np.log2((255 if kit == "tabla" else 235) / sa))
    noise = rng.standard_normal(len(time))
    sounds = {
        name: _ringing(time, pitch, partials)
        + (0.5 if name == "na" else 0.22) * _tap(time, noise, 6_000, 0.006)
        for name, partials in RIGHT[kit].items()
    }
    sounds["te"] = sounds["te"] + 0.5 * _tap(time, noise, 2_500, 0.014)
    low = float(rng.uniform(72, 88) if kit == "tabla" else rng.uniform(62, 76))
    sounds["ge"] = _bass(time, low, kit) + 0.1 * _tap(time, noise, 900, 0.01)
    sounds["ke"] = 0.6 * _tap(time, noise, 700, 0.022) + 0.3 * _ringing(time, low, ((2.2, 1, 0.03),))
    open_, closed = rng.uniform(0.28, 0.42), 0.05
    metal = [
        (r * float(rng.uniform(0.99, 1.01)), a) for r, a in ((1, 0.7), (1.43, 0.6), (2.09, 0.5), (2.61, 0.3))
    ]
    high = float(rng.uniform(2_500, 3_000))
    sounds["manjira"] = _ringing(time, high, [(r, a, open_ / r) for r, a in metal])
    sounds["closed"] = _ringing(time, high, [(r, a, closed) for r, a in metal])
    return {name: _finished(sound) for name, sound in sounds.items()}


def _ringing(time: Floats, pitch: float, partials: Partials) -> Floats:
    parts = [a * np.exp(-time / d) * np.sin(2 * np.pi * pitch * r * time) for r, a, d in partials]
    return np.asarray(np.sum(parts, axis=0))


def _bass(time: Floats, low: float, kit: Kit) -> Floats:
    """The left head: struck sharp, then bent by the wrist, up on a tabla, down on a dholak."""
    if kit == "tabla":
        bend, ring = 1 + 0.3 * np.exp(-time / 0.02) + 0.22 * (1 - np.exp(-time / 0.12)), 0.24
    else:
        bend, ring = 0.95 + 0.55 * np.exp(-time / 0.035), 0.16
    phase = 2 * np.pi * np.cumsum(low * bend) / RATE
    body = np.sin(phase) + 0.32 * np.sin(2 * phase) * np.exp(-time / 0.09) + 0.12 * np.sin(3 * phase)
    return np.asarray(body * np.exp(-time / ring))


def _tap(time: Floats, noise: Floats, cutoff: float, fade: float) -> Floats:
    """A finger on skin: noise below `cutoff` (Hz) that fades in `fade` seconds, of peak about 1."""
    count = len(noise)
    spectrum = np.fft.rfft(noise)
    spectrum /= 1 + (np.fft.rfftfreq(count, 1 / RATE) / cutoff) ** 2
    soft = np.fft.irfft(spectrum, count) * np.exp(-time / fade)
    return np.asarray(soft / np.abs(soft).max())


def _finished(sound: Floats) -> Samples:
    """Ramps at both ends, so that nothing clicks; then the peak to 1."""
    rise, fall = int(0.0012 * RATE), int(0.1 * RATE)
    sound[:rise] *= np.linspace(0, 1, rise)
    sound[-fall:] *= np.linspace(1, 0, fall)
    return np.asarray(sound / np.abs(sound).max(), np.float32)
