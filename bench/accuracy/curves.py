"""Hit rate against false accepts, over all thresholds (ROC): one line a system and clip length."""

import bisect
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log10

from bench.accuracy.figures import lengths_of
from bench.accuracy.plot import GREY, PLOT_HEIGHT, TOP, Axes, chart, looks
from bench.accuracy.score import Judged, Kind, Outcome

Curve = Sequence[tuple[float, float]]
"""(share of strangers that pass, share of known ones that are named rightly), both ascending mostly."""


def curves_of(judged: Judged) -> dict[float, Curve]:
    """By clip length; none where there is nobody known or no stranger."""
    found = {}
    for length in lengths_of(judged.asked):
        here = [a for a in judged.asked if a.query.length_s == length]
        named = [(a, a.outcome(accepted=True)) for a in here]
        strangers = [
            a.answer.score if o is Outcome.FALSE else float("-inf")
            for a, o in named
            if a.kind is not Kind.KNOWN and o is not Outcome.RELATED
        ]
        known = [o for a, o in named if a.kind is Kind.KNOWN and o is not Outcome.RELATED]
        right = [a.answer.score for a, o in named if a.kind is Kind.KNOWN and o is Outcome.RIGHT]
        if known and strangers:
            found[length] = curve(right, len(known), strangers)
    return found


def curve(right: Sequence[float], known: int, strangers: Sequence[float]) -> Curve:
    """For each threshold at which one more stranger passes: (shares of strangers, of right ones) above it.

    `right`: scores of the known ones whose answer would be right; `strangers`: -inf for no answer.
    """
    ascending = sorted(right)
    points: list[tuple[float, float]] = []
    for passed, limit in enumerate(sorted(strangers, reverse=True)):
        hits = (len(ascending) - bisect.bisect_right(ascending, limit)) / known
        if not points or hits != points[-1][1]:
            points.append((passed / len(strangers), hits))
    return points


def curve_chart(title: str, curves: Mapping[tuple[str, str], Curve], wanted: float = 0.001) -> str:
    """One SVG; the horizontal axis is logarithmic, its left end stands for no stranger at all.

    `wanted`: the share of strangers that a line marks.
    """
    least = min((x for points in curves.values() for x, _ in points if x > 0), default=0.01)
    decades = [d for d in (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0) if d >= min(least, wanted)]
    none = min(least, wanted) / 3
    ticks = [(100 * none, "none"), *((100 * d, f"{100 * d:g}") for d in decades)]
    lowest = min((y for points in curves.values() for _, y in points), default=0.0)
    floor = next(x for x in (95, 90, 80, 60, 40, 0) if x <= 100 * lowest or x == 0)
    step = 1 if floor == 95 else 2 if floor == 90 else 5 if floor == 80 else 10 if floor else 20
    axes = Axes(
        title,
        "false accepts, % of strangers",
        "hit rate, %",
        ticks,
        range(floor, 101, step),
        x_scale=log10,
    )
    mark = axes.x(100 * wanted)
    parts = [f'<path d="M{mark:.1f} {TOP}v{PLOT_HEIGHT}" stroke="{GREY}" stroke-dasharray="2 3"/>']
    names = list(curves)
    drawn = looks(names)
    for name, look in zip(names, drawn, strict=True):
        points = [(100 * (x or none), 100 * y) for x, y in curves[name]]
        # What passes does so at once: between two points the rate is that of the left one.
        steps = [points[0], *(p for a, b in pairwise(points) for p in ((b[0], a[1]), b))]
        parts.append(axes.line([*steps, (100.0, points[-1][1])], look))
    return chart(axes, parts, names, drawn)


def roc_chart(systems: Sequence[Judged], wanted: float) -> str | None:
    """The chart of a report; None where no system has both known queries and strangers."""
    curves = {(s.name, f"{x:g} s"): points for s in systems for x, points in curves_of(s).items()}
    return curve_chart("Hit rate against false accepts", curves, wanted) if curves else None
