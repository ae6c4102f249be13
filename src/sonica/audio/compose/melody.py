"""Melodies in raga-like scales: a motif, its variations, and where a phrase comes to rest."""

from dataclasses import dataclass

import numpy as np

from sonica.audio.compose.instruments import Note

SCALES: dict[str, tuple[int, ...]] = {
    "bhupali": (0, 2, 4, 7, 9),
    "durga": (0, 2, 5, 7, 9),
    "malkauns": (0, 3, 5, 8, 10),
    "yaman": (0, 2, 4, 6, 7, 9, 11),
    "bilawal": (0, 2, 4, 5, 7, 9, 11),
    "khamaj": (0, 2, 4, 5, 7, 9, 10),
    "kafi": (0, 2, 3, 5, 7, 9, 10),
    "bhairavi": (0, 1, 3, 5, 7, 8, 10),
    "bhairav": (0, 1, 4, 5, 7, 8, 11),
    "kirwani": (0, 2, 3, 5, 7, 8, 11),
    "charukeshi": (0, 2, 4, 5, 7, 8, 10),
    "patdeep": (0, 2, 3, 5, 7, 9, 11),
}
"""Semitones above the tonic (Sa)."""


@dataclass(frozen=True)
class Key:
    """`tonic` in Hz, and a scale in semitones above it."""

    tonic: float
    scale: tuple[int, ...]

    def pitch(self, degree: int) -> float:
        """Hz of a degree of the scale; degrees go on above and below the octave."""
        octave, place = divmod(degree, len(self.scale))
        return float(self.tonic * 2 ** (octave + self.scale[place] / 12))


RHYTHMS = ((2, 2), (1, 1, 2), (3, 1), (1, 2, 1), (4,), (2, 1, 1), (1, 1, 1, 1), (3, 3, 2), (2, 2, 2, 2))
"""Lengths of notes in half beats; a motif strings some of them together."""


@dataclass(frozen=True)
class Motif:
    """`lengths` in half beats and `steps` in degrees of the scale, one for each note."""

    lengths: tuple[int, ...]
    steps: tuple[int, ...]


def new_motif(half_beats: int, rng: np.random.Generator) -> Motif:
    """A motif that fills `half_beats`: mostly neighbouring degrees, now and then a leap."""
    lengths: list[int] = []
    while sum(lengths) < half_beats:
        lengths.extend(RHYTHMS[int(rng.integers(len(RHYTHMS)))])
    while sum(lengths) > half_beats:
        lengths[-1] -= 1
        if lengths[-1] == 0:
            lengths.pop()
    degree, steps = int(rng.integers(0, 5)), []
    for _ in lengths:
        steps.append(degree)
        move = int(rng.choice((-3, -2, -1, -1, 0, 1, 1, 2, 4)))
        degree = degree + move if -3 <= degree + move <= 9 else degree - move
    return Motif(tuple(lengths), tuple(steps))


def varied(motif: Motif, rng: np.random.Generator) -> Motif:
    """The motif again, moved, turned or with some notes changed, as a singer would not repeat it."""
    steps = list(motif.steps)
    kind = int(rng.integers(4))
    if kind == 0:
        shift = int(rng.choice((-2, -1, 1, 2)))
        steps = [step + shift for step in steps]
    elif kind == 1:
        steps = [2 * steps[0] - step for step in steps]
    for i in range(len(steps)):
        if rng.random() < 0.25:
            steps[i] += int(rng.choice((-1, 1)))
    return Motif(motif.lengths, tuple(min(10, max(-4, step)) for step in steps))


def resting(motif: Motif, degree: int) -> Motif:
    """The motif with its last note on `degree`."""
    return Motif(motif.lengths, (*motif.steps[:-1], degree))


def sung(motif: Motif, key: Key, start: float, beat: float, rng: np.random.Generator) -> list[Note]:
    """The motif as notes from `start` on; `beat` in seconds. Timing and loudness breathe a little,
    and some notes are touched by a grace note from above.
    """
    notes, now = [], start
    for length, step in zip(motif.lengths, motif.steps, strict=True):
        seconds = length * beat / 2
        begin = max(0.0, now + rng.normal(0, 0.008))
        loudness = float(rng.uniform(0.65, 1.0))
        sounding = seconds * float(rng.uniform(0.8, 0.97))
        if length >= 2 and rng.random() < 0.3:
            grace = min(0.09, seconds / 4)
            notes.append(Note(begin, grace, key.pitch(step + 1), loudness * 0.7))
            begin, sounding = begin + grace, sounding - grace
        notes.append(Note(begin, sounding, key.pitch(step), loudness))
        now += seconds
    return notes
