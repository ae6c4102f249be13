"""From scores to probabilities: what share of the answers of a score are right.

The population is half known queries and half strangers: each query plain, and with its own song masked. The
score is a log odds already, so that a line through it is enough (J. Platt, Advances in Large Margin
Classifiers, 1999); isotonic regression, which can bend, is fitted beside it as a check.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from training.verifier.asks import Asks, Flags, Floats, Ints
from training.verifier.evaluate import Best
from training.verifier.terms import BOUND

BINS = 15


@dataclass(frozen=True)
class Line:
    """Calibrated log odds = slope * score + offset."""

    slope: float
    offset: float

    def of(self, score: Floats) -> Floats:
        """Calibrated log odds."""
        return self.slope * score + self.offset


@dataclass(frozen=True)
class Bin:
    """Answers of about one confidence: the mean of it, the share that was right, and how many they are."""

    confidence: float
    right: float
    n: int


@dataclass(frozen=True)
class Calibration:
    """The line, and how well lines (and bending curves) fitted to the other folds did on each fold.

    Errors are expected calibration errors over `BINS` bins of equal width (0 to 1). `certain`: the same over
    the answers of which the confidence is at least a half.
    """

    line: Line
    before: float
    error: float
    certain: float
    isotonic: float
    bins: list[Bin]


def calibrate(asks: Asks, raw: Floats, best: Best, fold: Ints) -> Calibration:
    """Fits the line on scores out of fold. `raw`: of each hit, before the bound; `best`: by bounded ones."""
    there = best.hit >= 0
    score, right = raw[best.hit[there]], best.right[there]
    room = asks.features[best.hit[there], asks.names.index("likelihood")] - BOUND
    folds = fold[there]
    line = _line(score, right)
    cross, bent = np.zeros(score.size), np.zeros(score.size)
    for k in range(int(fold.max()) + 1):
        other, mine = folds != k, folds == k
        log_odds = np.minimum(_line(score[other], right[other]).of(score[mine]), room[mine])
        cross[mine] = probability(log_odds)
        curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
        bent[mine] = curve.fit(np.minimum(score, room)[other], right[other]).predict(
            np.minimum(score, room)[mine]
        )
    sure = cross >= 0.5
    return Calibration(
        line,
        calibration_error(reliability(probability(np.minimum(score, room)), right)),
        calibration_error(reliability(cross, right)),
        calibration_error(reliability(cross[sure], right[sure])),
        calibration_error(reliability(bent, right)),
        reliability(cross, right),
    )


def _line(score: Floats, right: Flags) -> Line:
    # Scaled, because a score may span hundreds; no shrinkage.
    scale = float(score.std()) + 1e-9
    learned = LogisticRegression(C=1e6, max_iter=2000).fit(score[:, None] / scale, right)
    return Line(float(learned.coef_[0, 0]) / scale, float(learned.intercept_[0]))


def probability(log_odds: Floats) -> Floats:
    """1 / (1 + e^-x)."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * log_odds)))


def reliability(confidence: Floats, right: Flags) -> list[Bin]:
    """Bins of equal width that hold anything."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    found = []
    for i in range(BINS):
        mine = place == i
        if mine.any():
            found.append(Bin(float(confidence[mine].mean()), float(right[mine].mean()), int(mine.sum())))
    return found


def calibration_error(bins: list[Bin]) -> float:
    """The mean distance of confidence and share of right answers (0 to 1)."""
    total = sum(b.n for b in bins)
    return sum(b.n * abs(b.confidence - b.right) for b in bins) / total if total else 0.0
