"""The charts of the page. Each says in words what it shows (`about`); the page has its figures as a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log10
from statistics import NormalDist

from bench.accuracy.calibration import AS_THEY_ARE
from bench.accuracy.plot import (
    BOTTOM,
    COLOURS,
    DASHES,
    GREY,
    LEFT,
    LETTER,
    TOP,
    WIDTH,
    Axes,
    chart,
)
from bench.accuracy.statistics import wilson
from bench.comparison.beside import Peer

OURS = COLOURS[0]
TALL = 400
"""Pixels of the plot with many names."""
FLOORS = ((95, 1), (90, 2), (80, 5), (60, 10), (40, 10), (0, 20))
"""Where the vertical axis may begin, in percent, and how far apart its numbers then are."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its interval; shares 0 to 1."""

    x: float
    share: float
    low: float
    high: float


Lines = Mapping[str, Sequence[Point]]


def lines_chart(axes_of: Callable[[Sequence[float]], Axes], lines: Lines, about: str) -> str:
    """Hit rates over something: a line a name; 95 % intervals as bands, of many lines the first one's."""
    banded = list(lines)[: 3 if len(lines) <= 3 else 1]
    lowest = 100 * min(p.low if n in banded else p.share for n, points in lines.items() for p in points)
    floor, step = next((f, s) for f, s in FLOORS if f <= lowest or f == 0)
    axes = axes_of(range(floor, 101, step))
    looks = [(COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)]) for i in range(len(lines))]
    parts = []
    for (name, points), look in zip(lines.items(), looks, strict=True):
        if name in banded:
            edge = [(p.x, p.high) for p in points] + [(p.x, p.low) for p in reversed(points)]
            area = " ".join(f"{axes.x(x):.1f},{axes.y(100 * y):.1f}" for x, y in edge)
            parts.append(f'<polygon points="{area}" fill="{look[0]}" opacity=".12"/>')
        parts.append(axes.line([(p.x, 100 * p.share) for p in points], look))
        parts += [
            f'<circle cx="{axes.x(p.x):.1f}" cy="{axes.y(100 * p.share):.1f}" r="3.5" fill="{look[0]}">'
            f"<title>{escape(name)}: {100 * p.share:.1f} % ({100 * p.low:.1f} to {100 * p.high:.1f})</title>"
            "</circle>"
            for p in points
        ]
    return chart(axes, parts, [("", name) for name in lines], looks, about)


def over(
    title: str, x_label: str, ticks: Sequence[tuple[float, str]], *, is_log: bool = False
) -> Callable[[Sequence[float]], Axes]:
    """Axes of hit rates over something, once it is known where the vertical one begins."""
    scale = log10 if is_log else float
    return lambda ys: Axes(title, x_label, "named rightly, %", ticks, ys, scale)


def trade_off_chart(
    curve: Sequence[tuple[float, float]],
    shipped: tuple[float, float],
    peers: Sequence[Peer],
    equal: Mapping[str, float],
    *,
    equal_at: float,
    about: str,
) -> str:
    """Misses against false accepts on normal-deviate axes: our curve, the others as points.

    `equal`: by system, the share of misses where a share `equal_at` of the strangers passes.
    """
    normal = NormalDist()

    def bent(percent: float) -> float:
        return normal.inv_cdf(min(max(percent / 100, 0.0005), 0.9995))

    x_ticks = [(x, f"{x:g}") for x in (0.1, 0.5, 2, 10, 30, 60, 90)]
    x_ticks = [(0.05, "none"), *x_ticks, (99.95, "all")]
    lowest = min(100 * y for _, y in [*curve, shipped])
    least = next((x for x in (5.0, 2.0, 1.0, 0.5) if x < lowest), 0.1)
    axes = Axes(
        "Misses against false accepts",
        "false accepts, % of unknown songs and of noise alone",
        "not named rightly, %",
        x_ticks,
        (least, *(x for x in (2, 5, 10, 20, 40, 60, 80, 95) if x > least)),
        bent,
        bent,
        TALL,
    )
    mark = axes.x(100 * equal_at)
    parts = [
        f'<path d="M{mark:.1f} {TOP}v{TALL}" stroke="{GREY}" stroke-dasharray="2 3"/>',
        axes.line([(100 * x, 100 * y) for x, y in curve], (OURS, "")),
    ]
    spots, hollow = [], []
    for p in peers:
        x, y = axes.x(100 * p.false_accepts), axes.y(100 * (1 - sum(p.shipped) / len(p.shipped)))
        to = axes.x(100 * equal_at), axes.y(100 * equal[p.system])
        parts.append(
            f'<path d="M{x:.1f} {y:.1f}L{to[0]:.1f} {to[1]:.1f}" stroke="{GREY}" stroke-dasharray="2 3"/>'
            f'<circle cx="{to[0]:.1f}" cy="{to[1]:.1f}" r="3.5" fill="var(--page)" stroke="{COLOURS[1]}"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{COLOURS[1]}"/>'
        )
        spots.append((x, y, p.system))
        hollow.append(to)
    x, y = axes.x(100 * shipped[0]), axes.y(100 * shipped[1])
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{OURS}"/>')
    parts.append(f'<text class="halo" x="{x + 12:.1f}" y="{y - 8:.1f}">Sonica, as shipped</text>')
    parts += _labels(spots, hollow)
    row = TOP + TALL + BOTTOM + 34  # the second of the legend
    parts += [
        f'<circle cx="{LEFT + 8}" cy="{row}" r="4.5" fill="{COLOURS[1]}"/>',
        f'<circle cx="{LEFT + 22}" cy="{row}" r="3.5" fill="var(--page)" stroke="{COLOURS[1]}"/>',
    ]
    told = f"as they decide; hollow: at {100 * equal_at:g} %"
    names = [("Sonica", "at each threshold"), ("the others", told)]
    return chart(axes, parts, names, [(OURS, ""), (COLOURS[1], "0 60")], about)


