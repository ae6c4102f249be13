"""Are distractors as songs are, to the index? Songs, and as many distractors, each as long as one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

from bench.accuracy.progress import Progress
from bench.accuracy.tables import Table
from bench.distractors import Distractors
from bench.scale.landmarks import I64, KEYS, keys_of, probes_of
from sonica import _engine

LONGEST_LISTS = 0.01
"""Share of the lists, of those that hold anything, that are called the longest."""


@dataclass(frozen=True)
class Index:
    """What an index of some songs is like, and what queries of none of them meet in it."""

    songs: int
    music_s: float
    landmarks_a_second: float
    h2_bits: float
    """−log2 of the probability that two landmarks of different songs share a key."""
    run_mean: float
    run_p50: float
    run_p99: float
    """Postings of the runs of keys that queries look for, played as they are; empty runs count."""
    longest_share: float
    """Share of the postings in the longest lists."""
    best_wrong_mean: float
    best_wrong_p99: float
    best_wrong_max: float


def compare(
    songs: Sequence[bytes], queries: Sequence[bytes], seed: int, progress: Progress
) -> tuple[Index, Index]:
    """The songs, and distractors made of them. No query is of any of the songs. Raises ValueError."""
    made = Distractors(songs, seed=seed)
    lengths = [_engine.read_fingerprint(print_).duration_s for print_ in songs]
    others = [made.make(number, seconds) for number, seconds in enumerate(lengths)]
    return (
        index_of(songs, queries, "songs", progress),
        index_of(others, queries, "distractors", progress),
    )


def index_of(songs: Sequence[bytes], queries: Sequence[bytes], what: str, progress: Progress) -> Index:
    """Figures of one index."""
    keys = [keys_of(print_) for print_ in songs]
    counts = np.bincount(np.concatenate(keys), minlength=KEYS)
    music_s = sum(_engine.read_fingerprint(print_).duration_s for print_ in songs)
    runs = run_lengths(counts, queries)
    builder = _engine.PackBuilder()
    for number, print_ in enumerate(songs):
        builder.add(number, number, print_)
    pack = _engine.Pack.from_bytes(builder.build())
    scores: list[float] = []
    for done, query in enumerate(queries, 1):
        hits = _engine.recognize([pack], query).hits
        scores += [hits[0].score] if hits else []
        progress(f"ask {what}", done, len(queries))
    return Index(
        songs=len(songs),
        music_s=music_s,
        landmarks_a_second=float(counts.sum()) / music_s,
        h2_bits=h2(keys),
        run_mean=float(runs.mean()),
        run_p50=float(np.percentile(runs, 50)),
        run_p99=float(np.percentile(runs, 99)),
        longest_share=longest_share(counts),
        best_wrong_mean=float(np.mean(scores)),
        best_wrong_p99=float(np.percentile(scores, 99)),
        best_wrong_max=max(scores),
    )


def h2(keys: Sequence[I64]) -> float:
    """−log2 P(two landmarks of different songs share a key), over all pairs of such; inf where none does."""
    counts = np.bincount(np.concatenate(keys)).astype(np.float64)
    own = [np.unique(of, return_counts=True)[1].astype(np.float64) for of in keys]
    same = float((counts**2).sum()) - sum(float((of**2).sum()) for of in own)
    pairs = float(counts.sum()) ** 2 - sum(float(of.sum()) ** 2 for of in own)
    return -log2(same / pairs) if same else float("inf")


def run_lengths(counts: I64, queries: Sequence[bytes]) -> I64:
    """Postings of each run of keys that each query looks for, played as it is."""
    before = np.concatenate(([0], np.cumsum(counts)))
    probes = [probes_of(query) for query in queries]
    return np.concatenate([before[end] - before[begin] for begin, end in probes])


def longest_share(counts: I64) -> float:
    """Share of the postings in the longest hundredth of the lists that hold anything."""
    lists = np.sort(counts[counts > 0])[::-1]
    return float(lists[: max(1, round(LONGEST_LISTS * lists.size))].sum() / lists.sum())


def table_of(songs: Index, distractors: Index, queries: int) -> Table:
    """Side by side, with the ratio of what is a ratio."""

    def row(name: str, field: str, digits: int, *, ratio: bool = True) -> list[str]:
        ours, theirs = getattr(songs, field), getattr(distractors, field)
        last = f"× {theirs / ours:.2f}" if ratio and ours else f"{theirs - ours:+.2f}"
        return [name, f"{ours:,.{digits}f}", f"{theirs:,.{digits}f}", last]

    rows: list[list[str] | None] = [
        row("landmarks a second", "landmarks_a_second", 1),
        row("H2, bits", "h2_bits", 2, ratio=False),
        row("postings that a probe reads, mean", "run_mean", 1),
        row("… median", "run_p50", 0),
        row("… 99th percentile", "run_p99", 0),
        row("postings in the longest 1 % of lists, share", "longest_share", 3),
        None,
        row("best wrong score, mean", "best_wrong_mean", 2, ratio=False),
        row("… 99th percentile", "best_wrong_p99", 2, ratio=False),
        row("… highest", "best_wrong_max", 2, ratio=False),
    ]
    note = (
        f"{songs.songs} songs, {songs.music_s / 3600:.1f} hours, and as many distractors as long as they "
        f"are, made of them. {queries} queries, of none of the songs and no relative of theirs. H2: −log2 of "
        "the probability that two landmarks of different songs share a key; one bit less, and each "
        "meets twice as many wrong ones. A probe is one run of keys, of a query played as it is."
    )
    return Table(
        "Distractors beside the songs that they are made of", ["what", "songs", "distractors", ""], rows, note
    )
