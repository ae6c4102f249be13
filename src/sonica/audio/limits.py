"""How much of anything a file may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The most that a piece of audio may be. A limit reached is an error of its own, with its own hint.

    Each is counted while the file is read; what its header says is never believed.
    """

    bytes: int = 2 << 30
    """Size of the file."""
    seconds: float = 4 * 3600.0
    """Length of the sound; the engine hears no more than this default either."""
    channels: int = 32
    lowest_rate: int = 4_000
    """Hz."""
    highest_rate: int = 384_000
    """Hz."""
    decoding_seconds: float = 600.0
    """Wall time that the decoder may spend on the whole file."""
    stalled_seconds: int = 60
    """Wall time without another piece of sound, after which a process of `Sandbox` counts as hung."""
    memory: int = 1 << 30
    """Bytes of address space that a process of `Sandbox` may take beyond what it takes when idle."""
    cover_bytes: int = 8 << 20
    """Size of a cover; a larger one is left out, which is no error."""


LIMITS = Limits()
"""The limits where nobody names others."""

WHOLE = Limits(seconds=3600.0)
"""What is held in memory as a whole, 4 bytes a sample, may not be longer than this."""
