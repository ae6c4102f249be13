"""A long recording as a time line of songs: a DJ's set, a wedding video, an hour of radio.

Excerpts are asked for one after the other; whatever is named is followed to both sides, until the song
ends or something else begins. First as files play it, quickly; then what is left, at every speed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sonica import _engine
from sonica.platform.errors import SonicaError
from sonica.recognition.schemas import Segment, SongRef
from sonica.recognition.service import Recognizer

PIECE_S, OVERLAP_S = 1_800.0, 20.0
"""Seconds that are looked at together, and of them those that the next piece begins with: a song on a border
is found on both sides and put together.
"""
ASKED_S = 8.0
"""Length of an excerpt."""
STEPS_S = (16.0, 8.0, 4.0)
"""Distances of the excerpts of what was not found at once: wide ones first, since what they find is followed,
and need not be asked for again.
"""
BATCH = 16
"""Excerpts that are asked together, before how far it is is told."""
FIRST_LOOK = 0.1
"""Share of the work that the quick look is, roughly."""
LEAST_S = 5.0
"""Seconds of a gap that is looked at, and that a song must play alone."""
SHORTEST_S = 10.0
"""Seconds that must lie along a song: of a stranger, eight may, by chance or since songs share a sound."""
WINDOW_S, HOP_S = 1.5, 0.5
"""Of the windows that tell whether a song plays."""
BLOCK_S = 0.256
"""Of the windows that tell where it begins and ends: the engine weighs peaks by as much."""
EDGE_S = 10.0
"""So far from the outermost window that holds the song it may begin or end: it may be faint there."""
BLOCK_COSTS = 1.0, 2.0
"""Nats that the blocks before the beginning, and behind the end, must have on average to be of the song: one
that fades out is found further into what drowns it than one that fades in.
"""
MOST_GAP_S = 8.0
"""Somebody may talk over a song for so long."""
DENSE = 0.5
"""Share of the windows from a song's beginning to its end that must lie along it."""

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Found:
    """A song in a piece. Second x of the piece is second `offset_s` + `speed` · x of the recording."""

    recording_id: int
    start_s: float
    end_s: float
    offset_s: float
    speed: float
    confidence: float
    nats: float
    """How much speaks for it."""
    pitch_semitones: float = 0.0

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end_s - self.start_s

    def overlap(self, other: "Found") -> float:
        """Seconds that both claim."""
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))


def scan(
    recognizer: Recognizer,
    blocks: Iterable[Samples],
    rate: int,
    on_heard: Callable[[float], None] = lambda _: None,
) -> Iterator[Segment]:
    """The songs in `blocks` (mono float32, any length each, at `rate` Hz), in the order of their beginnings.

    A song is told once it is known where it ends, and where those before it do. `on_heard` hears how many
    seconds were looked at so far. Raises SonicaError.
    """
    yield from scan_fingerprints(recognizer, _pieces(blocks, rate), on_heard)


def scan_fingerprints(
    recognizer: Recognizer,
    pieces: Iterable[bytes],
    on_heard: Callable[[float], None] = lambda _: None,
    *,
    batch: int = BATCH,
) -> Iterator[Segment]:
    """The same of fingerprints of `PIECE_S` each, which begin `PIECE_S` - `OVERLAP_S` after one another.

    `batch`: excerpts that are asked together, side by side; what is found does not depend on it. Raises
    SonicaError.
    """
    waiting: list[Found] = []
    begun = 0.0
    try:
        for fingerprint in pieces:
            info = _engine.read_fingerprint(fingerprint)
            piece = _Piece(recognizer, info, partial(_tell, on_heard, begun), batch)
            waiting = _joined(waiting, [_later(one, begun) for one in piece.songs()])
            on_heard(begun + info.duration_s)
            begun += PIECE_S - OVERLAP_S
            done, waiting = _over(waiting, begun - MOST_GAP_S)
            yield from _named(recognizer, done)
    except _engine.EngineError as error:
        raise SonicaError(error.code, error.message) from error
    yield from _named(recognizer, waiting)


