"""Catalogues of any size on disk: the real songs first, then distractors, in packs of equally many songs.

A song's number decides what it is, so a small catalogue is the beginning of a large one. Packs of whole
thousands are shared by all sizes; where a size ends within a pack, that part is a pack of its own.
"""

import hashlib
import multiprocessing
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.accuracy.progress import Progress
from bench.accuracy.truth import BadTableError
from bench.distractors import Distractors
from sonica import _engine

PACK_SONGS = 100_000
"""Songs of a pack, 1.7 GB of them where each is 60 s long. A key is looked up in every pack, so a large
catalogue wants few; making 60,000 takes 1.4 GB of memory, and goes by their number."""
PROBE_SONGS = 100
"""Distractors of a pack that tells whether packs would be made as they were, and how large they become."""
PER_PACK = 3 << 20
"""Bytes of a pack that do not grow with its songs, at most."""
SPARE = 1 << 30
"""Bytes that stay free on the disk."""
GIB = 1 << 30
MADE = "distractor "
"""How names of distractors begin."""


@dataclass(frozen=True)
class Recipe:
    """What a catalogue is made of. `songs`: stem and fingerprint; `sources`: fingerprints alone."""

    songs: Sequence[tuple[str, bytes]]
    sources: Sequence[bytes]
    seconds: float
    profile: str = "full"
    seed: int = 0
    pack_songs: int = PACK_SONGS

    def name_of(self, recording_id: int) -> str:
        """The stem of a real song; `distractor 7` for another. Recording ids are numbers, from 1."""
        number = recording_id - 1
        return self.songs[number][0] if number < len(self.songs) else f"{MADE}{number}"

    def ids(self) -> dict[str, int]:
        """Recording ids of the real songs by stem."""
        return {stem: number for number, (stem, _) in enumerate(self.songs, 1)}

    @cached_property
    def real_s(self) -> float:
        """Seconds of music of the real songs."""
        return sum(_engine.read_fingerprint(print_).duration_s for _, print_ in self.songs)

    def music_s(self, size: int) -> float:
        """Seconds of music of a catalogue."""
        return self.real_s + (size - len(self.songs)) * self.seconds

    @cached_property
    def probe(self) -> bytes:
        """A small pack of the first distractors."""
        made = Distractors(self.sources, seed=self.seed)
        builder = _engine.PackBuilder(self.profile)
        for number in range(PROBE_SONGS):
            builder.add(number, number, made.make(number, self.seconds))
        return builder.build()

    @cached_property
    def key(self) -> str:
        """Changes with all that packs depend on: the engine and the recipe by what they make of the probe."""
        parts = [self.probe, repr((self.seconds, self.profile, self.seed, self.pack_songs)).encode()]
        parts += [hashlib.sha256(stem.encode() + b"\0" + print_).digest() for stem, print_ in self.songs]
        parts += [hashlib.sha256(print_).digest() for print_ in self.sources]
        return hashlib.sha256(b"|".join(parts)).hexdigest()[:16]

    @cached_property
    def song_bytes(self) -> float:
        """Bytes that a distractor takes in a pack, without what every pack has once."""
        sections = _engine.Pack.from_bytes(self.probe).section_bytes()
        return (sum(sections.values()) - sections["keys"]) / PROBE_SONGS


def sizes_up_to(most: int, real: int) -> list[int]:
    """Powers of ten from 1,000 to `most`, and `most` itself, as far as they hold the real songs.

    Raises BadTableError where none is left.
    """
    sizes = {size for size in (10**digits for digits in range(3, 10)) if size <= most} | {most}
    found = sorted(size for size in sizes if size >= real)
    if not found:
        raise BadTableError(f"--songs {most}: there are {real} real songs already; give a larger number")
    return found


def parts_of(size: int, pack_songs: int) -> list[tuple[int, int]]:
    """Numbers of the first song of each pack, and of the one after its last."""
    return [(begin, min(size, begin + pack_songs)) for begin in range(0, size, pack_songs)]


def pack_path(folder: Path, part: tuple[int, int]) -> Path:
    """Where the pack of these songs is."""
    return folder / f"{part[0]:07d}-{part[1]:07d}.pack"


def make_packs(
    recipe: Recipe, sizes: Sequence[int], folder: Path, *, budget: float, jobs: int, progress: Progress
) -> dict[int, list[Path]]:
    """The packs of each size, made where they are not there yet, on `jobs` cores.

    `budget`: bytes that all of them may take. Raises BadTableError before that or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {size: parts_of(size, recipe.pack_songs) for size in sizes}
    every = sorted({part for some in parts.values() for part in some})
    missing = [part for part in every if not pack_path(folder, part).exists()]
    _check_room(recipe, folder, every, missing, budget)
    total = sum(end - begin for begin, end in every)
    done = total - sum(end - begin for begin, end in missing)
    progress("make packs, songs", done, total)
    if missing:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(jobs, len(missing)), context, _begin, (recipe, folder)) as pool:
            for begin, end in pool.map(_make, missing):
                done += end - begin
                progress("make packs, songs", done, total)
    return {size: [pack_path(folder, part) for part in parts[size]] for size in sizes}


def _check_room(
    recipe: Recipe,
    folder: Path,
    every: Sequence[tuple[int, int]],
    missing: Sequence[tuple[int, int]],
    budget: float,
) -> None:
    there = sum(pack_path(folder, part).stat().st_size for part in every if part not in set(missing))
    needed = sum((end - begin) * recipe.song_bytes + PER_PACK for begin, end in missing)
    needed += recipe.real_s / recipe.seconds * recipe.song_bytes if missing else 0
    free = shutil.disk_usage(folder).free - SPARE
    help_ = "give fewer --songs or --seconds, or --profile lite"
    if there + needed > budget:
        raise BadTableError(
            f"the packs take about {(there + needed) / GIB:.1f} GiB, --budget-gib allows {budget / GIB:g}: "
            f"{help_}"
        )
    if needed > free:
        raise BadTableError(
            f"the packs that are missing take about {needed / GIB:.1f} GiB, {max(0, free) / GIB:.1f} are "
            f"free for them on the disk of {folder}: {help_}"
        )


class _Made:
    """What a process that makes packs keeps between them."""

    recipe: Recipe
    folder: Path
    distractors: Distractors


def _begin(recipe: Recipe, folder: Path) -> None:
    _Made.recipe, _Made.folder = recipe, folder
    _Made.distractors = Distractors(recipe.sources, seed=recipe.seed)


def _make(part: tuple[int, int]) -> tuple[int, int]:
    recipe = _Made.recipe
    builder = _engine.PackBuilder(recipe.profile)
    for number in range(*part):
        if number < len(recipe.songs):
            stem, print_ = recipe.songs[number]
            builder.add(number + 1, number + 1, print_, title=stem)
        else:
            builder.add(number + 1, number + 1, _Made.distractors.make(number, recipe.seconds))
    path = pack_path(_Made.folder, part)
    making = path.with_suffix(".making")
    builder.write(making)
    making.replace(path)
    return part


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0))
