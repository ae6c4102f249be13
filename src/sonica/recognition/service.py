"""From a file or samples to an answer. Whose packs are searched is the caller's business."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sonica import _engine
from sonica.audio import AudioError, Heard, Listen, Tags, listen
from sonica.platform.errors import SonicaError
from sonica.platform.failures import DAMAGED, Failure
from sonica.platform.files import shown_path
from sonica.recognition.schemas import Answer, Candidate, SongRef, Timings
from sonica.recognition.session import Looks
from sonica.recognition.thresholds import Thresholds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

QUERY_SECONDS = 30.0
"""A longer file is judged by its beginning; more would cost time and add no certainty."""

WORTH_SHOWING = 0.05
"""Confidence below which an alternative would only confuse."""

OpenPacks = Callable[[], tuple[Sequence[_engine.Pack], Sequence[int]]]
"""The packs to search, as they are now, and the ids of recordings in them that count as absent."""
Describe = Callable[[Iterable[int]], Mapping[int, SongRef]]
"""What the recordings with these ids are; ids that nobody knows are left out."""


class Recognizer:
    """Names songs that it is sure enough of. Safe to use from several threads at once.

    Each answer is of the packs as they are then, so that what was just added is known.
    """

    def __init__(
        self,
        open_packs: OpenPacks,
        describe: Describe,
        thresholds: Thresholds | None = None,
        listen: Listen = listen,
    ) -> None:
        """`listen`: how files are decoded; here, or where they can do no harm (`Sandbox.listen`)."""
        self.open_packs = open_packs
        self.describe = describe
        self.thresholds = thresholds or Thresholds()
        self._listen = listen

    def file(self, path: str | os.PathLike[str]) -> Answer:
        """What the audio file at `path` is. A file that cannot be read is an answer too: `error`."""
        heard = self.hear(path)
        return heard if isinstance(heard, Answer) else self._heard(shown_path(path), heard)

    def hear(self, path: str | os.PathLike[str]) -> Heard | Answer:
        """What is to be searched for of the audio file at `path`; or the answer, where there is nothing."""
        name = shown_path(path)
        begun = time.perf_counter()
        try:
            return self._listen(path, first=QUERY_SECONDS)
        except AudioError as error:
            took = Timings(decode=_since(begun))
            if error.code == "silent":  # it was read, and what it holds is no song
                return Answer(file=name, status="none", timings_ms=took)
            return Answer(file=name, status="error", timings_ms=took, error=Failure.of(error))

    def samples(self, samples: NDArray[np.float32], rate: int, *, name: str = "") -> Answer:
        """What mono `samples` (float32, shape (n,), at `rate` Hz) are; `name` is for the answer only."""
        begun = time.perf_counter()
        try:
            fingerprint = _engine.fingerprint(samples, rate)
        except _engine.EngineError as error:
            return _refused(name, error, Timings())
        took = time.perf_counter() - begun
        return self._heard(name, Heard(fingerprint, len(samples) / rate, Tags(), fingerprinting_s=took))

    def fingerprint(self, fingerprint: bytes, *, name: str = "", nominal: bool = False) -> Answer:
        """What the sound is that a fingerprint was made of; `name` is for the answer only.

        `nominal`: as songs are, at no other speed, tempo or pitch, which is many times quicker.
        """
        return self._heard(name, Heard(fingerprint, 0.0, Tags()), nominal=nominal)

    def stream(self, blocks: Iterable[NDArray[np.float32]], rate: int, *, name: str = "") -> Iterator[Answer]:
        """What is heard while it is heard: an answer at each look (`LOOKS`), the last one when it is a match.

        `blocks`: mono samples (float32, any length each) at `rate` Hz; no more are taken than needed. A
        sound that ends earlier is looked at once more at its end. Raises SonicaError (`rate`).
        """
        try:
            fingerprinter = _engine.Fingerprinter(rate)
            yield from self._looks(fingerprinter, blocks, rate, name)
        except _engine.EngineError as error:
            raise SonicaError(error.code, error.message) from error

    def _looks(
        self,
        fingerprinter: _engine.Fingerprinter,
        blocks: Iterable[NDArray[np.float32]],
        rate: int,
        name: str,
    ) -> Iterator[Answer]:
        heard, looks = 0, Looks()
        is_unseen = False
        for block in blocks:
            fingerprinter.push(block)
            heard += len(block)
            is_unseen = not looks.is_due(heard / rate)
            if is_unseen:
                continue
            answer = self.fingerprint(fingerprinter.snapshot(), name=name)
            yield answer
            if answer.status == "match" or looks.is_over:
                return
        if is_unseen:
            yield self.fingerprint(fingerprinter.finish(), name=name)

    def _heard(self, name: str, heard: Heard, *, nominal: bool = False) -> Answer:
        begun = time.perf_counter()
        took = Timings(decode=1000 * heard.decoding_s, fingerprint=1000 * heard.fingerprinting_s)
        try:
            packs, absent = self.open_packs()
            found = _engine.recognize(
                packs,
                heard.fingerprint,
                exclude=absent,
                nominal=nominal,
                match_at=self.thresholds.match_at,
                unsure_at=self.thresholds.unsure_at,
            )
        except _engine.EngineError as error:
            return _refused(name, error, took, heard.fingerprint)
        took = Timings(decode=took.decode, fingerprint=took.fingerprint, search=_since(begun))
        return _answer(name, found, self.describe, took)


def _refused(
    name: str, error: _engine.EngineError, took: Timings, fingerprint: bytes | None = None
) -> Answer:
    told = SonicaError(error.code, error.message)
    if fingerprint is not None and _is_sound(fingerprint):
        said = f"A pack of the catalogue is damaged: {error.message}."
        told = SonicaError(DAMAGED, said, "`sonica verify` says which it is, and how it is mended.")
    return Answer(file=name, status="error", timings_ms=took, error=Failure.of(told))


def _is_sound(fingerprint: bytes) -> bool:
    try:
        _engine.read_fingerprint(fingerprint)
    except _engine.EngineError:
        return False
    return True


def _answer(name: str, found: _engine.Answer, describe: Describe, took: Timings) -> Answer:
    """The engine's answer in words that a person or a program can use."""
    songs = describe([hit.recording_id for hit in found.hits])
    hits = [hit for hit in found.hits if hit.recording_id in songs]
    candidates = [_candidate(hit, songs[hit.recording_id]) for hit in hits]
    best = candidates[0] if candidates else None
    if best is None or found.status == "none":
        confidence = best.confidence if best else 0.0
        return Answer(file=name, status="none", confidence=confidence, timings_ms=took)
    likely = [one for one in candidates[1:] if one.confidence >= WORTH_SHOWING]
    if found.status == "unsure":
        return Answer(
            file=name,
            status="unsure",
            confidence=best.confidence,
            alternatives=(best, *likely),
            timings_ms=took,
        )
    return Answer(
        file=name,
        status="match",
        ambiguous=found.ambiguous,
        song=best.song,
        offset_s=best.offset_s,
        speed=best.speed,
        pitch_semitones=best.pitch_semitones,
        confidence=best.confidence,
        alternatives=tuple(candidates[1 : found.shared] if found.ambiguous else likely),
        timings_ms=took,
    )


def _candidate(hit: _engine.Hit, song: SongRef) -> Candidate:
    return Candidate(
        song=song,
        offset_s=hit.offset_s,
        speed=hit.speed,
        pitch_semitones=hit.pitch_semitones,
        confidence=min(1.0, max(0.0, hit.confidence)),
    )


def _since(begun: float) -> float:
    """Milliseconds since `begun`."""
    return (time.perf_counter() - begun) * 1000
