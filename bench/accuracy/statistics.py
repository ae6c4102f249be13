"""How sure a rate is, and which threshold lets so many strangers pass.

Intervals are Wilson's (E. B. Wilson, JASA 1927) on the effective sample size n / d. The design effect d is
the variance of the rate between songs (ratio estimator: L. Kish, Survey Sampling, 1965) over the variance
that independent queries would have, never below 1. Where all outcomes are equal, or all queries of one
song, the data cannot show clustering; then each song counts as one query: d = n / songs.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of queries: `hits` of `n`, from `songs` songs, with its 95 % interval (all shares 0 to 1)."""

    hits: int
    n: int
    songs: int
    low: float
    high: float
    design_effect: float
    songs_hit: int
    """Songs with at least one hit."""

    @property
    def share(self) -> float:
        """Hits over n; 0 where nothing was asked."""
        return self.hits / self.n if self.n else 0.0


def wilson(share: float, n: float, z: float = Z95) -> tuple[float, float]:
    """The interval of a share seen in n (possibly effective, fractional) trials; (0, 1) for none."""
    if n <= 0:
        return 0.0, 1.0
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def rate(outcomes: Iterable[tuple[str, bool]]) -> Rate:
    """The rate of (song, hit?) pairs with its interval clustered by song."""
    songs: dict[str, list[bool]] = defaultdict(list)
    for song, hit in outcomes:
        songs[song].append(hit)
    n = sum(map(len, songs.values()))
    hits = sum(map(sum, songs.values()))
    share = hits / n if n else 0.0
    effect = _design_effect(list(songs.values()), share, n)
    low, high = wilson(share, n / effect)
    return Rate(hits, n, len(songs), low, high, effect, sum(any(v) for v in songs.values()))


def _design_effect(songs: Sequence[Sequence[bool]], share: float, n: int) -> float:
    m = len(songs)
    if m < 2 or share in (0.0, 1.0):
        return n / m if m else 1.0
    between = m / (m - 1) * sum((sum(v) - share * len(v)) ** 2 for v in songs) / n**2
    return max(1.0, between / (share * (1 - share) / (n - 1)))


def threshold(stranger_scores: Sequence[float], allowed: int) -> float:
    """The lowest threshold that at most `allowed` of these scores exceed.

    One score a stranger that got any answer; those that got none need not be listed. -inf where all may pass.
    """
    ordered = sorted(stranger_scores, reverse=True)
    return ordered[allowed] if allowed < len(ordered) else float("-inf")


def allowed_of(n: int, false_accept_rate: float) -> int:
    """How many of n strangers may pass so that the rate is not exceeded."""
    return math.floor(n * false_accept_rate + 1e-9)
