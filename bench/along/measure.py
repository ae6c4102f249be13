"""What the windows of copies and of strangers say."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.accuracy.progress import Progress, silent
from bench.along.songs import Material, Song, copy_of
from sonica import _engine

WINDOWS_S = (5.0, 3.0, 2.0, 1.5)
AT_RANDOM = 8
"""Strangers that each song is laid along, at one place each."""
PROBE_S, PROBES = 8.0, 4
"""Length of an excerpt that is searched for, and how many are."""


@dataclass(frozen=True)
class Line:
    """One recording along another: windows of `window_s`, what they say, and which say yes."""

    how: str
    window_s: float
    likelihood: np.ndarray
    audible: np.ndarray
    aligned: np.ndarray
    drift_ms: float
    """By how much the line is wrong at the one end where it is right at the other; 0 for strangers."""

    share: float
    """Of all the audible windows, those beyond the other's ends too."""


def copies(material: Material, how: tuple[str, ...], progress: Progress = silent) -> Iterator[Line]:
    """Each song's copies along the song, from where a search finds an excerpt; none where it finds none."""
    pack = _pack(material)
    for number, song in enumerate(material.songs):
        rng = np.random.default_rng([*song.name.encode()])
        for name in how:
            copy = copy_of(song, name, material.scene)
            info = _engine.read_fingerprint(copy)
            for start in rng.uniform(0, info.duration_s - PROBE_S, PROBES):
                hits = _engine.recognize([pack], info.excerpt(start, PROBE_S), nominal=True).hits
                hit = next((h for h in hits if h.recording_id == number), None)
                if hit is not None:
                    yield from _lines(
                        name, copy, song.print_, hit, start=float(start), length=info.duration_s
                    )
                    break
        progress("copies", number + 1, len(material.songs))


def strangers(material: Material, progress: Progress = silent) -> Iterator[Line]:
    """Each song along others: anywhere, and where a search finds that they fit best."""
    pack = _pack(material)
    numbers = {song.name: number for number, song in enumerate(material.songs)}
    for number, song in enumerate(material.songs):
        rng = np.random.default_rng([number, 1])
        away = [number, *(numbers[r] for r in song.relatives if r in numbers)]
        others = [i for i in range(len(material.songs)) if i not in away]
        for other in rng.choice(others, min(AT_RANDOM, len(others)), replace=False):
            yield from _anywhere(song, material.songs[int(other)], rng)
        yield from _best(material, song, pack, away)
        progress("strangers", number + 1, len(material.songs))


def _pack(material: Material) -> _engine.Pack:
    builder = _engine.PackBuilder()
    for number, song in enumerate(material.songs):
        builder.add(number, number, song.print_)
    return _engine.Pack.from_bytes(builder.build())


@dataclass(frozen=True)
class Place:
    """A hit that nobody found."""

    offset_s: float
    speed: float


def _anywhere(song: Song, other: Song, rng: np.random.Generator) -> Iterator[Line]:
    start = float(rng.uniform(0, _engine.read_fingerprint(song.print_).duration_s - PROBE_S))
    there = float(rng.uniform(0, _engine.read_fingerprint(other.print_).duration_s - PROBE_S))
    place = Place(there, float(rng.choice((1.0, rng.uniform(0.9, 1.1)))))
    yield from _lines("anywhere", song.print_, other.print_, place, start=start)


def _best(material: Material, song: Song, pack: _engine.Pack, away: list[int]) -> Iterator[Line]:
    """As a search for duplicates would: the best hit of each of a few excerpts, if there is one."""
    info = _engine.read_fingerprint(song.print_)
    for start in np.linspace(0.1, 0.8, PROBES) * info.duration_s:
        answer = _engine.recognize([pack], info.excerpt(start, PROBE_S), exclude=away, nominal=True)
        for hit in answer.hits[:1]:
            other = material.songs[hit.recording_id].print_
            yield from _lines("fits best", song.print_, other, hit, start=float(start))


def _lines(
    how: str, query: bytes, reference: bytes, hit: _engine.Hit | Place, *, start: float, length: float = 0.0
) -> Iterator[Line]:
    """`hit`: of the query's seconds from `start` on. `length`: of a copy; 0 for a stranger."""
    for window in WINDOWS_S:
        line = _engine.follow(
            query,
            reference,
            offset_s=hit.offset_s - hit.speed * start,
            speed=hit.speed,
            at_s=start + PROBE_S / 2,
            window_s=window,
            hop_s=window,
        )
        middle = line.offset_s + line.speed * (line.start_s + window / 2)
        inside = (middle >= 0) & (middle <= _engine.read_fingerprint(reference).duration_s)
        likelihood, audible, aligned = (
            column[inside] for column in (line.likelihood, line.audible, line.aligned)
        )
        drift = 1000 * abs(line.speed - 1) * length
        yield Line(how, window, likelihood, audible, aligned, drift, line.share)
