"""Thresholds against errors, as a picture for a terminal: misses rise, false accepts fall."""

import math

from rich.text import Text

from sonica.cli.points import Tried
from sonica.cli.settings import Setting
from sonica.recognition import Rates, shown_threshold

WIDTH = 66
"""Characters of the picture without its scale."""
DECADES, STEPS = 4, 3
"""It reaches from 100% down so many powers of ten, each of so many lines; below them lies zero."""
ZERO = DECADES * STEPS + 1

MISSED, FALSE, BOTH, NOW = "○", "●", "◉", "┊"
STYLES = {MISSED: "yellow", FALSE: "bold red", BOTH: "bold red", NOW: "bold cyan"}
"""Colours, where there are any, beside the shapes that say it all."""


def curve(tried: list[Tried], current: Setting) -> Text:
    """The picture; of sessions where they were measured, else of single clips. Empty where of neither."""
    for kind, rates in (
        ("sessions", [one.sessions for one in tried]),
        ("single clips", [one.clips for one in tried]),
    ):
        if len(tried) > 1 and any(rate.right or rate.false_accepts for rate in rates):
            return _draw(kind, tried, rates, current)
    return Text()


def _draw(kind: str, tried: list[Tried], rates: list[Rates], current: Setting) -> Text:
    grid = [[" "] * WIDTH for _ in range(ZERO + 1)]
    now = next((_column(i, len(tried)) for i, one in enumerate(tried) if one.is_current), None)
    if now is not None:
        for row in grid:
            row[now] = NOW
    for number, rate in enumerate(rates):
        column = _column(number, len(rates))
        if rate.right:
            _mark(grid, column, 1 - rate.right.share, MISSED)
        if rate.false_accepts:
            _mark(grid, column, rate.false_accepts.share, FALSE)
    legend = [f"{MISSED} known songs not named rightly"] * any(rate.right for rate in rates)
    legend += [f"{FALSE} false accepts"] * any(rate.false_accepts for rate in rates)
    lines = [Text(f" {kind}:  {'   '.join(legend)}\n")]
    lines += [
        Text(f" {_scale(number):>6} {'┤' if _scale(number) else '│'}{''.join(row)}".rstrip())
        for number, row in enumerate(grid)
    ]
    lines.append(Text(f" {'':>6} └{'─' * WIDTH}"))
    first, last = shown_threshold(tried[0].match_at), shown_threshold(tried[-1].match_at)
    lines.append(Text(f" {'':>8}{first}{last:>{WIDTH - len(first)}}"))
    if now is not None:
        said = f"{NOW} match_at {current.shown_value}"
        at = min(now, WIDTH - len(said))
        lines.append(Text(f" {'':>8}{'':<{at}}{said}", style="bold"))
    text = Text("\n").join([*lines, Text()])
    for mark, style in STYLES.items():
        text.highlight_regex(mark, style)
    return text


def _mark(grid: list[list[str]], column: int, share: float, mark: str) -> None:
    row = grid[_row(share)]
    row[column] = BOTH if row[column] in {MISSED, FALSE} and row[column] != mark else mark


def _row(share: float) -> int:
    """Its line: logarithmic, as errors that differ tenfold matter alike, and nothing at all at the bottom."""
    if share <= 0:
        return ZERO
    return min(DECADES * STEPS, round(-math.log10(share) * STEPS))


def _column(number: int, count: int) -> int:
    """Its place from the left: thresholds stand side by side, wherever they crowd."""
    return round(number * (WIDTH - 1) / (count - 1))


def _scale(row: int) -> str:
    if row == ZERO:
        return "0"
    return f"{100 / 10 ** (row // STEPS):g}%" if row % STEPS == 0 else ""
