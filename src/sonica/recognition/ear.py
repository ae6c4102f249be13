"""The fingerprint of the newest minutes of a sound that has no end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sonica import _engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT_S = 60.0
"""Seconds that are kept at least, once so much was heard; at most twice as many."""


class Ear:
    """Hears mono samples at `rate` Hz and gives excerpts of what was heard last; no samples are kept.

    A fingerprint cannot forget its beginning. So there are two, each begun when the one before had KEPT_S,
    and the older goes when the younger has so much. Raises EngineError (`rate`).
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._heard = 0
        self._older = self._younger = (0, _engine.Fingerprinter(rate))
        """Each with the sample that it began with."""

    def push(self, samples: NDArray[np.float32]) -> None:
        """Takes what was heard next, at most KEPT_S of it."""
        if self._heard - self._younger[0] >= KEPT_S * self.rate:
            self._older, self._younger = self._younger, (self._heard, _engine.Fingerprinter(self.rate))
        self._heard += len(samples)
        self._older[1].push(samples)
        if self._younger is not self._older:
            self._younger[1].push(samples)

    @property
    def heard_s(self) -> float:
        """Seconds that were heard in all."""
        return self._heard / self.rate

    @property
    def begin_s(self) -> float:
        """The first second that is kept."""
        return self._older[0] / self.rate

    @property
    def length_s(self) -> float:
        """Seconds that are kept."""
        return self.heard_s - self.begin_s

    def excerpt(self, begin_s: float) -> bytes:
        """The fingerprint from `begin_s`, which is kept, up to now."""
        begun, fingerprinter = self._older
        if begin_s * self.rate >= self._younger[0]:
            begun, fingerprinter = self._younger
        start = max(0.0, begin_s - begun / self.rate)
        info = _engine.read_fingerprint(fingerprinter.snapshot())
        return info.excerpt(start, max(self.heard_s - begin_s, 0.01))
