"""What a threshold means: how often it names the right song, and how often one that it does not know.

The counts are measured by `python -m bench.accuracy points` and kept in `operating_points.json` beside this
file. Shares have a 95% interval by Wilson (JASA 1927) that takes every query for independent of the others.
"""

import datetime as dt
import json
import math
from importlib import resources
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, computed_field, model_validator

from sonica.recognition.thresholds import as_engine

FILE = "operating_points.json"
Z95 = 1.959963984540054


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(_Strict):
    """`count` of `of` queries, as shares from 0 to 1; at least, at most: the ends of the 95% interval."""

    count: int = Field(ge=0)
    of: int = Field(gt=0)

    @model_validator(mode="after")
    def _is_a_part(self) -> Self:
        if self.count > self.of:
            raise ValueError(f"{self.count} of {self.of}")
        return self

    @computed_field  # type: ignore[prop-decorator]  # the way that pydantic documents
    @property
    def share(self) -> float:
        """Count over all."""
        return self.count / self.of

    @computed_field  # type: ignore[prop-decorator]  # the way that pydantic documents
    @property
    def at_least(self) -> float:
        """Lower end of the interval."""
        return 0.0 if self.count == 0 else self._end(-1)

    @computed_field  # type: ignore[prop-decorator]  # the way that pydantic documents
    @property
    def at_most(self) -> float:
        """Upper end of the interval."""
        return 1.0 if self.count == self.of else self._end(1)

    def _end(self, side: int) -> float:
        p, n = self.count / self.of, self.of
        half = Z95 * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))
        return (p + Z95**2 / (2 * n) + side * half) / (1 + Z95**2 / n)


class Rates(_Strict):
    """What became of queries of one kind; null where it was not measured."""

    right: Share | None = None
    """Known songs that were named rightly."""
    wrong: Share | None = None
    """Known songs that were named wrongly."""
    false_accepts: Share | None = None
    """Unknown songs, speech and noise for which a song was named."""


class Measured(_Strict):
    """What was measured at one threshold: for single clips, and for sessions over all of their looks."""

    match_at: float
    clips: Rates
    sessions: Rates


class Point(_Strict):
    """Counts of answers whose confidence is `match_at` or more; null where nobody counted."""

    match_at: float = Field(ge=0, le=1)
    hits: NonNegativeInt | None = None
    wrong: NonNegativeInt | None = None
    false_accepts: NonNegativeInt | None = None
    session_hits: NonNegativeInt | None = None
    session_wrong: NonNegativeInt | None = None
    session_false_accepts: NonNegativeInt | None = None


class OperatingPoints(_Strict):
    """Measured thresholds, ascending, and how many queries were behind them.

    `known`, `strangers`: single clips; `known_sessions`, `sessions` (of strangers): simulated listening.
    """

    date: dt.date | None = None
    machine: str = ""
    what: str = ""
    known: NonNegativeInt = 0
    strangers: NonNegativeInt = 0
    known_sessions: NonNegativeInt = 0
    sessions: NonNegativeInt = 0
    points: tuple[Point, ...] = ()

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        for lower, higher in zip(self.points, self.points[1:], strict=False):
            if not as_engine(lower.match_at) < as_engine(higher.match_at):
                raise ValueError(f"thresholds ascend, but {higher.match_at} follows {lower.match_at}")
            for name in ("false_accepts", "session_false_accepts"):
                before, after = getattr(lower, name), getattr(higher, name)
                if before is not None and after is not None and after > before:
                    raise ValueError(f"{name} grow from {lower.match_at} to {higher.match_at}")
        for point in self.points:
            self.measured(point)  # no count is larger than what it is a part of
        return self

    def at(self, threshold: float) -> Measured | None:
        """The highest measured threshold that is not above this one; None where there is none.

        Whatever is accepted here is accepted there, so no rate is told too low. Numbers are compared as
        the engine compares them, in 32 bits.
        """
        below = [point for point in self.points if as_engine(point.match_at) <= as_engine(threshold)]
        return self.measured(below[-1]) if below else None

    def measured(self, point: Point) -> Measured:
        """The counts of a point as shares."""
        return Measured(
            match_at=point.match_at,
            clips=Rates(
                right=_share(point.hits, self.known),
                wrong=_share(point.wrong, self.known),
                false_accepts=_share(point.false_accepts, self.strangers),
            ),
            sessions=Rates(
                right=_share(point.session_hits, self.known_sessions),
                wrong=_share(point.session_wrong, self.known_sessions),
                false_accepts=_share(point.session_false_accepts, self.sessions),
            ),
        )


def load_operating_points() -> OperatingPoints:
    """What was measured of this version; empty where nothing was."""
    file = resources.files("sonica.recognition") / FILE
    return OperatingPoints.model_validate(json.loads(file.read_text("utf-8")) if file.is_file() else {})


def _share(count: int | None, of: int) -> Share | None:
    return Share(count=count, of=of) if count is not None and of else None
