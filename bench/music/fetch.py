"""Gets files over HTTP: resumed where they broke off, and kept only with the right SHA-256.

A file is written as `NAME.part` and gets its name when it is whole and right, so that whatever interrupts
this leaves nothing wrong behind. A part is gone on with only where the server says that the rest is of the
same file (its ETag, RFC 9110 13.1.5); otherwise it is fetched from the beginning.
"""

import csv
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import httpx

from bench.accuracy.files import write_atomically
from bench.music.manifest import Piece

MOST_BYTES = 200 << 20
"""Of a published file: far more than any of them has."""
BLOCK = 1 << 16
TRIES = 4
NOTED = "published.csv"
Told = Callable[[str], None]


class FetchError(Exception):
    """A file was not got; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file: where from, under which name, and what it must be (empty or 0: not known before)."""

    address: str
    name: str
    sha256: str = ""
    size: int = 0


@dataclass
class Got:
    """How a run ended, by name of the file."""

    kept: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def wanted_of(pieces: Iterable[Piece], base: str | None, noted: Mapping[str, str]) -> list[Wanted]:
    """The files as they were measured with from `base`, or as published, by the hashes noted before."""
    if base is not None:
        root = base if base.endswith("/") else f"{base}/"
        return [Wanted(root + quote(p.file), p.file, p.sha256, p.bytes) for p in pieces]
    return [Wanted(p.source, p.published_as, noted.get(p.published_as, "")) for p in pieces]


def read_noted(folder: Path) -> dict[str, str]:
    """Name -> SHA-256 of what was fetched before."""
    path = folder / NOTED
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {row["file"]: row["sha256"] for row in csv.DictReader(file)}


def write_noted(folder: Path, noted: Mapping[str, str]) -> None:
    """Writes what `read_noted` reads."""
    with write_atomically(folder / NOTED) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("file", "sha256"))
        table.writerows(sorted(noted.items()))


def sha256_of(path: Path) -> str:
    """Of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch_all(
    client: httpx.Client, wanted: Iterable[Wanted], folder: Path, told: Told, *, pause_s: float = 1.0
) -> tuple[Got, dict[str, str]]:
    """Gets what is not there; one that fails keeps none of the others. Returns the hashes of all that is."""
    got, hashes = Got(), {}
    for want in wanted:
        target = folder / want.name
        if target.exists() and (found := sha256_of(target)) == (want.sha256 or found):
            got.kept.append(want.name)
            hashes[want.name] = found
            continue
        told(want.name)
        try:
            hashes[want.name] = _fetch(client, want, target, pause_s)
        except FetchError as error:
            got.failed[want.name] = str(error)
        else:
            got.fetched.append(want.name)
    return got, hashes


def _fetch(client: httpx.Client, want: Wanted, target: Path, pause_s: float) -> str:
    """The SHA-256 of what now lies at `target`. Raises FetchError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    for attempt in range(TRIES):
        try:
            _go_on(client, want, part)
        except httpx.TransportError as error:
            if attempt + 1 == TRIES:
                why = f"{type(error).__name__}: {error}"
                raise FetchError(f"{want.address} broke off ({why}): the same command goes on") from None
            time.sleep(pause_s * 2**attempt)
        else:
            break
    found = sha256_of(part)
    if want.sha256 and found != want.sha256:
        _forget(part)
        raise FetchError(
            f"{want.address} has SHA-256 {found}, not {want.sha256}: it is another file; not kept"
        )
    part.replace(target)
    _forget(part)
    return found


def _go_on(client: httpx.Client, want: Wanted, part: Path) -> None:
    """Writes what is missing. Raises FetchError, or httpx.TransportError where the line breaks."""
    mark = _mark(part)
    start = part.stat().st_size if part.exists() else 0
    tag = mark.read_text(encoding="utf-8") if mark.exists() else ""
    if want.size and start == want.size:
        return
    headers = {"Accept-Encoding": "identity"}
    if start and tag:
        headers |= {"Range": f"bytes={start}-", "If-Range": tag}
    with client.stream("GET", want.address, headers=headers) as answer:
        if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            _forget(part)
            raise httpx.ReadError("the part was longer than the file")
        if not answer.is_success:
            raise FetchError(_refused(want, answer))
        goes_on = answer.status_code == HTTPStatus.PARTIAL_CONTENT
        if goes_on and not answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            _forget(part)
            raise httpx.ReadError("the server sent another part than was asked for")
        new_tag = answer.headers.get("ETag", "")
        if not goes_on:
            mark.write_text("" if new_tag.startswith("W/") else new_tag, encoding="utf-8")
        most = want.size or MOST_BYTES
        with part.open("ab" if goes_on else "wb") as file:
            for block in answer.iter_raw(BLOCK):
                file.write(block)
                if file.tell() > most:
                    break
    if part.stat().st_size > most:
        _forget(part)
        raise FetchError(f"{want.address} has more than {most:,} bytes: it is another file; not kept")


def _refused(want: Wanted, answer: httpx.Response) -> str:
    status = f"{answer.status_code} {answer.reason_phrase}".strip()
    if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return f"{want.address} is not there ({status}): look where it is published now"
    return f"{want.address} was refused ({status}): try again later"


def _mark(part: Path) -> Path:
    """Beside a part: the ETag of the file that it is of."""
    return part.with_name(f"{part.name}.etag")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _mark(part).unlink(missing_ok=True)
