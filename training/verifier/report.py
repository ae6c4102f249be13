"""What a training run found, as tables for the terminal, a page and pictures."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from bench.accuracy.files import write_atomically
from bench.accuracy.statistics import Rate
from bench.accuracy.tables import Table

from training.verifier.asks import Flags
from training.verifier.calibrate import BINS
from training.verifier.charts import Axis, Series, chart
from training.verifier.evaluate import FALSE_ACCEPTS, Rates, by_length, rates, thresholds
from training.verifier.folds import FOLDS
from training.verifier.size import QUANTILES
from training.verifier.train import INSTALLED, Trained

SHORT = 3.0
"""Clips shorter than this (s) are asked in few degradations: tables by length leave them out."""


def _percent(r: Rate) -> str:
    return f"{100 * r.share:.1f}" if r.n else ""


def _three(of_length: Sequence[Rates], which: Callable[[Rates], Rate]) -> str:
    return " / ".join(_percent(which(r)) for r in of_length)


def _lengths(trained: Trained) -> list[float]:
    """Clip lengths (s) of the tables, longest first."""
    found = sorted(set(trained.asks.length_s.tolist()), reverse=True)
    return [x for x in found if x >= SHORT] or found


def _named(lengths: Sequence[float]) -> str:
    return " / ".join(f"{x:g}" for x in lengths) + " s"


def tables(trained: Trained) -> list[Table]:
    """Models side by side, the first one by degradation, its calibration, and the catalogue's size."""
    return [
        _models(trained),
        _degradations(trained),
        _operating(trained),
        _calibration(trained),
        _growth(trained),
        _questions(trained),
    ]


def _models(trained: Trained) -> Table:
    asks, lengths = trained.asks, _lengths(trained)
    rows = []
    for name, best in trained.best.items():
        cells = []
        for share in FALSE_ACCEPTS:
            for per_length in (True, False):
                limits = thresholds(asks, best, share, per_length=per_length)
                cells.append(_three(by_length(asks, best, limits, lengths), lambda r: r.hit))
        cells.append(_three(by_length(asks, best, _everything(trained), lengths), lambda r: r.first))
        rows.append([name, *cells])
    strangers = int((asks.masked & np.isin(asks.length_s, lengths)).sum())
    head = [f"{100 * f:g} %{how}" for f in FALSE_ACCEPTS for how in ("", ", one threshold")]
    return Table(
        "Models: hit rate, %, at equal false accepts",
        ["model", *head, "ranked first"],
        rows,
        f"At {_named(lengths)}, on songs that the model has not learned from ({FOLDS} folds, relatives "
        f"together): the right song first, above the threshold that so many of the {strangers} strangers "
        "(queries whose own song and relatives were masked) pass, per length, or one for all lengths. "
        f"`{INSTALLED}` was not learned in this run and may know these songs. `no bound`: scores "
        "that the likelihood does not cap.",
    )


def _everything(trained: Trained) -> dict[float, float]:
    return dict.fromkeys(trained.asks.length_s.tolist(), -math.inf)


def _degradations(trained: Trained) -> Table:
    asks, best, lengths = trained.asks, trained.shipped, _lengths(trained)
    strict, one = (
        thresholds(asks, best, FALSE_ACCEPTS[0], per_length=per_length) for per_length in (True, False)
    )
    deg = np.array(asks.degradation)

    def row(label: str, chosen: Flags) -> list[str]:
        cells = []
        for limits, which in ((strict, _hit), (one, _hit), (strict, _first)):
            parts = [which(rates(asks, best, limits, chosen & (asks.length_s == x))) for x in lengths]
            cells.append(" / ".join(map(_percent, parts)))
        return [label, *cells]

    names = list(dict.fromkeys(asks.degradation))
    rows: list[Sequence[str] | None] = [row(n, np.asarray(deg == n)) for n in names]
    wrong = rates(asks, best, one, np.isin(asks.length_s, lengths)).wrong
    return Table(
        "By degradation: hit rate, %, at 0.1 % false accepts",
        ["degradation", "threshold per length", "one threshold", "ranked first"],
        [*rows, None, row("all", np.ones(len(asks), bool))],
        f"The first model, calibrated, out of fold, at {_named(lengths)}. Thresholds: "
        + ", ".join(f"{x:g} s {limit:.2f}" for x, limit in strict.items())
        + f"; one for all {one[lengths[0]]:.2f}. Wrong songs named above that: {wrong.hits} of {wrong.n}.",
    )


def _hit(r: Rates) -> Rate:
    return r.hit


def _first(r: Rates) -> Rate:
    return r.first


def _operating(trained: Trained) -> Table:
    asks, best = trained.asks, trained.shipped
    rows: list[Sequence[str] | None] = []
    strangers = best.score[asks.masked]
    for limit in range(-3, 7):
        r = rates(asks, best, dict.fromkeys(asks.length_s.tolist(), float(limit)), np.ones(len(asks), bool))
        passed = int((strangers > limit).sum())
        share = 100 * passed / max(1, strangers.size)
        rows.append(
            [
                f"{limit}",
                f"{100 / (1 + math.exp(-limit)):.1f} %",
                _percent(r.hit),
                f"{passed} ({share:.2f} %)",
                f"{r.wrong.hits} ({100 * r.wrong.share:.2f} %)",
            ]
        )
    return Table(
        "By threshold",
        ["log odds", "confidence", "hit rate, %", "strangers that pass", "wrong songs"],
        rows,
        f"All lengths together, {len(strangers)} strangers. The first model, calibrated, out of fold.",
    )


