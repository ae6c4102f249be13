"""What a question is answered, as JSON: an answer with all its digits, or a problem."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sonica.gateway.engines.wire import Told, WireError
from sonica.gateway.problems import TITLES, Problem
from sonica.recognition import Answer


class _Problem(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    status: int = Field(ge=400, le=599)
    type: str
    detail: str
    code: str | None
    retry_after: int | None = Field(ge=0)


def write_answer(answer: Answer) -> bytes:
    """The answer, whole: an object for programs has fewer digits and leaves out the length of recordings."""
    return json.dumps(_raw(answer), ensure_ascii=False, separators=(",", ":")).encode()


def write_problem(problem: Problem) -> bytes:
    """The problem."""
    names = ("status", "type", "code", "retry_after")
    said = {"detail": str(problem), **{name: getattr(problem, name) for name in names}}
    return json.dumps(said, ensure_ascii=False).encode()


def read_told(told: Told) -> Answer:
    """The answer. Raises the Problem, where it is one, and WireError where it is neither."""
    try:
        if told.is_answer:
            return Answer.model_validate_json(told.said)
        problem = _Problem.model_validate_json(told.said)
    except ValidationError as error:
        raise WireError("What was answered is neither an answer nor a problem.") from error
    if problem.type not in TITLES:
        raise WireError("What was answered is a problem of a type that is not known.")
    raise Problem(
        problem.status, problem.type, problem.detail, code=problem.code, retry_after=problem.retry_after
    )


def too_slow() -> Problem:
    """What is told where the answer has not come in time."""
    said = "It was not found in the time that there was."
    return Problem(503, "busy", said, code="too_slow", retry_after=2)


def _raw(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {name: _raw(part) for name, part in value}
    return [_raw(part) for part in value] if isinstance(value, tuple) else value
