"""Models behind one interface: features in, a score out that is a log odds, or nearly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from training.verifier.asks import Flags, Floats
from training.verifier.terms import ALL, BY_NAME, CHOSEN, Columns, bounded, matrix

Scorer = Callable[[Columns], Floats]
"""Columns of features -> scores, one a hit, bounded as the engine's are."""


@dataclass(frozen=True)
class Fitted:
    """A model that has learned. `coefficients` and `constant` only where it is a sum of terms."""

    raw: Scorer
    coefficients: Mapping[str, float]
    constant: float = 0.0

    def score(self, columns: Columns) -> Floats:
        """Bounded as in the engine."""
        return bounded(self.raw(columns), columns)


class Model(Protocol):
    """Something that can learn which hits are right."""

    def fit(self, columns: Columns, right: Flags) -> Fitted:
        """Learns from hits."""
        ...


@dataclass(frozen=True)
class Logistic:
    """A logistic regression over terms, with a little shrinkage on standardised terms."""

    terms: tuple[str, ...]

    def fit(self, columns: Columns, right: Flags) -> Fitted:
        """Learns; coefficients are per unit of each term."""
        x = matrix(self.terms, columns)
        mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
        learned = LogisticRegression(max_iter=2000).fit((x - mean) / spread, right)
        weights = learned.coef_[0] / spread
        constant = float(learned.intercept_[0] - weights @ mean)
        coefficients = dict(zip(self.terms, map(float, weights), strict=True))
        return Fitted(lambda c: matrix(self.terms, c) @ weights + constant, coefficients, constant)


@dataclass(frozen=True)
class Trees:
    """Small boosted trees over all terms; `monotone`: where more can only speak for, or against, it does."""

    monotone: bool
    terms: tuple[str, ...] = ALL

    def fit(self, columns: Columns, right: Flags) -> Fitted:
        """Learns."""
        signs = [BY_NAME[name].sign if self.monotone else 0 for name in self.terms]
        learner = HistGradientBoostingClassifier(
            max_iter=64,
            max_depth=4,
            learning_rate=0.15,
            min_samples_leaf=50,
            l2_regularization=5.0,
            early_stopping=False,
            monotonic_cst=signs,
            random_state=0,
        )
        # Threads that wait for one another in a loop take minutes on a machine that is busy.
        with threadpool_limits(1):
            learned = learner.fit(matrix(self.terms, columns), right)

        def score(c: Columns) -> Floats:
            with threadpool_limits(1):
                return np.asarray(learned.decision_function(matrix(self.terms, c)), np.float64)

        return Fitted(score, {})


MODELS: Mapping[str, Model] = {
    "logistic": Logistic(CHOSEN),
    "logistic, all terms": Logistic(ALL),
    "trees": Trees(monotone=False),
    "trees, monotone": Trees(monotone=True),
}
"""The first one is written."""
