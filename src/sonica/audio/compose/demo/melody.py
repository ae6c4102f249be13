"""Lines of melody in a raga and a tala: a rhythm, and a walk through the swaras that the raga allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sonica.audio.compose.demo.ragas import Raga
from sonica.audio.compose.demo.talas import Tala

Floats = NDArray[np.float64]

CELLS: dict[int, tuple[tuple[float, ...], ...]] = {
    2: ((1, 1), (2,), (1.5, 0.5), (0.5, 0.5, 1)),
    3: ((1, 1, 1), (2, 1), (1, 2), (1.5, 0.5, 1), (1, 0.5, 0.5, 1)),
    4: (
        (1, 1, 2), (2, 1, 1), (2, 2), (1.5, 0.5, 2), (1, 1, 1, 1), (0.5, 0.5, 1, 2), (3, 1),
        (1.5, 0.5, 1, 1), (1, 2, 1),
    ),
}  # fmt: skip
"""Rhythms of a section of so many matras; one matra is 1."""

SHORTEST = 0.15
"""Notes shorter than this (seconds) are not sung one by one."""

MOMENTUM = 0.68
"""How likely a melody goes on in the direction in which it goes."""

LEFT = 3
"""Notes that a line has beyond the phrase that it opens with: enough to come from anywhere to anywhere."""


@dataclass(frozen=True)
class Line:
    """A line of a song: for each note its length in matras and its swara. It begins `pickup` matras before
    the first beat of a cycle (sam).
    """

    lengths: tuple[float, ...]
    swaras: tuple[int, ...]
    pickup: int = 0

    @property
    def places(self) -> Floats:
        """Where each note begins, matras from the sam that the line is led to."""
        return np.concatenate([[0.0], np.cumsum(self.lengths)[:-1]]) - self.pickup


def new_rhythm(
    tala: Tala, cycles: int, pickup: int, matra: float, rng: np.random.Generator, *, busy: bool = False
) -> tuple[float, ...]:
    """Lengths of notes for a line of so many cycles, its last note long; `matra` in seconds. A `busy` line,
    for an instrument, has many short notes.
    """
    shift = tala.starts.index(tala.matras - pickup) if pickup else 0
    sections = (*tala.vibhags[shift:], *tala.vibhags[:shift]) * cycles
    favourites: dict[int, tuple[float, ...]] = {}
    lengths: list[float] = []
    for section in sections[:-1]:
        cells = [cell for cell in CELLS[section] if min(cell) * matra >= SHORTEST]
        if busy:
            cells = [cell for cell in cells if len(cell) > section - 1] or cells
        # A line that keeps coming back to one rhythm is one that a listener can keep.
        if section not in favourites or rng.random() > 0.45:
            favourites[section] = cells[int(rng.integers(len(cells)))]
        lengths += favourites[section]
    return (*lengths, float(sections[-1]))


def wander(
    raga: Raga,
    ends: tuple[int, int],
    pulls: Sequence[Floats],
    span: tuple[int, int],
    rng: np.random.Generator,
) -> list[int]:
    """Swaras that lead from the first of `ends` to the other, the goal, both within `span` (lowest,
    highest): one for each of `pulls`, the last of them the goal.

    `pulls[i]`, shape (highest - lowest + 1,), says how much note i is drawn to each swara. Steps are those
    that the raga allows, small ones mostly, and the walk is drawn from all that reach the goal (a Markov
    chain conditioned on its end), so it need not be steered. Raises ValueError where no walk reaches the
    goal.
    """
    (first, goal), (low, high) = ends, span
    swaras = [s for s in range(low, high + 1) if s % 12 in raga.swaras]
    steps = _steps(raga, swaras)
    count = len(swaras)
    draws = [np.tile(pull[[s - low for s in swaras]], 2) for pull in pulls]
    draws[-1] = np.tile([float(s == goal) for s in swaras], 2)
    ahead = [np.ones(2 * count)]
    for draw in reversed(draws):
        reached = steps @ (draw * ahead[-1])
        ahead.append(reached / max(float(reached.max()), 1e-300))
    ahead.reverse()
    state = swaras.index(first) + (count if goal > first else 0)
    path = []
    for draw, hope in zip(draws, ahead[1:], strict=True):
        odds = steps[state] * draw * hope
        if not odds.any():
            raise ValueError(f"{raga.name}: no way from {first} to {goal} in {len(pulls)} notes")
        state = int(rng.choice(2 * count, p=odds / odds.sum()))
        path.append(swaras[state % count])
    return path


def _steps(raga: Raga, swaras: list[int]) -> Floats:
    """Odds of going from one state to another; state i is swara i reached coming down, count + i climbing."""
    count = len(swaras)
    steps = np.zeros((2 * count, 2 * count))
    for i, a in enumerate(swaras):
        for j, b in enumerate(swaras):
            if not raga.allows(a, b):
                continue
            between = sum(1 for s in swaras if min(a, b) < s <= max(a, b) and s % 12 in _way(raga, a, b))
            odds = (0.12, 1.0, 0.28, 0.1, 0.05)[between] if between < 5 else 0.012
            for climbing in (0, 1):
                now = climbing if a == b else int(b > a)
                same = MOMENTUM if now == climbing else 1 - MOMENTUM
                steps[climbing * count + i, now * count + j] += odds * same
    return steps


def _way(raga: Raga, a: int, b: int) -> frozenset[int]:
    return raga.up if b > a else raga.down


def new_line(
    raga: Raga,
    lengths: tuple[float, ...],
    rng: np.random.Generator,
    *,
    pickup: int,
    goal: int,
    span: tuple[int, int],
    start: int | None = None,
) -> Line:
    """A line with these lengths that ends on `goal`: one of the raga's phrases, and a way from it to the
    goal.

    `start`: a swara to begin with, instead of a phrase.
    """
    count = len(lengths)
    fitting = [
        tuple(s + shift for s in phrase)
        for phrase in raga.phrases
        for shift in (-12, 0, 12)
        if len(phrase) <= count - LEFT and all(span[0] <= s + shift <= span[1] for s in phrase)
    ]
    if start is not None or not fitting:
        opening: tuple[int, ...] = (start if start is not None else goal,)
    else:
        opening = fitting[int(rng.integers(len(fitting)))]
    pulls = _pulls(raga, lengths, pickup, span)[len(opening) :]
    return Line(lengths, (*opening, *wander(raga, (opening[-1], goal), pulls, span, rng)), pickup)


def varied(
    raga: Raga, line: Line, span: tuple[int, int], rng: np.random.Generator, keep: float = 9.0
) -> Line:
    """The line again as a singer would not repeat it: the same rhythm and ends, and most of its swaras."""
    pulls = _pulls(raga, line.lengths, line.pickup, span)[1:]
    for pull, swara in zip(pulls, line.swaras[1:], strict=True):
        pull[swara - span[0]] *= keep
    first, goal = line.swaras[0], line.swaras[-1]
    return Line(line.lengths, (first, *wander(raga, (first, goal), pulls, span, rng)), line.pickup)


def is_legal(raga: Raga, swaras: Sequence[int]) -> bool:
    """Whether every step is one that the raga allows."""
    return all(raga.allows(a, b) for a, b in pairwise(swaras))


def _pulls(raga: Raga, lengths: Sequence[float], pickup: int, span: tuple[int, int]) -> list[Floats]:
    """How much each note of a line is drawn to each swara: long ones, and the one on the sam, to the vadi."""
    heavy = np.array([raga.weight(s) for s in range(span[0], span[1] + 1)])
    light = np.sqrt(heavy)
    places = np.concatenate([[0.0], np.cumsum(lengths)[:-1]]) - pickup
    return [
        (heavy if length >= 2 or place == 0 else light).copy()
        for place, length in zip(places, lengths, strict=True)
    ]
