"""Requests that depend on what the client has already (RFC 9110, 13)."""

import hashlib
import re

from fastapi import Request, Response
from pydantic import BaseModel

from sonica.gateway.problems import Problem

_TAG = re.compile(r'(W/)?("[^"]*")')
FRESH = "no-cache"
"""What caches are told of things that may change: ask each time whether they have."""


def etag_of(content: bytes) -> str:
    """The tag of these very bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def answer(request: Request, model: BaseModel, cache: str = FRESH) -> Response:
    """A model as JSON with its tag; 304 without it where the client has the same."""
    content = model.model_dump_json().encode()
    headers = {"ETag": etag_of(content), "Cache-Control": cache}
    if has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


def has(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` names the tag, weakly compared."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or any(tag == etag for _, tag in _TAG.findall(given))


def require_match(request: Request, model: BaseModel) -> None:
    """Raises Problem (412) where `If-Match` asks for another state than this one; strongly compared."""
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return
    etag = etag_of(model.model_dump_json().encode())
    if not any(tag == etag and not weak for weak, tag in _TAG.findall(given)):
        said = "It has changed since you looked: ask for it again."
        raise Problem(412, "changed", said)
