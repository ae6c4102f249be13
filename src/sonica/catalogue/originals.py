"""The originals: the files that recordings were heard in, kept as objects under keys made of their content.

    originals/5c0fe1b2….flac    BLAKE2b of its bytes (128 bits), and its suffix

An original is there before anything names it. One that nothing names is left from a crash, and goes with the
next sweep.
"""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from sonica.platform.objects import Objects, open_objects

PREFIX = "originals/"
KINDS = {
    ".aac": "audio/aac",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".mp2": "audio/mpeg",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
    ".webm": "video/webm",
}
"""Media types of what browsers play (RFC 3003, 3533, 4337, 9639)."""
OTHER = "application/octet-stream"
CONTENT = 32
"""Characters of the name that say its content."""
NAME = rf"[0-9a-f]{{{CONTENT}}}(?:\.[a-z0-9]{{1,8}})?"
"""What the name of an original is like."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


def original_name(content: str, suffix: str) -> str:
    """How a file with such a content is called: of the suffix only what may stand in any address."""
    plain = suffix.lower()
    return content + (plain if _SUFFIX.fullmatch(plain) else "")


def kind_of(name: str) -> str:
    """Its media type, by its suffix."""
    return KINDS.get(Path(name).suffix, OTHER)


class Originals:
    """Those of a data folder. Cheap to make; all methods raise ObjectsError and SettingsError."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._opened: Objects | None = None

    @property
    def objects(self) -> Objects:
        """Where they are."""
        if self._opened is None:
            self._opened = open_objects(self._home)
        return self._opened

    def keep(self, name: str, file: Path) -> None:
        """Puts one there, unless it is there already. Raises OSError, too."""
        self.objects.put(PREFIX + name, file, kind_of(name))

    def names(self) -> set[str]:
        """All that are there."""
        return {found.key.removeprefix(PREFIX) for found in self.objects.list(PREFIX)}

    def remove(self, names: Collection[str]) -> None:
        """Removes those that are there."""
        self.objects.remove(PREFIX + name for name in names)

    def check(self) -> None:
        """Raises ObjectsError where they cannot be used just now."""
        self.objects.check()

    def signed(self, name: str, seconds: int, method: Literal["GET", "HEAD"]) -> str | None:
        """An address at which everybody may read one for so long, where there are such."""
        return self.objects.signed(PREFIX + name, seconds, method)

    def path(self, name: str) -> Path | None:
        """The file of one, where it is one."""
        return self.objects.path(PREFIX + name)
