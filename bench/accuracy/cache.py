"""Fingerprints that were made before: a change of the search alone need not hear the audio again.

One SQLite file a front end. The front end is known by what it does, not by a version that somebody might
forget to raise: its key is a hash of the fingerprints of fixed probe sounds.
"""

import functools
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Clip = tuple[NDArray[np.float32], int]
"""Mono samples and their rate (Hz)."""
Fingerprints = Callable[[Sequence[Clip]], list[bytes]]


@dataclass(frozen=True, slots=True)
class Piece:
    """An audio file, or the beginning of one: what was heard after so many seconds (0: all of it)."""

    path: Path
    first_s: float = 0.0

    def cut(self, clip: Clip) -> Clip:
        """The piece of the whole file's samples."""
        samples, rate = clip
        return (samples[: round(self.first_s * rate)], rate) if self.first_s else clip

    def identity(self) -> str:
        """Path, size and time of change of the file, and how much of it."""
        stat = self.path.stat()
        whole = f"{self.path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
        return f"{whole}|first {self.first_s:g} s" if self.first_s else whole


def front_end_key(fingerprint_many: Fingerprints) -> str:
    """A name for what this front end does to sound: equal keys, equal fingerprints."""
    rng = np.random.default_rng(1)
    probes: list[Clip] = []
    for rate in (44_100, 16_000):
        time = np.arange(6 * rate) / rate
        notes = 220 * 2 ** (rng.integers(0, 36, 24) / 12)
        tone = np.sin(2 * np.pi * notes[np.minimum((time * 4).astype(int), 23)] * time)
        probes.append(((0.3 * tone + 0.05 * rng.standard_normal(time.size)).astype(np.float32), rate))
    return hashlib.sha256(b"|".join(fingerprint_many(probes))).hexdigest()[:16]


class FingerprintCache:
    """Fingerprints of files, and of their beginnings, until the file changes."""

    def __init__(self, folder: Path, key: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / f"{key}.sqlite", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS f (file TEXT PRIMARY KEY, fingerprint BLOB NOT NULL)")

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def fingerprints(
        self,
        wanted: Sequence[Piece | Path],
        read: Callable[[Path], Clip],
        make: Fingerprints,
        chunk: int = 32,
    ) -> Iterator[bytes]:
        """The fingerprint of each file or piece in order; what is not stored is made and stored by chunks.

        A file is read once for all its pieces that follow each other.
        """
        pieces = [one if isinstance(one, Piece) else Piece(one) for one in wanted]
        reader = functools.lru_cache(maxsize=1)(read)
        for start in range(0, len(pieces), chunk):
            part = pieces[start : start + chunk]
            names = [p.identity() for p in part]
            found = {n: self._get(n) for n in names}
            missing = [(p, n) for p, n in zip(part, names, strict=True) if found[n] is None]
            if missing:
                made = make([p.cut(reader(p.path)) for p, _ in missing])
                with self._db:
                    self._db.executemany(
                        "INSERT OR REPLACE INTO f VALUES (?, ?)",
                        [(n, f) for (_, n), f in zip(missing, made, strict=True)],
                    )
                found.update({n: f for (_, n), f in zip(missing, made, strict=True)})
            for name in names:
                value = found[name]
                if value is None:
                    raise RuntimeError(f"no fingerprint was made for {name}")
                yield value

    def _get(self, name: str) -> bytes | None:
        row = self._db.execute("SELECT fingerprint FROM f WHERE file = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])
