"""Every picture of the page: its SVG, its words, and its figures as a table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.accuracy.figures import percent
from bench.comparison.beside import ALLOWED, LENGTHS, Cell, Peer, shipped_point, trade_off
from bench.comparison.dots import beside_chart
from bench.comparison.draw import Lines, Point, confidence_chart, lines_chart, over, trade_off_chart
from bench.comparison.results import Figures, markdown
from bench.comparison.say import lines_table, point, told

LENGTH_LINES = {
    "clean": "clean",
    "snr5": "noise, 5 dB",
    "snr0": "noise, 0 dB",
    "snr-5": "noise, −5 dB",
    "phone": "phone",
    "allatonce": "all at once",
}
POPULATIONS = ("as they are", "half strangers")


@dataclass(frozen=True)
class Picture:
    """One of the page."""

    svg: str
    about: str
    table: str
    """Empty where a table of the page has all of it."""


def pictures(
    figures: Mapping[str, Figures], cells: Sequence[Cell], peers: Sequence[Peer]
) -> dict[str, Picture]:
    """By name. Raises ResultsError."""
    report = figures["report-set"]
    return {
        "beside_10": _beside(cells, 10),
        "beside_3": _beside(cells, 3),
        "trade_off": _trade_off(figures["standard-set"], cells, peers),
        "noise": _noise(report),
        "speed": _speed(report),
        "length": _length(report),
        "size": _size(figures["scale"]),
        "confidence": _confidence(report),
    }


def _beside(cells: Sequence[Cell], length: float) -> Picture:
    here = [c for c in cells if c.length_s == length]
    each = "; ".join(
        f"{c.group}: Sonica {100 * c.ours:.0f}, best of the others {100 * c.best[1]:.0f} ({c.named})"
        for c in here
    )
    title = f"Clips of {length:g} s, at equal false accepts"
    about = f"Percent named rightly, clips of {length:g} s. {each}."
    return Picture(beside_chart(title, here, about), about, "")


def _trade_off(standard: Figures, cells: Sequence[Cell], peers: Sequence[Peer]) -> Picture:
    curve, shipped = trade_off(standard), shipped_point(standard)
    whole = [c for c in cells if c.group == "all"]
    equal = {p.system: 1 - sum(c.others[p.system] for c in whole) / len(whole) for p in peers}
    at = ALLOWED / 250
    ours = curve[ALLOWED][1]
    about = (
        f"Sonica as shipped accepts {100 * shipped[0]:.2f} % of strangers and misses "
        f"{100 * shipped[1]:.1f} %; where {100 * at:g} % may be accepted it misses {100 * ours:.1f} %. "
        "The others, as they decide: "
        + "; ".join(
            f"{p.system} accepts {100 * p.false_accepts:.1f} % and misses {_missed(p):.0f} %" for p in peers
        )
        + "."
    )
    rows = [["Sonica", f"{100 * shipped[0]:.2f}", f"{100 * shipped[1]:.1f}", f"{100 * ours:.1f}"]]
    rows += [
        [
            p.system,
            f"{100 * p.false_accepts:.1f}",
            f"{_missed(p):.0f}",
            f"{100 * equal[p.system]:.0f}",
        ]
        for p in peers
    ]
    head = [
        "%, all lengths",
        "false accepts, as it decides",
        "misses",
        f"misses at {100 * at:g} % false accepts",
    ]
    svg = trade_off_chart(curve, shipped, peers, equal, equal_at=at, about=about)
    return Picture(svg, about, markdown(head, rows))


def _missed(peer: Peer) -> float:
    """Percent of all lengths together, as it decides."""
    return 100 * (1 - sum(peer.shipped) / len(peer.shipped))


def _by_length(report: Figures, pattern: str) -> dict[str, list[Point]]:
    """Lines by clip length over what the pattern finds in the names of degradations (0 for nothing)."""
    lines: dict[str, list[Point]] = {}
    for name in report.names("degradation"):
        found = re.fullmatch(pattern, name)
        if found:
            for length in report.lengths("degradation", name):
                if length in LENGTHS:
                    row = report.one("degradation", name, "equal", length)
                    lines.setdefault(f"{length:g} s", []).append(point(float(found[1] or 0), row))
    return {name: sorted(points, key=lambda p: p.x) for name, points in lines.items()}


def _ticks(lines: Lines, sign: str = "+") -> dict[float, str]:
    xs = sorted({p.x for points in lines.values() for p in points})
    return {x: f"{x:{sign}g}".replace("-", "−") if x else "0" for x in xs}


def _noise(report: Figures) -> Picture:
    lines = _by_length(report, r"snr(-?\d+)")
    ticks = _ticks(lines)
    about = f"Percent named rightly by signal-to-noise ratio. {told(lines, 'dB')}."
    axes = over("In noise", "signal-to-noise ratio, dB", list(ticks.items()))
    table = lines_table("clips", lines, {x: f"{label} dB" for x, label in ticks.items()})
    return Picture(lines_chart(axes, lines, about), about, table)


def _speed(report: Figures) -> Picture:
    lines = _by_length(report, r"speed([+-]\d+)|(?:clean)")
    ticks = _ticks(lines)
    least = {name: min(points, key=lambda p: p.share) for name, points in lines.items()}
    lowest = "; ".join(f"{n}: {percent(p.share)} % at {p.x:+g} %" for n, p in least.items()).replace("-", "−")
    about = f"Percent named rightly by speed, the pitch moving along. Lowest: {lowest}."
    axes = over("Slower and faster", "change of speed, % (the pitch moves along)", list(ticks.items()))
    table = lines_table("clips", lines, {x: f"{label} %" for x, label in ticks.items()})
    return Picture(lines_chart(axes, lines, about), about, table)


def _length(report: Figures) -> Picture:
    lines: dict[str, list[Point]] = {}
    for name, label in LENGTH_LINES.items():
        lengths = sorted(report.lengths("degradation", name))
        lines[label] = [point(x, report.one("degradation", name, "equal", x)) for x in lengths]
    ticks = _ticks(lines, "")
    about = f"Percent named rightly by length of the clip. {told(lines, 's')}."
    axes = over("Short clips", "length of the clip, s", list(ticks.items()), is_log=True)
    table = lines_table("", lines, {x: f"{label} s" for x, label in ticks.items()})
    return Picture(lines_chart(axes, lines, about), about, table)


def _size(scale: Figures) -> Picture:
    rows = scale.table("scale.csv")
    groups = [k for k in rows[0] if k.startswith("hit, ") and not k.endswith(("_low", "_high"))]
    keys = {"all": "hit", **{k.split(", ")[1].replace("-5", "−5"): k for k in groups}}
    lines = {
        name: [
            Point(float(r["songs"]), float(r[key]), float(r[f"{key}_low"]), float(r[f"{key}_high"]))
            for r in rows
        ]
        for name, key in keys.items()
    }
    ticks = {x: f"{x:,g}" if x < 1e6 else f"{x / 1e6:g} million" for x in (float(r["songs"]) for r in rows)}
    about = f"Percent named rightly by the number of songs in the catalogue. {told(lines, 'songs')}."
    axes = over("Larger catalogues", "songs in the catalogue", list(ticks.items()), is_log=True)
    table = lines_table("", lines, {x: f"{label} songs" for x, label in ticks.items()})
    return Picture(lines_chart(axes, lines, about), about, table)


def _confidence(report: Figures) -> Picture:
    table = report.table("reliability.csv")
    bins = {
        name: [
            (float(r["confidence"]), float(r["right"]), int(r["n"]))
            for r in table
            if (r["population"], r["bins"]) == (name, "width")
        ]
        for name in POPULATIONS
    }
    about = (
        "Percent right by confidence, where half of what is asked is unknown: "
        + "; ".join(f"{100 * y:.0f} % right at {100 * x:.0f} %" for x, y, _ in bins["half strangers"])
        + "."
    )
    both = zip(*(bins[name] for name in POPULATIONS), strict=True)
    rows = [
        [f"{n:,}", *(f"{100 * share:.1f}" for x, y, _ in here for share in (x, y))]
        for here in both
        for n in [here[0][2]]
    ]
    head = ["answers", *(f"{name}: {what}, %" for name in POPULATIONS for what in ("confidence", "right"))]
    svg = confidence_chart(bins, about, "How often a confidence is right")
    return Picture(svg, about, markdown(head, rows))
