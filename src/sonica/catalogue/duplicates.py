"""Which recordings are there already, however they were encoded, and which share a part with others?

Excerpts of a recording, spread over it, are asked for as any query is; whoever may hold one is laid along
all of it (`_engine.follow`). Where 85% of the longer one's windows of five seconds lie along the other, at
one offset and speed, and closely, they are one recording; where 30% lie along it at all they share a part.
A song and its karaoke version lie along each other from end to end, but not closely.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sonica import _engine
from sonica.catalogue.errors import CatalogueError
from sonica.catalogue.ingest import Prepared
from sonica.catalogue.schemas import Link
from sonica.catalogue.store import Store
from sonica.platform.parallel import in_order

SAME, RELATED = 0.85, 0.30
"""Shares of the longer one from which on two recordings are the same, or share a part."""
CLOSE = 70.0
"""Nats that a window of five seconds has where both are one sound, however encoded; most have over 100, and
of two songs on one instrumental, or of a song and its karaoke version, a quarter to three quarters fewer.
"""
SAME_SPEED = 0.02
"""One that is faster or slower by more is another version."""
PROBE_S, EVERY_S, MOST_PROBES = 8.0, 20.0, 6
"""Seconds of an excerpt, seconds between them at least, and how many there are at most: a piece of 30%
holds one of six at least. Of 24 songs with a third of another's, as MP3 of 64 kbit/s, four found all.
"""
LIKELY = 0.2
"""Confidence from which on a hit is looked at more closely."""
IN_BATCH = 1 << 48
"""Ids from here on are places in a batch that is not in the catalogue yet."""
MOST = 10
"""Recordings that one is linked to, at most: everybody shares the loop that everybody uses."""


@dataclass(frozen=True)
class Overlap:
    """Some recording, and how much of the longer one lies along the other, and closely; else as in `Link`."""

    other: int
    share: float
    close: float
    offset_s: float
    speed: float

    @property
    def is_same(self) -> bool:
        """Whether they are one recording."""
        return self.close >= SAME and abs(self.speed - 1) <= SAME_SPEED

    def link(self, recording_id: int) -> Link:
        """From the recording with this id to the other."""
        return Link(
            recordings=(recording_id, self.other),
            kind="same" if self.is_same else "related",
            share=round(self.share, 4),
            offset_s=round(self.offset_s, 3),
            speed=round(self.speed, 6),
        )


def overlaps(
    fingerprint: bytes,
    packs: Sequence[_engine.Pack],
    absent: Sequence[int],
    fingerprint_of: Callable[[int], bytes],
) -> list[Overlap]:
    """What is in the packs and shares at least 30% with a recording, the most first."""
    info = _engine.read_fingerprint(fingerprint)
    starts = _probes(info.duration_s)
    queries = [(info.excerpt(start, PROBE_S), absent) for start in starts]
    best: dict[int, tuple[float, _engine.Hit]] = {}
    for start, answer in zip(starts, _engine.recognize_many(packs, queries, nominal=True), strict=True):
        for hit in answer.hits:
            known = best.get(hit.recording_id)
            if hit.confidence >= LIKELY and (known is None or hit.score > known[1].score):
                best[hit.recording_id] = start, hit
    found = []
    for start, hit in best.values():
        try:
            other = fingerprint_of(hit.recording_id)
        except CatalogueError:  # removed meanwhile, or damaged: `verify` tells
            continue
        overlap = _along(fingerprint, other, start, hit)
        if overlap.share >= RELATED:
            found.append(overlap)
    found.sort(key=lambda overlap: (-overlap.share, overlap.other))
    return found[:MOST]


def _probes(duration_s: float) -> list[float]:
    """Where the excerpts begin: in the middle of as many equal parts."""
    count = int(min(MOST_PROBES, max(1.0, duration_s // EVERY_S)))
    return [max(0.0, (i + 0.5) * duration_s / count - PROBE_S / 2) for i in range(count)]


def _along(fingerprint: bytes, other: bytes, start: float, hit: _engine.Hit) -> Overlap:
    """Each along the other: the lesser share counts, since silence says nothing."""
    offset, speed, at = hit.offset_s - hit.speed * start, hit.speed, start + PROBE_S / 2
    there = _engine.follow(
        fingerprint, other, offset_s=offset, speed=speed, pitch_semitones=hit.pitch_semitones, at_s=at
    )
    back = _engine.follow(
        other,
        fingerprint,
        offset_s=-offset / speed,
        speed=1 / speed,
        pitch_semitones=-hit.pitch_semitones,
        at_s=offset + speed * at,
    )
    lengths = sorted((_duration(fingerprint), _duration(other)))
    ratio = lengths[0] / max(lengths[1], 0.001)
    share = min(there.share, back.share, ratio)
    close = min(_close(there), _close(back), ratio)
    return Overlap(hit.recording_id, share, close, there.offset_s, there.speed)


def _duration(fingerprint: bytes) -> float:
    return _engine.read_fingerprint(fingerprint).duration_s


def _close(line: _engine.Followed) -> float:
    """Of the windows in which there is anything, the share of those that lie closely along the other."""
    close = line.aligned & (line.likelihood >= CLOSE)
    return int(close.sum()) / max(1, int(line.audible.sum()))


@dataclass(frozen=True)
class Sharing:
    """What each file of a batch shares: with the catalogue, and with files before it in the batch."""

    known: list[list[Overlap]]
    batch: list[list[Overlap]]
    """Here `other` is the place in the batch."""
    since: int
    """The recordings from this id on were not there yet."""

    def links(self, index: int, ids: Sequence[int]) -> list[Link]:
        """Of the file at `index`, those that are the same first; `ids`: the recordings of those before it."""
        within = [overlap.link(0) for overlap in self.batch[index] if overlap.other < len(ids)]
        within = [link.model_copy(update={"recordings": (0, ids[link.recordings[1]])}) for link in within]
        links = [*(overlap.link(0) for overlap in self.known[index]), *within]
        return sorted(links, key=lambda link: (link.kind != "same", -link.share))[:MOST]


class Finder:
    """Looks up a batch of files before it is put in."""

    def __init__(self, store: Store, workers: int | None = None) -> None:
        self._store = store
        self._workers = workers

    def look(self, fresh: Sequence[Prepared]) -> Sharing:
        """What they share with what is there now, and among themselves."""
        since = self._store.read().next_recording
        packs, absent = self._store.open()
        batch = _pack_of(fresh)

        searched = [*packs, batch] if batch else packs

        def fingerprint_of(id_: int) -> bytes:
            return self._store.archive.get(id_) if id_ < IN_BATCH else fresh[id_ - IN_BATCH].fingerprint

        def one(index: int) -> list[Overlap]:
            item = fresh[index]
            if not searched or not item.fingerprint or not self._is_new(item):
                return []
            later = range(IN_BATCH + index, IN_BATCH + len(fresh))
            return overlaps(item.fingerprint, searched, [*absent, *later], fingerprint_of)

        found = list(in_order(one, range(len(fresh)), self._workers))
        known = [[overlap for overlap in of if overlap.other < IN_BATCH] for of in found]
        within = [
            [replace(overlap, other=overlap.other - IN_BATCH) for overlap in of if overlap.other >= IN_BATCH]
            for of in found
        ]
        return Sharing(known, within, since)

    def look_again(self, fresh: Sequence[Prepared], sharing: Sharing) -> Sharing:
        """The same with what others added since. The lock is held, so nobody adds meanwhile."""
        state = self._store.read()
        if state.next_recording == sharing.since:
            return sharing
        late = [name for name, held in state.packs.items() if max(held, default=0) >= sharing.since]
        packs = [self._store.open_pack(name) for name in late]
        absent = sorted(state.absent)
        known = []
        for item, before in zip(fresh, sharing.known, strict=True):
            found = (
                overlaps(item.fingerprint, packs, absent, self._store.archive.get) if item.fingerprint else []
            )
            known.append([*before, *(one for one in found if one.other >= sharing.since)])
        return Sharing(known, sharing.batch, sharing.since)

    def _is_new(self, item: Prepared) -> bool:
        """Whether no file with these very bytes was ever there: its song is known otherwise."""
        return item.content not in self._store.read().song_of


def _pack_of(fresh: Sequence[Prepared]) -> _engine.Pack | None:
    """The batch as a pack, its places counted from `IN_BATCH`; None without two different files."""
    seen: set[str] = set()
    builder = _engine.PackBuilder()
    for index, item in enumerate(fresh):
        if item.fingerprint and item.content not in seen:
            seen.add(item.content)
            builder.add(IN_BATCH + index, IN_BATCH + index, item.fingerprint)
    return _engine.Pack.from_bytes(builder.build()) if len(builder) > 1 else None


def pairs(store: Store, on_recording: Callable[[int, int], None]) -> Iterator[Link]:
    """All that recordings of different songs share, each pair once, but for what somebody called different.

    `on_recording` hears how many recordings of how many were looked at.
    """
    state = store.read()
    ids = sorted(state.recordings)
    packs, absent = store.open()

    def one(id_: int) -> list[Overlap]:
        try:
            return overlaps(store.archive.get(id_), packs, [*absent, id_], store.archive.get)
        except CatalogueError:  # removed meanwhile, or damaged: `verify` tells
            return []

    for done, found in enumerate(in_order(one, ids), 1):
        on_recording(done, len(ids))
        yield from _news(store, ids[done - 1], found)


def _news(store: Store, id_: int, found: list[Overlap]) -> Iterator[Link]:
    state = store.read()
    for overlap in found:
        pair = state.recordings.get(id_), state.recordings.get(overlap.other)
        if overlap.other >= id_ or pair[0] is None or pair[1] is None or pair[0].song_id == pair[1].song_id:
            continue
        known = {link.kind for link in state.links_of(id_) if overlap.other in link.recordings}
        link = overlap.link(id_)
        if "different" not in known and link.kind not in known:
            yield link
