"""What mixes are made of: songs that the catalogue holds, strangers, and noises."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.accuracy.cache import FingerprintCache, front_end_key
from bench.accuracy.degrade.noise import NoiseBank
from bench.accuracy.files import audio_files
from bench.accuracy.progress import Progress
from bench.accuracy.sound import RATE, Samples, read_clip, read_samples, resampled
from bench.accuracy.sources import Sources, Split, choose
from bench.accuracy.truth import Relatives
from bench.along.songs import FOUND
from sonica import _engine
from sonica.audio.compose import compose_song
from sonica.recognition import Recognizer, SongRef, Thresholds

MASKED = 40
"""Songs that stand for strangers where tuning may not look at unknown ones."""
MOST_SONGS = 200


@dataclass(frozen=True)
class Song:
    """A song that may be played; `samples()` gives it at RATE."""

    name: str
    read: Callable[[], Samples]

    def samples(self) -> Samples:
        """Mono, a fresh array or one that is not to be changed."""
        return self.read()


@dataclass(frozen=True)
class Material:
    """`known` songs are played and in the catalogue; `unknown` ones are played, and are in no catalogue.
    `prints`: name → fingerprint of all that a catalogue may hold.
    """

    known: Sequence[Song]
    unknown: Sequence[Song]
    prints: dict[str, bytes]
    noises: NoiseBank
    relatives: Relatives
    about: str

    def recognizer(self, without: frozenset[str] = frozenset()) -> Recognizer:
        """One that knows all but these and their relatives; `title` of a song is its name here."""
        away = without.union(*(self.relatives.of(name) for name in without))
        builder = _engine.PackBuilder()
        named = {}
        for number, (name, print_) in enumerate(self.prints.items()):
            if name not in away:
                builder.add(number, number, print_)
                named[number] = SongRef(
                    id=number, recording_id=number, title=name, artist="", language="", path=""
                )
        packs = [_engine.Pack.from_bytes(builder.build())]
        return Recognizer(
            lambda: (packs, ()),
            lambda ids: {i: named[i] for i in ids if i in named},
            Thresholds(),
        )


def real(folder: Path, split: Split, seed: int, kept: Path, progress: Progress) -> Material:
    """The songs of a data folder; fingerprints are kept in `kept`. Raises BadTableError."""
    tables = [path for path in (folder / "related.csv", FOUND) if path.exists()]
    sources = Sources(
        folder / "catalogue", unknown=folder / "unknown", noise=folder / "noise", made_noise=("murmur",)
    )
    chosen = choose(sources, split, seed, MOST_SONGS)
    known, unknown = list(chosen.songs), list(chosen.unknown)
    if not unknown:
        known, unknown = known[MASKED:], known[:MASKED]
    relatives = Relatives.read(*tables)
    away = {p.stem for p in unknown} | {r for p in unknown for r in relatives.of(p.stem)}
    indexed = [p for p in audio_files(folder / "catalogue") if p.stem not in away]
    store = FingerprintCache(kept, front_end_key(_engine.fingerprint_many))
    prints = {}
    try:
        made = store.fingerprints(indexed, read_clip, _engine.fingerprint_many)
        for path, print_ in zip(indexed, made, strict=True):
            prints[path.stem] = print_
            progress("songs", len(prints), len(indexed))
    finally:
        store.close()
    return Material(
        [_of_file(p) for p in known if p.stem in prints],
        [_of_file(p) for p in unknown],
        prints,
        chosen.scene().noises,
        relatives,
        f"{len(known)} songs of SONICA_EVAL_DATA, split {split}, of {len(prints)} in the catalogue, and "
        f"{len(unknown)} strangers",
    )


def composed(known: int, unknown: int, progress: Progress, *, first: int = 8_000) -> Material:
    """Songs that Sonica composes, from seed `first` on; none shares anything with another."""
    songs = [
        Song(f"composed-{seed}", functools.partial(_composed, seed))
        for seed in range(first, first + known + unknown)
    ]
    prints = {}
    for song in songs[:known]:
        prints[song.name] = _engine.fingerprint(song.samples().astype(np.float32), RATE)
        progress("songs", len(prints), known)
    return Material(
        songs[:known],
        songs[known:],
        prints,
        NoiseBank([], ("murmur", "pink"), 1),
        Relatives(),
        f"{known} composed songs and {unknown} strangers",
    )


def _of_file(path: Path) -> Song:
    return Song(path.stem, functools.partial(read_samples, path))


@functools.lru_cache(maxsize=64)
def _composed(seed: int) -> Samples:
    song = compose_song(seed)
    return resampled(song.samples.astype(np.float64), song.rate, RATE)
