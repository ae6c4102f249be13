"""What is asked, where nothing else is given: a tuning set of the data folder, or of composed songs."""

import os
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy.composed import MADE_NOISE, compose_data
from bench.accuracy.progress import Progress
from bench.accuracy.queries import Plan, make_queries
from bench.accuracy.sources import Sources, Split, choose
from bench.accuracy.truth import Relatives

BENCH = Path(__file__).parents[2] / "bench"
DATA = BENCH / "data"
RESULTS = BENCH / "results" / "verifier"
FOUND = BENCH / "related-found.csv"
"""Songs that turned out to share material, beside those that the data folder lists."""
SEED = 3
"""Of the tuning set: not 1, which is for reports."""
SONGS = 100
COMPOSED = 24

DEGRADATIONS = (
    *("clean", "snr10", "snr5", "snr0", "snr-5", "snr-10", "phone", "phone-5", "gsm", "denoise", "dropouts"),
    *("voice0", "bass12", "small-speaker", "slowrev", "speed-30", "speed-20", "speed+10", "speed+40"),
    *("speed+10_snr5", "stretch-25", "stretch+10", "pitch-3", "pitch+1", "allatonce"),
)
"""Each kind of degradation, and the hard ones of each kind."""


@dataclass(frozen=True)
class QuerySet:
    """A folder of queries, and that of the songs to index."""

    queries: Path
    songs: Path


class Relations:
    """Several tables of related songs as one."""

    def __init__(self, *tables: Path | None) -> None:
        self._parts = [Relatives.read(table) for table in tables if table is not None]

    def of(self, song: str) -> frozenset[str]:
        """All its relatives."""
        return frozenset().union(*(part.of(song) for part in self._parts))


def tuning_set(
    eval_data: Path, seed: int, songs: int, degradations: tuple[str, ...], progress: Progress
) -> QuerySet:
    """Makes, or goes on making, a set of songs that no report uses. Raises BadTableError, ToolError."""
    folders = (eval_data / name for name in ("noise", "rooms"))
    noise, rooms = (folder if folder.is_dir() else None for folder in folders)
    sources = Sources(eval_data / "catalogue", None, noise, rooms)
    plan = Plan(choose(sources, Split.TUNE, seed, songs), degradations, ())
    queries = DATA / f"queries-tune-{seed}"
    make_queries(plan, queries, jobs=os.cpu_count() or 1, progress=progress)
    return QuerySet(queries, eval_data / "catalogue")


def composed_set(
    data: Path,
    seed: int,
    progress: Progress,
    *,
    songs: int = COMPOSED,
    degradations: tuple[str, ...] = DEGRADATIONS,
    lengths: tuple[int, ...] = (10, 5, 3),
    jobs: int = os.cpu_count() or 1,
) -> QuerySet:
    """The same of songs that Sonica composes, for trying out."""
    folder = data / "composed"
    compose_data(folder, known=songs, unknown=0, progress=progress)
    chosen = choose(Sources(folder / "catalogue", made_noise=MADE_NOISE), Split.ALL, seed, songs)
    queries = data / f"queries-composed-{seed}"
    make_queries(Plan(chosen, degradations, (), lengths), queries, jobs=jobs, progress=progress)
    return QuerySet(queries, folder / "catalogue")
