"""The figures of a report as small CSV files beside it, for whoever computes with them.

`rows.csv`: counts by `kind` of row (degradation, group, all, strangers), clip length in seconds (empty: all)
and rule (equal: at the threshold; shipped), the share that counts with its 95 % interval (0 to 1), and how
many songs are behind it. `first`: the right song is named first, alone or among others. `limit`: the score
to exceed. `curves.csv`: for each threshold at which one more stranger passes, how many known ones are above
it. `reliability.csv`: the bins of the calibration.
"""

import bisect
import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from bench.accuracy.calibration import populations
from bench.accuracy.figures import STRANGERS, degradations_of, hit_rate, known_of, lengths_of
from bench.accuracy.files import write_atomically
from bench.accuracy.groups import GROUPS, group_of
from bench.accuracy.score import Asked, Judged, Kind, Outcome, Policy
from bench.accuracy.statistics import Rate

Row: TypeAlias = Mapping[str, str | float]
COUNTED = (Outcome.RIGHT, Outcome.AMBIGUOUS, Outcome.WRONG, Outcome.RELATED, Outcome.QUIET, Outcome.FALSE)
ROWS = "rows.csv"


def rate_cells(rate: Rate) -> Row:
    """A share, its interval, and the songs or noises: all of them, and those behind a hit."""
    return {
        "share": rate.share,
        "low": rate.low,
        "high": rate.high,
        "songs": rate.songs,
        "songs_hit": rate.songs_hit,
    }


def report_rows(judged: Judged) -> list[Row]:
    """One row a kind, name, length and rule."""
    known = known_of(judged)
    parts: list[tuple[str, str, Sequence[Asked]]] = [
        *(("degradation", d, [a for a in known if a.query.degradation == d]) for d in degradations_of(known)),
        *(("group", g, [a for a in known if group_of(a.query) == g]) for g in GROUPS),
        ("all", "all", known),
        *(("strangers", str(k), [a for a in judged.asked if a.kind is k]) for k in STRANGERS),
    ]
    rows: list[Row] = []
    for kind, name, part in parts:
        lengths = lengths_of(part)
        for length in (*lengths, None) if kind in ("all", "strangers") else lengths:
            some = [a for a in part if length in (None, a.query.length_s)]
            rows += _both_rules(judged, kind, name, length, some)
    return rows


def _both_rules(
    judged: Judged, kind: str, name: str, length: float | None, part: Sequence[Asked]
) -> list[Row]:
    rows: list[Row] = []
    wanted = Outcome.FALSE if kind == "strangers" else Outcome.RIGHT
    for rule, judge in (("equal", judged.equal), ("shipped", judged.shipped)):
        ends = [(a, judge(a)) for a in part]
        first = sum(
            o in (Outcome.RIGHT, Outcome.AMBIGUOUS) and a.answer.top1 == a.query.track for a, o in ends
        )
        rows.append(
            {
                "system": judged.name,
                "kind": kind,
                "name": name,
                "length_s": "" if length is None else f"{length:g}",
                "rule": rule,
                "n": len(part),
                **{str(o): sum(end is o for _, end in ends) for o in COUNTED},
                "first": first,
                **rate_cells(hit_rate(part, judge, wanted)),
                "limit": judged.thresholds[length] if rule == "equal" and length is not None else "",
            }
        )
    return rows


def curve_rows(judged: Judged, policy: Policy) -> list[Row]:
    """By clip length; of the strangers that set the threshold. Only where the known ones above it change."""
    rows: list[Row] = []
    for length in lengths_of(judged.asked):
        named = [(a, a.outcome(accepted=True)) for a in judged.asked if a.query.length_s == length]
        strangers = sorted(
            (
                a.answer.score if o is Outcome.FALSE else float("-inf")
                for a, o in named
                if a.kind in policy.strangers and o is not Outcome.RELATED
            ),
            reverse=True,
        )
        known = [(a, o) for a, o in named if a.kind is Kind.KNOWN]
        right = sorted(a.answer.score for a, o in known if o is Outcome.RIGHT)
        good = (Outcome.RIGHT, Outcome.AMBIGUOUS)
        first = sorted(a.answer.score for a, o in known if o in good and a.answer.top1 == a.query.track)
        before = -1
        for passed, limit in enumerate(strangers):
            above = [len(scores) - bisect.bisect_right(scores, limit) for scores in (right, first)]
            if above[1] != before:
                before = above[1]
                rows.append(
                    {
                        "system": judged.name,
                        "length_s": f"{length:g}",
                        "strangers": len(strangers),
                        "passed": passed,
                        "known": len(known),
                        "right": above[0],
                        "first": above[1],
                    }
                )
    return rows


def reliability_rows(judged: Judged) -> list[Row]:
    """By population and bin, of equal width and of equal count."""
    return [
        {
            "system": judged.name,
            "population": name,
            "strangers": found.strangers,
            "bins": bins,
            "n": b.n,
            "weight": b.weight,
            "confidence": b.confidence,
            "right": b.right,
        }
        for name, found in populations(judged).items()
        for bins, all_bins in (("width", found.by_width), ("count", found.by_count))
        for b in all_bins
    ]


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """A CSV file; none where there are no rows."""
    table = list(rows)
    if not table:
        return
    with write_atomically(path) as file:
        writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {key: f"{value:.6g}" if isinstance(value, float) else value for key, value in row.items()}
            for row in table
        )


def write_figures(out: Path, systems: Sequence[Judged], policy: Policy) -> None:
    """The three files of a report."""
    write_rows(out / ROWS, (row for s in systems for row in report_rows(s)))
    write_rows(out / "curves.csv", (row for s in systems for row in curve_rows(s, policy)))
    write_rows(out / "reliability.csv", (row for s in systems for row in reliability_rows(s)))
