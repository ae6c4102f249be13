"""What a file says about itself: title, artist, language, and so on, and its cover."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition

from sonica.audio.decoder import opened
from sonica.audio.files import Source, open_file
from sonica.audio.id3 import several_values
from sonica.audio.limits import LIMITS, Limits
from sonica.audio.sound import Cover, Tags
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

FRONT = "Cover (front)"
"""FFmpeg's word for an image of that kind."""

ASSUMED_LANGUAGE = {"matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2"}
"""Formats (FFmpeg's names) in which a track is English unless someone says otherwise, and few do."""


def read_tags(
    source: Source, limits: Limits = LIMITS, *, with_cover: bool = False, name: str | None = None
) -> Tags:
    """The tags of an audio file; the title falls back to `name`, or else the file's. Raises AudioError."""
    with opened_with_tags(source, limits, with_cover=with_cover, name=name) as (_, tags):
        return tags


@contextmanager
def opened_with_tags(
    source: Source, limits: Limits = LIMITS, *, with_cover: bool = False, name: str | None = None
) -> Iterator[tuple[InputContainer, Tags]]:
    """A file as `opened`, and its tags; `name` is where the title falls back to, the path unless given.

    A cover is looked for only when it is wanted; one that is too large or no image is left out.
    """
    if name is None:
        name = os.fspath(source) if isinstance(source, str | os.PathLike) else ""
    with open_file(source, limits) as file:
        several = several_values(file)
        with opened(file, limits) as container:
            raw = _raw(container)
            for key, values in several.items():
                # The first as FFmpeg has it, which knows the names of numbered genres.
                raw[key] = ";".join([raw.get(key) or values[0], *values[1:]])
            yield container, _tags(raw, name, _cover(container, limits) if with_cover else None)


def _raw(container: InputContainer) -> dict[str, str]:
    """All that the file says, by FFmpeg's names in small letters."""
    raw: dict[str, str] = {}
    # Ogg keeps tags with the stream, most others with the file, whose word goes first.
    for audio in container.streams.audio[:1]:
        raw.update({key.lower(): value for key, value in audio.metadata.items()})
        if container.format.name in ASSUMED_LANGUAGE and raw.get("language") == "eng":
            del raw["language"]
    raw.update({key.lower(): value for key, value in container.metadata.items()})
    return raw


def _tags(raw: Mapping[str, str], name: str, cover: Cover | None) -> Tags:
    return Tags(
        title=tag_text(raw.get("title", "")) or clean(Path(name).stem),
        artist=_several(raw, "artist") or _several(raw, "album_artist"),
        album=tag_text(raw.get("album", "")),
        language=language_tag(tag_text(raw.get("language", ""))),
        genre=_several(raw, "genre"),
        year=_first_year(raw, "date", "year", "wm/year", "originaldate", "tdor", "tory"),
        isrc=isrc_of(raw.get("isrc") or raw.get("tsrc") or raw.get("wm/isrc") or ""),
        cover=cover,
    )


def _several(raw: Mapping[str, str], key: str) -> str:
    """The values of a tag that may have many, joined by semicolons as FFmpeg does it; each is told once."""
    parts = re.split(r"[;\0]", raw.get(key, ""), maxsplit=MOST_VALUES)[:MOST_VALUES]
    return clean(", ".join(dict.fromkeys(text for part in parts if (text := tag_text(part)))))


def _first_year(raw: Mapping[str, str], *keys: str) -> int:
    return next((year for key in keys if (year := year_of(raw.get(key, "")))), 0)


def _cover(container: InputContainer, limits: Limits) -> Cover | None:
    """The image for the front, or else the first. FFmpeg hands images out before any sound."""
    images = [s for s in container.streams.video if s.disposition & Disposition.attached_pic]
    for stream in sorted(images, key=lambda image: image.metadata.get("comment") != FRONT):
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
