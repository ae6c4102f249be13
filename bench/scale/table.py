"""The rows as tables, as CSV, and as curves."""

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import ceil, floor, log10
from pathlib import Path

from bench.accuracy.figures import percent
from bench.accuracy.files import write_atomically
from bench.accuracy.plot import Axes, chart, looks
from bench.accuracy.tables import Table
from bench.scale.measure import Row, Value

Column = tuple[str, Callable[[Row], str]]
"""Its heading, and what stands there in a row."""
GROUP = "hit, "
"""How the names of figures of a group of degradations begin."""
MIB = 1 << 20
COSTS = {
    "hours of music": "hours",
    "CPU, nominal": "nominal_cpu_ms_p50",
    "CPU, all tried": "all_tried_cpu_ms_p50",
    "postings read": "postings_mean",
    "bytes of the packs": "pack_bytes",
    "memory of its own": "memory_own",
}
"""Lines of the chart of costs, and their figures."""


def tables_of(rows: Sequence[Row], about: str, machine: Mapping[str, str]) -> list[Table]:
    """Accuracy, groups, best wrong scores, and costs; `about` says what was asked of what."""
    first = rows[0]
    passing = max(_number(row["strangers_passing"]) for row in rows)
    allowed = (
        f"Threshold of each length: at most 0.1 % of the {first['strangers']:,} strangers pass"
        if passing
        else f"Threshold of each length: none of the {first['strangers']:,} strangers passes, since 0.1 % of "
        "them is less than one"
    )
    songs: Column = ("songs", lambda r: f"{r['songs']:,}")
    accuracy: list[Column] = [
        songs,
        ("hours", lambda r: f"{r['hours']:,.0f}"),
        ("right, %", lambda r: _rate(r, "hit")),
        ("wrong", lambda r: f"{r['wrong']}"),
        ("loss, points", lambda r: _loss(r, "")),
        ("shipped: right, %", lambda r: _rate(r, "shipped_hit")),
        ("wrong", lambda r: f"{r['shipped_wrong']}"),
        ("false accepts", lambda r: f"{r['shipped_false']}"),
        ("loss, points", lambda r: _loss(r, "shipped_")),
    ]
    groups: list[Column] = [songs, *((name, partial(_group, name=name)) for name in _groups(first))]
    wrong: list[Column] = [
        songs,
        ("mean", lambda r: _plain(r["best_wrong_mean"])),
        ("99th", lambda r: _plain(r["best_wrong_p99"])),
        ("highest", lambda r: _plain(r["best_wrong_max"])),
        ("a distractor, %", lambda r: percent(_number(r["best_wrong_made"]))),
        ("of the hours, %", lambda r: percent(_number(r["made"]))),
        ("change of the mean", lambda r: _change(r["best_wrong_mean"], first["best_wrong_mean"])),
        ("supposed", lambda r: _change(r["expected_change"], 0)),
        ("if its slope went on", lambda r: _change(r["expected_change_if_it_went_on"], 0)),
    ]
    cost: list[Column] = [
        songs,
        ("nominal, ms p50/p99", lambda r: _times(r, "nominal_ms")),
        ("CPU", lambda r: _times(r, "nominal_cpu_ms")),
        ("all tried, ms p50/p99", lambda r: _times(r, "all_tried_ms")),
        ("CPU", lambda r: _times(r, "all_tried_cpu_ms")),
        ("postings, mean", lambda r: f"{r['postings_mean']:,.0f}"),
        ("99th", lambda r: f"{r['postings_p99']:,.0f}"),
    ]
    room: list[Column] = [
        songs,
        ("packs", lambda r: f"{r['packs']}"),
        ("MiB", lambda r: _mib(r["pack_bytes"])),
        ("bytes a second", lambda r: f"{r['pack_bytes_a_second']:.0f}"),
        ("open, ms", lambda r: f"{r['open_ms']:.0f}"),
        ("memory, MiB", lambda r: _mib(r["memory_all"])),
        ("of files", lambda r: _mib(r["memory_file"])),
        ("its own", lambda r: _mib(r["memory_own"])),
        ("before opening", lambda r: _mib(r["before_all"])),
    ]
    return [
        _table(
            "By size of the catalogue",
            rows,
            accuracy,
            f"{about} {allowed}. Loss: against the smallest size, of the same queries; then how many were "
            "lost and won. Intervals: 95 %, clustered by song.",
        ),
        _table("By group of degradations: right, %, at the threshold and as shipped", rows, groups, ""),
        _table(
            "Score of the best wrong song of strangers",
            rows,
            wrong,
            "A distractor: how often the best wrong song is one, beside their share of the hours of music; "
            "were they as songs are, both would be alike. Supposed: the change that the engine's correction "
            "for the size of the catalogue accounts for, which ends at as many songs as it was measured "
            "with. If its slope went on: beyond these, too.",
        ),
        _table(
            "Time and postings of one query on one core",
            rows,
            cost,
            f"Nominal: answers after at most three hypotheses ({first['nominal_n']} of "
            f"{_number(first['nominal_n']) + _number(first['all_tried_n']):g} at the smallest size). "
            f"{machine['processor']}, load {machine['load']}; {machine['system']}. On a busy machine believe "
            "processor time alone.",
        ),
        _table(
            "Bytes on disk and in memory",
            rows,
            room,
            "Memory of the process that asked, at its end: pages of the packs, which the system may take "
            "back, and its own. Files may have been in the page cache when they were opened.",
        ),
    ]


