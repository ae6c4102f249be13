"""From where to where a piece of sound lies along a recording."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from sonica import _engine

WINDOW_S, HOP_S = 1.5, 0.5
"""Of the windows that are weighed one by one."""
GAP_S = 8.0
"""A stretch goes on after so many seconds of other sound."""
COMPANY = 3
"""Of five windows in a row: one alone lies along any music by chance, as one in fifty does."""
SURE = 8
"""Windows from which on a line is moved to where they say."""


@dataclass(frozen=True)
class Line:
    """Second x of a sound is second `offset_s` + `speed` · x of a recording."""

    recording_id: int
    reference: bytes
    """The recording's fingerprint."""
    duration_s: float
    """Its length."""
    offset_s: float
    speed: float
    pitch_semitones: float

    @classmethod
    def of_hit(cls, hit: _engine.Hit, begin_s: float, reference: bytes) -> Self:
        """The line of a hit for an excerpt that began at second `begin_s` of the sound."""
        return cls(
            recording_id=hit.recording_id,
            reference=reference,
            duration_s=_engine.read_fingerprint(reference).duration_s,
            offset_s=hit.offset_s - hit.speed * begin_s,
            speed=hit.speed,
            pitch_semitones=hit.pitch_semitones,
        )

    def place(self, x: float) -> float:
        """What second x of the sound is in the recording."""
        return self.offset_s + self.speed * x

    def x_of(self, place: float) -> float:
        """Where in the sound a place of the recording is."""
        return (place - self.offset_s) / self.speed


@dataclass(frozen=True)
class Stretch:
    """A part of a sound that lies along a recording, gaps of up to GAP_S in it; `line` as it was refined."""

    first_x: float
    last_x: float
    line: Line


def lie_along(excerpt: bytes, begin_s: float, line: Line, *, at_x: float) -> Stretch | None:
    """The last stretch of an excerpt that lies along a line; None where none does.

    The excerpt began at second `begin_s` of the sound. About second `at_x`, which is in it, the line is
    right to 60 ms and, in speed, to 1%.
    """
    followed = _engine.follow(
        excerpt,
        line.reference,
        offset_s=line.place(begin_s),
        speed=line.speed,
        pitch_semitones=line.pitch_semitones,
        at_s=max(0.0, at_x - begin_s),
        window_s=WINDOW_S,
        hop_s=HOP_S,
    )
    company = np.convolve(followed.aligned, np.ones(5), "same")
    aligned = np.flatnonzero(followed.aligned & (company >= COMPANY))
    if not len(aligned):
        return None
    breaks = np.flatnonzero(np.diff(aligned) > (GAP_S + WINDOW_S) / HOP_S)
    stretch = aligned[breaks[-1] + 1 :] if len(breaks) else aligned
    # Of the outermost windows, only so much lies along it as speaks for it.
    usual = max(1e-6, float(np.median(followed.likelihood[stretch])))
    first, last = int(stretch[0]), int(stretch[-1])
    missing = [WINDOW_S * (1 - min(1.0, float(followed.likelihood[i]) / usual)) for i in (first, last)]
    length = _engine.read_fingerprint(excerpt).duration_s
    first_x = begin_s + float(followed.start_s[first]) + missing[0]
    last_x = begin_s + min(length, float(followed.start_s[last]) + WINDOW_S) - missing[1]
    if len(stretch) >= SURE:
        line = replace(line, offset_s=followed.offset_s - followed.speed * begin_s, speed=followed.speed)
    return Stretch(first_x, max(first_x, last_x), line)
