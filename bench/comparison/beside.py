"""Sonica beside the other systems on the same queries, at equal false accepts and as each decides."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy import peers
from bench.accuracy.statistics import wilson
from bench.comparison.results import Figures, ResultsError

SYSTEMS = peers.PEERS.with_name("peers-systems.csv")
LENGTHS = (10.0, 5.0, 3.0)
ALLOWED = 2
"""Strangers of each length that pass, by the rule of peers.csv."""
STRANGERS = (600, 150)
"""Excerpts of unknown songs, and of noise alone, that each of the other systems was asked."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What one other system did when it decided by itself, what it took, and how it was set up."""

    system: str
    source: str
    options: str
    remark: str
    accepted_unknown: int
    accepted_noise: int
    wrong: int
    wrong_at_threshold: int
    match_ms: float
    query_ms: float
    bytes_a_second: float
    shipped: tuple[float, ...]
    """Hit rate, 0 to 1, by length."""

    @property
    def false_accepts(self) -> float:
        """Share of all strangers, 0 to 1."""
        return (self.accepted_unknown + self.accepted_noise) / sum(STRANGERS)


@dataclass(frozen=True, slots=True)
class Cell:
    """One group of degradations at one length: shares, 0 to 1, and whether ours is surely the lower."""

    group: str
    length_s: float
    n: int
    ours: float
    others: Mapping[str, float]
    surely_below: bool

    @property
    def best(self) -> tuple[str, float]:
        """The best of the others, the first of equal ones."""
        return max(self.others.items(), key=lambda pair: pair[1])

    @property
    def named(self) -> str:
        """Who is the best: a name, or how many are."""
        best = [name for name, share in self.others.items() if share == self.best[1]]
        return best[0] if len(best) == 1 else f"{len(best)} of them"


def read_systems(path: Path = SYSTEMS) -> list[Peer]:
    """The other systems, in the order of the file."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Peer(
                system=r["system"],
                source=r["source"],
                options=r["options"],
                remark=r["remark"],
                accepted_unknown=int(r["accepted_unknown_of_600"]),
                accepted_noise=int(r["accepted_noise_of_150"]),
                wrong=int(r["wrong_of_3150"]),
                wrong_at_threshold=int(r["wrong_at_threshold"]),
                match_ms=float(r["match_ms"]),
                query_ms=float(r["query_ms"]),
                bytes_a_second=float(r["index_bytes_a_second"]),
                shipped=tuple(float(r[f"shipped_{x:g}_percent"]) / 100 for x in LENGTHS),
            )
            for r in csv.DictReader(file)
        ]


def cells_of(standard: Figures) -> list[Cell]:
    """Every group at every length. Raises ResultsError where these are not the queries of the others."""
    figures = [p for p in peers.read_peers() if not p.system.startswith(peers.OWN_EARLY_FORMS)]
    cells = []
    for group, degradations in peers.GROUPS.items():
        for length in LENGTHS:
            rows = [standard.one("degradation", d, "equal", length) for d in degradations]
            others = {p.system: p for p in figures if (p.group, p.length_s) == (group, length)}
            n, first = sum(r.n for r in rows), sum(r.first for r in rows)
            best = max(others.values(), key=lambda p: p.share)
            if n != best.n:
                raise ResultsError(
                    f"standard-set has {n} queries of {group!r} at {length:g} s, the others had {best.n}: "
                    "ask the standard set as bench/README.md says"
                )
            below = wilson(first / n, n)[1] < wilson(best.share, best.n)[0]
            shares = {name: p.share for name, p in others.items()}
            cells.append(Cell(group, length, n, first / n, shares, below))
    return cells


def trade_off(standard: Figures) -> list[tuple[float, float]]:
    """Our curve: shares of false accepts and of misses, where so many strangers of each length pass."""
    table = standard.table("curves.csv")
    by_length: dict[str, list[dict[str, str]]] = {}
    for row in table:
        by_length.setdefault(row["length_s"], []).append(row)
    parts = list(by_length.values())
    strangers = sum(int(rows[0]["strangers"]) for rows in parts)
    known = sum(int(rows[0]["known"]) for rows in parts)
    points = []
    for allowed in range(max(int(rows[0]["strangers"]) for rows in parts)):
        passed = sum(min(allowed, int(rows[0]["strangers"])) for rows in parts)
        first = sum(_at(rows, allowed) for rows in parts)
        points.append((passed / strangers, 1 - first / known))
    return points


def _at(rows: Sequence[Mapping[str, str]], allowed: int) -> int:
    return max((int(r["first"]) for r in rows if int(r["passed"]) <= allowed), default=0)


def shipped_point(standard: Figures) -> tuple[float, float]:
    """Shares of false accepts and of misses as Sonica decides by itself."""
    strangers = [standard.one("strangers", k, "shipped") for k in ("unknown songs", "noise alone")]
    known = standard.one("all", "all", "shipped")
    return sum(r.false for r in strangers) / sum(r.n for r in strangers), 1 - known.first / known.n
