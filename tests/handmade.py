"""Audio files put together byte by byte, to hold what no encoder writes."""

import struct

import numpy as np
from numpy.typing import NDArray

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
"""The beginning of an image, which is all that anyone looks at."""


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a RIFF file."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)


def wav(
    samples: NDArray[np.generic],
    rate: int,
    *,
    channels: int = 1,
    promised: int | None = None,
    more: bytes = b"",
) -> bytes:
    """A WAV file of any samples, be they no numbers. `promised`: the size that the header claims."""
    data = samples.tobytes()
    size = samples.itemsize
    kind = 3 if samples.dtype.kind == "f" else 1
    head = struct.pack("<HHIIHH", kind, channels, rate, rate * size * channels, size * channels, 8 * size)
    body = b"WAVE" + chunk(b"fmt ", head) + more
    body += b"data" + struct.pack("<I", len(data) if promised is None else promised) + data
    return b"RIFF" + struct.pack("<I", len(body) if promised is None else promised) + body


def riff_tags(values: dict[bytes, bytes]) -> bytes:
    """The chunk of a WAV file that holds its tags."""
    return chunk(b"LIST", b"INFO" + b"".join(chunk(name, value) for name, value in values.items()))


def id3(version: int, frames: list[tuple[bytes, bytes]]) -> bytes:
    """ID3v2.3 or 2.4 with these frames, each with its first byte, the encoding."""
    body = b"".join(
        name + (_spread(len(data)) if version == 4 else struct.pack(">I", len(data))) + b"\0\0" + data
        for name, data in frames
    )
    return b"ID3" + bytes([version, 0, 0]) + _spread(len(body)) + body


def _spread(number: int) -> bytes:
    """Seven bits a byte."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def id3v1(title: bytes, artist: bytes) -> bytes:
    """The 128 bytes at the end of an old MP3 file."""
    return b"TAG" + title[:30].ljust(30, b"\0") + artist[:30].ljust(30) + bytes(64) + b"\xff"


def with_atom(m4a: bytes, name: str, value: bytes) -> bytes:
    """An M4A file whose index is at its end, as FFmpeg writes it, with one more atom among the tags."""

    def atom(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", 8 + len(data)) + kind + data

    free = atom(b"mean", b"\0\0\0\0com.apple.iTunes") + atom(b"name", b"\0\0\0\0" + name.encode())
    new = atom(b"----", free + atom(b"data", struct.pack(">II", 1, 0) + value))
    grown = bytearray(m4a)
    for kind in (b"moov", b"udta", b"meta", b"ilst"):
        at = grown.rindex(kind) - 4
        grown[at : at + 4] = struct.pack(">I", struct.unpack_from(">I", grown, at)[0] + len(new))
    end = grown.rindex(b"ilst") - 4
    end += struct.unpack_from(">I", grown, end)[0] - len(new)
    return bytes(grown[:end]) + new + bytes(grown[end:])


def unfolding_flac(frames: int) -> bytes:
    """A FLAC file of 4 kHz in which every 16 bytes or so unfold to 16 seconds of one constant value."""
    info = (
        struct.pack(">HH", 65535, 65535) + bytes(6) + (4000 << 44 | 15 << 36).to_bytes(8, "big") + bytes(16)
    )
    parts = [b"fLaC\x80\x00\x00\x22", info]
    for number in range(frames):
        # Blocks of one size, given by 16 bits; the rate by 16 bits in Hz; mono, 16 bits a sample.
        head = b"\xff\xf8\x7d\x08" + _as_utf8(number) + struct.pack(">HH", 65534, 4000)
        frame = head + bytes([_crc(head, 8, 0x07)]) + b"\x00" + struct.pack(">h", 1000 + number % 7)
        parts.append(frame + _crc(frame, 16, 0x8005).to_bytes(2, "big"))
    return b"".join(parts)


def _as_utf8(number: int) -> bytes:
    return chr(number).encode() if number < 0xD800 else b""


def _crc(data: bytes, bits: int, polynomial: int) -> int:
    value, top = 0, 1 << (bits - 1)
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = (value << 1 ^ (polynomial if value & top else 0)) & ((1 << bits) - 1)
    return value
