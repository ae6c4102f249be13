"""From judged answers to tables and to one JSON object."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.accuracy.charts import chart_files
from bench.accuracy.files import write_atomically
from bench.accuracy.score import Asked, Judged, Kind, Outcome, Policy, by_the_same_strangers
from bench.accuracy.statistics import Rate, rate
from bench.accuracy.tables import Table

Manifest = Mapping[str, Mapping[str, str]]
Judge = Callable[[Asked], Outcome]


def known_of(judged: Judged) -> list[Asked]:
    """The queries that have a right answer."""
    return [a for a in judged.asked if a.kind is Kind.KNOWN]


def hit_rate(asked: Iterable[Asked], judge: Judge, wanted: Outcome = Outcome.RIGHT) -> Rate:
    """The share of queries with this outcome, those that named a relative left out."""
    outcomes = ((a, judge(a)) for a in asked)
    return rate((a.cluster, o is wanted) for a, o in outcomes if o is not Outcome.RELATED)


def lengths_of(asked: Iterable[Asked]) -> list[float]:
    """Clip lengths, longest first."""
    return sorted({a.query.length_s for a in asked}, reverse=True)


def degradations_of(asked: Iterable[Asked]) -> list[str]:
    """Degradations in the order of the query set."""
    return list(dict.fromkeys(a.query.degradation for a in asked))


def tables_of(judged: Judged, manifest: Manifest, policy: Policy) -> list[Table]:
    """All tables of one system."""
    known = known_of(judged)
    tables = [_hits_table(judged, known, policy)] if known else []
    tables.append(_false_accepts_table(judged))
    if known and manifest:
        tables += [
            _by_manifest_table(judged, known, manifest, column)
            for column in ("language", "genre")
            if any(manifest.get(a.query.song, {}).get(column) for a in known)
        ]
    return tables


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share in (0, 1) or 0.005 < share < 0.99 else f"{100 * share:.1f}"


def _cell(asked: Sequence[Asked], judged: Judged) -> str:
    if not asked:
        return ""
    equal, shipped = hit_rate(asked, judged.equal), hit_rate(asked, judged.shipped)
    return f"{_percent(equal.share)} ({_percent(equal.low)}–{_percent(equal.high)}) {_percent(shipped.share)}"


def _count(asked: Sequence[Asked], judged: Judged, wanted: Outcome) -> str:
    equal = sum(judged.equal(a) is wanted for a in asked)
    shipped = sum(judged.shipped(a) is wanted for a in asked)
    return f"{equal} / {shipped}" if equal or shipped else ""


def _rule(policy: Policy) -> str:
    if policy.at_most is not None:
        return f"at most {policy.at_most} strangers of each length pass"
    return f"at most {100 * policy.false_accepts:g} % of strangers pass"


def _hits_table(judged: Judged, known: Sequence[Asked], policy: Policy) -> Table:
    lengths = lengths_of(known)

    def row(label: str, part: Sequence[Asked]) -> list[str]:
        cells = [_cell([a for a in part if a.query.length_s == length], judged) for length in lengths]
        counts = [_count(part, judged, o) for o in (Outcome.AMBIGUOUS, Outcome.WRONG, Outcome.RELATED)]
        return [label, str(len(part)), *cells, *counts]

    rows: list[Sequence[str] | None] = [
        row(name, [a for a in known if a.query.degradation == name]) for name in degradations_of(known)
    ]
    limits = ", ".join(
        f"{length:g} s > {judged.thresholds[length]:.4g} ({n} strangers, {passed} pass)"
        if n
        else f"{length:g} s: none, for want of strangers"
        for length, (n, passed) in judged.strangers.items()
    )
    left_out = _left_out(judged)
    return Table(
        f"{judged.name}: hit rate, %",
        ["degradation", "n", *(f"{x:g} s" for x in lengths), "ambiguous", "wrong", "related"],
        [*rows, None, row("all", known)],
        f"A cell: where {_rule(policy)} (95 % Wilson interval, clustered by song), then as shipped. "
        f"Counts: at that threshold / as shipped; ambiguous = several songs named, the right one among them. "
        f"Thresholds: {limits}.{left_out}",
    )


def _left_out(judged: Judged) -> str:
    missing = f" {judged.unanswered} queries have no row: misses; strangers among them are left out."
    thinned = f" {judged.thinned} queries are of songs that were not asked, and are left out."
    return missing * bool(judged.unanswered) + thinned * bool(judged.thinned)


def _false_accepts_table(judged: Judged) -> Table:
    rows: list[Sequence[str] | None] = []
    for kind in (Kind.UNKNOWN, Kind.NOISE, Kind.MASKED):
        part = [a for a in judged.asked if a.kind is kind]
        if not part:
            continue
        for length in (*lengths_of(part), None):
            some = [a for a in part if length in (None, a.query.length_s)]
            cells = []
            for judge in (judged.equal, judged.shipped):
                r = hit_rate(some, judge, Outcome.FALSE)
                cells.append(f"{r.hits} = {100 * r.share:.2f} % (≤ {100 * r.high:.2f} %), {r.songs_hit}")
            label = f"{kind.value}, {'all' if length is None else f'{length:g} s'}"
            rows.append([label, str(len(some)), str(len({a.cluster for a in some})), *cells])
        rows.append(None)
    return Table(
        f"{judged.name}: false accepts",
        ["strangers", "n", "songs or noises", "at the threshold", "as shipped"],
        rows[:-1],
        "≤: upper end of the 95 % interval, clustered by song, noise alone by the noise; last: how "
        "many songs (or noises) are behind the false accepts.",
    )


def _by_manifest_table(judged: Judged, known: Sequence[Asked], manifest: Manifest, column: str) -> Table:
    lengths = lengths_of(known)
    values = sorted({manifest.get(a.query.song, {}).get(column) or "unknown" for a in known})
    rows = []
    for value in values:
        part = [a for a in known if (manifest.get(a.query.song, {}).get(column) or "unknown") == value]
        cells = [_cell([a for a in part if a.query.length_s == length], judged) for length in lengths]
        rows.append([value, str(len({a.query.song for a in part})), str(len(part)), *cells])
    head = [column, "songs", "n", *(f"{x:g} s" for x in lengths)]
    return Table(f"{judged.name}: hit rate by {column}, %", head, rows, "All degradations together.")


def side_by_side(systems: Sequence[Judged], policy: Policy) -> Table:
    """Hit rates of several systems at equal false accepts."""
    known = {s.name: known_of(s) for s in systems}
    everything = [a for asked in known.values() for a in asked]
    lengths = lengths_of(everything)

    def row(label: str, name: str | None) -> list[str]:
        cells = []
        for s in systems:
            part = [a for a in known[s.name] if name in (None, a.query.degradation)]
            rates = [hit_rate([a for a in part if a.query.length_s == x], s.equal) for x in lengths]
            cells.append(" / ".join(_percent(r.share) if r.n else "-" for r in rates))
        return [label, *cells]

    names = degradations_of(everything)
    title = f"hit rate, %, at {' / '.join(f'{x:g}' for x in lengths)} s"
    rows: list[Sequence[str] | None] = [row(n, n) for n in names]
    return Table(
        title,
        ["degradation", *(s.name for s in systems)],
        [*rows, None, row("all", None)],
        f"Where {_rule(policy)}. {_same_strangers(systems[0], policy)}",
    )


def _same_strangers(judged: Judged, policy: Policy) -> str:
    counts = ", ".join(f"{n} of {x:g} s" for x, (n, _) in judged.strangers.items())
    kinds = ", ".join(kind.value for kind in Kind if kind in policy.strangers)
    return (
        f"All thresholds are set by the same strangers, those that every system answered: {counts} ({kinds})."
    )


def to_json(judged: Judged, policy: Policy, manifest: Manifest) -> dict[str, Any]:
    """Everything that the tables show, as numbers; shares are 0 to 1."""
    known = known_of(judged)

    def cell(part: Sequence[Asked], **labels: object) -> dict[str, Any]:
        outcomes = {
            rule: {str(o): sum(judge(a) is o for a in part) for o in Outcome}
            for rule, judge in (("equal", judged.equal), ("shipped", judged.shipped))
        }
        rates = {
            rule: _rate_json(hit_rate(part, judge))
            for rule, judge in (("equal", judged.equal), ("shipped", judged.shipped))
        }
        return {**labels, "n": len(part), "hit_rate": rates, "outcomes": outcomes}

    cells = [
        cell(
            [a for a in known if (a.query.degradation, a.query.length_s) == (d, x)], degradation=d, length_s=x
        )
        for d in degradations_of(known)
        for x in lengths_of(known)
    ]
    strangers = [
        {
            "kind": kind.value,
            "equal": _rate_json(hit_rate(part, judged.equal, Outcome.FALSE)),
            "shipped": _rate_json(hit_rate(part, judged.shipped, Outcome.FALSE)),
        }
        for kind in (Kind.UNKNOWN, Kind.NOISE, Kind.MASKED)
        if (part := [a for a in judged.asked if a.kind is kind])
    ]
    by = {
        column: [
            cell([a for a in known if manifest.get(a.query.song, {}).get(column) == value], value=value)
            for value in sorted({manifest.get(a.query.song, {}).get(column) or "" for a in known} - {""})
        ]
        for column in ("language", "genre")
    }
    return {
        "system": judged.name,
        "policy": {**asdict(policy), "strangers": sorted(policy.strangers)},
        "thresholds": {f"{x:g}": limit for x, limit in judged.thresholds.items() if limit > float("-inf")},
        "unanswered": judged.unanswered,
        "thinned": judged.thinned,
        "cells": [c for c in cells if c["n"]],
        "all": [cell([a for a in known if a.query.length_s == x], length_s=x) for x in lengths_of(known)],
        "false_accepts": strangers,
        **by,
    }


def _rate_json(r: Rate) -> dict[str, float]:
    return {"share": r.share, **asdict(r)}


def write_report(out: Path, systems: Sequence[Judged], manifest: Manifest, policy: Policy) -> list[Table]:
    """Writes report.md, report.json and charts into a folder; returns the tables.

    Several systems are judged by thresholds that the same strangers set, in every table.
    """
    if len(systems) > 1:
        systems = by_the_same_strangers(systems, policy)
    tables = [t for s in systems for t in tables_of(s, manifest, policy)]
    if len(systems) > 1:
        tables.insert(0, side_by_side(systems, policy))
    numbers = [to_json(s, policy, manifest) for s in systems]
    charts = chart_files(numbers)
    for name, svg in charts.items():
        with write_atomically(out / name) as file:
            file.write(svg)
    with write_atomically(out / "report.md") as file:
        file.write("# Accuracy\n\n" + "".join(f"![{n}]({n})\n\n" for n in charts))
        file.write("\n".join(t.markdown() for t in tables))
    with write_atomically(out / "report.json") as file:
        json.dump(numbers, file, indent=1)
    return tables
