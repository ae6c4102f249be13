"""How much of anything a file may ask for."""

from dataclasses import dataclass, replace


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

RECORDING = Limits(seconds=2 * 3600.0)
"""What a recording of a catalogue may be, where the operator says nothing else: no song and no raga is longer
than this, while mixes, lectures and broadcasts are, and would only be in the way of a search."""

BROADCAST = Limits(bytes=16 << 30, seconds=25 * 3600.0, decoding_seconds=2 * 3600.0)
"""What is only looked through for songs, block by block: a day of radio, and an hour for the clocks."""

ENDLESS = Limits(seconds=1e9, decoding_seconds=1e9)
"""What comes for as long as it likes, such as a radio station: thirty years."""

WHOLE = Limits(seconds=3600.0)
"""What is held in memory as a whole, 4 bytes a sample, may not be longer than this."""


def recording_limits(longest_s: float | None) -> Limits:
    """RECORDING, with what the operator said of the length (`Settings.longest_s`)."""
    return RECORDING if longest_s is None else replace(RECORDING, seconds=longest_s)
