"""The audio engine, as Python sees it: pure functions of samples and bytes.

Samples are mono float32 in [-1, 1]; times are seconds of the audio they belong to. Whatever computes or
reads a file releases the GIL for that; copying arguments in and results out, properties, and what only
lists a pack (`recordings`, `fingerprint`, `section_bytes`, `len`) hold it. Contiguous arrays are read where
they lie, so nothing may write to one until the call returns; others are copied first. Nothing here opens a
network connection or reads a clock; the only files it touches are a pack that it maps and one whose tags it
is told to write.
"""

from collections.abc import Sequence
from os import PathLike
from typing import final

import numpy as np
from numpy.typing import NDArray

ENGINE_RATE: int
"""Sampling rate (Hz) that the engine works at; any other is resampled to it."""
FORMAT_VERSION: int
"""Version of the fingerprint format that this engine writes."""
PACK_VERSION: int
"""Version of the pack format that this engine writes and reads."""
PEAKS_PER_SECOND: int
"""Most peaks a second that a fingerprint carries on average; up to twice as many may fall into one second."""
MATCH_AT: float
"""Confidence from which on the best hit is a match, where the caller names none."""
UNSURE_AT: float
"""Confidence from which on it is worth a mention, where the caller names none."""

class EngineError(ValueError):
    """Input that the engine refuses. `args` is `(code, message)`.

    Codes: `rate` (sampling rate outside 4,000 to 384,000 Hz), `length` (longer than four hours),
    `format` (not what it should be, damaged or cut off), `version` (made by a newer Sonica),
    `checksum` (damaged), `limit` (too many recordings for one pack), `duplicate` (a recording
    twice in one pack), `sequence` (a frame that is not the next one), `threshold` (not
    0 <= unsure_at <= match_at <= 1), `tags` (a file whose tags cannot be written).
    """

    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...

def fingerprint(samples: NDArray[np.float32], sample_rate: int) -> bytes:
    """The fingerprint of a whole clip. `samples` has shape (n,), contiguous or not."""

def fingerprint_many(clips: Sequence[tuple[NDArray[np.float32], int]]) -> list[bytes]:
    """The fingerprints of many (samples, sample rate) clips, on all cores, in their order."""

