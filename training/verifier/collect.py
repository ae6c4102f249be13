"""Asks every query of a set, plain and with its own song and relatives masked, and keeps all features.

What was collected lies in one .npz file a song, named by a digest of all that went in (the indexed songs, the
queries, what was masked). Whether the engine still answers the same is known by asking it: of each file some
asks are put again, and if a single number differs, the song is collected anew. No number depends on
the verifier's trees, since the engine judges the likeliest songs, so that a new table keeps all files.
"""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.accuracy.cache import FingerprintCache, front_end_key
from bench.accuracy.files import audio_files, write_bytes_atomically
from bench.accuracy.progress import Progress
from bench.accuracy.sound import read_clip
from bench.accuracy.truth import BadTableError, Query, read_truth
from numpy.typing import NDArray

from sonica import _engine
from training.verifier.asks import Asks, Kin

HITS = 32
"""Hits kept of an ask: all that the verifier sees."""
CHECKED = 2
"""Asks of each song that are put again to see whether the engine is the same."""
TOGETHER = 64


@dataclass(frozen=True)
class _Ask:
    query: Query
    fingerprint: bytes
    exclude: tuple[int, ...]
    masked: bool


@dataclass(frozen=True)
class _Heard:
    """What asks gave: hits of each, and of all hits one after the other the song and the features."""

    counts: NDArray[np.int32]
    songs: NDArray[np.int32]
    features: NDArray[np.float32]


def collect(queries: Path, songs: Path, kin: Kin, cache: Path, *, every: int = 1, progress: Progress) -> Asks:
    """Asks the set in `queries` over the songs of a folder; only every so many-th song of the set.

    Resumes where it was interrupted. Raises BadTableError.
    """
    files = audio_files(songs)
    stems = [p.stem for p in files]
    wanted = _known(read_truth(queries), every)
    absent = {q.track for q in wanted} - set(stems)
    if absent or not wanted:
        what = f"{len(absent)} of its songs are not in {songs}" if absent else "it asks for no known song"
        raise BadTableError(f"{queries} cannot be used: {what}; give the folder that it was made from")
    prints = FingerprintCache(queries / ".fingerprints", front_end_key(_engine.fingerprint_many))
    try:
        indexed = _listed(
            prints.fingerprints(files, read_clip, _engine.fingerprint_many, 16),
            "songs",
            len(files),
            progress,
        )
        paths = [queries / q.name for q in wanted]
        heard = _listed(
            prints.fingerprints(paths, read_clip, _engine.fingerprint_many, TOGETHER),
            "listen",
            len(paths),
            progress,
        )
    finally:
        prints.close()
    packs = [_pack(stems, indexed)]
    number = {stem: i for i, stem in enumerate(stems)}
    parts = _by_song(wanted, heard, number, kin)
    catalogue = hashlib.sha256(b"".join(s.encode() + b"\0" + f for s, f in zip(stems, indexed, strict=True)))
    kept = _kept(parts, cache, catalogue.digest(), packs, progress)
    total = sum(map(len, parts.values()))
    done = sum(len(parts[song]) for song in kept)
    for song, asks in parts.items():
        if song not in kept:
            found = [_ask(packs, asks[i : i + TOGETHER]) for i in range(0, len(asks), TOGETHER)]
            kept[song] = _joined(found)
            _write(_file(cache, catalogue.digest(), asks), kept[song])
            done += len(asks)
        progress("ask", done, total)
    return _asks(stems, number, parts, _joined([kept[song] for song in parts]))


def _known(queries: Sequence[Query], every: int) -> list[Query]:
    known = [q for q in queries if q.known]
    songs = set(list(dict.fromkeys(q.song for q in known))[::every])
    return [q for q in known if q.song in songs]


def _listed(values: Iterator[bytes], what: str, total: int, progress: Progress) -> list[bytes]:
    result = []
    for value in values:
        result.append(value)
        progress(what, len(result), total)
    return result


def _pack(stems: Sequence[str], prints: Sequence[bytes]) -> _engine.Pack:
    """Ids are places in `stems`."""
    builder = _engine.PackBuilder()
    for i, (stem, fingerprint) in enumerate(zip(stems, prints, strict=True)):
        builder.add(i, i, fingerprint, title=stem)
    return _engine.Pack.from_bytes(builder.build())