def cut_fingerprint(info: _engine.FingerprintInfo) -> Iterator[bytes]:
    """The pieces of the fingerprint of a whole recording, for `scan_fingerprints`."""
    begun = 0.0
    while True:
        yield info.excerpt(begun, PIECE_S)
        if begun + PIECE_S >= info.duration_s:
            return
        begun += PIECE_S - OVERLAP_S


def _tell(on_heard: Callable[[float], None], begun: float, seconds: float) -> None:
    """That so many seconds of a piece are done; of the overlap with the one before it was told already."""
    if seconds > OVERLAP_S or not begun:
        on_heard(begun + seconds)


def _pieces(blocks: Iterable[Samples], rate: int) -> Iterator[bytes]:
    """The fingerprints of one piece after the other."""
    size, overlap = int(PIECE_S * rate), int(OVERLAP_S * rate)
    fingerprinter, count = _engine.Fingerprinter(rate), 0
    tail: list[Samples] = []
    for block in blocks:
        rest = block
        while count + len(rest) >= size:
            part, rest = rest[: size - count], rest[size - count :]
            fingerprinter.push(part)
            yield fingerprinter.finish()
            kept = np.concatenate([*tail, part])[-overlap:]
            fingerprinter, count, tail = _engine.Fingerprinter(rate), len(kept), [kept]
            fingerprinter.push(kept)
        fingerprinter.push(rest)
        count += len(rest)
        if count > size - overlap:
            tail.append(rest)
    if count:
        yield fingerprinter.finish()


