"""What is asked and what would be right: `truth.csv` of a query set, related songs, and the manifest.

A query set is a folder of WAV files with a `truth.csv` of six columns:
`query` (file name), `track` (file stem of the song, or `NONE` where no indexed song is right),
`start_s` (place in the song where the excerpt begins), `len_s` (seconds), `deg` (degradation), `info`
(what chance chose: noise, room, codec). A file is named `[NEG-]SONG__eK__LLs__DEGRADATION.wav`.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy.files import write_atomically

COLUMNS = ("query", "track", "start_s", "len_s", "deg", "info")
NOBODY = "NONE"
"""Stands in `track` where the query is of no indexed song."""
NOISE_ALONE = "noiseonly"
"""The degradation that leaves nothing of the song."""


class BadTableError(ValueError):
    """A CSV file or folder is not what it should be; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Query:
    """One clip and what would be right."""

    name: str
    track: str
    start_s: float
    length_s: float
    degradation: str
    info: str = ""

    @property
    def known(self) -> bool:
        """Whether an indexed song is the right answer."""
        return self.track != NOBODY

    @property
    def song(self) -> str:
        """File stem of the song that the clip was cut from, also where that song is not indexed."""
        return self.track if self.known else self.name.rsplit("__", 3)[0].removeprefix("NEG-")


def query_name(song: str, excerpt: int, length_s: float, degradation: str, *, known: bool) -> str:
    """The file name of a query; lengths are whole seconds."""
    return f"{'' if known else 'NEG-'}{song}__e{excerpt}__{round(length_s):02d}s__{degradation}.wav"


def read_truth(folder: Path) -> list[Query]:
    """The queries of a set, in the order of its table. Raises BadTableError."""
    path = folder / "truth.csv" if folder.is_dir() else folder
    rows = _read_rows(path, COLUMNS[:5], "make a set with: python -m bench.accuracy queries --help")
    queries = [
        Query(r["query"], r["track"], float(r["start_s"]), float(r["len_s"]), r["deg"], r.get("info") or "")
        for r in rows
    ]
    if len({q.name for q in queries}) < len(queries):
        raise BadTableError(f"{path} names a query twice: make the set again in an empty folder")
    return queries


def write_truth(folder: Path, queries: Iterable[Query]) -> None:
    """Writes `truth.csv` in one step."""
    with write_atomically(folder / "truth.csv") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for q in queries:
            table.writerow((q.name, q.track, f"{q.start_s:.2f}", f"{q.length_s:g}", q.degradation, q.info))


class Relatives:
    """Pairs of songs that share a piece or a recording: one for the other is neither right nor wrong."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._of: dict[str, set[str]] = {}
        for a, b in pairs:
            self._of.setdefault(a, set()).add(b)
            self._of.setdefault(b, set()).add(a)

    def of(self, song: str) -> frozenset[str]:
        """The songs that are related to this one."""
        return frozenset(self._of.get(song, ()))

    @classmethod
    def read(cls, *paths: Path) -> "Relatives":
        """From CSV files with columns `a` and `b`. Raises BadTableError."""
        return cls(
            (r["a"], r["b"]) for path in paths for r in _read_rows(path, ("a", "b"), "see bench/README.md")
        )


def read_manifest(path: Path | None) -> Mapping[str, Mapping[str, str]]:
    """File stem -> the row of the manifest (`file`, and as far as known `language`, `genre`, ...)."""
    if path is None:
        return {}
    return {Path(r["file"]).stem: r for r in _read_rows(path, ("file",), "see bench/README.md")}


def _read_rows(path: Path, needed: Iterable[str], hint: str) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            table = csv.DictReader(file)
            missing = [c for c in needed if c not in (table.fieldnames or ())]
            if missing:
                raise BadTableError(f"{path} lacks the columns {', '.join(missing)}: {hint}")
            return list(table)
    except FileNotFoundError:
        raise BadTableError(f"there is no {path}: {hint}") from None
