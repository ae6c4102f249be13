"""The bytes of an internet stream: over http and https, from the server or from the playlist that names it.

What a server sends is believed in nothing: redirects, playlists and waiting have bounds, and no byte of it
goes anywhere but into the decoder's process.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from urllib.parse import urljoin, urlsplit

import httpx

from sonica.audio.errors import AudioError
from sonica.platform.settings import without_user

CONNECT_S, READ_S = 10.0, 20.0
"""Seconds that a server may take to accept, and then be silent."""
REDIRECTS = 5
"""Most that are followed."""
CHUNK = 1 << 14
"""Bytes that are handed on at a time, at most."""
TELLING = 64
"""Bytes that tell a playlist from sound."""
PLAYLIST_BYTES = 1 << 18
"""Of a longer playlist, the rest is not read."""
METADATA_EVERY = 1 << 20
"""Bytes between two of a server's own insertions, at most; others mean nonsense."""

PLAYLISTS = ("mpegurl", "x-scpls", "pls+xml")
"""In the content types of playlists."""
PAGE = "Name the address that the player on that page opens, or of the playlist (.m3u, .pls)."
OTHER = re.compile(r"\w+\s*=")
"""What else a PLS playlist says: titles and lengths."""
HLS = re.compile(rb"^#EXT-X-", re.MULTILINE)


def checked_url(url: str) -> str:
    """The address of a stream, where it is one. Raises AudioError (`bad_address`)."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise AudioError("bad_address", f"{without_user(url)} is not the address of a stream.")
    return url


@contextmanager
def open_broadcast(url: str) -> Iterator[Iterator[bytes]]:
    """What the server at `url` sends, in pieces of at most CHUNK bytes, as they come.

    Where that is a playlist, it is what the first address in it sends. Raises AudioError (`bad_address`,
    `no_stream`), from here or from the pieces; a stream may also just end.
    """
    timeout = httpx.Timeout(READ_S, connect=CONNECT_S)
    headers = {
        "User-Agent": "Sonica",
        "Accept": "*/*",
        "Accept-Encoding": "identity",  # since bytes are taken as they come
    }  # and no Icy-MetaData: nothing is put between the sound
    with httpx.Client(
        timeout=timeout, headers=headers, follow_redirects=True, max_redirects=REDIRECTS
    ) as client:
        address = checked_url(url)
        for _ in range(2):
            with _telling(), client.stream("GET", address) as response:
                if not response.is_success:
                    said = f"The server answered {response.status_code} {response.reason_phrase}".strip()
                    raise AudioError("no_stream", f"{said}.")
                if response.headers.get("content-type", "").startswith("text/html"):
                    raise AudioError("no_stream", "This is the address of a web page, not of a stream.", PAGE)
                pieces = _pieces(response)
                begin = _begin(pieces)
                if not _is_playlist(response, begin):
                    yield _sound(begin, pieces, response.headers.get("icy-metaint"))
                    return
                address = checked_url(_first_address(_text(begin, pieces), str(response.url)))
    raise AudioError("no_stream", "The playlist names another playlist.", "Name the address that it names.")


def _pieces(response: httpx.Response) -> Iterator[bytes]:
    with _telling():
        for some in response.iter_raw():  # with a size it would hold back what is less
            for at in range(0, len(some), CHUNK):
                yield some[at : at + CHUNK]


def _begin(pieces: Iterator[bytes]) -> bytes:
    """Enough to tell what it is."""
    begin = b""
    while len(begin) < TELLING and (piece := next(pieces, b"")):
        begin += piece
    return begin


@contextmanager
def _telling() -> Iterator[None]:
    """What goes wrong on the way as AudioError."""
    try:
        yield
    except httpx.TimeoutException as error:
        what = "accept the connection" if isinstance(error, httpx.ConnectTimeout) else "send anything"
        seconds = CONNECT_S if isinstance(error, httpx.ConnectTimeout) else READ_S
        raise AudioError("no_stream", f"The server did not {what} for {seconds:.0f} seconds.") from error
    except httpx.TooManyRedirects as error:
        raise AudioError("no_stream", f"The server led on more than {REDIRECTS} times.") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise AudioError("no_stream", f"The connection failed ({said}).") from error


def _is_playlist(response: httpx.Response, begin: bytes) -> bool:
    kind = response.headers.get("content-type", "").lower()
    return begin.lstrip(b"\xef\xbb\xbf\r\n ").startswith((b"#EXTM3U", b"[playlist]")) or (
        any(one in kind for one in PLAYLISTS) and bool(re.match(rb"\s*(#|https?:|File\d)", begin))
    )


def _text(begin: bytes, pieces: Iterator[bytes]) -> bytes:
    data = bytearray(begin)
    for piece in pieces:
        data += piece
        if len(data) > PLAYLIST_BYTES:
            break
    return bytes(data[:PLAYLIST_BYTES])


def _first_address(playlist: bytes, base: str) -> str:
    """The first address in a playlist (M3U or PLS). Raises AudioError."""
    if HLS.search(playlist):
        raise AudioError(
            "no_stream",
            "This is an HLS playlist, which is not read here.",
            "Let FFmpeg read it: ffmpeg -v error -i URL -f s16le -ac 1 -ar 48000 - | sonica monitor -",
        )
    for line in playlist.decode("utf-8", "replace").splitlines():
        whole = line.strip("\ufeff \t")
        text = re.sub(r"^File\d+\s*=\s*", "", whole, flags=re.IGNORECASE)
        if text and text[0] not in "#[" and (text != whole or not OTHER.match(text)):
            with suppress(ValueError):
                return urljoin(base, text)
            return text  # no address, which is told
    raise AudioError("no_stream", "The playlist names no stream.", "Name the address of the stream itself.")


def _sound(begin: bytes, pieces: Iterator[bytes], every: str | None) -> Iterator[bytes]:
    """The pieces from the first on; without what some put between them unasked."""
    interval = int(every) if every and every.isascii() and every.isdigit() else 0
    strip = _Stripper(interval) if 0 < interval <= METADATA_EVERY else None
    for piece in chain((begin,), pieces):
        yield strip(piece) if strip else piece


class _Stripper:
    """Takes out what is after every `interval` bytes of sound: a byte, and 16 times as many as it says."""

    def __init__(self, interval: int) -> None:
        self._interval = interval
        self._sound, self._other = interval, 0
        """Bytes of each that come next; with none of either, the byte that says how many."""

    def __call__(self, piece: bytes) -> bytes:
        kept, rest = bytearray(), memoryview(piece)
        while rest:
            if self._other:
                rest, self._other = rest[self._other :], max(0, self._other - len(rest))
            elif self._sound:
                part = rest[: self._sound]
                kept += part
                rest, self._sound = rest[len(part) :], self._sound - len(part)
            else:
                self._other, self._sound, rest = 16 * rest[0], self._interval, rest[1:]
        return bytes(kept)