class _Piece:
    """A part of a long recording that fits into memory."""

    def __init__(
        self,
        recognizer: Recognizer,
        info: _engine.FingerprintInfo,
        on_done: Callable[[float], None],
        batch: int,
    ) -> None:
        """`on_done`: told how many seconds' worth of the work is done."""
        self._recognizer = recognizer
        self._info = info
        self._on_done = on_done
        self._batch = batch
        self._duration = info.duration_s
        self._packs, self._absent = recognizer.open_packs()
        self._prints: dict[int, bytes] = {}
        self._found: list[Found] = []

    def songs(self) -> list[Found]:
        """All that is found, in the order of its beginning; where two claim the same, the likelier."""
        quick = np.arange(0.0, max(self._duration, 0.01), ASKED_S)
        self._look(quick, (0.0, FIRST_LOOK), nominal=True)
        asked: list[float] = []
        share = (1 - FIRST_LOOK) / len(STEPS_S)
        for turn, step in enumerate(STEPS_S):
            starts = [one for one in self._starts(step) if all(abs(one - other) >= 1 for other in asked)]
            asked += starts
            done = FIRST_LOOK + turn * share
            self._look(np.array(starts), (done, done + share), nominal=False)
        kept: list[Found] = []
        for one in sorted(self._found, key=lambda found: -found.nats):
            if _is_another(one, kept):
                kept.append(one)
        return sorted(kept, key=lambda found: found.start_s)

    def _starts(self, step: float) -> Iterator[float]:
        """Where the excerpts of what is not known yet begin, so many seconds after one another."""
        for begin, end in self._gaps():
            yield from (float(one) for one in np.arange(begin, max(end - ASKED_S, begin) + 0.01, step))

    def _gaps(self) -> Iterator[tuple[float, float]]:
        """Where nothing is known yet."""
        begin = 0.0
        for one in sorted(self._found, key=lambda found: found.start_s):
            if one.start_s - begin >= LEAST_S:
                yield begin, one.start_s
            begin = max(begin, one.end_s)
        if self._duration - begin >= LEAST_S:
            yield begin, self._duration

    def _look(self, starts: NDArray[np.float64], work: tuple[float, float], *, nominal: bool) -> None:
        """Asks for excerpts, and follows what is named. `work`: shares that are done before and after."""
        thresholds = self._recognizer.thresholds
        for first in range(0, len(starts), self._batch):
            some = starts[first : first + self._batch]
            answers = _engine.recognize_many(
                self._packs,
                [(self._info.excerpt(start, ASKED_S), self._absent) for start in some],
                nominal=nominal,
                match_at=thresholds.match_at,
                unsure_at=thresholds.unsure_at,
            )
            for start, answer in zip(some, answers, strict=True):
                for hit in answer.hits[: answer.shared]:
                    self._take(float(start), hit)
            part = min(1.0, (first + self._batch) / len(starts))
            self._on_done((work[0] + part * (work[1] - work[0])) * self._duration)

    def _take(self, start: float, hit: _engine.Hit) -> None:
        """Follows a hit, unless it lies in what is known already."""
        middle = start + ASKED_S / 2
        for index, one in enumerate(self._found):
            if one.recording_id == hit.recording_id and one.start_s <= middle <= one.end_s:
                there = one.offset_s + one.speed * start
                if abs(there - hit.offset_s) < 1.0:
                    self._found[index] = replace(one, confidence=max(one.confidence, hit.confidence))
                    return
        found = self._followed(start, hit)
        if found:
            self._found.append(found)

    def _followed(self, start: float, hit: _engine.Hit) -> Found | None:
        """From where to where the song of a hit plays; None where it does not, after all."""
        reference = self._print(hit.recording_id)
        length = _engine.read_fingerprint(reference).duration_s
        begin = max(0.0, start - max(0.0, hit.offset_s) / hit.speed - ASKED_S)
        end = min(self._duration, start + (length - hit.offset_s) / hit.speed + ASKED_S)
        if end - begin < WINDOW_S:
            return None
        line = _engine.follow(
            self._info.excerpt(begin, end - begin),
            reference,
            offset_s=hit.offset_s - hit.speed * (start - begin),
            speed=hit.speed,
            pitch_semitones=hit.pitch_semitones,
            at_s=start - begin + ASKED_S / 2,
            window_s=WINDOW_S,
            hop_s=HOP_S,
        )
        span = _span(line, start - begin + ASKED_S / 2)
        if span is None:
            return None
        first, last = self._edges(begin, end, reference, line, span)
        if last - first < SHORTEST_S:
            return None
        return Found(
            recording_id=hit.recording_id,
            start_s=begin + first,
            end_s=min(self._duration, begin + last),
            offset_s=line.offset_s - line.speed * begin,
            speed=line.speed,
            confidence=hit.confidence,
            nats=float(line.likelihood[span[0] : span[1] + 1].clip(0).sum()),
            pitch_semitones=line.pitch_semitones,
        )

    def _edges(
        self, begin: float, end: float, reference: bytes, line: _engine.Followed, span: tuple[int, int]
    ) -> tuple[float, float]:
        """Where the song begins and ends, seconds after `begin`: it goes on for as long as what lies further
        out speaks for it, all in all. So it is held through a cross-fade until it is hardly heard.
        """
        known = float(line.start_s[span[0]]), float(line.start_s[span[1]]) + WINDOW_S
        middle = (known[0] + known[1]) / 2
        blocks = _engine.follow(
            self._info.excerpt(begin, end - begin),
            reference,
            offset_s=line.offset_s,
            speed=line.speed,
            pitch_semitones=line.pitch_semitones,
            at_s=middle,
            window_s=BLOCK_S,
            hop_s=BLOCK_S,
        )
        at, says = blocks.start_s, blocks.likelihood
        before = np.flatnonzero((at >= known[0] - EDGE_S) & (at <= min(middle, known[0] + EDGE_S)))
        after = np.flatnonzero((at >= max(middle, known[1] - EDGE_S)) & (at <= known[1] + EDGE_S))
        if not len(before) or not len(after):
            return known
        first = before[len(before) - 1 - int(np.argmax(np.cumsum(says[before][::-1] - BLOCK_COSTS[0])))]
        last = after[int(np.argmax(np.cumsum(says[after] - BLOCK_COSTS[1])))]
        return float(at[first]), float(at[last]) + BLOCK_S

    def _print(self, recording_id: int) -> bytes:
        if recording_id not in self._prints:
            prints = (pack.fingerprint(recording_id) for pack in self._packs)
            self._prints[recording_id] = next(one for one in prints if one is not None)
        return self._prints[recording_id]


