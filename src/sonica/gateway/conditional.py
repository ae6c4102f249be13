"""Requests that depend on what the client has already (RFC 9110, 13)."""

import hashlib
import re

from fastapi import Request, Response
from pydantic import BaseModel

from sonica.gateway.problems import Problem

REVALIDATE = "no-cache"
"""May be kept, and is asked about each time: it may have changed."""
FOREVER = "public, max-age=31536000, immutable"
"""May be used for good: an address with the hash of what is there."""
DAY = "public, max-age=86400"
"""May be kept and used for a day."""

_RANGE = re.compile(r"bytes=\s*(?:\d+-\d*|-\d+)(?:\s*,\s*(?:\d+-\d*|-\d+))*\s*")
_TAG = re.compile(r'(W/)?("[^"]*")')


def etag_of(content: bytes) -> str:
    """A strong validator: the same for the same bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def has(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` says that the client has this; compared weakly."""
    said = ",".join(request.headers.getlist("if-none-match"))
    return said.strip() == "*" or any(tag == etag.removeprefix("W/") for _, tag in _TAG.findall(said))


def conditional(
    request: Request,
    content: bytes,
    media_type: str,
    *,
    cache: str = REVALIDATE,
    headers: dict[str, str] | None = None,
) -> Response:
    """The content, or 304 without it; for GET and HEAD."""
    etag = etag_of(content)
    told = {"ETag": etag, "Cache-Control": cache, **(headers or {})}
    if has(request, etag):
        return Response(status_code=304, headers=told)
    return Response(content, headers=told, media_type=media_type)


def answer(request: Request, model: BaseModel, cache: str = REVALIDATE) -> Response:
    """A model as JSON with its tag; 304 without it where the client has the same."""
    return conditional(request, model.model_dump_json().encode(), "application/json", cache=cache)


def require_match(request: Request, model: BaseModel) -> None:
    """Raises Problem (412) where `If-Match` asks for another state than this one; strongly compared."""
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return
    etag = etag_of(model.model_dump_json().encode())
    if not any(tag == etag and not weak for weak, tag in _TAG.findall(given)):
        said = "It has changed since you looked: ask for it again."
        raise Problem(412, "changed", said)


def check_range(request: Request, etag: str, size: int) -> None:
    """Has a `Range` that is none be passed over (RFC 9110, 14.2). Raises Problem (416) past the end."""
    asked = request.headers.get("range")
    if asked is None or request.headers.get("if-range", etag) != etag:
        return
    if not _RANGE.fullmatch(asked) or asked.count(",") > 20:
        request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
        return
    first = [int(start) for start in re.findall(r"(\d+)-", asked)]
    if asked.replace(" ", "") == "bytes=-0" or any(start >= size for start in first):
        headers = {"Content-Range": f"bytes */{size}"}
        raise Problem(416, "bad-range", f"The file has {size:,} bytes.", headers=headers)
