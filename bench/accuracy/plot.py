"""Axes, ticks and a legend as SVG: what all charts of the bench look like, on a light page and on a dark one.

A chart is narrow, with large letters that grow where it is shown small, as on a phone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, PLOT_HEIGHT = 520, 270
LEFT, RIGHT, TOP, BOTTOM = 62, 22, 46, 56
COLOURS = tuple(f"var(--c{i})" for i in range(6))
DASHES = ("", "7 4", "2 3", "10 3 2 3", "1 5")
GREY, GRID, INK, FAINT = "var(--grey)", "var(--grid)", "var(--ink)", "var(--faint)"
TICK_GAP = 38
"""Pixels between two labels of the horizontal axis, at least."""
LETTER = 8.2
"""Pixels that a letter of a label takes, about, where it is largest."""
LIGHT = "--c0:#1565a8;--c1:#c23b4e;--c2:#2b7a4b;--c3:#7a4bb5;--c4:#a85f08;--c5:#4a4e69"
DARK = "--c0:#6cb8f5;--c1:#ff8a98;--c2:#6fd096;--c3:#c6a6f7;--c4:#f0ad52;--c5:#b9c0da"
STYLE = f"""<style>
svg {{ {LIGHT}; --ink:#24292f; --faint:#57606a; --grid:#e1e4e8; --grey:#8c959f; --page:#fff }}
@media (prefers-color-scheme: dark) {{
svg {{ {DARK}; --ink:#e6edf3; --faint:#a9b3bd; --grid:#30363d; --grey:#8b949e; --page:#0d1117 }} }}
text {{ font: 14px system-ui, sans-serif; fill: var(--ink) }}
.title {{ font-size: 16px; font-weight: 600 }}
.tick {{ fill: var(--faint) }}
.halo {{ paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round }}
@media (max-width: 420px) {{ text {{ font-size: 16px }} .title {{ font-size: 18px }} }}
</style>"""


@dataclass(frozen=True)
class Axes:
    """A title, two axes, and where a value lies; the scales bend them (log10 for a logarithmic axis)."""

    title: str
    x_label: str
    y_label: str
    x_ticks: Sequence[tuple[float, str]]
    """Ascending; those at the ends are the ends of the axis."""
    y_ticks: Sequence[float]
    x_scale: Callable[[float], float] = float
    y_scale: Callable[[float], float] = float
    height: float = PLOT_HEIGHT
    """Pixels between the ends of the vertical axis."""

    def x(self, value: float) -> float:
        """Pixels from the left."""
        low, high, at = (self.x_scale(v) for v in (self.x_ticks[0][0], self.x_ticks[-1][0], value))
        return LEFT + (at - low) / ((high - low) or 1) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        low, high, at = (self.y_scale(v) for v in (self.y_ticks[0], self.y_ticks[-1], value))
        return TOP + (high - at) / (high - low) * self.height

    def frame(self) -> list[str]:
        """The axes with their ticks and labels."""
        right, bottom, x_label = WIDTH - RIGHT, TOP + self.height, escape(self.x_label)
        parts = [
            f'<text x="{(LEFT + right) / 2}" y="{bottom + 44}" text-anchor="middle">{x_label}</text>',
            f'<g transform="translate(18 {(TOP + bottom) / 2}) rotate(-90)">',
            f'<text text-anchor="middle">{escape(self.y_label)}</text></g>',
        ]
        for value in self.y_ticks:
            y = self.y(value)
            parts.append(
                f'<path d="M{LEFT} {y:.1f}H{right}" stroke="{GRID}"/>'
                f'<text class="tick" x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{value:g}</text>'
            )
        last = float("-inf")
        for value, label in self.x_ticks:
            x = self.x(value)
            parts.append(f'<path d="M{x:.1f} {bottom}v5" stroke="{GREY}"/>')
            if label and x - last >= TICK_GAP:
                last = x
                is_cut = x + LETTER * len(label) / 2 > WIDTH - 4
                at, anchor = (WIDTH - 6.0, "end") if is_cut else (x, "middle")
                parts.append(
                    f'<text class="tick" x="{at:.1f}" y="{bottom + 20}" text-anchor="{anchor}">{label}</text>'
                )
        return parts

    def line(self, points: Sequence[tuple[float, float]], look: tuple[str, str]) -> str:
        """A line through points, in a colour and with dashes."""
        path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        return (
            f'<polyline points="{path}" fill="none" stroke="{look[0]}" stroke-width="2" '
            f'stroke-dasharray="{look[1]}"/>'
        )


def whole(title: str, parts: Sequence[str], height: float, about: str = "") -> str:
    """The file: its parts under a title, on a ground; `about` is what it says, in words."""
    told = f"<desc>{escape(about)}</desc>" if about else ""
    size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>{escape(title)}</title>{told}",
            STYLE,
            f'<rect width="{WIDTH}" height="{height:g}" rx="6" fill="var(--page)"/>',
            f'<text class="title" x="14" y="26">{escape(title)}</text>',
            *parts,
            "</svg>\n",
        ]
    )


def chart(
    axes: Axes,
    parts: Sequence[str],
    names: Sequence[tuple[str, str]],
    drawn: Sequence[tuple[str, str]],
    about: str = "",
) -> str:
    """The file: axes, parts, and a legend of (system, kind) lines with their looks below."""
    top = TOP + axes.height + BOTTOM
    samples, rows = legend(names, drawn, top)
    return whole(axes.title, [*axes.frame(), *parts, *samples], top + 22 * rows + 8, about)


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


def legend(
    names: Sequence[tuple[str, str]], look: Sequence[tuple[str, str]], top: float
) -> tuple[list[str], int]:
    """A sample of each line and its name, in rows from `top` on, and how many rows these are."""
    parts: list[str] = []
    one = len({system for system, _ in names}) == 1 and all(kind for _, kind in names)
    x, row = float(LEFT), 0
    for (system, kind), (colour, dash) in zip(names, look, strict=True):
        text = kind if one else ", ".join(part for part in (system, kind) if part)
        width = 34 + LETTER * len(text) + 16
        if x > LEFT and x + width > WIDTH:
            x, row = float(LEFT), row + 1
        y = top + 12 + 22 * row
        parts.append(
            f'<path d="M{x:.0f} {y}h26" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>'
            f'<text x="{x + 34:.0f}" y="{y + 5}">{escape(text)}</text>'
        )
        x += width
    return parts, row + 1
