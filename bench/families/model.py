"""What a family is: recordings that share material, and where."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sonica.audio.compose import RATE

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a recording, seconds. What sounds wholly within it sounds in all of `shared_with` (names),
    too; in none of the family where that is empty.
    """

    start_s: float
    end_s: float
    shared_with: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Recording:
    """One recording of a family: `samples` mono at RATE, its `sections` in order. `relatives` are the
    names of the recordings that it shares anything with; an `absent` one is asked for and not indexed.
    """

    name: str
    kind: str
    samples: Samples
    sections: tuple[Section, ...]
    relatives: frozenset[str] = frozenset()
    absent: bool = False

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / RATE
