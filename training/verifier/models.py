"""Models behind one interface: features in, a score out that is a log odds, or nearly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from training.verifier.asks import Flags, Floats
from training.verifier.terms import CHOSEN, Columns, bounded, matrix
from training.verifier.trees import Forest, forest_of

Scorer = Callable[[Columns], Floats]
"""Columns of features -> scores, one a hit, bounded as the engine's are."""


@dataclass(frozen=True)
class Fitted:
    """A model that has learned. `forest` only where it is one that the engine can have."""

    raw: Scorer
    forest: Forest | None = None

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
    """A logistic regression over the chosen features, with a little shrinkage."""

    def fit(self, columns: Columns, right: Flags) -> Fitted:
        """Learns."""
        x = matrix(columns)
        mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
        learned = LogisticRegression(max_iter=2000).fit((x - mean) / spread, right)
        weights = learned.coef_[0] / spread
        constant = float(learned.intercept_[0] - weights @ mean)
        return Fitted(lambda c: matrix(c) @ weights + constant)


@dataclass(frozen=True)
class Trees:
    """Boosted trees (J. H. Friedman, Annals of Statistics, 2001) over the chosen features.

    `monotone`: where more can only speak for, or against, it does.
    """

    count: int = 150
    depth: int = 2
    monotone: bool = True

    def fit(self, columns: Columns, right: Flags) -> Fitted:
        """Learns."""
        learner = HistGradientBoostingClassifier(
            max_iter=self.count,
            max_depth=self.depth,
            learning_rate=0.12,
            min_samples_leaf=min(150, max(2, right.size // 10)),
            l2_regularization=20.0,
            early_stopping=False,
            monotonic_cst=list(CHOSEN.values()) if self.monotone else None,
            random_state=0,
        )
        # Threads that wait for one another in a loop take minutes on a machine that is busy.
        with threadpool_limits(1):
            learned = learner.fit(matrix(columns), right)
        if self.depth == 2:
            forest = forest_of(learned, list(CHOSEN))
            return Fitted(forest.of, forest)

        def score(c: Columns) -> Floats:
            with threadpool_limits(1):
                return np.asarray(learned.decision_function(matrix(c)), np.float64)

        return Fitted(score)


MODELS: Mapping[str, Model] = {
    "trees": Trees(),
    "trees, free": Trees(monotone=False),
    "deeper trees": Trees(count=100, depth=4),
    "logistic": Logistic(),
}
"""The first one is written."""
