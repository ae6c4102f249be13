"""The chart that sets our hit rates beside all others: a row a group of degradations, a dot a system."""

from collections.abc import Sequence
from html import escape

from bench.accuracy.plot import COLOURS, FAINT, GREY, GRID, LETTER, TOP, WIDTH, whole
from bench.comparison.beside import Cell

OURS, BEST = COLOURS[0], COLOURS[1]
LEFT, RIGHT = 168, WIDTH - 34
ROW = 34
"""Pixels: where 0 and 100 % lie, and the height of a row."""


def beside_chart(title: str, cells: Sequence[Cell], about: str) -> str:
    """Our hit rate, those of the others, and who is the best of them."""
    bottom = TOP + 14 + ROW * len(cells)
    parts = []
    for value in range(0, 101, 20):
        x = _x(value / 100)
        parts += [
            f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="{GRID}"/>',
            f'<text class="tick" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{value}</text>',
        ]
    for place, cell in enumerate(cells):
        parts += _row(cell, TOP + 18 + ROW * place)
    y = bottom + 66
    grey = f'r="3.5" fill="none" stroke="{GREY}" stroke-width="1.5"'
    parts += [
        f'<text x="{(LEFT + RIGHT) / 2}" y="{y - 26}" text-anchor="middle">named rightly, %</text>',
        f'<circle cx="40" cy="{y - 5}" r="6.5" fill="{OURS}"/>',
        f'<text x="54" y="{y}">Sonica</text>',
        f'<circle cx="140" cy="{y - 5}" r="5" fill="{BEST}"/>',
        f'<text x="152" y="{y}">best of the others</text>',
        f'<circle cx="304" cy="{y - 5}" {grey}/>',
        f'<text x="315" y="{y}">each of the others</text>',
    ]
    return whole(title, parts, y + 16, about)


def _x(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


def _row(cell: Cell, y: float) -> list[str]:
    name, best = cell.named, cell.best[1]
    weight = ' style="font-weight: 600"' if cell.group == "all" else ""
    label = escape(cell.group)
    grey = f'r="3.5" fill="none" stroke="{GREY}" stroke-width="1.5"'
    parts = [
        f'<text x="{LEFT - 14}" y="{y + 5}" text-anchor="end"{weight}>{label}</text>',
        f'<path d="M{_x(best):.1f} {y}H{_x(cell.ours):.1f}" stroke="{GREY}" stroke-width="2"/>',
    ]
    parts += [
        f'<circle cx="{_x(share):.1f}" cy="{y}" {grey}>'
        f"<title>{escape(other)}: {100 * share:.0f} %</title></circle>"
        for other, share in cell.others.items()
    ]
    parts.append(f'<circle cx="{_x(best):.1f}" cy="{y}" r="5" fill="{BEST}"/>')
    parts.append(f'<circle cx="{_x(cell.ours):.1f}" cy="{y}" r="6.5" fill="{OURS}"/>')
    told = f"{name} {100 * best:.0f}" if best else "none of them"
    at, up, anchor = _place(_x(best), _x(cell.ours), LETTER * len(told))
    spot = f'x="{at:.1f}" y="{y + up}" text-anchor="{anchor}"'
    parts.append(f'<text class="halo" {spot} style="fill: {FAINT}">{escape(told)}</text>')
    return parts


def _place(best: float, ours: float, width: float) -> tuple[float, float, str]:
    """Where the name of the best of the others stands: between both dots where it fits, else left of them."""
    if ours - best > width + 24:
        return best + 10, -7, "start"
    return min(best, ours) - 11, -7, "end"
