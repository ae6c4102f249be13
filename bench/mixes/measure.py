"""Makes mixes, keeps what the engine hears of them, and scans them."""

import dataclasses
import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.accuracy.files import write_atomically, write_bytes_atomically
from bench.accuracy.progress import Progress, silent
from bench.accuracy.sound import RATE
from bench.mixes.mix import Recipe, Truth, make
from bench.mixes.score import Judged, Told, judge
from bench.mixes.songs import Material, Song
from sonica import _engine
from sonica.recognition import Recognizer, scan_fingerprints, timeline


@dataclass(frozen=True)
class Mix:
    """What the engine hears of a mix, and what plays in it."""

    print_: bytes
    truths: tuple[Truth, ...]
    seconds: float


@dataclass
class Invented:
    """Music that no catalogue holds: so many seconds of it, and what was told there all the same."""

    seconds: float = 0.0
    told: list[Told] = dataclasses.field(default_factory=list)


class Kept:
    """Mixes in a folder: those that were made are not made again. `name`: of what they are made."""

    def __init__(self, folder: Path | None, name: str, recipe: Recipe, seed: int) -> None:
        self._folder = folder / f"{name}-{seed}" if folder else None
        self._recipe = recipe
        self._seed = seed

    def mix(self, kind: int, number: int, known: list[Song], unknown: list[Song], material: Material) -> Mix:
        """The mix of this number. `kind` keeps mixes of one seed apart. Raises ToolError."""
        recipe = json.dumps(dataclasses.asdict(self._recipe), sort_keys=True)
        path = self._folder / f"{kind}-{number:03d}.json" if self._folder else None
        if path and path.exists():
            said = json.loads(path.read_text(encoding="utf-8"))
            if said["recipe"] == recipe:
                truths = tuple(_truth(one) for one in said["truths"])
                return Mix(path.with_suffix(".snf").read_bytes(), truths, said["seconds"])
        rng = np.random.default_rng([self._seed, kind, number])
        sound, made = make(known, unknown, material.noises, self._recipe, rng)
        mix = Mix(_engine.fingerprint(sound.astype(np.float32), RATE), tuple(made), sound.size / RATE)
        if path:
            write_bytes_atomically(path.with_suffix(".snf"), mix.print_)
            with write_atomically(path) as file:
                truths_said = [dataclasses.asdict(one) for one in made]
                json.dump({"recipe": recipe, "seconds": mix.seconds, "truths": truths_said}, file)
        return mix

    def told(self, kind: int, number: int, recognizer: Recognizer, mix: Mix) -> list[Told]:
        """What a scan tells of the mix; kept until the engine or the scan changes."""
        path = self._folder / f"{kind}-{number:03d}.told.json" if self._folder else None
        known = sum(len(pack) for pack in recognizer.open_packs()[0])
        key = f"{_version()} {known} {hashlib.sha256(mix.print_).hexdigest()}"
        if path and path.exists():
            said = json.loads(path.read_text(encoding="utf-8"))
            if said["of"] == key:
                return [Told(**one) for one in said["told"]]
        told = told_of(recognizer, mix)
        if path:
            with write_atomically(path) as file:
                json.dump({"of": key, "told": [dataclasses.asdict(one) for one in told]}, file)
        return told


@functools.cache
def _version() -> str:
    """Of what scans: equal ones, equal answers."""
    files = (Path(str(_engine.__file__)), Path(str(timeline.__file__)))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _truth(said: dict[str, object]) -> Truth:
    """What JSON made lists of is tuples again."""
    return Truth(**{k: tuple(v) if isinstance(v, list) else v for k, v in said.items()})  # type: ignore[arg-type]


def measure(material: Material, kept: Kept, mixes: int, progress: Progress = silent) -> Judged:
    """So many mixes of known songs and strangers. Raises ToolError."""
    judged, recognizer = Judged(), material.recognizer()
    for number in range(mixes):
        mix = kept.mix(0, number, list(material.known), list(material.unknown), material)
        told = kept.told(0, number, recognizer, mix)
        judge(judged, number, truths=mix.truths, told=told, kin=material.relatives, seconds=mix.seconds)
        progress("mixes", number + 1, mixes)
    return judged


def invented(material: Material, kept: Kept, hours: float, progress: Progress = silent) -> Invented:
    """So many hours of mixes of strangers: unknown songs, and known ones while the catalogue lacks them and
    their relatives. Raises ToolError.
    """
    found = Invented()
    masked = material.recognizer(without=frozenset(song.name for song in material.known))
    turns = ((material.unknown, material.recognizer()), (material.known, masked))
    number = 0
    while found.seconds < hours * 3600:
        songs, recognizer = turns[number % 2]
        mix = kept.mix(1, number, [], list(songs), material)
        found.told += kept.told(1, number, recognizer, mix)
        found.seconds += mix.seconds
        number += 1
        progress("strangers, minutes", min(int(found.seconds / 60), int(hours * 60)), int(hours * 60))
    return found


def told_of(recognizer: Recognizer, mix: Mix) -> list[Told]:
    """What a scan tells of a mix."""
    return list(_told(recognizer, mix))


def _told(recognizer: Recognizer, mix: Mix) -> Iterator[Told]:
    for one in scan_fingerprints(recognizer, [mix.print_]):
        yield Told(one.song.title, one.start_s, one.end_s, one.speed, one.confidence)
