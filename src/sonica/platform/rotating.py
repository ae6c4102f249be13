"""A secret that is another one every hour, the same in all processes that share a cache."""

import secrets
import time
from collections.abc import Callable

from sonica.platform.far import AwayError, Far

PERIOD_S = 3600
SIZE = 32
"""Bytes."""


class Rotating:
    """The secret of this hour, kept in memory and, where there is a shared cache, there for two hours.

    Processes that cannot agree, as while that is away, have each their own: they find less, nothing wrong.
    """

    def __init__(self, far: Far | None, clock: Callable[[], float] = time.time) -> None:
        self._far, self._clock = far, clock
        self._period = -1
        self._secret = b""
        self._is_agreed = False

    async def now(self) -> bytes:
        """It."""
        period = int(self._clock() // PERIOD_S)
        if period != self._period:
            self._period, self._secret, self._is_agreed = period, secrets.token_bytes(SIZE), False
        far = self._far
        if far is None or not far.is_up or self._is_agreed:
            return self._secret
        try:
            agreed = await far.agree(f"secret:{period}", self._secret, 2 * PERIOD_S)
        except AwayError:
            return self._secret
        if period == self._period and len(agreed) == SIZE:
            self._secret, self._is_agreed = agreed, True
        return self._secret
