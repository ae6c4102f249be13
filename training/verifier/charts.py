"""Small charts as SVG: a frame with two axes, lines, steps and points."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 64, 52
COLOURS = ("#1b6ca8", "#d1495b", "#3a8f5c", "#8b5fbf")


@dataclass(frozen=True)
class Series:
    """Points (x, y), joined or not; `notes` appear on pointing at a point, `weights` (0 to 1) make
    its area. `area` fills down to the axis.
    """

    name: str
    points: Sequence[tuple[float, float]]
    joined: bool = True
    dashed: bool = False
    marked: bool = True
    area: bool = False
    notes: Sequence[str] = field(default_factory=tuple)
    weights: Sequence[float] = field(default_factory=tuple)


@dataclass(frozen=True)
class Axis:
    """What it shows, from where to where, and where numbers stand. `place` bends it (ln for a log axis)."""

    label: str
    low: float
    high: float
    ticks: Sequence[float]
    place: Callable[[float], float] = float

    def at(self, value: float) -> float:
        """0 to 1 from the low end to the high one."""
        low, high = self.place(self.low), self.place(self.high)
        return (self.place(value) - low) / (high - low)


def chart(title: str, x: Axis, y: Axis, lines: Sequence[Series]) -> str:
    """One SVG; dashed series are drawn in grey and stay out of the order of colours."""

    def spot(point: tuple[float, float]) -> tuple[float, float]:
        right, down = x.at(point[0]), y.at(point[1])
        return LEFT + right * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - down * (HEIGHT - TOP - BOTTOM)

    parts = _frame(title, x, y, spot)
    colours = iter(COLOURS)
    key = LEFT
    for series in lines:
        colour = "#888" if series.dashed else next(colours)
        spots = [spot(p) for p in series.points]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in spots)
        if series.area:
            base = HEIGHT - BOTTOM
            area = f"{spots[0][0]:.1f},{base} {path} {spots[-1][0]:.1f},{base}"
            parts.append(f'<polygon points="{area}" fill="{colour}" opacity=".25"/>')
        if series.joined:
            dash = ' stroke-dasharray="6 4"' if series.dashed else ""
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        if series.marked:
            for i, (a, b) in enumerate(spots):
                note = f"<title>{escape(series.notes[i])}</title>" if series.notes else ""
                radius = 2 + 8 * series.weights[i] ** 0.5 if series.weights else 4
                parts.append(
                    f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{radius:.1f}" fill="{colour}">{note}</circle>'
                )
        parts.append(
            f'<path d="M{key} 46h18" stroke="{colour}" stroke-width="3"/>'
            f'<text x="{key + 24}" y="50">{escape(series.name)}</text>'
        )
        key += 44 + 7 * len(series.name)
    return "\n".join([*parts, "</svg>\n"])


def _frame(
    title: str, x: Axis, y: Axis, spot: Callable[[tuple[float, float]], tuple[float, float]]
) -> list[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        "<style>text { font: 12px system-ui, sans-serif; fill: #333 }</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="24" style="font-size: 16px; font-weight: 600">{escape(title)}</text>',
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x.label)}</text>',
        f'<g transform="translate(18 {(TOP + bottom) / 2}) rotate(-90)">',
        f'<text text-anchor="middle">{escape(y.label)}</text></g>',
    ]
    for value in y.ticks:
        at = spot((x.low, value))[1]
        parts.append(
            f'<path d="M{LEFT} {at:.1f}H{right}" stroke="#ddd"/>'
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{value:g}</text>'
        )
    for value in x.ticks:
        at = spot((value, y.low))[0]
        parts.append(
            f'<path d="M{at:.1f} {bottom}v5" stroke="#999"/>'
            f'<text x="{at:.1f}" y="{bottom + 18}" text-anchor="middle">{value:g}</text>'
        )
    return parts
