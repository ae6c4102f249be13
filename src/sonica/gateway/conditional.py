"""Answers that a client may keep: an ETag on each, and 304 to whoever has it already."""

import hashlib
import re

from fastapi import Request, Response

REVALIDATE = "no-cache"
"""May be kept, and is asked about each time: it changes with the version of the service."""
DAY = "public, max-age=86400"
"""May be kept and used for a day."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def etag_of(content: bytes) -> str:
    """A strong validator: the same for the same bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` says that the client has this (compared weakly, as RFC 9110 wants it)."""
    said = ",".join(request.headers.getlist("if-none-match"))
    return said.strip() == "*" or etag.removeprefix("W/") in _TAG.findall(said)


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
    if is_known(request, etag):
        return Response(status_code=304, headers=told)
    return Response(content, headers=told, media_type=media_type)
