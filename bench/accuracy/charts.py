"""Hit rate against noise and against speed, as SVG: one line a system and clip length."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bench.accuracy.plot import Axes, chart, looks

Point = tuple[float, float, float, float]
"""x, hit rate, low, high (rates in percent)."""


def chart_files(systems: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """File name -> SVG, from the JSON of the report; only the charts that have at least two points."""
    wanted = {
        "noise.svg": ("Hit rate against noise", "signal-to-noise ratio, dB", r"snr(-?\d+)"),
        "speed.svg": ("Hit rate against speed (pitch moves along)", "speed, %", r"speed([+-]\d+)|(clean)"),
    }
    made = {}
    for name, (title, x_label, pattern) in wanted.items():
        lines = _lines(systems, pattern)
        if any(len(points) > 1 for points in lines.values()):
            made[name] = line_chart(title, x_label, lines)
    return made


def _lines(systems: Sequence[Mapping[str, Any]], pattern: str) -> dict[tuple[str, str], list[Point]]:
    lines: dict[tuple[str, str], list[Point]] = {}
    for system in systems:
        for cell in system["cells"]:
            found = re.fullmatch(pattern, cell["degradation"])
            if found:
                r = cell["hit_rate"]["equal"]
                point = (float(found[1] or 0), 100 * r["share"], 100 * r["low"], 100 * r["high"])
                lines.setdefault((system["system"], f"{cell['length_s']:g} s"), []).append(point)
    return {key: sorted(points) for key, points in lines.items()}


def line_chart(title: str, x_label: str, lines: Mapping[tuple[str, str], Sequence[Point]]) -> str:
    """One SVG; whiskers are 95 % intervals."""
    xs = sorted({p[0] for points in lines.values() for p in points})
    ticks = [(x, f"{x:+g}") for x in xs]
    axes = Axes(title, x_label, "hit rate at equal false accepts, %", ticks, range(0, 101, 20))
    parts = []
    names = list(lines)
    drawn = looks(names)
    for (name, kind), look in zip(names, drawn, strict=True):
        points = lines[name, kind]
        parts.append(axes.line([(x, y) for x, y, _, _ in points], look))
        parts += [
            f'<path d="M{axes.x(x):.1f} {axes.y(low):.1f}V{axes.y(high):.1f}" '
            f'stroke="{look[0]}" opacity=".35"/>'
            f'<circle cx="{axes.x(x):.1f}" cy="{axes.y(y):.1f}" r="3" fill="{look[0]}">'
            f"<title>{escape(name)}, {kind}: {y:.1f} % ({low:.1f} to {high:.1f})</title></circle>"
            for x, y, low, high in points
        ]
    return chart(axes, parts, names, drawn)
