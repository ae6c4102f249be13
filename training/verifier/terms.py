"""What the score is made of: the features that the trees may ask about, and the bound on their sum.

The one place to change it. Names are those of `_engine.FEATURES`: a new one is computed in
`engine/core/src/verify.rs` first.
"""

from collections.abc import Mapping

import numpy as np

from training.verifier.asks import Floats

Columns = Mapping[str, Floats]

CHOSEN: Mapping[str, int] = {
    "likelihood": 1,
    "likelihood_per_peak": 1,
    "blocks_in_favour": 1,
    "residual_frequency": -1,
    "covered_share": 0,
    "density_ratio": 0,
    "matched_entropy": 1,
    "query_entropy": 0,
    "votes": 1,
    "log_peaks": 0,
    "relative_lead": 1,
    "distance_from_common": -1,
    "change": -1,
}
"""Feature -> 1 where more of it may only speak for the song, -1 where only against it, 0 where either."""

BOUND = 15.0
"""No score is higher than the likelihood less this (nats): averages know no amount of evidence."""


def matrix(columns: Columns) -> Floats:
    """The chosen features, shape (hits, features)."""
    return np.column_stack([columns[name] for name in CHOSEN])


def bounded(score: Floats, columns: Columns) -> Floats:
    """The score as the engine gives it, for a sum of trees."""
    return np.minimum(score, columns["likelihood"] - BOUND)