def _labels(spots: Sequence[tuple[float, float, str]], hollow: Sequence[tuple[float, float]]) -> list[str]:
    """Names beside points: right, left, above or below, the first place where nothing else lies.

    Where there is none a name may lie on `hollow` points, but not on others or on names.
    """
    taken = [_around(x, y) for x, y, _ in spots]
    soft = [_around(x, y) for x, y in hollow]
    parts = []
    for x, y, name in sorted(spots):
        width = LETTER * len(name) + 8
        places = [
            *((x + 9, y + up) for up in (5, -4, 14)),
            *((x - 9 - width, y + up) for up in (5, -4, 14)),
            *((x - width / 2 + side, y + up) for up in (-12, 22, -24, 34, 46, -36) for side in (0, 40, -40)),
        ]
        boxes = [(left, at - 13, left + width, at + 4) for left, at in places]
        inside = [i for i, box in enumerate(boxes) if box[0] > LEFT and box[2] < WIDTH]
        clear = [i for i in inside if not any(_meet(boxes[i], other) for other in taken)]
        best = next((i for i in clear if not any(_meet(boxes[i], s) for s in soft)), next(iter(clear), 0))
        taken.append(boxes[best])
        left, at = places[best]
        is_left = left < x - width / 2
        spot = f'x="{left + width if is_left else left:.1f}" y="{at:.1f}"'
        anchor = "end" if is_left else "start"
        parts.append(f'<text class="halo" {spot} text-anchor="{anchor}">{escape(name)}</text>')
    return parts


def _around(x: float, y: float) -> tuple[float, float, float, float]:
    return x - 7, y - 7, x + 7, y + 7


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    """Whether two boxes (left, top, right, bottom) lie on each other."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def confidence_chart(bins: Mapping[str, Sequence[tuple[float, float, int]]], about: str, title: str) -> str:
    """Share of right answers over their confidence, by population; the diagonal is what should be."""
    ticks = [(x, f"{x}") for x in range(0, 101, 20)]
    axes = Axes(title, "confidence, %", "right, %", ticks, range(0, 101, 20))
    parts = [axes.line([(0, 0), (100, 100)], (GREY, "2 3"))]
    looks = [(COLOURS[i], DASHES[i]) for i in range(len(bins))]
    for (name, points), look in zip(bins.items(), looks, strict=True):
        parts.append(axes.line([(100 * x, 100 * y) for x, y, _ in points], look))
        most = max(n for _, _, n in points)
        ends = ((x, *wilson(y, n)) for x, y, n in points if name == AS_THEY_ARE)
        parts += [
            f'<path d="M{axes.x(100 * x):.1f} {axes.y(100 * low):.1f}V{axes.y(100 * high):.1f}" '
            f'stroke="{look[0]}" stroke-width="6" opacity=".25"/>'
            for x, low, high in ends
        ]
        parts += [
            f'<circle cx="{axes.x(100 * x):.1f}" cy="{axes.y(100 * y):.1f}" '
            f'r="{2.5 + 5 * (n / most) ** 0.5:.1f}" fill="{look[0]}">'
            f"<title>{escape(name)}: {100 * y:.1f} % right at {100 * x:.0f} %, {n} answers</title></circle>"
            for x, y, n in points
        ]
    return chart(axes, parts, [("", name) for name in bins], looks, about)
