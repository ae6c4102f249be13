"""Room for so many at a time."""


class Room:
    """Used in one event loop. `most`: how many there may be."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.inside = 0

    def enter(self) -> bool:
        """Whether there is room for one more, who is then inside."""
        if self.inside >= self._most:
            return False
        self.inside += 1
        return True

    def leave(self) -> None:
        """One less."""
        self.inside -= 1
