"""What query sets are made of, and the rule that keeps reporting and tuning apart.

The two splits share no song, no noise and no room:

| | report | tune |
|---|---|---|
| songs asked | the first 50 in the order of sha1("1" + file name), 25 s or longer | all others |
| unknown songs | the first 50 in that order, 16 s or longer | none: own songs are masked instead |
| recorded noise | first digit of the name's suffix even | odd |
| made noise | seed 1 | the seed of the set, not 1 |
| rooms | simulated, seed 1 | the recorded ones, or simulated with the seed of the set |

The suffix of a noise is the six hexadecimal digits before its extension; where a name has none, the first
six of sha1(name) stand for it. The split `all` takes everything.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import av

from bench.accuracy.degrade import Scene
from bench.accuracy.degrade.noise import NoiseBank
from bench.accuracy.degrade.room import rooms_from, simulated_rooms
from bench.accuracy.files import audio_files
from bench.accuracy.truth import BadTableError

REPORT_SEED = 1
REPORT_SONGS = 50
LEAST_KNOWN_S, LEAST_UNKNOWN_S = 25.0, 16.0


class Split(StrEnum):
    """Which part of the data is used."""

    REPORT = "report"
    TUNE = "tune"
    ALL = "all"


@dataclass(frozen=True)
class Sources:
    """Folders of audio files; all but `songs` may be absent. `made_noise`: names of noises made here."""

    songs: Path
    unknown: Path | None = None
    noise: Path | None = None
    rooms: Path | None = None
    made_noise: tuple[str, ...] = ("pink", "babble")


@dataclass(frozen=True)
class Chosen:
    """What one split takes from the sources."""

    songs: tuple[Path, ...]
    unknown: tuple[Path, ...]
    noises: tuple[Path, ...]
    made_noise: tuple[str, ...]
    rooms: tuple[Path, ...]
    seed: int
    scene_seed: int = REPORT_SEED

    def scene(self) -> Scene:
        """Noises and rooms, ready to use; simulated rooms where there are no recorded ones."""
        rooms = rooms_from(list(self.rooms)) if self.rooms else simulated_rooms(self.scene_seed)
        return Scene(NoiseBank(list(self.noises), self.made_noise, self.scene_seed), rooms)


def order_key(seed: int, name: str) -> str:
    """By which songs are put in order: the same for everybody, and different for each seed."""
    return hashlib.sha1(f"{seed}{name}".encode(), usedforsecurity=False).hexdigest()


def is_even(name: str) -> bool:
    """Whether a noise belongs to the report."""
    found = re.search(r"([0-9a-f])[0-9a-f]{5}$", Path(name).stem)
    digit = found[1] if found else hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[0]
    return int(digit, 16) % 2 == 0


def choose(sources: Sources, split: Split, seed: int, songs: int) -> Chosen:
    """At most so many songs, and as many unknown ones. Raises BadTableError."""
    if (split is Split.TUNE) == (seed == REPORT_SEED) and split is not Split.ALL:
        raise BadTableError(
            f"--split {split} does not go with --seed {seed}: 1 is for reports, others for tuning"
        )
    known = _long_enough(sources.songs, LEAST_KNOWN_S)
    noises = audio_files(sources.noise) if sources.noise else []
    rooms = audio_files(sources.rooms) if sources.rooms and split is Split.TUNE else []
    unknown: list[Path] = []
    if split is Split.ALL:
        known = sorted(known, key=lambda p: order_key(seed, p.name))
    else:
        known = sorted(known, key=lambda p: order_key(REPORT_SEED, p.name))
        report = split is Split.REPORT
        known = known[:REPORT_SONGS] if report else known[REPORT_SONGS:]
        noises = [p for p in noises if is_even(p.name) == report]
        if not report:
            known = sorted(known, key=lambda p: order_key(seed, p.name))
    if sources.unknown and split is not Split.TUNE:
        unknown = sorted(
            _long_enough(sources.unknown, LEAST_UNKNOWN_S), key=lambda p: order_key(REPORT_SEED, p.name)
        )[: min(songs, REPORT_SONGS)]
    if not known:
        raise BadTableError(
            f"no songs of at least {LEAST_KNOWN_S:g} s for --split {split} in {sources.songs} "
            f"(reports take the first {REPORT_SONGS}): give more songs, or --split all"
        )
    return Chosen(
        songs=tuple(known[:songs]),
        unknown=tuple(unknown),
        noises=tuple(noises),
        made_noise=sources.made_noise,
        rooms=tuple(rooms),
        seed=seed,
        scene_seed=seed if split is Split.TUNE else REPORT_SEED,
    )


def _long_enough(folder: Path, seconds: float) -> list[Path]:
    if not folder.is_dir():
        raise BadTableError(f"there is no folder {folder}")
    return [p for p in audio_files(folder) if _duration_s(p) >= seconds]


def _duration_s(path: Path) -> float:
    try:
        with av.open(str(path)) as container:
            return (container.duration or 0) / av.time_base
    except av.FFmpegError as error:
        raise BadTableError(f"{path} is no audio file that can be read ({error}): remove it") from None
