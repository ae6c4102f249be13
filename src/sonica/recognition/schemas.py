"""The answer, as people and programs get it: the JSON object of `sonica recognize --json`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from sonica.platform.failures import Failure

Status = Literal["match", "unsure", "none", "error"]


def _rounded(digits: int) -> PlainSerializer:
    """More digits than are true would only look precise. Adding 0.0 turns -0.0 into 0.0."""
    return PlainSerializer(lambda value: round(value, digits) + 0.0, return_type=float)


Seconds = Annotated[float, _rounded(2)]
Milliseconds = Annotated[float, _rounded(1)]
Factor = Annotated[float, _rounded(3)]
Semitones = Annotated[float, _rounded(2)]
Probability = Annotated[float, Field(ge=0, le=1), _rounded(4)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class SongRef(_Frozen):
    """A song, and the recording of it that was recognised; `path` as it was given to `add`."""

    id: int
    recording_id: int
    title: str
    artist: str
    language: str
    path: str
    duration_s: Seconds | None = Field(default=None, exclude=True)
    """Length of the recording, for drawing the place in it; not part of the JSON object."""


class Candidate(_Frozen):
    """A song that it may be, and how it lies under what was heard."""

    song: SongRef
    offset_s: Seconds
    speed: Factor
    pitch_semitones: Semitones
    confidence: Probability


class Segment(_Frozen):
    """A song in a long recording: from where to where it plays, how fast, and from `offset_s` of it on."""

    song: SongRef
    start_s: Seconds
    end_s: Seconds
    offset_s: Seconds
    speed: Factor
    pitch_semitones: Semitones
    confidence: Probability


class Timings(_Frozen):
    """Wall time of each stage."""

    decode: Milliseconds = 0.0
    fingerprint: Milliseconds = 0.0
    search: Milliseconds = 0.0


class Result(_Frozen):
    """What a sound is. `song`, `offset_s`, `speed` and `pitch_semitones` are null unless it is a `match`.

    `match`: the song is named; with `ambiguous`, others share the part that was heard, and
    `alternatives` names them. `unsure`: `alternatives` holds what it may be. `none`: a song that
    the catalogue does not hold, or no music. `error`: the file could not be read.
    """

    status: Status
    ambiguous: bool = False
    song: SongRef | None = None
    offset_s: Seconds | None = None
    speed: Factor | None = None
    pitch_semitones: Semitones | None = None
    confidence: Probability = 0.0
    """Of the best candidate, whatever the status."""
    alternatives: tuple[Candidate, ...] = ()
    timings_ms: Timings = Timings()
    error: Failure | None = None


class _OfFile(_Frozen):
    file: str


class Answer(Result, _OfFile):
    """What a file is; `file` comes first in the JSON object."""