def _by_song(
    wanted: Sequence[Query], heard: Sequence[bytes], number: Mapping[str, int], kin: Kin
) -> dict[str, list[_Ask]]:
    parts: dict[str, list[_Ask]] = {}
    for query, fingerprint in zip(wanted, heard, strict=True):
        away = sorted(number[s] for s in kin.of(query.song) | {query.song} if s in number)
        asks = parts.setdefault(query.song, [])
        asks.append(_Ask(query, fingerprint, (), masked=False))
        asks.append(_Ask(query, fingerprint, tuple(away), masked=True))
    return parts


def _ask(packs: Sequence[_engine.Pack], asks: Sequence[_Ask]) -> _Heard:
    pairs = [(a.fingerprint, a.exclude) for a in asks]
    answers = _engine.recognize_many(packs, pairs, limit=HITS, exhaustive=True)
    # By likelihood, which no table can change.
    hits = [sorted(a.hits, key=lambda h: (-h.features[0], h.song_id)) for a in answers]
    features = [h.features for of_one in hits for h in of_one]
    return _Heard(
        np.array([len(of_one) for of_one in hits], np.int32),
        np.array([h.song_id for of_one in hits for h in of_one], np.int32),
        np.array(features, np.float32).reshape(-1, len(_engine.FEATURES)),
    )


def _joined(parts: Sequence[_Heard]) -> _Heard:
    return _Heard(
        np.concatenate([p.counts for p in parts]),
        np.concatenate([p.songs for p in parts]),
        np.concatenate([p.features for p in parts]),
    )


# --- what is kept ---------------------------------------------------------------------------------


def _file(cache: Path, catalogue: bytes, asks: Sequence[_Ask]) -> Path:
    """Where the answers to these asks lie."""
    total = hashlib.sha256(catalogue + "\0".join(_engine.FEATURES).encode())
    for a in asks:
        total.update(f"\0{a.query.name}\0{a.exclude}\0".encode() + a.fingerprint)
    return cache / f"{total.hexdigest()[:24]}.npz"


def _write(path: Path, heard: _Heard) -> None:
    data = io.BytesIO()
    np.savez_compressed(data, counts=heard.counts, songs=heard.songs, features=heard.features)
    write_bytes_atomically(path, data.getvalue())


def _read(path: Path) -> _Heard:
    with np.load(path, allow_pickle=False) as file:
        return _Heard(file["counts"], file["songs"], file["features"])


def _kept(
    parts: Mapping[str, Sequence[_Ask]],
    cache: Path,
    catalogue: bytes,
    packs: Sequence[_engine.Pack],
    progress: Progress,
) -> dict[str, _Heard]:
    """What was collected before by an engine that still says the same."""
    there = {song: path for song, asks in parts.items() if (path := _file(cache, catalogue, asks)).exists()}
    kept = {}
    for done, (song, path) in enumerate(there.items(), 1):
        heard, asks = _read(path), parts[song]
        ends = np.concatenate([[0], np.cumsum(heard.counts)])
        places = np.linspace(0, len(asks) - 1, CHECKED + 2).astype(int)[1:-1]
        again = _ask(packs, [asks[i] for i in places])
        rows = np.concatenate([np.arange(ends[i], ends[i + 1]) for i in places])
        if np.array_equal(again.songs, heard.songs[rows]) and np.array_equal(
            again.features, heard.features[rows]
        ):
            kept[song] = heard
        progress("check what is kept", done, len(there))
    return kept


def _asks(
    stems: Sequence[str], number: Mapping[str, int], parts: Mapping[str, Sequence[_Ask]], heard: _Heard
) -> Asks:
    asks = [a for part in parts.values() for a in part]
    return Asks(
        songs=stems,
        names=_engine.FEATURES,
        song_of=np.array([number[a.query.song] for a in asks], np.int64),
        masked=np.array([a.masked for a in asks], bool),
        degradation=[a.query.degradation for a in asks],
        length_s=np.array([a.query.length_s for a in asks], np.float64),
        ask_of=np.repeat(np.arange(len(asks)), heard.counts).astype(np.int64),
        hit_song=heard.songs.astype(np.int64),
        features=heard.features,
    )
