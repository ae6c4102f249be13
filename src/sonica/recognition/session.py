"""One listening: what was heard so far, frame by frame, and when it is looked at.

It holds a constellation of some kilobytes and nothing else, so that any process can go on from a key frame.
"""

from collections import deque

from sonica import _engine
from sonica.platform.errors import SonicaError

LOOKS = (1.5, 2.5, 4.0, 6.0, 9.0, 12.0, 15.0)
"""Seconds after which what is heard is looked at, until it is known."""


class Looks:
    """The looks at one listening: of those that a slow search or network has missed, only the newest."""

    def __init__(self) -> None:
        self._left = deque(LOOKS)

    @property
    def is_over(self) -> bool:
        """Whether the last one is made."""
        return not self._left

    def is_due(self, heard_s: float) -> bool:
        """Whether to look with so many seconds heard; it says so once for each look."""
        is_due = False
        while self._left and heard_s >= self._left[0]:
            self._left.popleft()
            is_due = True
        return is_due


class Session:
    """A listening whose frames come from elsewhere (`docs/live.md`)."""

    def __init__(self) -> None:
        self._frames = _engine.FrameAssembler()
        self._looks = Looks()
        self._is_due = False
        self._made = 0
        self.looked_s = 0.0
        """Length of the sound at the last look."""

    @property
    def heard_s(self) -> float:
        """Length of the sound so far."""
        return self._frames.duration_s

    @property
    def is_last(self) -> bool:
        """Whether the next look is the last: the sound has ended, or is as long as it may be."""
        return self._frames.ended or self._looks.is_over

    @property
    def is_due(self) -> bool:
        """Whether to look; a look that could not be made stays due."""
        return self._is_due or self._frames.ended

    @property
    def is_thorough(self) -> bool:
        """Whether the next look should try every speed, tempo and pitch also where that is dear.

        The second, the fourth and the last should: what was changed is mostly found one look later, and an
        unknown song, which costs most, costs half.
        """
        return self.is_last or self._made in (1, 3)

    def push(self, frame: bytes) -> None:
        """Takes the next frame. Raises SonicaError (see `FrameAssembler.push`), and then changes nothing."""
        try:
            self._frames.push(frame)
        except _engine.EngineError as error:
            raise SonicaError(error.code, error.message) from error
        self._is_due |= self._looks.is_due(self.heard_s)

    def fingerprint(self) -> bytes:
        """Of what was heard so far, to be searched for."""
        return self._frames.fingerprint()

    def looked(self) -> None:
        """It was searched for; until then the look stays due."""
        self._is_due = False
        self._made += 1
        self.looked_s = self.heard_s
