"""What the score is made of: the mirror of `engine/core/src/verify.rs`, and the one place to change it.

A term is a function of features. The engine's score is the sum of `CHOSEN` terms times their coefficients,
and a constant; a test holds it to this file. To try another form, add its term here, see what it brings
with `--dry-run`, and when it pays put it into `CHOSEN` and into verify.rs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from training.verifier.asks import Floats

Columns = Mapping[str, Floats]

LEAST_LIKELIHOOD = 19.5
"""No score is higher than the likelihood less this (nats): averages know no amount of evidence."""
BOUND_WORDS = "No score is higher than the likelihood less this (nats)."


@dataclass(frozen=True)
class Term:
    """One term: `words` says what its coefficient is per; `sign`: 1 where more can only speak for the song,
    -1 where it can only speak against it, 0 where neither is certain.
    """

    name: str
    words: str
    of: Callable[[Columns], Floats]
    sign: int = 0

    @property
    def constant(self) -> str:
        """Its name in the engine's table."""
        return self.name.upper()


def _raw(name: str, words: str, sign: int = 0) -> Term:
    return Term(name, words, lambda c: c[name], sign)


def _root_likelihood(c: Columns) -> Floats:
    """The order of magnitude of likelihoods among strangers."""
    return np.asarray(np.sqrt(1 + np.abs(c["likelihood"])))


TERMS = (
    Term(
        "relative_lead",
        "Per lead over the best other song, in roots of the likelihood.",
        lambda c: c["lead"] / _root_likelihood(c),
        1,
    ),
    _raw("likelihood_per_peak", "Per nat of likelihood per peak of the query.", 1),
    _raw("blocks_in_favour", "For all 250 ms blocks in its favour.", 1),
    _raw("residual_frequency", "Per step of mean residual in frequency.", -1),
    _raw("matched_entropy", "Per nat of entropy of the matched pitches.", 1),
    Term("root_votes", "Per root of the votes.", lambda c: np.sqrt(c["votes"]), 1),
    Term(
        "root_likelihood",
        "Per root of the likelihood (nats).",
        lambda c: c["likelihood"] / _root_likelihood(c),
        1,
    ),
    _raw("matched_share", "For all peaks of the query matched.", 1),
    _raw("residual_time", "Per step of mean residual in time.", -1),
    _raw("covered_share", "For all peaks of the song there matched."),
    _raw("density_ratio", "Per peak of the song there to one of the query."),
    _raw("query_entropy", "Per nat of entropy of the query's pitches."),
    _raw("matched_rank", "Per rank that the matched peaks are weaker than the others."),
    _raw("tempo", "Per octave of tempo."),
    _raw("pitch", "Per octave of pitch."),
    _raw("tempo_against_pitch", "Per octave between tempo and pitch."),
    _raw("log_peaks", "Per e-fold of peaks in the query."),
    _raw("distance_from_common", "Per octave from the nearest usual way to change a song."),
)
BY_NAME = {term.name: term for term in TERMS}

CHOSEN = (
    "relative_lead",
    "likelihood_per_peak",
    "blocks_in_favour",
    "residual_frequency",
    "matched_entropy",
    "root_votes",
)
"""What verify.rs adds up, in its order."""
ALL = tuple(BY_NAME)


def matrix(names: tuple[str, ...], columns: Columns) -> Floats:
    """The terms of these names, shape (hits, names)."""
    return np.column_stack([BY_NAME[name].of(columns) for name in names])


def bounded(score: Floats, columns: Columns) -> Floats:
    """The score as the engine gives it, for a sum of terms."""
    return np.minimum(score, columns["likelihood"] - LEAST_LIKELIHOOD)


def score(coefficients: Mapping[str, float], constant: float, columns: Columns) -> Floats:
    """The engine's score by these coefficients (name of a term -> value), one a hit."""
    total = np.full_like(columns["likelihood"], constant)
    for name, value in coefficients.items():
        total = total + value * BY_NAME[name].of(columns)
    return bounded(total, columns)
