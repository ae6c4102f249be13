"""An answer in numbers, without what songs are called: what may be kept of it for who asks again."""

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict

from sonica.recognition.schemas import Answer, Candidate, SongRef, Status


class Found(BaseModel):
    """A recording, and how it lies under what was heard (see `Candidate`)."""

    model_config = ConfigDict(frozen=True)

    recording_id: int
    offset_s: float
    speed: float
    pitch_semitones: float
    confidence: float

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        """One that an answer names."""
        return cls(
            recording_id=candidate.song.recording_id,
            offset_s=candidate.offset_s,
            speed=candidate.speed,
            pitch_semitones=candidate.pitch_semitones,
            confidence=candidate.confidence,
        )

    def named(self, song: SongRef) -> Candidate:
        """With its name."""
        return Candidate(
            song=song,
            offset_s=self.offset_s,
            speed=self.speed,
            pitch_semitones=self.pitch_semitones,
            confidence=self.confidence,
        )


class Outcome(BaseModel):
    """What an answer that is no error says. `best`: the song that is named, where it is a match."""

    model_config = ConfigDict(frozen=True)

    status: Status
    ambiguous: bool
    confidence: float
    best: Found | None
    others: tuple[Found, ...]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """That of an answer."""
        return cls(
            status=answer.status,
            ambiguous=answer.ambiguous,
            confidence=answer.confidence,
            best=_best(answer),
            others=tuple(map(Found.of, answer.alternatives)),
        )

    @property
    def recording_ids(self) -> Iterable[int]:
        """Of all that it names."""
        return [one.recording_id for one in (self.best, *self.others) if one]

    def answer(self, songs: Mapping[int, SongRef]) -> Answer | None:
        """The answer, with what the recordings are; it took no time. None where one of them is not there."""
        if any(id_ not in songs for id_ in self.recording_ids):
            return None
        best = self.best
        return Answer(
            file="",
            status=self.status,
            ambiguous=self.ambiguous,
            song=songs[best.recording_id] if best else None,
            offset_s=best.offset_s if best else None,
            speed=best.speed if best else None,
            pitch_semitones=best.pitch_semitones if best else None,
            confidence=self.confidence,
            alternatives=tuple(one.named(songs[one.recording_id]) for one in self.others),
        )


def _best(answer: Answer) -> Found | None:
    if answer.song is None or answer.offset_s is None or answer.speed is None:
        return None
    return Found(
        recording_id=answer.song.recording_id,
        offset_s=answer.offset_s,
        speed=answer.speed,
        pitch_semitones=answer.pitch_semitones or 0.0,
        confidence=answer.confidence,
    )
