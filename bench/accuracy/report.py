"""From judged answers to tables and to one JSON object."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.accuracy.calibration import (
    AS_THEY_ARE,
    HALF_AND_HALF,
    calibration_error,
    calibration_table,
    populations,
    reliability_chart,
)
from bench.accuracy.charts import chart_files
from bench.accuracy.curves import roc_chart
from bench.accuracy.figures import (
    FALSE_NOTE,
    STRANGERS,
    cell,
    count,
    degradations_of,
    false_text,
    hit_rate,
    known_of,
    lengths_of,
    percent,
)
from bench.accuracy.files import write_atomically
from bench.accuracy.groups import GROUPS, group_of
from bench.accuracy.made import write_made
from bench.accuracy.rows import write_figures
from bench.accuracy.score import Asked, Judged, Kind, Outcome, Policy, by_the_same_strangers
from bench.accuracy.statistics import Rate
from bench.accuracy.tables import Table

TITLES = {"report": "Accuracy", "sessions": "Sessions", "sizes": "Size of the catalogue"}
Manifest = Mapping[str, Mapping[str, str]]


def tables_of(judged: Judged, manifest: Manifest, policy: Policy) -> list[Table]:
    """All tables of one system."""
    known = known_of(judged)
    groups = _groups_table(judged, known)
    tables = [groups] if groups else []
    tables += [_hits_table(judged, known, policy)] if known else []
    tables.append(_false_accepts_table(judged))
    calibration = populations(judged)
    if calibration:
        tables.append(calibration_table(judged, calibration))
    if known and manifest:
        tables += [
            _by_manifest_table(judged, known, manifest, column)
            for column in ("language", "genre")
            if any(manifest.get(a.query.song, {}).get(column) for a in known)
        ]
    return tables


def rule_text(policy: Policy) -> str:
    """What the threshold is set by."""
    if policy.at_most is not None:
        return f"at most {policy.at_most} strangers of each length pass"
    return f"at most {100 * policy.false_accepts:g} % of strangers pass"


def _hits_table(judged: Judged, known: Sequence[Asked], policy: Policy) -> Table:
    rows = [(name, [a for a in known if a.query.degradation == name]) for name in degradations_of(known)]
    limits = ", ".join(
        f"{length:g} s > {judged.thresholds[length]:.4g} ({n} strangers, {passed} pass)"
        if n
        else f"{length:g} s: none, for want of strangers"
        for length, (n, passed) in judged.strangers.items()
    )
    note = (
        f"A cell: where {rule_text(policy)} (95 % Wilson interval, clustered by song), then as shipped. "
        f"Counts: at that threshold / as shipped; ambiguous = several songs named, the right one among them. "
        f"Thresholds: {limits}.{_left_out(judged)}"
    )
    return _table_of_hits(f"{judged.name}: hit rate, %", rows, judged, note)


def _groups_table(judged: Judged, known: Sequence[Asked]) -> Table | None:
    """The same in groups of like hardness; None where there is one only."""
    parts = [(name, [a for a in known if group_of(a.query) == name]) for name in GROUPS]
    parts = [(name, part) for name, part in parts if part]
    if len(parts) < 2:
        return None
    note = "Cells and counts as in the table of all degradations."
    title = f"{judged.name}: hit rate by group, %"
    return _table_of_hits(title, parts, judged, note)


def _table_of_hits(
    title: str, parts: Sequence[tuple[str, Sequence[Asked]]], judged: Judged, note: str
) -> Table:
    known = known_of(judged)
    lengths = lengths_of(known)

    def row(label: str, part: Sequence[Asked]) -> list[str]:
        cells = [cell([a for a in part if a.query.length_s == length], judged) for length in lengths]
        counts = [count(part, judged, o) for o in (Outcome.AMBIGUOUS, Outcome.WRONG, Outcome.RELATED)]
        return [label, str(len(part)), *cells, *counts]

    head = ["degradation", "n", *(f"{x:g} s" for x in lengths), "ambiguous", "wrong", "related"]
    return Table(title, head, [*(row(*part) for part in parts), None, row("all", known)], note)


def _left_out(judged: Judged) -> str:
    missing = f" {judged.unanswered} queries have no row: misses; strangers among them are left out."
    thinned = f" {judged.thinned} queries are of songs that were not asked, and are left out."
    return missing * bool(judged.unanswered) + thinned * bool(judged.thinned)


def _false_accepts_table(judged: Judged) -> Table:
    rows: list[Sequence[str] | None] = []
    for kind in STRANGERS:
        part = [a for a in judged.asked if a.kind is kind]
        if not part:
            continue
        for length in (*lengths_of(part), None):
            some = [a for a in part if length in (None, a.query.length_s)]
            cells = [
                false_text(hit_rate(some, judge, Outcome.FALSE)) for judge in (judged.equal, judged.shipped)
            ]
            label = f"{kind.value}, {'all' if length is None else f'{length:g} s'}"
            rows.append([label, str(len(some)), str(len({a.cluster for a in some})), *cells])
        rows.append(None)
    return Table(
        f"{judged.name}: false accepts",
        ["strangers", "n", "songs or noises", "at the threshold", "as shipped"],
        rows[:-1],
        FALSE_NOTE,
    )


def _by_manifest_table(judged: Judged, known: Sequence[Asked], manifest: Manifest, column: str) -> Table:
    lengths = lengths_of(known)
    values = sorted({manifest.get(a.query.song, {}).get(column) or "unknown" for a in known})
    rows = []
    for value in values:
        part = [a for a in known if (manifest.get(a.query.song, {}).get(column) or "unknown") == value]
        cells = [cell([a for a in part if a.query.length_s == length], judged) for length in lengths]
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
            cells.append(" / ".join(percent(r.share) if r.n else "-" for r in rates))
        return [label, *cells]

    names = degradations_of(everything)
    title = f"hit rate, %, at {' / '.join(f'{x:g}' for x in lengths)} s"
    rows: list[Sequence[str] | None] = [row(n, n) for n in names]
    return Table(
        title,
        ["degradation", *(s.name for s in systems)],
        [*rows, None, row("all", None)],
        f"Where {rule_text(policy)}. {_same_strangers(systems[0], policy)}",
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

    def counted(part: Sequence[Asked], **labels: object) -> dict[str, Any]:
        outcomes = {
            rule: {str(o): sum(judge(a) is o for a in part) for o in Outcome}
            for rule, judge in (("equal", judged.equal), ("shipped", judged.shipped))
        }
        rates = {
            rule: rate_json(hit_rate(part, judge))
            for rule, judge in (("equal", judged.equal), ("shipped", judged.shipped))
        }
        return {**labels, "n": len(part), "hit_rate": rates, "outcomes": outcomes}

    cells = [
        counted(
            [a for a in known if (a.query.degradation, a.query.length_s) == (d, x)], degradation=d, length_s=x
        )
        for d in degradations_of(known)
        for x in lengths_of(known)
    ]
    strangers = [
        {
            "kind": kind.value,
            "equal": rate_json(hit_rate(part, judged.equal, Outcome.FALSE)),
            "shipped": rate_json(hit_rate(part, judged.shipped, Outcome.FALSE)),
        }
        for kind in STRANGERS
        if (part := [a for a in judged.asked if a.kind is kind])
    ]
    by = {
        column: [
            counted([a for a in known if manifest.get(a.query.song, {}).get(column) == value], value=value)
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
        "all": [counted([a for a in known if a.query.length_s == x], length_s=x) for x in lengths_of(known)],
        "false_accepts": strangers,
        "calibration": {
            name: {
                **asdict(r),
                "error_by_width": calibration_error(r.by_width),
                "error_by_count": calibration_error(r.by_count),
            }
            for name, r in populations(judged).items()
        },
        **by,
    }


def rate_json(r: Rate) -> dict[str, float]:
    """A rate as numbers."""
    return {"share": r.share, **asdict(r)}


def write_report(
    out: Path,
    systems: Sequence[Judged],
    manifest: Manifest,
    policy: Policy,
    made: Mapping[str, str] | None = None,
) -> list[Table]:
    """Writes report.md, report.json, charts and CSV files (`rows.py`) into a folder; returns the tables.

    `made`: what the answers were made with; noted in made.json.

    Several systems are judged by thresholds that the same strangers set, in every table.
    """
    if len(systems) > 1:
        systems = by_the_same_strangers(systems, policy)
    tables = [t for s in systems for t in tables_of(s, manifest, policy)]
    if len(systems) > 1:
        tables.insert(0, side_by_side(systems, policy))
    numbers = [to_json(s, policy, manifest) for s in systems]
    charts = chart_files(numbers)
    roc = roc_chart(systems, policy.false_accepts)
    if roc:
        charts["roc.svg"] = roc
    for system in systems:
        found = {n: r for n, r in populations(system).items() if n in (AS_THEY_ARE, HALF_AND_HALF)}
        if found:
            name = "calibration.svg" if len(systems) == 1 else f"calibration-{system.name}.svg"
            charts[name] = reliability_chart(f"{system.name}: how often a confidence is right", found)
    write_files(out, "report", tables, charts, numbers)
    write_figures(out, systems, policy)
    if made is not None:
        write_made(out, {**made, **policy_made(policy)})
    return tables


def policy_made(policy: Policy) -> dict[str, str]:
    """The rule of the threshold, as made.json holds it."""
    kinds = ", ".join(kind.value for kind in Kind if kind in policy.strangers)
    return {"rule": rule_text(policy), "strangers": kinds}


def write_files(
    out: Path, name: str, tables: Sequence[Table], charts: Mapping[str, str], numbers: object
) -> None:
    """Writes `name`.md and .json and the charts, each in one step."""
    for chart, svg in charts.items():
        with write_atomically(out / chart) as file:
            file.write(svg)
    with write_atomically(out / f"{name}.md") as file:
        file.write(f"# {TITLES[name]}\n\n" + "".join(f"![{n}]({n})\n\n" for n in charts))
        file.write("\n".join(t.markdown() for t in tables))
    with write_atomically(out / f"{name}.json") as file:
        json.dump(numbers, file, indent=1)
