"""Hit rate against noise and against speed, as SVG: one line a system and clip length."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 170, 44, 52
COLOURS = ("#1b6ca8", "#d1495b", "#3a8f5c", "#8b5fbf", "#c77d1a", "#4a4e69")
DASHES = ("", "7 4", "2 3", "10 3 2 3", "1 5")

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
    """One SVG: colours tell the systems apart, dashes the clip lengths; whiskers are 95 % intervals."""
    xs = sorted({p[0] for points in lines.values() for p in points})
    low, high = xs[0], xs[-1] if xs[-1] > xs[0] else xs[0] + 1

    def x_at(x: float) -> float:
        return LEFT + (x - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y_at(percent: float) -> float:
        return TOP + (100 - percent) / 100 * (HEIGHT - TOP - BOTTOM)

    parts = _frame(title, x_label, xs, x_at, y_at)
    names = list(dict.fromkeys(name for name, _ in lines))
    kinds = list(dict.fromkeys(kind for _, kind in lines))
    for i, ((name, kind), points) in enumerate(lines.items()):
        colour, dash = COLOURS[names.index(name) % len(COLOURS)], DASHES[kinds.index(kind) % len(DASHES)]
        path = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y, _, _ in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dash}"/>'
        )
        for x, y, bottom, top in points:
            parts.append(
                f'<path d="M{x_at(x):.1f} {y_at(bottom):.1f}V{y_at(top):.1f}" '
                f'stroke="{colour}" opacity=".35"/>'
                f'<circle cx="{x_at(x):.1f}" cy="{y_at(y):.1f}" r="3" fill="{colour}">'
                f"<title>{escape(name)}, {kind}: {y:.1f} % ({bottom:.1f} to {top:.1f})</title></circle>"
            )
        y = TOP + 12 + 20 * i
        parts.append(
            f'<path d="M{WIDTH - RIGHT + 14} {y}h26" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dash}"/>'
            f'<text x="{WIDTH - RIGHT + 46}" y="{y + 4}">{escape(name)}, {kind}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


def _frame(title: str, x_label: str, xs: Sequence[float], x_at: Any, y_at: Any) -> list[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        "<style>text { font: 12px system-ui, sans-serif; fill: #333 }</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="24" style="font-size: 16px; font-weight: 600">{escape(title)}</text>',
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_label)}</text>',
        f'<g transform="translate(18 {(TOP + bottom) / 2}) rotate(-90)">',
        '<text text-anchor="middle">hit rate at equal false accepts, %</text></g>',
    ]
    for percent in range(0, 101, 20):
        y = y_at(percent)
        parts.append(
            f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#ddd"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{percent}</text>'
        )
    last = float("-inf")
    for x in xs:
        parts.append(f'<path d="M{x_at(x):.1f} {bottom}v5" stroke="#999"/>')
        if x_at(x) - last >= 20:
            last = x_at(x)
            parts.append(f'<text x="{last:.1f}" y="{bottom + 18}" text-anchor="middle">{x:+g}</text>')
    return parts
