"""What both clients do alike: what is sent, when it is sent again, and what an answer means."""

import ipaddress
import os
import random
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from sonica.client.errors import ClientError, ProblemError
from sonica.gateway.schemas import ProblemDocument, Recognized

FINGERPRINT = "application/vnd.sonica.fingerprint"
OCTETS = "application/octet-stream"
ADDRESS = "http://127.0.0.1:8000"
"""Where `sonica serve` answers, unless it is told otherwise."""
TIMEOUT_S, TRIES, PATIENCE_S = 30.0, 3, 10.0
"""Of one try; tries in all; and the longest that is waited between two, in seconds."""
PAUSE_S = 0.2
"""Before the second try where nobody says how long; doubled before each further one."""
NOT_YET = frozenset({429, 502, 503, 504})
"""Statuses after which it is worth trying again."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Ask:
    """A request that may be sent more than once."""

    method: str
    path: str
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def recognizing(content: bytes, kind: str, session: str | None) -> Ask:
    """`kind`: of the content, as MIME has it. Whoever asks again gets the answer of the first try."""
    headers = {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}
    if session:
        headers["Sonica-Session"] = session
    return Ask("POST", "/v1/recognize", content, headers)


def judging(answer: Recognized, *, is_right: bool, song_id: int | None) -> Ask:
    """What somebody says of an answer; what is said last holds, so that saying it twice does no harm."""
    said: dict[str, Any] = {"token": answer.feedback_token, "is_right": is_right}
    if song_id is not None:
        said["song_id"] = song_id
    return asking_json("POST", f"/v1/recognitions/{answer.id}/feedback", said)


def asking_json(method: str, path: str, said: object) -> Ask:
    """A request with a body of JSON."""
    request = httpx.Request(method, ADDRESS, json=said)
    return Ask(method, path, request.content, {"Content-Type": "application/json"})


def fingerprint_of(path: str | os.PathLike[str]) -> bytes:
    """The fingerprint of a file's first half minute: all that is needed to name it. Raises AudioError."""
    from sonica.audio import listen  # noqa: PLC0415  who sends fingerprints needs no decoder
    from sonica.recognition import QUERY_SECONDS  # noqa: PLC0415

    return listen(Path(path), first=QUERY_SECONDS).fingerprint


def options(address: str, timeout_s: float) -> dict[str, Any]:
    """For a client of httpx. No proxy stands before this machine itself, whatever the environment says."""
    return {"base_url": address, "timeout": timeout_s, "trust_env": not _is_here(address)}


class Attempts:
    """How often a request is sent."""

    def __init__(self, tries: int, patience_s: float) -> None:
        self._left, self._patience_s = tries - 1, patience_s
        self._pause_s = PAUSE_S

    def answered(self, response: httpx.Response) -> float | None:
        """None for an answer, or seconds until the next try. Raises ClientError."""
        if response.is_success:
            return None
        error = problem_of(response)
        if response.status_code in NOT_YET and self._left > 0:
            wait_s = self._pause()
            if isinstance(error, ProblemError) and error.retry_after_s is not None:
                wait_s = error.retry_after_s
            if wait_s <= self._patience_s:
                self._left -= 1
                return wait_s
        raise error

    def failed(self, error: httpx.TransportError) -> float:
        """Seconds until the next try. Raises ClientError."""
        if self._left <= 0:
            is_slow = isinstance(error, httpx.TimeoutException)
            said = "did not answer in time" if is_slow else f"could not be reached ({error})"
            code = "timed_out" if is_slow else "unreachable"
            raise ClientError(code, f"The service {said}.", "Is it running? sonica serve") from error
        self._left -= 1
        return self._pause()

    def _pause(self) -> float:
        wait_s, self._pause_s = self._pause_s, 2 * self._pause_s
        return wait_s * random.uniform(0.5, 1.0)  # noqa: S311  so that not all come back at once


def problem_of(response: httpx.Response) -> ClientError:
    """What a failure says."""
    try:
        problem = ProblemDocument.model_validate_json(response.content)
    except ValidationError:
        return _not_ours(response)
    said = response.headers.get("retry-after", "")
    return ProblemError(problem, float(said) if said.isdigit() else None)


def read(response: httpx.Response, model: type[Model]) -> Model:
    """The answer's object. Raises ClientError (`not_sonica`)."""
    try:
        return model.model_validate_json(response.content)
    except ValidationError as error:
        raise _not_ours(response) from error


def _not_ours(response: httpx.Response) -> ClientError:
    message = f"{response.url} answered {response.status_code}, in a way that Sonica does not."
    return ClientError("not_sonica", message, "Is this the address of the service?")


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
