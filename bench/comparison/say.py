"""What charts and tables say, in words and as Markdown."""

from collections.abc import Mapping, Sequence

from bench.accuracy.figures import percent
from bench.comparison.beside import LENGTHS, Cell
from bench.comparison.draw import Lines, Point
from bench.comparison.results import Figures, Row, markdown

PICTURES = "docs/pictures/benchmarks"


def _spoken(x: float) -> str:
    return f"{x:,g}" if x < 1e6 else f"{x / 1e6:g} million"


def picture(name: str, about: str) -> str:
    """The picture as the page shows it, with its words for those who do not see it."""
    return f"![{about}](pictures/benchmarks/{name}.svg)"


def details(table: str) -> str:
    """The figures of a picture, folded away."""
    return f"<details><summary>These figures as a table</summary>\n\n{table}\n\n</details>"


def with_interval(row: Row) -> str:
    """A share in percent with its interval."""
    return f"{percent(row.share)} ({percent(row.low)}–{percent(row.high)})"


def point(x: float, row: Row) -> Point:
    """A row as a point of a chart."""
    return Point(x, row.share, row.low, row.high)


def told(lines: Lines, unit: str) -> str:
    """Each line in words: its first and its last value."""
    parts = []
    for name, points in lines.items():
        ends = [
            f"{percent(p.share)} % at {_spoken(p.x)} {unit}".replace("-", "−")
            for p in (points[0], points[-1])
        ]
        parts.append(f"{name}: {' to '.join(dict.fromkeys(ends))}")
    return "; ".join(parts)


def lines_table(first: str, lines: Lines, labels: Mapping[float, str]) -> str:
    """A row a line, a column a value."""
    rows = []
    for name, points in lines.items():
        at = {p.x: f"{percent(p.share)} ({percent(p.low)}–{percent(p.high)})" for p in points}
        rows.append([name, *(at.get(x, "") for x in labels)])
    return markdown([first, *labels.values()], rows)


def groups(cells: Sequence[Cell]) -> list[str]:
    """Names, in their order."""
    return list(dict.fromkeys(c.group for c in cells))


def of_group(cells: Sequence[Cell], group: str) -> list[Cell]:
    """By length, longest first."""
    return [next(c for c in cells if (c.group, c.length_s) == (group, x)) for x in LENGTHS]


def all_cells_table(cells: Sequence[Cell]) -> str:
    """Every system, at every length."""
    systems = list(cells[0].others)
    rows = []
    for group in groups(cells):
        here = of_group(cells, group)
        ours = " / ".join(f"{100 * c.ours:.0f}{'▼' if c.surely_below else ''}" for c in here)
        others = [" / ".join(f"{100 * c.others[s]:.0f}" for c in here) for s in systems]
        rows.append([group, f"**{ours}**", *others])
    return markdown(["", "Sonica", *systems], rows)


def short_table(cells: Sequence[Cell]) -> str:
    """The table of the README: all lengths of ours and of the best of the others."""
    rows = []
    for group in groups(cells):
        here = of_group(cells, group)
        best = " / ".join(f"{100 * c.best[1]:.0f}" for c in here)
        which = " / ".join(dict.fromkeys(c.best[0] for c in here))
        rows.append([group, " / ".join(f"{100 * c.ours:.0f}" for c in here), f"{best} ({which})"])
    return markdown(["excerpts", "Sonica", "best of eight others, in each cell"], rows)


def hits(report: Figures, group: str) -> str:
    """The hit rates of a group of the report set, longest clips first."""
    lengths = report.lengths("group", group)
    return " / ".join(percent(report.one("group", group, "equal", x).share) for x in lengths)
