"""What the size of the catalogue does to strangers: the score of the best of N of them moves by c · ln N.

If only likelihoods counted, c would be above 0: if scores of single strangers fall off exponentially with
scale c, the best of N of them follows a Gumbel distribution whose place grows by c · ln N and whose shape
stays (E. J. Gumbel, Statistics of Extremes, 1958). Here N is varied by taking songs out of the catalogue by
chance: the hits of the songs that stay are as they were, but for the lead, which is over the best other song
that stayed. That lead is large by chance where few songs stay, so that c comes out below 0 for scores that
lean on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.verifier.asks import Asks, Flags, Floats, Ints, columns
from training.verifier.models import Scorer

SIZES = (3, 6, 12, 25, 50, 100, 200)
QUANTILES = (0.9, 0.95, 0.99)
"""Of the scores of best strangers; the last one is where thresholds lie, and gives the correction."""
REPEATS = 4
RESAMPLED = 200
SEEN = 6
"""Likeliest songs that stayed, per ask, that are scored: the best is hardly ever further down."""


@dataclass(frozen=True)
class Growth:
    """How quantiles of the best stranger's score grow with the number of songs.

    `score[i][j]`: quantile i at `sizes[j]`. `slope[i]`: per ln N. `interval`: 95 % of the slope at the
    last quantile, songs resampled. `tail`: mean of the scores' excess over their 95 % quantile at the
    largest size, which is c again if the tail is exponential.
    """

    sizes: Sequence[int]
    score: Sequence[Sequence[float]]
    slope: Sequence[float]
    interval: tuple[float, float]
    tail: float

    @property
    def correction(self) -> float:
        """c: what a score loses per ln N."""
        return self.slope[-1]


def growth(asks: Asks, scorers: Sequence[Scorer], fold: Ints, *, seed: int = 0) -> Growth:
    """Measures it on the masked asks; `scorers[k]` judges fold k."""
    strangers = np.flatnonzero(asks.masked)
    total = len(asks.songs)
    sizes = [*([n for n in SIZES if n < 0.9 * total] or [(total + 1) // 2]), total]
    rng = np.random.default_rng(seed)
    best = np.stack([_repeated(asks, scorers, fold, n, rng) for n in sizes])
    song = np.tile(asks.song_of[strangers], REPEATS)
    score, slope = _fit(sizes, best)
    members = {int(s): np.flatnonzero(song == s) for s in np.unique(song)}
    again = []
    for _ in range(RESAMPLED):
        drawn = rng.choice(list(members), len(members))
        again.append(_fit(sizes, best[:, np.concatenate([members[int(s)] for s in drawn])])[1][-1])
    low, high = np.quantile(again, (0.025, 0.975))
    limit = np.quantile(best[-1], 0.95)
    tail = float((best[-1][best[-1] >= limit] - limit).mean())
    return Growth(sizes, score, slope, (float(low), float(high)), tail)


def _repeated(asks: Asks, scorers: Sequence[Scorer], fold: Ints, n: int, rng: np.random.Generator) -> Floats:
    """Best scores of all strangers, `REPEATS` times over, each time among other n songs."""
    total = len(asks.songs)
    if n == total:
        return np.tile(best_strangers(asks, scorers, fold, np.ones(n, bool))[asks.masked], REPEATS)
    found = [best_strangers(asks, scorers, fold, _some(total, n, rng)) for _ in range(REPEATS)]
    return np.concatenate([best[asks.masked] for best in found])


def _some(total: int, n: int, rng: np.random.Generator) -> Flags:
    chosen = np.zeros(total, bool)
    chosen[rng.choice(total, n, replace=False)] = True
    return chosen


def _fit(sizes: Sequence[int], best: Floats) -> tuple[list[list[float]], list[float]]:
    score = np.quantile(best, QUANTILES, axis=1)
    slope = [float(np.polyfit(np.log(sizes), row, 1)[0]) for row in score]
    return score.tolist(), slope


def best_strangers(asks: Asks, scorers: Sequence[Scorer], fold: Ints, stays: Flags) -> Floats:
    """The best score of each ask, had only these songs (flags) been indexed."""
    kept = stays[asks.hit_song]
    ask, features = asks.ask_of[kept], asks.features[kept].copy()
    place = {name: i for i, name in enumerate(asks.names)}
    own = features[:, place["likelihood"]].astype(np.float64)
    features[:, place["runner_up"]] = best_other(ask, own)
    features[:, place["lead"]] = own - features[:, place["runner_up"]]
    features[:, place["relative_lead"]] = features[:, place["lead"]] / np.sqrt(1 + np.abs(own))
    seen = np.arange(ask.size) - np.searchsorted(ask, ask) < SEEN
    ask, features = ask[seen], features[seen]
    # Lower than any threshold, and finite, so that quantiles are.
    best = np.full(len(asks), -50.0)
    for k, scorer in enumerate(scorers):
        mine = fold[ask] == k
        np.maximum.at(best, ask[mine], scorer(columns(asks.names, features[mine])))
    return best


def best_other(ask: Ints, value: Floats) -> Floats:
    """Of each hit the greatest value of the other hits of its ask, at least 0. Asks ascend."""
    order = np.lexsort((-value, ask))
    first = np.searchsorted(ask, ask)  # of each hit, where its ask begins, in either order
    second = np.minimum(first + 1, max(0, ask.size - 1))
    is_alone = (second == first) | (ask[second] != ask)
    is_best = np.zeros(ask.size, bool)
    is_best[order[first]] = True
    descending = value[order]
    other = np.where(is_best, np.where(is_alone, 0, descending[second]), descending[first])
    return np.maximum(other, 0)