def _span(line: _engine.Followed, at: float) -> tuple[int, int] | None:
    """The first and last window that lie along the song about a place, gaps allowed; None without any."""
    # One that lies along it alone, as one in fifty does of any music, is no part of it.
    company = np.convolve(line.aligned, np.ones(5), "same")
    aligned = np.flatnonzero(line.aligned & (company >= 3))
    if not len(aligned):
        return None
    nearest = int(np.argmin(np.abs(line.start_s[aligned] - at)))
    gaps = np.diff(aligned) > MOST_GAP_S / HOP_S
    first = nearest - int(np.argmax(np.append(gaps[:nearest][::-1], True)))
    last = nearest + int(np.argmax(np.append(gaps[nearest:], True)))
    begin, end = int(aligned[first]), int(aligned[last])
    audible = np.count_nonzero(line.audible[begin : end + 1])
    if last - first + 1 < DENSE * audible:
        return None
    return begin, end


def _is_another(one: Found, kept: Sequence[Found]) -> bool:
    """Whether it is a song beside the likelier ones that are kept, rather than what it shares with one.

    Songs that fade into each other overlap at their ends: each plays alone for a while, and no other song
    plays along with most of it.
    """
    overlaps = [one.overlap(other) for other in kept]
    return one.length - sum(overlaps) >= LEAST_S and max(overlaps, default=0.0) <= one.length / 2


def _later(one: Found, seconds: float) -> Found:
    """The same in a recording that begins so much earlier."""
    return replace(
        one,
        start_s=one.start_s + seconds,
        end_s=one.end_s + seconds,
        offset_s=one.offset_s - one.speed * seconds,
    )


def _joined(before: Sequence[Found], after: Sequence[Found]) -> list[Found]:
    """Songs of two pieces, in the order of their beginnings; one that is in both, or goes on, is one."""
    joined = list(before)
    for one in after:
        for index, other in enumerate(joined):
            place = other.offset_s + other.speed * one.start_s, one.offset_s + one.speed * one.start_s
            is_near = one.start_s - other.end_s <= MOST_GAP_S and abs(place[0] - place[1]) < 1.0
            if one.recording_id == other.recording_id and is_near:
                joined[index] = replace(
                    other,
                    start_s=min(one.start_s, other.start_s),
                    end_s=max(one.end_s, other.end_s),
                    confidence=max(one.confidence, other.confidence),
                )
                break
        else:
            joined.append(one)
    return joined


def _over(found: Sequence[Found], by: float) -> tuple[list[Found], list[Found]]:
    """Which songs can be told, since they ended before second `by`, and which wait.

    What begins after one that waits does so, too: they are told in order.
    """
    first = min((one.start_s for one in found if one.end_s >= by), default=float("inf"))
    done = [one for one in found if one.end_s < by and one.start_s < first]
    return done, [one for one in found if one.end_s >= by or one.start_s >= first]


def _named(recognizer: Recognizer, found: Sequence[Found]) -> Iterator[Segment]:
    songs: dict[int, SongRef] = dict(recognizer.describe([one.recording_id for one in found]))
    for one in sorted(found, key=lambda found: found.start_s):
        if one.recording_id in songs:
            yield Segment(
                song=songs[one.recording_id],
                start_s=one.start_s,
                end_s=one.end_s,
                offset_s=one.offset_s + one.speed * one.start_s,
                speed=one.speed,
                pitch_semitones=one.pitch_semitones,
                confidence=min(1.0, max(0.0, one.confidence)),
            )
