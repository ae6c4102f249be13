"""How good a model is on songs that it has not learned from: hit rates at equal false accepts.

A query is a hit only if its right song has the highest score of all songs, and that score lies above the
threshold that a share of the strangers (the masked asks) passes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from bench.accuracy.statistics import Rate, allowed_of, rate, threshold

from training.verifier.asks import Asks, Flags, Floats, Ints, columns
from training.verifier.models import Model

LEARNED = 3
"""Hits of an ask that models learn from, the likeliest first; the right one always."""
FALSE_ACCEPTS = (0.001, 0.002, 0.01)


@dataclass(frozen=True)
class Best:
    """The top-scored hit of each ask, and the score (-inf where nothing came up). `hit`: -1 for none."""

    score: Floats
    hit: Ints
    right: Flags


def lessons(asks: Asks) -> Flags:
    """Of each hit: whether models learn from it."""
    return np.asarray((asks.rank < LEARNED) | asks.right)


def out_of_fold(model: Model, asks: Asks, fold: Ints) -> tuple[Floats, Floats]:
    """Scores of all hits, raw and bounded, each by a model that has not seen the ask's fold."""
    raw, bound = np.zeros(len(asks.ask_of)), np.zeros(len(asks.ask_of))
    of_hit, learn = fold[asks.ask_of], lessons(asks)
    for k in range(int(fold.max()) + 1):
        taught, judged = learn & (of_hit != k), of_hit == k
        fitted = model.fit(columns(asks.names, asks.features[taught]), asks.right[taught])
        part = columns(asks.names, asks.features[judged])
        raw[judged], bound[judged] = fitted.raw(part), fitted.score(part)
    return raw, bound


def best_of(asks: Asks, score: Floats) -> Best:
    """The top-scored hit of each ask; of equals the likeliest."""
    order = np.lexsort((asks.rank, -score, asks.ask_of))
    first = order[np.unique(asks.ask_of[order], return_index=True)[1]]
    hit = np.full(len(asks), -1, np.int64)
    hit[asks.ask_of[first]] = first
    top = np.where(hit >= 0, score[hit], -np.inf)
    return Best(top, hit, np.asarray((hit >= 0) & asks.right[hit]))


def thresholds(asks: Asks, best: Best, false_accepts: float, *, per_length: bool) -> Mapping[float, float]:
    """Clip length (s) -> the threshold that this share of the strangers of the length, or of all, passes."""
    lengths = sorted(set(asks.length_s.tolist()), reverse=True)
    limits = {}
    for length in lengths:
        pool = asks.masked & ((asks.length_s == length) if per_length else True)
        scores = best.score[pool & (best.hit >= 0)]
        limits[length] = threshold(scores.tolist(), allowed_of(int(pool.sum()), false_accepts))
    return limits


@dataclass(frozen=True)
class Rates:
    """Of some known queries: above the threshold and right; ranked first; above it and wrong."""

    hit: Rate
    first: Rate
    wrong: Rate


def rates(asks: Asks, best: Best, limits: Mapping[float, float], chosen: Flags) -> Rates:
    """The rates of the chosen asks, masked ones left out; intervals are clustered by song."""
    rows = np.flatnonzero(chosen & ~asks.masked)
    limit = np.array([limits[x] for x in asks.length_s[rows]])
    above = best.score[rows] > limit
    song = [asks.songs[i] for i in asks.song_of[rows]]

    def share(which: Flags) -> Rate:
        return rate(zip(song, which.tolist(), strict=True))

    right = best.right[rows]
    return Rates(share(above & right), share(right), share(above & ~right))


def by_length(asks: Asks, best: Best, limits: Mapping[float, float], lengths: Sequence[float]) -> list[Rates]:
    """The rates at each of these lengths (s)."""
    return [rates(asks, best, limits, np.asarray(asks.length_s == x)) for x in lengths]
