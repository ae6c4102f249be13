"""Strokes of the drums in time: the theka, fills before a new part, small cymbals, the tihai."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sonica.audio.compose.demo.talas import BOLS, Tala

JITTER = 0.004
"""How far a stroke is from its beat (standard deviation, seconds)."""
FILLS = ("tirakita", "dha", "te", "dhage", "na", "ge")
"""What a fill is made of."""


class Cycle(NamedTuple):
    """A cycle of the tala. `start` and `matra` (length of one) in seconds; `bols`: the theka it goes by;
    `kind`: `theka`, `fill` (its last section is another) or `tihai` (the drums go with the melody instead).
    """

    start: float
    matra: float
    bols: tuple[str, ...]
    kind: str


class Hit(NamedTuple):
    """A stroke: when (seconds), which sound of the drums, how loud (0 to 1)."""

    start: float
    sound: str
    loudness: float


def bol_hits(bol: str, start: float, matra: float, loudness: float, rng: np.random.Generator) -> list[Hit]:
    """The strokes of one bol, evenly in its matra."""
    parts = BOLS[bol]
    return [
        Hit(
            max(0.0, start + i * matra / len(parts) + float(rng.normal(0, JITTER))),
            sound,
            loudness * (1.0 if len(parts) < 3 else 0.7) * float(rng.uniform(0.85, 1.0)),
        )
        for i, sounds in enumerate(parts)
        for sound in sounds
    ]


def theka_hits(cycle: Cycle, tala: Tala, energy: float, rng: np.random.Generator) -> list[Hit]:
    """The theka once: the sam loudest, then the beginnings of sections; soft strokes between, where slow."""
    hits: list[Hit] = []
    for i, bol in enumerate(cycle.bols):
        accent = 1.0 if i == 0 else 0.85 if i in tala.starts else 0.7
        start = cycle.start + i * cycle.matra
        hits += bol_hits(bol, start, cycle.matra, accent * energy, rng)
        if cycle.matra > 0.28 and rng.random() < 0.22:
            hits.append(Hit(start + cycle.matra / 2, "te", 0.22 * energy))
    return hits


def fill_hits(cycle: Cycle, tala: Tala, energy: float, rng: np.random.Generator) -> list[Hit]:
    """The theka with another last section, which leads into what comes."""
    begin = tala.starts[-1]
    hits = theka_hits(cycle._replace(bols=cycle.bols[:begin]), tala, energy, rng)
    for i in range(begin, tala.matras):
        allowed = [bol for bol in FILLS if cycle.matra / len(BOLS[bol]) > 0.07]
        bol = "dha" if i == begin else allowed[int(rng.integers(len(allowed)))]
        hits += bol_hits(bol, cycle.start + i * cycle.matra, cycle.matra, 0.85 * energy, rng)
    return hits


def manjira_hits(cycle: Cycle, tala: Tala, energy: float, rng: np.random.Generator) -> list[Hit]:
    """Small cymbals: open where a section begins, closed halfway."""
    hits: list[Hit] = []
    for begin, length in zip(tala.starts, tala.vibhags, strict=True):
        start = cycle.start + begin * cycle.matra
        hits.append(Hit(start + abs(float(rng.normal(0, JITTER))), "manjira", 0.8 * energy))
        hits.append(
            Hit(start + length * cycle.matra / 2, "closed", 0.55 * energy * float(rng.uniform(0.7, 1)))
        )
    return hits


def tihai_hits(at: Callable[[float], float], sam: float, unit: float) -> list[Hit]:
    """Strokes with a phrase of five notes, three times, each `unit` matras, the last on `sam` (matras)."""
    hits: list[Hit] = []
    for turn in range(3):
        place = sam - (2 - turn) * 6 * unit - 4 * unit
        for i, sounds in enumerate((("na", "ge"), ("te",), ("na",), ("te",), ("na", "ge"))):
            loudness = 1.0 if i == 4 else 0.7
            hits += [Hit(at(place + i * unit), sound, loudness) for sound in sounds]
    return hits
