"""Does a confidence of 80 % mean right in 80 of 100? Reliability, and the expected calibration error.

The error is the mean distance between confidence and share of right answers over bins of confidence (M. P.
Naeini, G. F. Cooper, M. Hauskrecht, AAAI 2015). Bins are of equal width, or hold equally many answers
(equally much weight; equal confidences stay together). Every answer counts, of known queries and of
strangers, where each is wrong; relatives are left out. How many strangers there are among the queries decides
what an answer is worth, so two populations are told: the queries as they are, and weighted so that half of
them are strangers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.figures import lengths_of
from bench.accuracy.plot import GREY, Axes, chart, looks
from bench.accuracy.score import Asked, Judged, Kind, Outcome
from bench.accuracy.statistics import wilson
from bench.accuracy.tables import Table

BINS = 10
AS_THEY_ARE, HALF_AND_HALF = "as they are", "half strangers"


@dataclass(frozen=True)
class Bin:
    """Answers of about one confidence: how many, their share of all weight, and means over that weight."""

    n: int
    weight: float
    confidence: float
    right: float


@dataclass(frozen=True)
class Reliability:
    """One population in bins of equal width and of equal count."""

    n: int
    strangers: int
    confidence: float
    right: float
    by_width: Sequence[Bin]
    by_count: Sequence[Bin]


def reliability(asked: Iterable[Asked], *, halves: bool) -> Reliability | None:
    """`halves`: strangers weigh as much as all known ones together. None where either is missing."""
    named = [(a, a.outcome(accepted=True)) for a in asked]
    counted = [(a, o) for a, o in named if o is not Outcome.RELATED]
    confidence = np.array([a.answer.confidence if a.answer.top1 else 0.0 for a, _ in counted])
    right = np.array([o in (Outcome.RIGHT, Outcome.AMBIGUOUS) for _, o in counted], np.float64)
    stranger = np.array([a.kind is not Kind.KNOWN for a, _ in counted], bool)
    if stranger.all() or not stranger.any():
        return None
    weight = np.ones(len(counted))
    if halves:
        weight[stranger], weight[~stranger] = 0.5 / stranger.sum(), 0.5 / (~stranger).sum()
    weight /= weight.sum()
    return Reliability(
        len(counted),
        int(stranger.sum()),
        float(weight @ confidence),
        float(weight @ right),
        _binned(np.minimum((confidence * BINS).astype(int), BINS - 1), confidence, right, weight),
        _binned(_equal_weight(confidence, weight), confidence, right, weight),
    )


def calibration_error(bins: Iterable[Bin]) -> float:
    """The expected calibration error, 0 to 1."""
    return sum(b.weight * abs(b.confidence - b.right) for b in bins)


def _equal_weight(confidence: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.int_]:
    """The bin of each answer: by the middle of the weight of its confidence in ascending order."""
    _, place = np.unique(confidence, return_inverse=True)
    each = np.bincount(place, weight)
    bins = np.minimum((np.cumsum(each) - each / 2) * BINS, BINS - 1)
    return np.asarray(bins[place], np.int_)


def _binned(
    place: NDArray[np.int_],
    confidence: NDArray[np.float64],
    right: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> list[Bin]:
    bins = []
    for number in range(BINS):
        here = place == number
        if here.any():
            w = weight[here]
            means = (float(w @ values[here] / w.sum()) for values in (confidence, right))
            bins.append(Bin(int(here.sum()), float(w.sum()), *means))
    return bins


def populations(judged: Judged) -> dict[str, Reliability]:
    """By name; empty for a system that tells no confidence."""
    if not any(a.answer.confidence > 0 for a in judged.asked):
        return {}
    parts = [(name, judged.asked, name == HALF_AND_HALF) for name in (AS_THEY_ARE, HALF_AND_HALF)]
    parts += [
        (f"{HALF_AND_HALF}, {x:g} s", [a for a in judged.asked if a.query.length_s == x], True)
        for x in lengths_of(judged.asked)
    ]
    found = ((name, reliability(asked, halves=halves)) for name, asked, halves in parts)
    return {name: r for name, r in found if r is not None}


def calibration_table(judged: Judged, found: dict[str, Reliability]) -> Table:
    """The errors of each population."""
    rows = [
        [
            name,
            str(r.n),
            str(r.strangers),
            f"{100 * r.confidence:.1f}",
            f"{100 * r.right:.1f}",
            f"{100 * calibration_error(r.by_width):.2f}",
            f"{100 * calibration_error(r.by_count):.2f}",
        ]
        for name, r in found.items()
    ]
    return Table(
        f"{judged.name}: calibration of the confidence, %",
        ["queries", "n", "strangers", "confidence", "right", "error, equal width", "error, equal count"],
        rows,
        f"Confidence, right: means. Error: expected calibration error over {BINS} bins. Half strangers: "
        "known queries and strangers (unknown songs, noise alone, own song masked) weigh the same.",
    )


def reliability_chart(title: str, found: dict[str, Reliability]) -> str:
    """One SVG over bins of equal width; 95 % intervals (each query for itself) where all weigh alike."""
    ticks = [(x / 10, f"{x / 10:g}") for x in range(0, 11, 2)]
    axes = Axes(title, "confidence", "right, %", ticks, range(0, 101, 20))
    parts = [axes.line([(0, 0), (1, 100)], (GREY, "2 3"))]
    names = [("", name) for name in found]
    drawn = looks(names)
    for (_, name), look in zip(names, drawn, strict=True):
        bins = found[name].by_width
        parts.append(axes.line([(b.confidence, 100 * b.right) for b in bins], look))
        for b in bins:
            x = axes.x(b.confidence)
            if name == AS_THEY_ARE:
                low, high = (axes.y(100 * end) for end in wilson(b.right, b.n))
                parts.append(f'<path d="M{x:.1f} {low:.1f}V{high:.1f}" stroke="{look[0]}" opacity=".35"/>')
            parts.append(
                f'<circle cx="{x:.1f}" cy="{axes.y(100 * b.right):.1f}" r="3" fill="{look[0]}">'
                f"<title>{name}: {100 * b.right:.1f} % right at {b.confidence:.2f}, {b.n} queries</title>"
                "</circle>"
            )
    return chart(axes, parts, names, drawn)
