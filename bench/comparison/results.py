"""Reads the figures that benches left in `bench/results`: CSV files and `made.json` of each folder."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy.figures import percent
from bench.accuracy.made import read_made

MAKES = {
    "report-set": "python -m bench.accuracy report --queries QUERIES --out bench/results/report-set "
    "--related bench/related-found.csv sonica=ANSWERS",
    "standard-set": "python -m bench.accuracy report --queries QUERIES --out bench/results/standard-set "
    "--related bench/related-found.csv --at-most 2 --strangers songs,noise sonica=ANSWERS",
    "sessions": "python -m bench.accuracy sessions --queries CLIPS --out bench/results/sessions "
    "--related bench/related-found.csv",
    "scale": "python -m bench.scale --songs 100000 --out bench/results/scale",
}
"""By folder of results: the command that makes its files."""
NUMERIC = re.compile(r"(\*\*)?[−-]?\d|-?$")
"""How a cell with a figure begins; an empty one is none, and hinders nothing."""
REPORTS = {"report-set": "report.md", "standard-set": "report.md", "sessions": "sessions.md"}
"""Written in the same step as rows.csv, and so of the same answers."""


class ResultsError(ValueError):
    """Results are missing, not of one run, or not readable; the message says which command makes them."""


@dataclass(frozen=True, slots=True)
class Row:
    """Counts of one kind, name, clip length (seconds; None: all) and rule; shares are 0 to 1."""

    kind: str
    name: str
    length_s: float | None
    rule: str
    n: int
    right: int
    ambiguous: int
    wrong: int
    false: int
    first: int
    share: float
    low: float
    high: float
    songs: int
    songs_hit: int
    median_s: float


class Figures:
    """One folder of results. Raises ResultsError where a file or figure is missing."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self._folder = folder
        self.made: Mapping[str, str] = read_made(folder)
        if not self.made:
            raise self._missing("made.json")
        self.rows: list[Row] = []
        if self.name in REPORTS:
            self.rows = [_row(r) for r in self.table("rows.csv") if r["system"] == "sonica"]
            self._of_one_run()

    def table(self, name: str) -> list[dict[str, str]]:
        """The lines of a CSV file."""
        path = self._folder / name
        if not path.exists():
            raise self._missing(name)
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def one(self, kind: str, name: str, rule: str = "equal", length_s: float | None = None) -> Row:
        """The row of this kind."""
        for row in self.rows:
            if (row.kind, row.name, row.rule, row.length_s) == (kind, name, rule, length_s):
                return row
        raise ResultsError(f"{self.name}/rows.csv has no {kind} {name!r} of {length_s} s: {MAKES[self.name]}")

    def names(self, kind: str) -> list[str]:
        """The names of a kind, in their order."""
        return list(dict.fromkeys(row.name for row in self.rows if row.kind == kind))

    def lengths(self, kind: str, name: str) -> list[float]:
        """Clip lengths of a row, longest first."""
        found = (r.length_s for r in self.rows if (r.kind, r.name) == (kind, name))
        return sorted({x for x in found if x is not None}, reverse=True)

    def said(self, key: str) -> str:
        """What made.json says. Raises ResultsError where it does not."""
        if key not in self.made:
            more = f"add --made {key}=… to the command that makes it: {MAKES[self.name]}"
            raise ResultsError(f"bench/results/{self.name}/made.json does not say {key}: {more}")
        return self.made[key]

    def both(self, kind: str, name: str, length_s: float | None = None) -> tuple[Row, Row]:
        """At the threshold and as shipped."""
        return self.one(kind, name, "equal", length_s), self.one(kind, name, "shipped", length_s)

    def _missing(self, name: str) -> ResultsError:
        return ResultsError(f"bench/results/{self.name} has no {name}. Make it: {MAKES[self.name]}")

    def _of_one_run(self) -> None:
        """Raises ResultsError where the report beside rows.csv is of other answers."""
        report = (self._folder / REPORTS[self.name]).read_text(encoding="utf-8")
        kind = "session" if self.name == "sessions" else "all"
        told = next((line for line in report.splitlines() if line.startswith("| all | ")), "")
        lengths: Sequence[float | None] = self.lengths(kind, "all") or [None]
        cells = [_cell(*self.both(kind, "all", length)) for length in lengths]
        if not all(f" {cell} |" in told for cell in cells):
            raise ResultsError(
                f"bench/results/{self.name}: rows.csv and {REPORTS[self.name]} are of different answers. "
                f"Make both anew: {MAKES[self.name]}"
            )


def _cell(equal: Row, shipped: Row) -> str:
    low, high = percent(equal.low), percent(equal.high)
    return f"{percent(equal.share)} ({low}–{high}) {percent(shipped.share)}"


def _row(cells: Mapping[str, str]) -> Row:
    def whole(name: str) -> int:
        return int(cells.get(name) or 0)

    def share(name: str) -> float:
        return float(cells.get(name) or 0)

    median = cells.get("median_s") or ""
    return Row(
        kind=cells["kind"],
        name=cells["name"],
        length_s=float(cells["length_s"]) if cells.get("length_s") else None,
        rule=cells["rule"],
        n=whole("n"),
        right=whole("right"),
        ambiguous=whole("ambiguous"),
        wrong=whole("wrong"),
        false=whole("false"),
        first=whole("first"),
        share=share("share"),
        low=share("low"),
        high=share("high"),
        songs=whole("songs"),
        songs_hit=whole("songs_hit"),
        median_s=float(median) if median.replace(".", "").isdigit() else 0.0,
    )


def read_all(folder: Path) -> dict[str, Figures]:
    """Every folder that the page is made of. Raises ResultsError."""
    return {name: Figures(folder / name) for name in MAKES}


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table: columns of figures to the right, others to the left; figures that belong together stay so."""
    body = [list(row) for row in rows]
    columns = [[row[i] for row in body] for i in range(len(head))]
    sides = [
        "---:" if i and all(NUMERIC.match(c) for c in column) else "---" for i, column in enumerate(columns)
    ]
    lines = [[_kept(cell) for cell in row] for row in [head, sides, *body]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _kept(cell: str) -> str:
    return cell.replace("|", "\\|").replace(" / ", "\u00a0/\u00a0")
