"""What a file says about itself: title, artist, language, and so on, and its cover."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.stream import Disposition

from sonica.audio.decode import opened
from sonica.audio.limits import LIMITS, Limits
from sonica.audio.text import clean, isrc_of, language_tag, tag_text, year_of

IMAGES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)
"""How the images that are taken begin; what a tag calls them is not believed."""

MOST_VALUES = 20
"""Artists or genres of one file that are kept."""

ASSUMED_LANGUAGE = {"matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2"}
"""Formats (FFmpeg's names) in which a track is English unless someone says otherwise, and few do."""


@dataclass(frozen=True)
class Cover:
    """An image that came with a file: its bytes as they are, and their MIME type."""

    data: bytes
    mime: str


@dataclass(frozen=True)
class Tags:
    """Title, artist and so on; empty, 0 or None where the file does not say.

    `language`: a tag of BCP 47, `hi` or `bho`; `isrc`: twelve characters. Several artists or genres
    are one text with commas; of an MP3 file, FFmpeg tells the first one only.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    language: str = ""
    genre: str = ""
    year: int = 0
    isrc: str = ""
    cover: Cover | None = None


def read_tags(
    path: str | os.PathLike[str] | BinaryIO, limits: Limits = LIMITS, *, with_cover: bool = False
) -> Tags:
    """The tags of an audio file; the title falls back to the file's name. Raises AudioError."""
    name = "" if not isinstance(path, str | os.PathLike) else os.fspath(path)
    with opened(path, limits) as container:
        return tags_of(container, name, limits, with_cover=with_cover)


def tags_of(
    container: InputContainer, name: str, limits: Limits = LIMITS, *, with_cover: bool = False
) -> Tags:
    """The tags of a container that was just `opened` from the file called `name`.

    A cover is looked for only when it is wanted; one that is too large or no image is left out.
    """
    raw: dict[str, str] = {}
    # Ogg keeps tags with the stream, most others with the file, whose word goes first.
    for audio in container.streams.audio[:1]:
        raw.update({key.lower(): value for key, value in audio.metadata.items()})
        if container.format.name in ASSUMED_LANGUAGE and raw.get("language") == "eng":
            del raw["language"]
    raw.update({key.lower(): value for key, value in container.metadata.items()})
    return Tags(
        title=tag_text(raw.get("title", "")) or clean(Path(name).stem),
        artist=_several(raw, "artist") or _several(raw, "album_artist"),
        album=tag_text(raw.get("album", "")),
        language=language_tag(tag_text(raw.get("language", ""))),
        genre=_several(raw, "genre"),
        year=_first_year(raw, "date", "year", "wm/year", "originaldate", "tdor", "tory"),
        isrc=isrc_of(raw.get("isrc") or raw.get("tsrc") or raw.get("wm/isrc") or ""),
        cover=_cover(container, limits) if with_cover else None,
    )


def _several(raw: Mapping[str, str], key: str) -> str:
    """The values of a tag that may have many, which FFmpeg joins by semicolons; each is told once."""
    parts = re.split(r"[;\0]", raw.get(key, ""), maxsplit=MOST_VALUES)[:MOST_VALUES]
    return clean(", ".join(dict.fromkeys(text for part in parts if (text := tag_text(part)))))


def _first_year(raw: Mapping[str, str], *keys: str) -> int:
    return next((year for key in keys if (year := year_of(raw.get(key, "")))), 0)


def _cover(container: InputContainer, limits: Limits) -> Cover | None:
    """The first image that is attached. FFmpeg hands these out before any sound, which stays unread."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            continue
        try:
            packet = next(container.demux(stream), None)
        except (av.FFmpegError, OSError):
            return None
        data = bytes(packet) if packet is not None and packet.size <= limits.cover_bytes else b""
        mime = _image_type(data)
        if mime:
            return Cover(data, mime)
    return None


def _image_type(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for start, mime in IMAGES if data.startswith(start)), "")
