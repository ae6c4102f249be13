"""How a line is sung: when each note really begins, how loud it is, how one glides into it and adorns it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sonica.audio.compose.demo.melody import Line
from sonica.audio.compose.demo.ragas import Raga

Clock = Callable[[float], float]
"""Seconds at which a place in a song is, given in matras from its first sam."""

ORNATE = 0.55
"""Notes at least so long (seconds) may be adorned."""
TURN = 0.085
"""Length of each note of a quick turn (murki), seconds."""


class Tone(NamedTuple):
    """A note. `start` and `length` in seconds; `loudness` from 0 to 1; `glide`: seconds that the pitch takes
    from the tone before (meend), where it sounds on without a gap; `touched`: a swara touched just before
    (kan), or swayed to (gamak); `sway`: `gamak`, `andolan` or nothing.
    """

    start: float
    length: float
    swara: int
    loudness: float
    glide: float = 0.03
    touched: int | None = None
    sway: str = ""


def sing(
    line: Line,
    raga: Raga,
    at: Clock,
    rng: np.random.Generator,
    *,
    loudness: float = 1.0,
    gliding: bool = True,
) -> list[Tone]:
    """The notes of a line: a little off the beat, louder on the sam, with a breath at the end.

    `gliding`: whether the instrument can glide and sway; one of keys or struck strings cannot.
    """
    tones: list[Tone] = []
    for place, length, swara, before in zip(
        line.places, line.lengths, line.swaras, (None, *line.swaras), strict=False
    ):
        start = at(place) + float(rng.normal(0, 0.006))
        seconds = at(place + length) - at(place)
        accent = 1.0 if place % 4 == 0 else 0.88
        loud = float(loudness * accent * rng.uniform(0.86, 1.0))
        leap = before is not None and abs(swara - before) >= 3
        glide = float(rng.uniform(0.09, 0.2)) if leap and seconds > 0.4 else 0.045
        tone = Tone(start, seconds, swara, loud, min(glide, seconds / 2))
        tones += adorned(tone, raga, rng, gliding=gliding)
    last = tones[-1]
    tones[-1] = last._replace(length=last.length - min(0.3, 0.25 * last.length))
    return tones


def adorned(tone: Tone, raga: Raga, rng: np.random.Generator, *, gliding: bool = True) -> list[Tone]:
    """A tone with what a singer adds to it: a touch from above, a turn, a swing, or nothing."""
    above, below = neighbour(raga, tone.swara, 1), neighbour(raga, tone.swara, -1)
    chance = float(rng.random())
    if tone.length < ORNATE:
        return [tone._replace(touched=above) if gliding and chance < 0.12 else tone]
    if gliding and tone.swara % 12 in raga.swings:
        return [tone._replace(sway="andolan")]
    if chance < 0.28:
        return [tone._replace(touched=above)] if gliding else [tone]
    if chance < 0.44 and _turns(raga, tone.swara, above, below):
        turn = [tone.swara, above, tone.swara, below]
        quick = [
            Tone(tone.start + i * TURN, TURN, swara, 0.8 * tone.loudness, 0.02)
            for i, swara in enumerate(turn)
        ]
        held = tone._replace(start=tone.start + 4 * TURN, length=tone.length - 4 * TURN, glide=0.03)
        return [quick[0]._replace(glide=tone.glide), *quick[1:], held]
    if gliding and chance < 0.5:
        return [tone._replace(sway="gamak", touched=above)]
    return [tone]


def neighbour(raga: Raga, swara: int, way: int) -> int:
    """The next swara above (`way` 1) or below (-1) in the ascent or descent."""
    there = raga.up if way > 0 else raga.down
    return next(swara + way * n for n in range(1, 13) if (swara + way * n) % 12 in there)


def _turns(raga: Raga, swara: int, above: int, below: int) -> bool:
    steps = ((swara, above), (above, swara), (swara, below), (below, swara))
    return all(raga.allows(a, b) for a, b in steps)
