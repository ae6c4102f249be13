"""The web app: files that its build has written into a folder, each looked up when it is asked for.

The framework's files find what a path means and send it; what they do not know is here: pages by their names
without `.html`, packed variants, and what a page may do. FastAPI's own way to serve an app knows none of it.
"""

import asyncio
import json
import os
import re
import stat
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path
from typing import NamedTuple

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import FileResponse, RedirectResponse
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from sonica.gateway.conditional import FOREVER, REVALIDATE
from sonica.gateway.problems import Problem

SHARE = "/share"
"""Where phones send what is shared with the app, when its worker is not there yet to take it."""
MOST_SHARED = 16 << 20
"""Bytes of it that are read, and let go, so that the sender comes to hear the answer."""
SHARING_S = 30.0

SCRIPTS = "script-src 'self' 'wasm-unsafe-eval'"
POLICY = (
    "default-src 'self'",
    SCRIPTS,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
"""What a page of the app may do; its own inline scripts are added by their hashes."""
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of each answer, beside what every answer of the service has."""

HASHES = "csp.json"
"""Where the build says the hashes of each page's inline scripts: `{"/index.html": ["sha256-…"]}`."""
_HASH = re.compile(r"sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}")
HASHED = "_next/static/"
"""What lies here has a hash in its name, and never changes."""
MISSING = "404.html"

PACKED = (("br", ".br"), ("gzip", ".gz"))
"""How a file may lie beside itself, the smallest first."""
LONGEST = 1024
"""Characters of a path."""
_PIECE = re.compile(r"[^.\\\x00-\x1f\x7f][^\\\x00-\x1f\x7f]*")
_NEVER = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")

TYPES = MimeTypes()  # as Python knows them: those of the system are not everywhere the same
for _suffix, _type in {
    ".avif": "image/avif",
    ".js": "text/javascript",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}.items():
    TYPES.add_type(_type, _suffix)
OTHER = "application/octet-stream"

ROUTE = Route("/{file:path}", endpoint=lambda _: Response())
"""What log and metrics call a file: of a name that anybody can think of there is no end."""


class File(NamedTuple):
    """A file of the folder, by its name there."""

    name: str
    path: str
    stat: os.stat_result


@dataclass(frozen=True)
class Found:
    """What answers a path: `sent` is `file`, or a packed variant of it."""

    file: File
    sent: File
    encoding: str | None
    varies: bool
    """Whether there are variants."""
    hashes: tuple[str, ...]


class Web:
    """The app in a folder, which may be written anew, come and go at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._files = folder, StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what no route does."""
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        scope["route"] = ROUTE
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def home(self, request: Request) -> Response | None:
        """Its first page; None where it was not built."""
        found = await self._find(request, "/")
        return self._response(request, found) if found else None

    async def _answer(self, request: Request) -> Response:
        """Raises Problem."""
        path, method = request.scope["path"], request.method
        if path == SHARE and method == "POST" and await self._find(request, "/"):
            await _let_go(request)
            return RedirectResponse(SHARE, 303, {**HEADERS, "Connection": "close"})
        found = await self._find(request, path)
        if found and method in {"GET", "HEAD"}:
            return self._response(request, found)
        if found:
            said = "This address does not take this method."
            raise Problem(405, "method-not-allowed", said, allow="GET, HEAD")
        vary = {"Vary": "Accept"}
        if method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", "").lower():
            page = None if path.startswith("/v1/") else await self._find(request, f"/{MISSING}")
            if page:
                response = self._response(request, page)
                response.headers.add_vary_header("Accept")
                return response
        raise Problem(404, "not-found", "Nothing is at this address.", headers=vary)

    async def _find(self, request: Request, path: str) -> Found | None:
        said = ",".join(request.headers.getlist("accept-encoding"))
        return await run_in_threadpool(self._look, path, said)

    def _look(self, path: str, encodings: str) -> Found | None:
        """For a path, and who takes such encodings: its file, its page, or the index of its folder."""
        name = path[1:].removesuffix("/")
        if len(path) > LONGEST or not (path == "/" or all(map(_PIECE.fullmatch, name.split("/")))):
            return None
        names = [] if path.endswith("/") else [name]
        names += [f"{name}.html", f"{name}/index.html"] if name else ["index.html"]
        file = next(filter(None, map(self._file, names)), None)
        if file is None or file.name == HASHES or self._is_packed(file):
            return None
        packed = [(encoding, self._file(file.name + suffix)) for encoding, suffix in PACKED]
        there = [(encoding, one) for encoding, one in packed if one]
        taken = [(encoding, one) for encoding, one in there if accepts(encodings, encoding)]
        encoding, sent = taken[0] if taken else (None, file)
        hashes = self._hashes(file.name) if file.name.endswith(".html") else ()
        return Found(file, sent, encoding, bool(there), hashes)

    def _file(self, name: str) -> File | None:
        """A regular file in the folder, wherever in it links lead; none that is hidden."""
        try:
            path, status = self._files.lookup_path(name)
        except (OSError, ValueError):  # too long, not to be read, or no name at all
            return None
        if status is None or not stat.S_ISREG(status.st_mode):
            return None
        name = Path(path).relative_to(self._folder.resolve()).as_posix()
        return None if any(piece.startswith(".") for piece in name.split("/")) else File(name, path, status)

    def _is_packed(self, file: File) -> bool:
        """Whether it is there for who takes it in place of another: by itself its type would be wrong."""
        of = [file.name.removesuffix(suffix) for _, suffix in PACKED if file.name.endswith(suffix)]
        return any(map(self._file, of))

    def _hashes(self, page: str) -> tuple[str, ...]:
        """Of a page's inline scripts; none where the build does not say."""
        file = self._file(HASHES)
        try:
            said = json.loads(Path(file.path).read_bytes()).get(f"/{page}", []) if file else []
            return tuple(one for one in said if _HASH.fullmatch(one))
        except (OSError, ValueError, AttributeError, TypeError):
            return ()

    def _response(self, request: Request, found: Found) -> Response:
        name, is_missing = found.file.name, found.file.name == MISSING
        scripts = " ".join([SCRIPTS, *(f"'{one}'" for one in found.hashes)])
        headers = {
            "Content-Security-Policy": "; ".join(scripts if one is SCRIPTS else one for one in POLICY),
            "Cache-Control": FOREVER if name.startswith(HASHED) else REVALIDATE,
            **HEADERS,
            **({"Vary": "Accept-Encoding"} if found.varies else {}),
            **({"Content-Encoding": found.encoding} if found.encoding else {}),
        }
        kind, is_archive = TYPES.guess_type(name)
        response = FileResponse(
            found.sent.path,
            404 if is_missing else 200,
            headers,
            media_type=OTHER if kind is None or is_archive else kind,
            stat_result=found.sent.stat,
        )
        # Files are small: a part of one is not worth the ways in which asking for it can be wrong.
        request.scope["headers"] = [one for one in request.scope["headers"] if one[0] != b"range"]
        _drop(response.headers, "accept-ranges")
        if is_missing:
            _drop(response.headers, "etag", "last-modified")
        elif self._files.is_not_modified(response.headers, request.headers):
            # With all the rest: browsers renew with it what they keep, the policy above all.
            _drop(response.headers, "content-length", "content-type", "content-encoding")
            return Response(status_code=304, headers=dict(response.headers))
        return response


def accepts(said: str, encoding: str) -> bool:
    """Whether `Accept-Encoding` allows an encoding (RFC 9110, 12.5.3)."""
    allowed = {}
    for one in said.lower().split(","):
        name, _, weight = one.partition(";")
        allowed[name.strip()] = not _NEVER.fullmatch(weight)
    return allowed.get(encoding, allowed.get("*", False))


def _drop(headers: MutableHeaders, *names: str) -> None:
    for name in names:
        del headers[name]


async def _let_go(request: Request) -> None:
    """Reads a body and forgets it, as far as it is worth it: who still sends does not listen."""
    received = 0
    try:
        async with asyncio.timeout(SHARING_S):
            async for piece in request.stream():
                received += len(piece)
                if received > MOST_SHARED:
                    return
    except TimeoutError:
        return