def _calibration(trained: Trained) -> Table:
    c = trained.calibration
    rows: list[tuple[str, float]] = [
        ("before", c.before),
        ("with a line", c.error),
        ("with a line, answers of 50 % and more", c.certain),
        ("isotonic, as a check", c.isotonic),
    ]
    return Table(
        "Calibration error",
        ["", "%"],
        [[name, f"{100 * value:.2f}"] for name, value in rows],
        f"Expected calibration error over {BINS} bins, each fold by what was fitted to the others. "
        f"The line: {c.line.slope:.3f} · score {c.line.offset:+.3f}, already in the trees. Half of "
        "the asks are strangers, so a confidence is right where half of what is asked is unknown.",
    )


def _growth(trained: Trained) -> Table:
    g = trained.growth
    rows = [
        [f"{100 * q:g} %", *(f"{v:.2f}" for v in row), f"{slope:.3f}"]
        for q, row, slope in zip(QUANTILES, g.score, g.slope, strict=True)
    ]
    return Table(
        "The best stranger's score by songs in the catalogue",
        ["quantile", *(str(n) for n in g.sizes), "per ln N"],
        rows,
        f"Songs taken out by chance. The last row gives the correction, {g.correction:.3f} (95 %: "
        f"{g.interval[0]:.3f} to {g.interval[1]:.3f}); the tail's own scale at {g.sizes[-1]} songs is "
        f"{g.tail:.3f}, and would be the same if it were exponential.",
    )


def _questions(trained: Trained) -> Table:
    asked: dict[str, int] = {}
    moved: dict[str, float] = {}
    for tree in trained.table.forest.trees:
        (a, b), (c, d) = tree.adds
        for (name, most), apart in (
            (tree.first, abs(c + d - a - b) / 2),
            (tree.then[0], abs(b - a)),
            (tree.then[1], abs(d - c)),
        ):
            if most < float("inf"):
                asked[name] = asked.get(name, 0) + 1
                moved[name] = moved.get(name, 0.0) + apart
    rows = [[name, str(asked[name]), f"{moved[name]:.1f}"] for name in sorted(asked, key=lambda n: -moved[n])]
    note = ", ".join(f"{name} {value:.4g}" for name, _, value in trained.table.constants())
    return Table(
        "What the trees ask about",
        ["feature", "questions", "log odds between answers, summed"],
        rows,
        f"Beside the trees: {note}.",
    )


def pictures(trained: Trained) -> dict[str, str]:
    """File name -> SVG."""
    return {
        "reliability.svg": _reliability(trained),
        "scores.svg": _scores(trained),
        "size.svg": _size(trained),
    }


def _reliability(trained: Trained) -> str:
    bins = trained.calibration.bins
    points = [(100 * b.confidence, 100 * b.right) for b in bins]
    notes = [
        f"{b.n} answers: confidence {100 * b.confidence:.1f} %, right {100 * b.right:.1f} %" for b in bins
    ]
    percent = list(range(0, 101, 20))
    return chart(
        "Confidence and truth, on songs not learned from",
        Axis("confidence, %", 0, 100, percent),
        Axis("right, %", 0, 100, percent),
        [
            Series("perfect", [(0, 0), (100, 100)], dashed=True, marked=False),
            Series(
                f"answers, in {BINS} bins; area: how many",
                points,
                joined=False,
                notes=notes,
                weights=[b.n / max(x.n for x in bins) for b in bins],
            ),
        ],
    )


def _scores(trained: Trained) -> str:
    asks, best = trained.asks, trained.shipped
    low, high, width = -10, 15, 0.5
    edges = np.arange(low, high + width, width)

    def histogram(name: str, chosen: Flags) -> Series:
        share = 100 * np.histogram(best.score[chosen], edges)[0] / max(1, int(chosen.sum()))
        return Series(
            name,
            list(zip((edges[:-1] + width / 2).tolist(), share.tolist(), strict=True)),
            marked=False,
            area=True,
        )

    known = ~asks.masked
    series = [
        histogram("right song first", known & best.right),
        histogram("strangers", asks.masked),
        histogram("wrong song first", known & ~best.right),
    ]
    top = max(2, math.ceil(max(y for s in series for _, y in s.points)))
    ends = list(range(low, high + 1, 5))
    return chart(
        "Scores of the first hit, on songs not learned from",
        Axis("score, log odds", low, high, ends),
        Axis(
            f"share of each kind per {width} log odds, %", 0, top, list(range(0, top + 1, max(1, top // 5)))
        ),
        series,
    )


def _size(trained: Trained) -> str:
    g = trained.growth
    series = []
    for q, row, slope in zip(QUANTILES, g.score, g.slope, strict=True):
        name = f"{100 * q:g} %: {slope:+.2f} per ln N"
        series.append(Series(name, list(zip(map(float, g.sizes), row, strict=True))))
    values = [v for row in g.score for v in row]
    low, high = math.floor(min(values)), math.ceil(max(values))
    step = max(1, (high - low) // 6)
    return chart(
        "Quantiles of the best stranger's score, by catalogue",
        Axis("songs in the catalogue", g.sizes[0], g.sizes[-1], list(g.sizes), math.log),
        Axis("score, log odds", low, high, list(range(low, high + 1, step))),
        series,
    )


def write_report(folder: Path, trained: Trained, provenance: Sequence[str], found: Sequence[Table]) -> None:
    """Writes report.md and the pictures."""
    charts = pictures(trained)
    for name, svg in charts.items():
        with write_atomically(folder / name) as file:
            file.write(svg)
    with write_atomically(folder / "report.md") as file:
        file.write("# The verifier's training\n\n")
        file.writelines(f"{line}\n" for line in provenance)
        file.write("\n" + "".join(f"![{Path(n).stem}]({n})\n\n" for n in charts))
        file.write("\n".join(t.markdown() for t in found))
