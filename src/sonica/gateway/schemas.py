"""What travels over HTTP, beside what recognition itself says."""

import uuid
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from sonica.recognition import Answer, Result, Segment, SongRef


class _Named(BaseModel):
    id: uuid.UUID = Field(description="Of this recognition.")
    feedback_token: str = Field(description="Lets whoever got this answer say whether it is right.")


class Recognized(Result, _Named):
    """What a sound is: the object of `sonica recognize --json`, with an id in place of the file.

    `path` of a song is empty: where the operator keeps files is nobody's business.
    """

    status: Literal["match", "unsure", "none"]

    @classmethod
    def of(cls, answer: Answer, id_: uuid.UUID | None, token: str | None) -> Self:
        """An answer that is no error; without id and token where it is not the last word."""
        said = {name: getattr(answer, name) for name in Result.model_fields}
        said["song"] = _without_path(answer.song) if answer.song else None
        said["alternatives"] = tuple(
            one.model_copy(update={"song": _without_path(one.song)}) for one in answer.alternatives
        )
        return cls.model_construct(id=id_, feedback_token=token, **said)  # all of it is checked already


def _without_path(song: SongRef) -> SongRef:
    return song.model_copy(update={"path": ""})


def _whole(said: object) -> object:
    """JSON has one kind of number: 2.0 is the integer 2."""
    return int(said) if isinstance(said, float) and said.is_integer() else said


class Feedback(BaseModel):
    """What a listener says of an answer. `song_id`: what it was, where they know."""

    model_config = ConfigDict(extra="forbid", strict=True)

    token: str = Field(min_length=1, max_length=64, description="The `feedback_token` of the answer.")
    is_right: bool
    # Up to what every reader of JSON can hold.
    song_id: Annotated[int | None, BeforeValidator(_whole)] = Field(default=None, ge=1, le=2**53 - 1)


class ProblemDocument(BaseModel):
    """What a failure looks like. `code` names the cause within a type, where there are several."""

    type: str = Field(description="The address of a page that says what to do.", examples=["/problems/busy"])
    title: str
    status: int
    detail: str
    code: str | None = None
    request_id: str | None = None


class _Line(BaseModel):
    # What tells lines apart is always there, which the schema is to say.
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class ScanProgress(_Line):
    """How much of a recording was looked at, in seconds; told again and again, also while nothing changes."""

    event: Literal["progress"] = "progress"
    done_s: float
    of_s: float


class _Song(_Line):
    event: Literal["song"] = "song"


class ScanSong(Segment, _Song):
    """A song of a recording, as `sonica scan --json` tells it; `path` of the song is empty."""

    @classmethod
    def of(cls, segment: Segment) -> Self:
        """All of it is checked already."""
        said = {name: getattr(segment, name) for name in Segment.model_fields}
        return cls.model_construct(**(said | {"song": _without_path(segment.song)}))


class ScanEnd(_Line):
    """All songs were told."""

    event: Literal["end"] = "end"
    songs: int = Field(description="How many there are.")
    of_s: float


class ScanProblem(_Line):
    """It could not be done to its end; what was told until then is right."""

    event: Literal["problem"] = "problem"
    problem: ProblemDocument
    retry_after: int | None = Field(description="Seconds after which it is worth trying again.")


ScanLine = Annotated[ScanProgress | ScanSong | ScanEnd | ScanProblem, Field(discriminator="event")]
"""A line of the answer to a scan."""


def scan_schemas() -> dict[str, Any]:
    """The schemas of that, by name, for the OpenAPI document: the framework knows no answers in lines."""
    made = TypeAdapter(ScanLine).json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    return {**made.pop("$defs"), "ScanLine": made}


class Health(BaseModel):
    """That the process is alive."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether requests can be answered, and what cannot be used where they cannot.

    Without its store of objects a service is ready: it recognises, and adds music once the store is back.
    """

    status: Literal["ready", "not ready"]
    database: bool
    catalogue: bool
    objects: bool
