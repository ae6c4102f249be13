"""From paths to fingerprints: finding the files, decoding them, reading their tags."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sonica.audio import RECORDING, AudioError, Cover, Limits, Listen, Tags, open_file
from sonica.catalogue.errors import CatalogueError
from sonica.catalogue.schemas import About
from sonica.platform.errors import SonicaError
from sonica.platform.files import shown_path

SUFFIXES = frozenset(
    {
        *(".3ga", ".3gp", ".aac", ".ac3", ".aif", ".aiff", ".alac", ".amr", ".ape", ".au", ".avi", ".caf"),
        *(".flac", ".flv", ".m4a", ".m4b", ".mka", ".mkv", ".mov", ".mp2", ".mp3", ".mp4", ".mpc", ".oga"),
        *(".ogg", ".opus", ".tta", ".wav", ".weba", ".webm", ".wma", ".wv"),
    }
)
"""What is taken from a folder; a file that is named is tried whatever it is called."""

SHORTEST = 1.0
"""Seconds that a song must have."""


@dataclass(frozen=True)
class Found:
    """A file to add, or why there is none at a path.

    `said`: fields of `About` that somebody says of it, whatever its own tags say. `at`: the address of the
    object that it is but a copy of.
    """

    path: Path
    problem: SonicaError | None = None
    said: Mapping[str, str | int] = field(default_factory=dict)
    at: str = ""

    @property
    def shown(self) -> str:
        """Where it is, for a person."""
        return self.at or shown_path(self.path)

    @property
    def location(self) -> str:
        """The absolute path, or the address, by which a file is known again however it is spelled.

        A path that is no UTF-8 is marked: another file may be called what it is shown as.
        """
        if self.at:
            return self.at
        path = os.path.abspath(self.path)  # noqa: PTH100  links stay: each is a place of its own
        shown = shown_path(path)
        return shown if os.fsencode(path) == shown.encode() else f"bytes:{shown}"


@dataclass(frozen=True)
class Prepared:
    """All that is needed to put a file into the catalogue."""

    found: Found
    content: str
    about: About
    fingerprint: bytes
    duration_s: float
    size: int = 0
    mtime_ns: int = 0
    cover: Cover | None = None
    original: str = ""
    """Name of its copy, where one was made."""
    sounds_as_before: bool = False
    """Whether the file that was known at its place had the very same fingerprint: only its tags changed."""


def is_music(name: str) -> bool:
    """Whether what is found under such a name is taken, where nobody named it."""
    return not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES


def is_folder(path: Path) -> bool:
    """Whether it is a folder; not where that cannot be told, such as of a name that is too long."""
    try:
        return path.is_dir()
    except OSError:
        return False


def find_files(paths: Iterable[Path]) -> list[Found]:
    """The files at `paths`, folders with all that is in them, in a lasting order.

    Hidden files and folders are passed over; links to folders are not followed. A folder that
    cannot be read is among what is found, as a problem.
    """
    found: list[Found] = []
    for path in paths:
        if not is_folder(path):
            found.append(Found(path))
            continue
        found += _inside(path) or [Found(path, _no_music())]
    return found


def _inside(folder: Path) -> list[Found]:
    found: list[Found] = []

    def unreadable(error: OSError) -> None:
        problem = AudioError("unreadable", f"The folder could not be read ({error.strerror}).")
        found.append(Found(Path(error.filename), problem))

    for where, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Found(Path(where, name)) for name in sorted(names) if is_music(name)]
    return found


def _no_music() -> SonicaError:
    return CatalogueError(
        "no_music", "There is no music in this folder.", "Name a folder with audio files, or a file itself."
    )


def content_hash(path: Path) -> str:
    """What tells one file's bytes from another's (BLAKE2b, 128 bits, hexadecimal). Raises AudioError."""
    digest = hashlib.blake2b(digest_size=16)
    with open_file(path) as file:
        try:
            while piece := file.read(1 << 20):
                digest.update(piece)
        except OSError as error:
            raise AudioError("unreadable", f"Reading stopped ({error.strerror}).") from error
    return digest.hexdigest()


def size_of(path: Path) -> tuple[int, int]:
    """Bytes of a file, and when it was last changed (ns); zeros where that cannot be told."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def prepare(found: Found, content: str, listen: Listen, limits: Limits = RECORDING) -> Prepared:
    """Decodes and fingerprints one file, by `listen`, within `limits`. Raises SonicaError."""
    size, mtime_ns = size_of(found.path)
    heard = listen(found.path, limits, with_cover=True)
    if heard.duration_s < SHORTEST:
        raise AudioError(
            "too_short", f"Only {heard.duration_s:.2f} s of sound: too little to know a song by."
        )
    about = _about(heard.tags).model_copy(update=dict(found.said))
    cover = heard.tags.cover
    return Prepared(found, content, about, heard.fingerprint, heard.duration_s, size, mtime_ns, cover)


def _about(tags: Tags) -> About:
    return About(
        title=tags.title,
        artist=tags.artist,
        album=tags.album,
        language=tags.language,
        genre=tags.genre,
        year=tags.year,
        isrc=tags.isrc,
    )
