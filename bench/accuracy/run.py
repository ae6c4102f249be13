"""Asks a system every query of a set, plain and with its own song masked. Safe to interrupt and to resume."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.accuracy.answers import COLUMNS, append_answers
from bench.accuracy.cache import FingerprintCache, front_end_key
from bench.accuracy.files import audio_files, write_atomically
from bench.accuracy.sound import read_clip
from bench.accuracy.system import Ask, System
from bench.accuracy.truth import BadTableError, Query, Relatives, read_truth

Progress = Callable[[str, int, int], None]
"""Told (what is going on, how many are done, of how many)."""


def silent(_what: str, _done: int, _total: int) -> None:
    """No progress shown."""


def run(
    system: System,
    queries: Path,
    songs: Path,
    out: Path,
    *,
    relatives: Relatives | None = None,
    every: int = 1,
    masked: bool = True,
    cache: Path | None = None,
    chunk: int = 128,
    progress: Progress = silent,
) -> None:
    """Writes `answers.csv`, `masked.csv` (each query again, own song and relatives absent) and `run.json`.

    Answers of the same engine to the same queries over the same songs are kept, all others are made anew;
    masked ones also where the relatives have changed.
    `every`: only every so many-th song is asked. Fingerprints lie in `cache`, by default in the folder of
    the queries. Raises BadTableError.
    """
    kin = relatives or Relatives()
    wanted = _thinned(read_truth(queries), every)
    files = audio_files(songs)
    stems = [p.stem for p in files]
    _check(wanted, files, songs)
    store = FingerprintCache(cache or queries / ".fingerprints", front_end_key(system.fingerprint_many))
    try:
        prints = _listed(
            store.fingerprints(files, read_clip, system.fingerprint_many, 16), "songs", len(files), progress
        )
        indexed = list(zip(stems, prints, strict=True))
        paths = [queries / q.name for q in wanted]
        heard = _listed(
            store.fingerprints(paths, read_clip, system.fingerprint_many, 64), "listen", len(paths), progress
        )
    finally:
        store.close()
    out.mkdir(parents=True, exist_ok=True)
    away = {q.name: kin.of(q.song) | {q.song} for q in wanted if q.known}
    _start_over_where_changed(out, {**_identity(system, wanted, heard, indexed, away), "every": str(every)})
    progress("index", 0, 1)
    system.index(indexed)
    plain = [Ask(q.name, f) for q, f in zip(wanted, heard, strict=True)]
    _answer(system, plain, out / "answers.csv", "ask", chunk=chunk, progress=progress)
    if masked:
        absent = [
            Ask(q.name, f, masked=True, exclude=away[q.name])
            for q, f in zip(wanted, heard, strict=True)
            if q.known
        ]
        _answer(system, absent, out / "masked.csv", "ask, own song masked", chunk=chunk, progress=progress)


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


def _identity(
    system: System,
    wanted: Sequence[Query],
    heard: Sequence[bytes],
    indexed: Sequence[tuple[str, bytes]],
    away: Mapping[str, frozenset[str]],
) -> dict[str, str]:
    queries = [(q.name, heard_) for q, heard_ in zip(wanted, heard, strict=True)]
    excluded = [(name, "\0".join(sorted(stems)).encode()) for name, stems in away.items()]
    return {
        "system": system.identity(),
        "songs": _digest(indexed),
        "queries": _digest(queries),
        "excluded": _digest(excluded),
    }


def _digest(named: Sequence[tuple[str, bytes]]) -> str:
    return hashlib.sha256(b"".join(name.encode() + b"\0" + value for name, value in named)).hexdigest()


def _start_over_where_changed(out: Path, identity: dict[str, str]) -> None:
    note = out / "run.json"
    before = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    if before == identity:
        return
    if any(before.get(part) != identity[part] for part in ("system", "songs", "queries")):
        (out / "answers.csv").unlink(missing_ok=True)
    (out / "masked.csv").unlink(missing_ok=True)
    with write_atomically(note) as file:
        json.dump(identity, file, indent=1)


def _answer(
    system: System, questions: Sequence[Ask], path: Path, what: str, *, chunk: int, progress: Progress
) -> None:
    done = _answered(path)
    left = [q for q in questions if q.query not in done]
    with path.open("a", newline="", encoding="utf-8") as file:
        for start in range(0, len(left), chunk):
            append_answers(file, system.ask(left[start : start + chunk]))
            progress(what, len(questions) - len(left) + min(len(left), start + chunk), len(questions))


def _answered(path: Path) -> set[str]:
    """Names of the queries that have a whole row; a row that was cut off is removed."""
    if not path.exists():
        return set()
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    rows = list(csv.reader(whole.splitlines()))
    if not rows or tuple(rows[0]) != COLUMNS:
        path.unlink()
        return set()
    if whole != text:
        with write_atomically(path) as file:
            file.write(whole)
    return {row[0] for row in rows[1:]}
