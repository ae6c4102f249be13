"""Songs that play at the same time, beside each other; and a picture of that for a terminal."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil
from operator import itemgetter

from rich.text import Text

from sonica.cli.console import minutes
from sonica.recognition import Segment

COLUMNS = 60
"""Characters of a row of the picture."""
ROWS = 24
"""It has at most so many rows, each with as many lines as songs play at once …"""
LEAST_S = 5.0
"""… and a column is so many seconds, unless the rows do not suffice, or one is enough."""
STYLES = ("green", "cyan")
"""Colours of songs by turns, beside the numbers that say it all."""


def lanes(songs: Sequence[Segment]) -> list[int]:
    """The lane of each song, from 0 on, so that those that play at the same time have different ones.

    `songs` in the order of their beginnings. There are no more lanes than songs at any one time.
    """
    ends: list[float] = []
    found = []
    for one in songs:
        lane = next((i for i, end in enumerate(ends) if end <= one.start_s), len(ends))
        ends[lane:] = [one.end_s, *ends[lane + 1 :]]
        found.append(lane)
    return found


def covered(songs: Sequence[Segment]) -> float:
    """Seconds in which at least one of them plays; `songs` in the order of their beginnings."""
    total = end = 0.0
    for one in songs:
        total += max(0.0, one.end_s - max(end, one.start_s))
        end = max(end, one.end_s)
    return total


def picture(songs: Sequence[Segment], seconds: float) -> Iterator[Text]:
    """When each song plays, by its number, in `seconds` of sound; a row goes on where the one above ends."""
    column = max(LEAST_S, seconds / (COLUMNS * ROWS)) if seconds > COLUMNS * LEAST_S else seconds / COLUMNS
    column = max(column, 0.001)
    columns = max(1, ceil(seconds / column - 1e-9))
    placed = list(zip(songs, lanes(songs), strict=True))
    margin = max(5, len(minutes(seconds)))
    for first in range(0, columns, COLUMNS):
        width = min(COLUMNS, columns - first)
        lines = [_blank(width)]
        for number, (song, lane) in enumerate(placed, 1):
            begin = min(columns - 1, round(song.start_s / column))
            end = max(begin + 1, round(song.end_s / column))
            if begin >= first + width or end <= first:
                continue
            lines += [_blank(width) for _ in range(lane + 1 - len(lines))]
            _draw(lines, lane, (begin - first, end - first), number)
        for i, cells in enumerate(lines):
            label = minutes(first * column) if i == 0 else ""
            runs = (("".join(c for c, _ in run), style) for style, run in groupby(cells, key=itemgetter(1)))
            yield Text.assemble((f"{label:>{margin}} │", "dim"), *runs)


Cell = tuple[str, str]
"""A character and its style."""


def _blank(width: int) -> list[Cell]:
    return [("·", "dim")] * width


def _draw(lines: list[list[Cell]], lane: int, span: tuple[int, int], number: int) -> None:
    """A song, its number at its beginning and where a row goes on; one that is too short has none."""
    begin, end = max(0, span[0]), min(len(lines[lane]), span[1])
    label = f"{number}" if len(f"{number}") < end - begin else ""
    bar = label + "█" * (end - begin - len(label))
    lines[lane][begin:end] = [(character, STYLES[number % 2]) for character in bar]
