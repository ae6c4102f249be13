"""Axes, ticks and a legend as SVG: what all charts of the bench look like."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 170, 44, 52
COLOURS = ("#1b6ca8", "#d1495b", "#3a8f5c", "#8b5fbf", "#c77d1a", "#4a4e69")
DASHES = ("", "7 4", "2 3", "10 3 2 3", "1 5")
TICK_GAP = 20
"""Pixels between two labels of the horizontal axis, at least."""


@dataclass(frozen=True)
class Axes:
    """A title, two axes, and where a value lies. Horizontal values are logarithmic where `is_log`."""

    title: str
    x_label: str
    y_label: str
    x_ticks: Sequence[tuple[float, str]]
    """Ascending; those at the ends are the ends of the axis."""
    y_ticks: Sequence[float]
    is_log: bool = False

    def x(self, value: float) -> float:
        """Pixels from the left."""
        low, high, at = (self._scaled(v) for v in (self.x_ticks[0][0], self.x_ticks[-1][0], value))
        return LEFT + (at - low) / ((high - low) or 1) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        low, high = self.y_ticks[0], self.y_ticks[-1]
        return TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.is_log else value

    def frame(self) -> list[str]:
        """The head of the file, the title, the axes with their ticks; `</svg>` is for the caller."""
        right, bottom, x_label = WIDTH - RIGHT, HEIGHT - BOTTOM, escape(self.x_label)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            f"<title>{escape(self.title)}</title>",
            "<style>text { font: 12px system-ui, sans-serif; fill: #333 }</style>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<text x="{LEFT}" y="24" style="font-size: 16px; font-weight: 600">{escape(self.title)}</text>',
            f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{x_label}</text>',
            f'<g transform="translate(18 {(TOP + bottom) / 2}) rotate(-90)">',
            f'<text text-anchor="middle">{escape(self.y_label)}</text></g>',
        ]
        for value in self.y_ticks:
            y = self.y(value)
            parts.append(
                f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#ddd"/>'
                f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
            )
        last = float("-inf")
        for value, label in self.x_ticks:
            x = self.x(value)
            parts.append(f'<path d="M{x:.1f} {bottom}v5" stroke="#999"/>')
            if label and x - last >= TICK_GAP:
                last = x
                parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{label}</text>')
        return parts

    def line(self, points: Sequence[tuple[float, float]], look: tuple[str, str]) -> str:
        """A line through points, in a colour and with dashes."""
        path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        return (
            f'<polyline points="{path}" fill="none" stroke="{look[0]}" stroke-width="2" '
            f'stroke-dasharray="{look[1]}"/>'
        )


def looks(names: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Colour and dashes of each (system, kind) line.

    Colours tell systems apart and dashes the kinds; of one system, colours tell the kinds.
    """
    systems = list(dict.fromkeys(system for system, _ in names))
    kinds = list(dict.fromkeys(kind for _, kind in names))
    if len(systems) == 1:
        places = [(kinds.index(kind), kinds.index(kind) // len(COLOURS)) for _, kind in names]
    else:
        places = [(systems.index(system), kinds.index(kind)) for system, kind in names]
    return [(COLOURS[colour % len(COLOURS)], DASHES[dash % len(DASHES)]) for colour, dash in places]


def legend(names: Sequence[tuple[str, str]], look: Sequence[tuple[str, str]]) -> list[str]:
    """A sample of each line and its name, right of the axes."""
    parts = []
    for place, ((system, kind), (colour, dash)) in enumerate(zip(names, look, strict=True)):
        y = TOP + 12 + 20 * place
        text = ", ".join(part for part in (system, kind) if part)
        parts.append(
            f'<path d="M{WIDTH - RIGHT + 14} {y}h26" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dash}"/>'
            f'<text x="{WIDTH - RIGHT + 46}" y="{y + 4}">{escape(text)}</text>'
        )
    return parts