def resample(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """The clip at `ENGINE_RATE`, as the fingerprint sees it. For tests and plots."""

@final
class Fingerprinter:
    """The same fingerprint from samples that arrive in pieces."""

    def __new__(cls, sample_rate: int) -> Fingerprinter: ...
    def push(self, samples: NDArray[np.float32]) -> None:
        """Takes more samples: all of them, or none where it raises EngineError (`length`)."""
    def snapshot(self) -> bytes:
        """The fingerprint of what was heard so far, as if the sound ended here."""
    def frame(self, *, key: bool = False, last: bool = False) -> bytes:
        """What `snapshot` gives now, as a frame: only what has changed since the frame before.

        `key`: whole, for a receiver that lost one; the first always is. `last`: the sound has ended.
        """
    def finish(self) -> bytes:
        """The fingerprint of all that was pushed. The object is spent afterwards.

        Any use of a spent one raises RuntimeError.
        """

@final
class FrameAssembler:
    """Puts the frames of one Fingerprinter together, in their order."""

    def __new__(cls) -> FrameAssembler: ...
    def push(self, frame: bytes) -> None:
        """Takes the next frame. One that raises EngineError changes nothing.

        `sequence`: one before it is missing, it came before, or it is of another sound; ask for a key frame.
        """
    def fingerprint(self) -> bytes:
        """What `Fingerprinter.snapshot` gave when the last frame was made; before it, that of no sound."""
    @property
    def duration_s(self) -> float:
        """Length of the sound so far."""
    @property
    def ended(self) -> bool:
        """Whether the last frame said that the sound has ended."""

@final
class FingerprintInfo:
    """What a fingerprint says about itself."""

    @property
    def version(self) -> int: ...
    @property
    def duration_s(self) -> float: ...
    def excerpt(self, start_s: float, seconds: float) -> bytes:
        """The fingerprint of a part of it; what lies beyond its end is not there.

        Both ends are rounded to 4 ms, so excerpts that follow each other leave nothing out and share nothing.
        Raises ValueError unless `start_s` >= 0 and `seconds` > 0.
        """
    @property
    def time_s(self) -> NDArray[np.float32]:
        """Shape (n,): when each peak is, ascending."""
    @property
    def frequency_hz(self) -> NDArray[np.float32]:
        """Shape (n,): the frequency of each peak."""
    @property
    def rank(self) -> NDArray[np.uint8]:
        """Shape (n,): 0 for the strongest peaks of their neighbourhood, 15 for the weakest."""

def read_fingerprint(data: bytes) -> FingerprintInfo: ...
def write_fingerprint(
    time: NDArray[np.uint32], frequency: NDArray[np.uint16], rank: NDArray[np.uint8], duration: int
) -> bytes:
    """The fingerprint of these peaks, all arrays of shape (n,), in the format's own steps.

    `time` and `duration` in steps of 4 ms, `frequency` in steps of 1/144 octave above 58.6 Hz (0 to 855),
    `rank` 0 to 15. In any order; of two peaks at one place the stronger one stays. Raises ValueError for
    arrays of different lengths, EngineError (`format`, `length`) for what no sound can have.
    """

@final
class Recording:
    """One row of a pack."""

    @property
    def recording_id(self) -> int: ...
    @property
    def song_id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def artist(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def duration_s(self) -> float: ...

@final
class PackBuilder:
    """Collects fingerprints and writes them as one immutable pack.

    `profile`: "full" for servers, or "lite" for browsers and phones, which keeps the strongest peaks alone:
    a seventh of the bytes, and finds less of what is heard badly. Raises ValueError for any other.
    """

    def __new__(cls, profile: str = "full") -> PackBuilder: ...
    def add(
        self,
        recording_id: int,
        song_id: int,
        fingerprint: bytes,
        *,
        title: str = "",
        artist: str = "",
        language: str = "",
    ) -> None: ...
    def build(self) -> bytes: ...
    def write(self, path: str | PathLike[str]) -> None:
        """The same bytes into a file, which is synced. Raises OSError, and leaves what was written.

        It takes little more memory than the builder holds: about 260 bytes a second of music.
        """
    def __len__(self) -> int: ...

@final
class Pack:
    """An index of recordings that can be searched. Immutable; share it between threads."""

    @staticmethod
    def open(path: str | PathLike[str]) -> Pack:
        """Maps the file. Raises OSError where it cannot be read, EngineError where it is no pack.

        Fingerprints and postings, nearly all of it, are not read: `verify` does that.
        """
    @staticmethod
    def from_bytes(data: bytes) -> Pack:
        """The same over bytes, which are copied."""
    def verify(self) -> None:
        """Reads all that opening did not. Raises EngineError (`checksum`) where it is damaged.

        A damaged pack can be searched all the same: what is damaged is not found, or raises EngineError then.
        """
    @property
    def profile(self) -> str:
        """`full` or `lite`: how much of each recording it holds."""
    def recordings(self) -> list[Recording]: ...
    def fingerprint(self, recording_id: int) -> bytes | None:
        """Found by bisection. A lite pack's holds the strongest peaks alone."""
    def section_bytes(self) -> dict[str, int]:
        """Size in bytes of each section, by name."""
    def __len__(self) -> int:
        """Number of recordings."""

@final
class Hit:
    """One recording that the query may be."""

    @property
    def recording_id(self) -> int: ...
    @property
    def song_id(self) -> int: ...
    @property
    def offset_s(self) -> float:
        """Place in the recording where the query's first sample would lie.

        Below 0 if the query began earlier: far below if only a later part of a long one is of this recording.
        """
    @property
    def speed(self) -> float:
        """Tempo of the query relative to the recording; 0.85 = slowed."""
    @property
    def pitch_semitones(self) -> float:
        """Total change of pitch; slowing to 0.85 on a turntable gives -2.81."""
    @property
    def score(self) -> float:
        """The verifier's score (a log odds), less what the query lacks of the song's own sound where it
        holds what the song shares with others; only its order and the thresholds mean anything.
        """
    @property
    def confidence(self) -> float:
        """0 to 1."""
    @property
    def features(self) -> list[float]:
        """What the verifier saw, in the order of `FEATURES`."""

FEATURES: list[str]
"""Names of `Hit.features`."""

@final
class Answer:
    """What the engine makes of one query."""

    @property
    def status(self) -> str:
        """`match`, `unsure` or `none`."""
    @property
    def ambiguous(self) -> bool:
        """A match whose sound is shared by several songs: hits[0] is the likeliest of them."""
    @property
    def hits(self) -> list[Hit]:
        """One a song: the shared ones first, then by score; at most `limit`, but all of the shared.

        Present also where the status is `none`.
        """
    @property
    def shared(self) -> int:
        """How many of the first hits share the part that was heard: 0 unless a match, then >= 1."""
    @property
    def hypotheses(self) -> int:
        """How many hypotheses of speed, tempo and pitch were tried."""
    @property
    def postings(self) -> int:
        """How many postings were read."""

def recognize(
    packs: Sequence[Pack],
    fingerprint: bytes,
    *,
    exclude: Sequence[int] = (),
    limit: int = 5,
    exhaustive: bool = False,
    nominal: bool = False,
    match_at: float | None = None,
    unsure_at: float | None = None,
) -> Answer:
    """Names the recording that the fingerprint is of.

    `exclude`: recording ids that are treated as absent. `exhaustive`: try every hypothesis even
    when the first ones are certain. `nominal`: try none but that nothing was changed, which is enough for
    what comes from a file, and quick for what is not known. `match_at`, `unsure_at`: confidences from which
    on the best hit is a match, or worth a mention; None for the engine's own (`MATCH_AT`, `UNSURE_AT`).
    One pack is searched on one core, several side by side.
    """

def recognize_many(
    packs: Sequence[Pack],
    queries: Sequence[tuple[bytes, Sequence[int]]],
    *,
    limit: int = 5,
    exhaustive: bool = False,
    nominal: bool = False,
    match_at: float | None = None,
    unsure_at: float | None = None,
) -> list[Answer]:
    """`recognize` for many (fingerprint, exclude) queries, on all cores, in their order.

    One bad fingerprint fails the whole call.
    """

@final
class Followed:
    """A query along a reference: its second x is second `offset_s` + `speed` · x of the reference."""

    @property
    def offset_s(self) -> float: ...
    @property
    def speed(self) -> float: ...
    @property
    def pitch_semitones(self) -> float: ...
    @property
    def share(self) -> float:
        """Of the audible windows, the share that is aligned; 0.0 without any. One beyond the reference's
        ends is not aligned, so lay the longer recording along the shorter.
        """
    @property
    def start_s(self) -> NDArray[np.float32]:
        """Shape (n,): where each window of the query begins; the last may be shorter by half."""
    @property
    def likelihood(self) -> NDArray[np.float32]:
        """Shape (n,): log likelihood ratio of each, the reference there against any other music (nats).

        About 24 a second at most. Nearly every window of 5 s of a copy that was only encoded again has 70 or
        more; another tune on the same instrumental is aligned, too, but has less in many of its windows.
        """
    @property
    def audible(self) -> NDArray[np.bool_]:
        """Shape (n,): whether enough is in it to say anything."""
    @property
    def aligned(self) -> NDArray[np.bool_]:
        """Shape (n,): whether it lies along the reference; never where it is not audible."""

def follow(
    query: bytes,
    reference: bytes,
    *,
    offset_s: float,
    speed: float = 1.0,
    pitch_semitones: float = 0.0,
    at_s: float = 0.0,
    window_s: float = 5.0,
    hop_s: float = 5.0,
) -> Followed:
    """Lays one recording along another, at one offset and speed, and weighs each window of it.

    The line is a guess such as a `Hit` of a part of the query gives: about second `at_s` of the query it
    must be right to 60 ms and, in speed, to 1%. It is refined from there outwards. That of a hit whose
    excerpt begins at second s of the query has `offset_s` = hit.offset_s - hit.speed * s. For the reference
    along the query, give -offset_s / speed, 1 / speed, -pitch_semitones, and offset_s + speed * at_s. Takes
    a time that grows with the peaks of the query and, where windows overlap, with window_s / hop_s. Raises
    ValueError where it is no line, or a window or hop is shorter than 50 ms.
    """

def write_tags(
    path: str | PathLike[str], texts: Sequence[tuple[str, str]], cover: tuple[bytes, str] | None = None
) -> None:
    """Writes tags into an MP3, FLAC, M4A, Ogg Vorbis or Opus file, in place: of all here only this writes.

    `texts`: pairs of a field's name in `sonica.audio.Tags` (`year` as digits) and what it shall say; `cover`:
    an image and its MIME type. All else stays. Not the engine's work, but that of a library beside it; only
    `sonica.audio.write_tags` calls it, on a copy. Raises EngineError (`tags`): then the file may be spoiled.
    """
