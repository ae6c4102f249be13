"""python -m bench.along: lays copies and strangers along songs, and shows one table, or prints Markdown."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from bench.accuracy.progress import shown_progress
from bench.accuracy.sources import Split
from bench.accuracy.tables import Table
from bench.along.measure import WINDOWS_S, Line, copies, strangers
from bench.along.songs import COPIES, composed, real

NOTE = (
    "Percent of the audible windows that are called aligned: of copies, at the place where a search finds "
    "one of four excerpts of 8 s; of songs that are not related, anywhere, or where a search finds that "
    "they fit best. Only windows whose middle lies within the other song. Drift: error of the line over "
    "the song, of 19 in 20 copies. Same, related: percent of the lines of which at least 85 %, or 30 to "
    "85 %, of all windows of 5 s are aligned."
)


def main(
    *,
    songs: Annotated[int, typer.Option(help="How many songs, at most.", min=2)] = 50,
    split: Annotated[Split, typer.Option(help="Of the data folder.")] = Split.REPORT,
    how: Annotated[str, typer.Option(help="What becomes of copies, with commas between.")] = ",".join(COPIES),
    markdown: Annotated[bool, typer.Option(help="Print the table as Markdown.")] = False,
) -> None:
    """Measures `follow` on the songs of SONICA_EVAL_DATA, or on composed ones."""
    folder = os.environ.get("SONICA_EVAL_DATA")
    material = real(Path(folder), split, songs) if folder else composed(songs)
    with shown_progress() as progress:
        lines = [
            *strangers(material, progress),
            *copies(material, tuple(how.split(",")), progress),
        ]
    kind = f"songs of {folder}, split {split}" if folder else "composed songs"
    table = table_of(lines, f"{len(material.songs)} {kind}")
    if markdown:
        print(table.markdown())
    else:
        table.show(Console())


def table_of(lines: Sequence[Line], about: str) -> Table:
    """A row for each kind of line."""
    windows = [f"{window:g} s" for window in WINDOWS_S]
    head = ["", "lines", *windows, "windows of 5 s", "drift, ms", "same", "related"]
    rows = [
        _row(how, [line for line in lines if line.how == how]) for how in dict.fromkeys(x.how for x in lines)
    ]
    return Table("One recording along another", head, rows, f"{about}. {NOTE}")


def _row(how: str, lines: Sequence[Line]) -> list[str]:
    by_window = [[line for line in lines if line.window_s == window] for window in WINDOWS_S]
    audible = [sum(int(line.audible.sum()) for line in some) for some in by_window]
    aligned = [sum(int(line.aligned.sum()) for line in some) for some in by_window]
    longest = by_window[0]
    drift = float(np.percentile([line.drift_ms for line in longest], 95))
    same = sum(line.share >= 0.85 for line in longest)
    related = sum(0.30 <= line.share < 0.85 for line in longest)
    shares = [f"{100 * a / max(1, n):.2f}" for a, n in zip(aligned, audible, strict=True)]
    counts = [f"{100 * n / len(longest):.1f}" for n in (same, related)]
    return [how, str(len(longest)), *shares, str(audible[0]), f"{drift:.1f}" if drift else "·", *counts]


if __name__ == "__main__":
    typer.run(main)
