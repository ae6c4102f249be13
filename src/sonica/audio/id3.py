"""The values of ID3v2 text frames that have several: FFmpeg tells the first one only.

Nothing is believed that is not there: sizes are limited, and what makes no sense ends the reading.
"""

import io
from typing import BinaryIO, NamedTuple

FRAMES = {
    **dict.fromkeys((b"TPE1", b"TP1"), "artist"),
    **dict.fromkeys((b"TPE2", b"TP2"), "album_artist"),
    **dict.fromkeys((b"TCON", b"TCO"), "genre"),
}
"""The frames that are read, and FFmpeg's names for what they say."""

MOST_FRAMES = 1_000
LONGEST = 64 << 10
"""Bytes of a frame that are read."""
LONGEST_WHOLE = 16 << 20
"""Bytes of a tag that are read where it can only be read as a whole."""

UNSYNCHRONISED = 0x80
"""The flag of a tag in which a zero follows every byte 0xFF, for the sake of players of old."""


def several_values(file: BinaryIO) -> dict[str, list[str]]:
    """The values, two or more, by the names of FRAMES; nothing for a file without ID3v2 at its beginning.

    Bytes that are no UTF-8 where it is promised are lone surrogates. `file` is left at its beginning.
    """
    try:
        return _read(file)
    except OSError:  # a disk that fails is told of by whoever reads the sound
        return {}
    finally:
        file.seek(0)


def _read(file: BinaryIO) -> dict[str, list[str]]:
    file.seek(0)
    head = file.read(10)
    if len(head) < 10 or head[:3] != b"ID3" or head[3] not in {2, 3, 4}:
        return {}
    version, flags = head[3], head[5]
    size = _spread(head[6:])
    if flags & UNSYNCHRONISED and version < 4:
        file = io.BytesIO(_synchronised(file.read(min(size, LONGEST_WHOLE))))
    end = file.tell() + size
    if flags & 0x40 and version > 2:  # an extended header, whose size counts itself in version 4 only
        rest = file.read(4)
        file.seek(max(0, _spread(rest) - 4 if version == 4 else int.from_bytes(rest, "big")), io.SEEK_CUR)
    found: dict[str, list[str]] = {}
    for _ in range(MOST_FRAMES):
        frame = _next_frame(file, version)
        if not frame.name.strip(b"\0") or frame.size > end - file.tell():
            break
        after = file.tell() + frame.size
        if frame.name in FRAMES and frame.is_plain:
            data = file.read(min(frame.size, LONGEST))
            values = _values(_synchronised(data) if version == 4 and flags & UNSYNCHRONISED else data)
            if len(values) > 1:
                found.setdefault(FRAMES[frame.name], values)
        file.seek(after)
    return found


class _Frame(NamedTuple):
    """The head of a frame; an empty name where there is none. `is_plain`: neither packed nor encrypted."""

    name: bytes
    size: int
    is_plain: bool


def _next_frame(file: BinaryIO, version: int) -> _Frame:
    if version == 2:
        head = file.read(6)
        return _Frame(head[:3], int.from_bytes(head[3:], "big"), is_plain=True)
    head = file.read(10).ljust(10, b"\0")
    # Some programs forget that version 4 spreads its sizes; then a byte above 127 may give them away.
    is_spread = version == 4 and all(byte < 0x80 for byte in head[4:8])
    size = _spread(head[4:8]) if is_spread else int.from_bytes(head[4:8], "big")
    return _Frame(head[:4], size, is_plain=not head[9] & (0x0D if version == 4 else 0xC0))


def _values(data: bytes) -> list[str]:
    """The texts in a frame, which begins with the number of their encoding."""
    encoding = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}.get(data[0] if data else -1)
    if encoding is None:
        return []
    text = data[1:].decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
    parts = (part.lstrip("\ufeff").strip() for part in text.split("\0"))
    return list(dict.fromkeys(part for part in parts if part))


def _spread(data: bytes) -> int:
    """Seven bits a byte."""
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number


def _synchronised(data: bytes) -> bytes:
    return data.replace(b"\xff\x00", b"\xff")
