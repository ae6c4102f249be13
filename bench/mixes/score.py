"""What was told of a mix, held against its truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.accuracy.truth import Relatives
from bench.mixes.mix import LEAST_S, Truth

COVERED = 0.5
"""Share of a song's seconds that must be told of for it to be found."""


@dataclass(frozen=True)
class Told:
    """A song that a scan tells of."""

    song: str
    start_s: float
    end_s: float
    speed: float
    confidence: float

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class Song:
    """A song of a mix that the catalogue holds, and the pieces in which it was told of, in their order."""

    mix: int
    truth: Truth
    told: tuple[Told, ...]

    @property
    def wanted(self) -> bool:
        """Whether it plays alone for long enough that it must be found."""
        return self.truth.alone_s >= LEAST_S

    @property
    def found(self) -> bool:
        """Whether enough of it was told of."""
        length = self.truth.end_s - self.truth.start_s
        return sum(_shared(one, self.truth) for one in self.told) >= COVERED * length

    @property
    def start_error(self) -> float:
        """Seconds by which it was told to begin too late."""
        return self.told[0].start_s - self.truth.start_s

    @property
    def end_error(self) -> float:
        """Seconds by which it was told to end too late."""
        return max(one.end_s for one in self.told) - self.truth.end_s

    @property
    def speed_error(self) -> float:
        """A ratio less 1, whatever its sign."""
        return abs(max(self.told, key=lambda one: one.length).speed / self.truth.speed - 1)


@dataclass
class Judged:
    """All mixes. `wrong`: (mix, what was told) of songs that do not play there."""

    songs: list[Song] = field(default_factory=list)
    wrong: list[tuple[int, Told]] = field(default_factory=list)
    right: int = 0
    related: int = 0
    seconds: float = 0.0

    @property
    def found(self) -> list[Song]:
        """The songs that were found."""
        return [one for one in self.songs if one.found]

    @property
    def precision(self) -> float:
        """Of what was told, the share that plays there; what is told of a relative is left out."""
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def parts(self) -> int:
        """Songs that were told of in more than one piece."""
        return sum(len(one.told) > 1 for one in self.songs)

    def recall(self, which: Callable[[Song], bool] = lambda _: True) -> tuple[int, int]:
        """(found, wanted) of the songs that must be found and of which `which` holds."""
        wanted = [one for one in self.songs if one.wanted and which(one)]
        return sum(one.found for one in wanted), len(wanted)


def judge(
    judged: Judged,
    mix: int,
    *,
    truths: Sequence[Truth],
    told: Sequence[Told],
    kin: Relatives,
    seconds: float,
) -> None:
    """Adds a mix of so many seconds."""
    judged.seconds += seconds
    for truth in truths:
        if truth.known:
            mine = (one for one in told if one.song == truth.song and _is_of(one, truth))
            judged.songs.append(Song(mix, truth, tuple(sorted(mine, key=lambda one: one.start_s))))
    for one in told:
        if any(one.song == truth.song and _is_of(one, truth) for truth in truths):
            judged.right += 1
        elif any(one.song in kin.of(truth.song) and _shared(one, truth) > 0 for truth in truths):
            judged.related += 1
        else:
            judged.wrong.append((mix, one))


def _is_of(one: Told, truth: Truth) -> bool:
    """Whether most of what is told lies where the song plays."""
    return _shared(one, truth) >= COVERED * one.length


def _shared(one: Told, truth: Truth) -> float:
    return max(0.0, min(one.end_s, truth.end_s) - max(one.start_s, truth.start_s))