def _table(title: str, rows: Sequence[Row], columns: Sequence[Column], note: str) -> Table:
    return Table(title, [name for name, _ in columns], [[cell(r) for _, cell in columns] for r in rows], note)


def _groups(row: Row) -> list[str]:
    """The groups of degradations that a row has figures of."""
    keys = [key for key in row if key.startswith(GROUP) and not key.endswith(("_low", "_high"))]
    return [key.removeprefix(GROUP) for key in keys]


def _group(row: Row, name: str) -> str:
    return f"{percent(_number(row[f'hit, {name}']))} {percent(_number(row[f'shipped_hit, {name}']))}"


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else 0.0


def _rate(row: Row, name: str) -> str:
    share, low, high = (percent(_number(row[key])) for key in (name, f"{name}_low", f"{name}_high"))
    return f"{share} ({low}–{high})"


def _loss(row: Row, kind: str) -> str:
    return f"{_number(row[f'{kind}loss_points']) + 0.0:.1f} (−{row[f'{kind}lost']} +{row[f'{kind}won']})"


def _plain(value: Value) -> str:
    return "-" if value is None else f"{_number(value):.2f}"


def _change(value: Value, first: Value) -> str:
    return "-" if value is None else f"{_number(value) - _number(first) + 0.0:+.2f}"


def _times(row: Row, name: str) -> str:
    p50, p99 = row[f"{name}_p50"], row[f"{name}_p99"]
    return "-" if p50 is None else f"{_number(p50):,.1f} / {_number(p99):,.1f}"


def _mib(value: Value) -> str:
    return "-" if value is None else f"{_number(value) / MIB:,.0f}"


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """One line a size, all figures; empty where there is none."""
    with write_atomically(path) as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(
            {key: f"{value:.6g}" if isinstance(value, float) else value for key, value in row.items()}
            for row in rows
        )


def chart_of(rows: Sequence[Row]) -> str:
    """Hit rates over the number of songs, as SVG: all at the threshold and as shipped, and each group."""
    sizes = [_number(row["songs"]) for row in rows]
    lines = {
        "all": "hit",
        "all, as shipped": "shipped_hit",
        **{name: GROUP + name for name in _groups(rows[0])},
    }
    values = {name: [100 * _number(row[key]) for row in rows] for name, key in lines.items()}
    least = min(min(line) for line in values.values())
    lowest = next(x for x in (90, 80, 60, 40, 0) if x <= least or x == 0)
    step = 2 if lowest == 90 else 5 if lowest == 80 else 10 if lowest else 20
    axes = Axes(
        "Hit rate by size of the catalogue",
        "songs",
        "hit rate, %",
        _ticks(sizes),
        range(lowest, 101, step),
        x_scale=log10,
    )
    named = [(_short(name), "") for name in lines]
    drawn = looks(named)
    parts = [
        axes.line(list(zip(sizes, line, strict=True)), look)
        for line, look in zip(values.values(), drawn, strict=True)
    ]
    return chart(axes, parts, named, drawn)


def cost_chart_of(rows: Sequence[Row]) -> str:
    """How many times as much each figure is as at the smallest size, in powers of ten, as SVG."""
    sizes = [_number(row["songs"]) for row in rows]
    values = {
        name: [log10(_number(row[key]) / _number(rows[0][key])) for row in rows]
        for name, key in COSTS.items()
        if all(_number(row[key]) > 0 for row in rows)
    }
    low, high = (edge(x for line in values.values() for x in line) for edge in (min, max))
    axes = Axes(
        "Cost by size of the catalogue",
        "songs",
        "times as much as at the smallest, powers of ten",
        _ticks(sizes),
        range(min(0, floor(low)), max(1, ceil(high)) + 1),
        x_scale=log10,
    )
    named = [(name, "") for name in values]
    drawn = looks(named)
    parts = [
        axes.line(list(zip(sizes, line, strict=True)), look)
        for line, look in zip(values.values(), drawn, strict=True)
    ]
    return chart(axes, parts, named, drawn)


def _ticks(sizes: Sequence[float]) -> list[tuple[float, str]]:
    """One a size; an axis has two at least."""
    ends = [*sizes, 10 * sizes[0]] if len(sizes) == 1 else sizes
    return [(size, f"{size:,.0f}") for size in ends]


def _short(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:19]}…"
