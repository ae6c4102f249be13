"""Beside other systems: where is Sonica significantly worse than the best of them?

`peers.csv` holds what eleven systems (eight others, three early forms of Sonica) reached on a set of 3,150
known and 750 unknown queries, each with the lowest threshold per clip length that lets at most 2 of 250
strangers pass. Only answers to that same set may be compared with it.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy.figures import known_of
from bench.accuracy.score import Asked, Judged, Kind, Outcome, Policy
from bench.accuracy.statistics import wilson
from bench.accuracy.tables import Table

PEERS = Path(__file__).with_name("peers.csv")
POLICY = Policy(at_most=2, per_length=True, strangers=frozenset({Kind.UNKNOWN, Kind.NOISE}))
"""The rule that the figures of peers.csv were made by."""
OWN_EARLY_FORMS = "prototype"
QUERIES_PER_CELL = 50
ASKED = "246ca8e453b1c9c1"
"""The mark (`made.py`) of the query set that all of them were asked."""

GROUPS: dict[str, tuple[str, ...]] = {
    "clean, quiet": ("clean", "quiet"),
    "noise 10 and 5 dB": ("snr10", "snr5"),
    "noise 0 and -5 dB": ("snr0", "snr-5"),
    "phone": ("phone",),
    "speed 2%": ("speed-2", "speed+2"),
    "speed 5 to 20%": ("speed-20", "speed-10", "speed-5", "speed+5", "speed+10", "speed+20"),
    "tempo 10%": ("stretch-10", "stretch+10"),
    "pitch 1": ("pitch-1", "pitch+1"),
    "slowrev": ("slowrev",),
    "speed+10 in 5 dB": ("speed+10_snr5",),
}
GROUPS["all"] = tuple(d for group in GROUPS.values() for d in group)


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of one peer: hit rate, 0 to 1, over `n` queries."""

    system: str
    group: str
    length_s: float
    share: float
    n: int


def read_peers(path: Path = PEERS) -> list[Figure]:
    """All figures of all systems."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Figure(
                r["system"],
                r["group"],
                float(r["length_s"]),
                float(r["hit_percent"]) / 100,
                QUERIES_PER_CELL * len(GROUPS[r["group"]]),
            )
            for r in csv.DictReader(file)
        ]


def compare(judged: Judged, peers: Sequence[Figure]) -> tuple[Table, int]:
    """The table, and in how many cells our interval lies wholly below that of the best peer.

    Both intervals are Wilson's over queries, not clustered (of the peers only rates are known): they are
    narrow, so a difference is called significant rather too easily than too late. A hit is the right song
    first, alone or among others, as it was counted for the peers.
    """
    others = [p for p in peers if not p.system.startswith(OWN_EARLY_FORMS)]
    early = sorted({p.system for p in peers} - {p.system for p in others})
    lengths = sorted({p.length_s for p in peers}, reverse=True)
    rows: list[Sequence[str] | None] = []
    below = 0
    for group, degradations in GROUPS.items():
        asked = [a for a in known_of(judged) if a.query.degradation in degradations]
        cells: list[list[str]] = [[], [], []]
        for length in lengths:
            part = [a for a in asked if a.query.length_s == length]
            hits = sum(_first(judged, a) for a in part)
            share = hits / len(part) if part else 0.0
            best = max((p for p in others if (p.group, p.length_s) == (group, length)), key=lambda p: p.share)
            worse = bool(part) and wilson(share, len(part))[1] < wilson(best.share, best.n)[0]
            below += worse
            cells[0].append(f"{100 * share:.0f}{'▼' if worse else ''}" if part else "-")
            cells[1].append(f"{100 * best.share:.0f}")
            cells[2].append(best.system)
        row = [
            group,
            str(len(asked)),
            " / ".join(cells[0]),
            " / ".join(cells[1]),
            " / ".join(dict.fromkeys(cells[2])),
        ]
        for name in early:
            figures = {p.length_s: p.share for p in peers if (p.system, p.group) == (name, group)}
            row.append(" / ".join(f"{100 * figures[x]:.0f}" for x in lengths))
        rows.append(row)
    rows.insert(-1, None)
    remark = _other_set(judged, lengths)
    passed = "; ".join(f"{x:g} s: {p} of {n} strangers pass" for x, (n, p) in judged.strangers.items())
    title = f"{judged.name} beside other systems: hit rate, %, at {' / '.join(f'{x:g}' for x in lengths)} s"
    note = (
        f"At most 2 strangers of each length pass ({passed}). ▼: our 95 % Wilson interval lies wholly "
        f"below the best peer's: {below} cells.{remark}"
    )
    return Table(title, ["group", "n", judged.name, "best peer", "which", *early], rows, note), below


def _other_set(judged: Judged, lengths: Sequence[float]) -> str:
    """A warning where these cannot be the queries that the peers answered."""
    wanted = QUERIES_PER_CELL * len(GROUPS["all"])
    known = [a for a in known_of(judged) if a.query.degradation in GROUPS["all"]]
    counts = {x: sum(a.query.length_s == x for a in known) for x in lengths}
    if all(n == wanted for n in counts.values()):
        return ""
    found = ", ".join(f"{n} of {x:g} s" for x, n in counts.items())
    return f" Not the peers' queries, or not all of them ({found}; theirs {wanted} each): marks mean little."


def _first(judged: Judged, asked: Asked) -> bool:
    named = judged.equal(asked) in (Outcome.RIGHT, Outcome.AMBIGUOUS)
    return named and asked.answer.top1 == asked.query.track
