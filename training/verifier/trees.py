"""Trees of two questions, as the engine has them: the mirror of `engine/core/src/verify.rs`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from training.verifier.asks import Floats
from training.verifier.terms import Columns

Question = tuple[str, float]
"""A feature, and the most that it may be for the answer to be the first of two; in 32 bits, as the
engine has it."""


@dataclass(frozen=True)
class Tree:
    """`first` is asked of all, `then[i]` where the first answer was i; `adds[i][j]` is added to the score."""

    first: Question
    then: tuple[Question, Question]
    adds: tuple[tuple[float, float], tuple[float, float]]

    def of(self, columns: Columns) -> Floats:
        """What it adds, one number a hit."""
        (a, b), (c, d) = self.adds
        low = np.where(_is_more(self.then[0], columns), b, a)
        high = np.where(_is_more(self.then[1], columns), d, c)
        return np.where(_is_more(self.first, columns), high, low)


@dataclass(frozen=True)
class Forest:
    """The sum of trees and a constant."""

    trees: Sequence[Tree]
    constant: float

    def of(self, columns: Columns) -> Floats:
        """The score before the bound, one a hit."""
        total = np.full_like(columns["likelihood"], self.constant, np.float64)
        for tree in self.trees:
            total = total + tree.of(columns)
        return total

    def bent(self, slope: float, offset: float) -> "Forest":
        """The same with `slope * score + offset` for its score."""
        trees = [
            Tree(t.first, t.then, tuple(tuple(slope * v for v in side) for side in t.adds))  # type: ignore[arg-type]
            for t in self.trees
        ]
        return Forest(trees, slope * self.constant + offset)


def forest_of(learned: HistGradientBoostingClassifier, names: Sequence[str]) -> Forest:
    """What scikit-learn has learned, of depth 2 at most. `names`: of its columns."""
    # What it learned can be asked for in no other way; a test holds the sum to its own decision function.
    predictors, baseline = learned._predictors, learned._baseline_prediction  # noqa: SLF001
    return Forest([_tree(one[0].nodes, names) for one in predictors], float(np.ravel(baseline)[0]))


def _tree(nodes: np.ndarray, names: Sequence[str]) -> Tree:
    first, sides = _split(nodes, 0, names)
    (low, adds_low), (high, adds_high) = ((_ends(nodes, side, first, names)) for side in sides)
    return Tree(first, (low, high), (adds_low, adds_high))


def _split(nodes: np.ndarray, at: int, names: Sequence[str]) -> tuple[Question, tuple[int, int]]:
    node = nodes[at]
    if node["is_leaf"]:  # as a question that everything answers in one way
        return (names[0], float("inf")), (at, at)
    question = (names[int(node["feature_idx"])], float(np.float32(node["num_threshold"])))
    return question, (int(node["left"]), int(node["right"]))


def _ends(
    nodes: np.ndarray,
    at: int,
    first: Question,
    names: Sequence[str],
) -> tuple[Question, tuple[float, float]]:
    question, sides = _split(nodes, at, names)
    if nodes[at]["is_leaf"]:
        question = (first[0], float("inf"))
    if not all(nodes[side]["is_leaf"] for side in sides):
        raise ValueError("the engine's trees ask two questions: learn with max_depth=2")
    return question, (float(nodes[sides[0]]["value"]), float(nodes[sides[1]]["value"]))


def _is_more(question: Question, columns: Columns) -> np.ndarray:
    feature, most = question
    return np.asarray(columns[feature] > most)
