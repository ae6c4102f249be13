"""How many connections to the database a process may have: the sum over a service is bounded."""

from typing import NamedTuple

from sonica.platform.database import LARGEST, SMALLEST
from sonica.platform.jobs import AT_ONCE


class Connections(NamedTuple):
    """The most of each pool: of Database, of Jobs (a worker listens on one more), of SharedDatabase."""

    database: int
    jobs: int
    shared: int

    @property
    def kept(self) -> int:
        """Of those of the Database."""
        return max(1, SMALLEST * self.database // LARGEST)


def to_answer(share: int) -> Connections:
    """For one of so many processes that answer: its part. It only defers jobs, and seldom writes."""
    part = LARGEST // share
    shared = max(1, min(4, part // 8))
    return Connections(max(2, part - 1 - shared), 1, shared)


IN_BACKGROUND = Connections(AT_ONCE, AT_ONCE + 2, 4)
"""For a process that only works in the background."""
