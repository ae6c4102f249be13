"""From which confidence on a song is named, and from which on it is worth a mention."""

import struct
from dataclasses import dataclass
from typing import Self

from sonica import _engine
from sonica.platform.errors import SonicaError


class ThresholdError(SonicaError):
    """Codes: `threshold`."""


@dataclass(frozen=True)
class Thresholds:
    """Confidences from 0 to 1, the engine's own where none are given.

    `match`: the confidence is `match_at` or more; `unsure`: it is `unsure_at` or more; `none`: it is less.
    Raises ThresholdError unless 0 <= unsure_at <= match_at <= 1.
    """

    match_at: float = _engine.MATCH_AT
    unsure_at: float = _engine.UNSURE_AT

    def __post_init__(self) -> None:
        if not 0 <= self.unsure_at <= self.match_at <= 1:
            raise ThresholdError(
                "threshold",
                f"unsure_at is {self.unsure_at} and match_at {self.match_at}.",
                "Both are numbers from 0 to 1, and unsure_at is not above match_at.",
            )

    @classmethod
    def moved(cls, match_at: float | None = None, unsure_at: float | None = None) -> Self:
        """The engine's own but for what is given.

        Who moves `match_at` below the usual `unsure_at` means both, here as in the engine.
        """
        match_at = _engine.MATCH_AT if match_at is None else match_at
        return cls(match_at, min(_engine.UNSURE_AT, match_at) if unsure_at is None else unsure_at)


def shown_threshold(threshold: float) -> str:
    """The shortest text that is this number for the engine, which keeps it in 32 bits."""
    kept = as_engine(threshold)
    tried = (float(f"{kept:.{digits}g}") for digits in range(1, 10))
    return str(next(number for number in tried if as_engine(number) == kept))


def as_engine(threshold: float) -> float:
    """The number as the engine keeps it, in 32 bits."""
    return float(struct.unpack("f", struct.pack("f", threshold))[0])
