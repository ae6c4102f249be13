"""Makes a query set: every song, in every degradation, at every length. Equal inputs give equal bytes.

Chance is seeded for each query from the set's seed and the query's own names, so that a set can be made in
any order, widened, and gone on with after an interruption: what exists is kept.
"""

import csv
import functools
import hashlib
import json
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.accuracy.degrade import MARGIN, Scene, check_name, degraded
from bench.accuracy.files import write_atomically
from bench.accuracy.progress import Progress
from bench.accuracy.sound import RATE, Samples, read_samples, rms, write_wav
from bench.accuracy.sources import Chosen
from bench.accuracy.truth import NOBODY, NOISE_ALONE, BadTableError, Query, query_name, write_truth

SHORT_LENGTHS = (2, 1)
SHORT_DEGRADATIONS = ("clean", "snr5")
"""Clips this short are asked for in these degradations only."""
USUAL_S, LONGEST_S = 10, 15
"""Clips up to the usual length begin at the same place of a song; longer ones at one of their own."""
LOUD_ENOUGH = 10 ** (-42 / 20)
"""RMS that an excerpt should have at every length: nobody asks for the name of silence."""


@dataclass(frozen=True)
class Plan:
    """What a set is made of. Lengths are whole seconds."""

    chosen: Chosen
    degradations: Sequence[str]
    strangers: Sequence[str]
    lengths: Sequence[int] = (10, 5, 3)
    excerpts: int = 1
    short: bool = True


@dataclass(frozen=True)
class _Job:
    """All queries of one excerpt of one song."""

    song: Path
    excerpt: int
    known: bool
    wanted: tuple[tuple[str, int], ...]


def make_queries(plan: Plan, out: Path, *, jobs: int, progress: Progress) -> list[Query]:
    """Writes the WAV files and truth.csv into `out`; goes on where it was interrupted.

    Raises BadTableError where the folder holds another set, ToolError where a program is missing.
    """
    for name in (*plan.degradations, *plan.strangers):
        try:
            check_name(name)
        except ValueError as error:
            raise BadTableError(str(error)) from None
    out.mkdir(parents=True, exist_ok=True)
    _same_set(plan, out)
    work = _jobs(plan)
    total = sum(len(job.wanted) for job in work)
    rows: list[Query] = []
    for made in _each(work, plan, out, jobs):
        rows += made
        progress("make queries", len(rows), total)
    write_truth(out, rows)
    return rows


def _jobs(plan: Plan) -> list[_Job]:
    known = tuple((d, length) for d in plan.degradations for length in plan.lengths)
    if plan.short:
        known += tuple((d, x) for d in SHORT_DEGRADATIONS if d in plan.degradations for x in SHORT_LENGTHS)
    strangers = tuple((d, length) for d in plan.strangers for length in plan.lengths)
    if plan.short:
        strangers += tuple(
            (d, x) for d in plan.strangers if d in ("clean", NOISE_ALONE) for x in SHORT_LENGTHS
        )
    chosen = plan.chosen
    asked = [(p, True, known) for p in chosen.songs] + [(p, False, strangers) for p in chosen.unknown]
    return [_Job(p, e, is_known, wanted) for p, is_known, wanted in asked for e in range(plan.excerpts)]


def _each(work: Sequence[_Job], plan: Plan, out: Path, jobs: int) -> Iterator[list[Query]]:
    make = functools.partial(_make, plan.chosen, out)
    if jobs <= 1:
        yield from map(make, work)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(make, work)


@functools.lru_cache(maxsize=1)
def _scene(chosen: Chosen) -> Scene:
    """Noises and rooms, read once in each process."""
    return chosen.scene()


def _make(chosen: Chosen, out: Path, job: _Job) -> list[Query]:
    song = job.song.stem
    note = out / ".made" / f"{'' if job.known else 'NEG-'}{song}__e{job.excerpt}.csv"
    made = _noted(note, out)
    places: dict[int, tuple[float, Samples]] = {}
    rows = []
    for degradation, length in job.wanted:
        name = query_name(song, job.excerpt, length, degradation, known=job.known)
        if name not in made:
            longest = USUAL_S if length <= USUAL_S else LONGEST_S
            if longest not in places:
                places[longest] = _excerpt(job, chosen.seed, longest)
            start_s, sound = places[longest]
            rng = _rng(chosen.seed, song, job.excerpt, degradation, length)
            clip, info = degraded(sound, length, degradation, _scene(chosen), rng)
            write_wav(out / name, clip)
            made[name] = (f"{start_s:.2f}", info)
            _note(note, (name, *made[name]))
        start, info = made[name]
        rows.append(Query(name, song if job.known else NOBODY, float(start), length, degradation, info))
    return rows


def _excerpt(job: _Job, seed: int, longest: int) -> tuple[float, Samples]:
    """Where the excerpt begins (s), and the song from there on: a place that is loud enough."""
    song = read_samples(job.song)
    need = round(longest * MARGIN * RATE)
    edge = min(5 * RATE, max(0, (song.size - need) // 2))
    last = max(edge + 1, song.size - need - edge)
    rng = _rng(seed, job.song.stem, job.excerpt, "place")
    start = edge
    for _ in range(30):
        start = int(rng.integers(edge, last))
        if all(rms(song[start : start + x * RATE]) > LOUD_ENOUGH for x in (longest, 5, 3)):
            break
    return start / RATE, song[start : start + need]


def _rng(seed: int, *names: object) -> np.random.Generator:
    text = "|".join(map(str, (seed, *names)))
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little"))


def _noted(note: Path, out: Path) -> dict[str, tuple[str, str]]:
    """Name -> (start, info) of the queries that were made before; a line that was cut off does not count."""
    if not note.exists():
        return {}
    whole = note.read_text(encoding="utf-8").rpartition("\n")[0]
    rows = [row for row in csv.reader(whole.splitlines()) if len(row) == 3]
    return {name: (start, info) for name, start, info in rows if (out / name).exists()}


def _note(note: Path, row: tuple[str, str, str]) -> None:
    note.parent.mkdir(exist_ok=True)
    with note.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerow(row)


def _same_set(plan: Plan, out: Path) -> None:
    """A folder holds queries of one seed, and of one choice of noises and rooms."""
    chosen = plan.chosen
    scene = [*(p.name for p in (*chosen.noises, *chosen.rooms)), *chosen.made_noise, str(chosen.scene_seed)]
    mine = {"seed": chosen.seed, "scene": hashlib.sha256("|".join(scene).encode()).hexdigest()}
    note = out / "set.json"
    if not note.exists():
        if (out / "truth.csv").exists():
            raise BadTableError(f"{out} holds a query set that was not made here: choose an empty folder")
        with write_atomically(note) as file:
            json.dump(mine, file)
    elif json.loads(note.read_text(encoding="utf-8")) != mine:
        raise BadTableError(f"{out} holds a set of another seed, noise or room: choose an empty folder")
