"""What a run asks, and of what: queries, songs and fingerprints, each sound heard once."""

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy.cache import FingerprintCache, Piece, front_end_key
from bench.accuracy.files import audio_files
from bench.accuracy.looks import clip_of, looks_of
from bench.accuracy.progress import Progress, silent
from bench.accuracy.sound import read_clip
from bench.accuracy.system import Ask, System
from bench.accuracy.truth import BadTableError, Query, Relatives, read_truth


@dataclass(frozen=True)
class Material:
    """Queries with what a system hears of them, and the songs that may be indexed."""

    queries: Sequence[Query]
    heard: Sequence[bytes]
    """Fingerprint of each query."""
    songs: Sequence[tuple[str, bytes]]
    """File stem and fingerprint."""
    away: Mapping[str, frozenset[str]]
    """By query that has a right answer: its song and the relatives of it."""
    every: int = 1
    """Of all songs of the query set, so many-th only are asked."""

    def plain(self) -> list[Ask]:
        """Every query as it is."""
        return [Ask(q.name, f) for q, f in zip(self.queries, self.heard, strict=True)]

    def masked(self) -> list[Ask]:
        """Every query that has a right answer, with that and its relatives absent."""
        both = zip(self.queries, self.heard, strict=True)
        return [Ask(q.name, f, masked=True, exclude=self.away[q.name]) for q, f in both if q.known]

    def song_of(self, query: str) -> str:
        """The song that a query was cut from."""
        return self._songs_of[query]

    @functools.cached_property
    def _songs_of(self) -> dict[str, str]:
        return {q.name: q.song for q in self.queries}

    def identity(self) -> dict[str, str]:
        """Hashes of queries, songs, and what is masked: equal ones, equal questions."""
        queries = [(q.name, heard) for q, heard in zip(self.queries, self.heard, strict=True)]
        excluded = [(name, "\0".join(sorted(stems)).encode()) for name, stems in self.away.items()]
        return {
            "songs": _digest(self.songs),
            "queries": _digest(queries),
            "excluded": _digest(excluded),
            "every": str(self.every),
        }


@dataclass(frozen=True)
class Wanted:
    """Which queries of which set, and which songs.

    `every`: only every so many-th song is asked. `looks`: each clip is asked at these seconds, not whole.
    `most`: at most so many queries, spread evenly over the set. `cache`: folder of fingerprints, by default
    in that of the queries.
    """

    queries: Path
    songs: Path
    relatives: Relatives
    every: int = 1
    looks: Sequence[float] = ()
    cache: Path | None = None
    most: int | None = None


def gather(system: System, wanted: Wanted, progress: Progress = silent) -> Material:
    """Reads the set and fingerprints what was not heard before. Raises BadTableError."""
    queries = _thinned(read_truth(wanted.queries), wanted.every)
    if wanted.most is not None and len(queries) > wanted.most:
        queries = [queries[i * len(queries) // wanted.most] for i in range(wanted.most)]
    if wanted.looks:
        queries = looks_of(queries, wanted.looks)
    files = audio_files(wanted.songs)
    _check(queries, files, wanted.songs)
    key = front_end_key(system.fingerprint_many)
    store = FingerprintCache(wanted.cache or wanted.queries / ".fingerprints", key)

    def listen(pieces: Sequence[Piece | Path], what: str, chunk: int) -> list[bytes]:
        made = store.fingerprints(pieces, read_clip, system.fingerprint_many, chunk)
        return _listed(made, what, len(pieces), progress)

    try:
        prints = listen(files, "songs", 16)
        heard = listen([_piece(wanted.queries, q) for q in queries], "listen", 64)
    finally:
        store.close()
    away = {q.name: wanted.relatives.of(q.song) | {q.song} for q in queries if q.known}
    return Material(
        queries, heard, list(zip([p.stem for p in files], prints, strict=True)), away, wanted.every
    )


def _piece(folder: Path, query: Query) -> Piece:
    clip = clip_of(query.name)
    return Piece(folder / clip, 0.0 if clip == query.name else query.length_s)


def _thinned(queries: Sequence[Query], every: int) -> list[Query]:
    songs = set(list(dict.fromkeys(q.song for q in queries))[::every])
    return [q for q in queries if q.song in songs]


def _check(wanted: Sequence[Query], files: Sequence[Path], songs: Path) -> None:
    stems = {p.stem for p in files}
    if len(stems) < len(files):
        raise BadTableError(f"two files in {songs} differ in their suffix only: remove one of them")
    absent = {q.track for q in wanted if q.known} - stems
    if absent:
        raise BadTableError(
            f"{len(absent)} songs of the query set are not in {songs} (the first: {min(absent)}): "
            "give the folder that the set was made from"
        )


def _listed(values: Iterator[bytes], what: str, total: int, progress: Progress) -> list[bytes]:
    result = []
    for value in values:
        result.append(value)
        progress(what, len(result), total)
    return result


def _digest(named: Sequence[tuple[str, bytes]]) -> str:
    return hashlib.sha256(b"".join(name.encode() + b"\0" + value for name, value in named)).hexdigest()
