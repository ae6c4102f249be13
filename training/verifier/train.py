"""Everything after collecting: compare models, fit the first, calibrate it, measure the catalogue's size."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from bench.accuracy.progress import Progress

from training.verifier.asks import Asks, Floats, Ints, Kin, columns
from training.verifier.calibrate import Calibration, calibrate
from training.verifier.evaluate import Best, best_of, lessons, out_of_fold
from training.verifier.folds import fold_of
from training.verifier.models import MODELS, Fitted, Model
from training.verifier.size import Growth, growth
from training.verifier.terms import bounded
from training.verifier.trees import Forest
from training.verifier.write import Table

INSTALLED = "as installed"
"""The name of the present table in comparisons: not learned in this run, perhaps on some of these songs."""
UNBOUNDED = ", no bound"
"""Stands behind a model's name where scores may be higher than their likelihood allows."""


@dataclass(frozen=True)
class Trained:
    """`asks`: without relatives. `best`: by model, out of fold (the present table's is not); `shipped`: of
    the first model, calibrated and bounded: what the new table would give on songs that it has not seen.
    """

    asks: Asks
    fold: Ints
    best: Mapping[str, Best]
    shipped: Best
    calibration: Calibration
    growth: Growth
    table: Table


def train(
    collected: Asks,
    kin: Kin,
    present: Forest,
    *,
    models: Mapping[str, Model] = MODELS,
    seed: int = 0,
    progress: Progress,
) -> Trained:
    """Learns. `present`: the trees that are installed now."""
    asks = collected.without_relatives(kin)
    fold = fold_of(asks, kin)
    every = asks.columns()
    best = {INSTALLED: best_of(asks, bounded(present.of(every), every))}
    first = next(iter(models))
    raw: Floats = np.zeros(0)
    progress("learn", 0, len(models) + 1)
    for done, (name, model) in enumerate(models.items(), 1):
        scores = out_of_fold(model, asks, fold)
        raw = scores[0] if name == first else raw
        best[name] = best_of(asks, scores[1])
        best[name + UNBOUNDED] = best_of(asks, scores[0])
        progress("learn", done, len(models) + 1)
    calibration = calibrate(asks, raw, best[first], fold)
    line = calibration.line
    shipped = best_of(asks, bounded(line.of(raw), every))
    fits = [
        _fit(models[first], asks, lessons(asks) & (fold[asks.ask_of] != k)) for k in range(fold.max() + 1)
    ]
    scorers = [_calibrated(f, calibration) for f in fits]
    grown = growth(asks, [f.score for f in scorers], fold, seed=seed)
    learned = _calibrated(_fit(models[first], asks, lessons(asks)), calibration)
    if learned.forest is None:
        raise ValueError(f"the engine has no place for what {first} learns: put a forest first")
    progress("learn", len(models) + 1, len(models) + 1)
    table = Table(learned.forest, len(asks.songs), grown.correction)
    return Trained(asks, fold, best, shipped, calibration, grown, table)


def _fit(model: Model, asks: Asks, taught: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Fitted:
    return model.fit(columns(asks.names, asks.features[taught]), asks.right[taught])


def _calibrated(fitted: Fitted, calibration: Calibration) -> Fitted:
    """The model with the line folded into it: its sum of trees is a calibrated log odds."""
    line = calibration.line
    return replace(
        fitted,
        raw=lambda c: line.of(fitted.raw(c)),
        forest=fitted.forest and fitted.forest.bent(line.slope, line.offset),
    )
