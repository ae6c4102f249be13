"""What a file says about itself: title, artist, language, year."""

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sonica.audio.decode import opened

LONGEST = 300
"""Characters of a tag that are kept."""

LANGUAGES = {
    **dict.fromkeys(("hin", "hindi", "हिन्दी", "हिंदी"), "hi"),
    **dict.fromkeys(("bho", "bhojpuri", "भोजपुरी"), "bho"),
    **dict.fromkeys(("eng", "english"), "en"),
    **dict.fromkeys(("mai", "maithili"), "mai"),
    **dict.fromkeys(("mag", "magahi"), "mag"),
    **dict.fromkeys(("urd", "urdu"), "ur"),
    **dict.fromkeys(("pan", "punjabi"), "pa"),
    **dict.fromkeys(("ben", "bengali", "bangla"), "bn"),
    **dict.fromkeys(("mar", "marathi"), "mr"),
    **dict.fromkeys(("guj", "gujarati"), "gu"),
    **dict.fromkeys(("tam", "tamil"), "ta"),
    **dict.fromkeys(("tel", "telugu"), "te"),
}
"""How taggers spell a language, as a language tag of BCP 47."""

_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_UNSAID = {"und", "mul", "zxx", "mis", "xxx"}


@dataclass(frozen=True)
class Tags:
    """Title, artist and so on; an empty string where the file does not say."""

    title: str = ""
    artist: str = ""
    album: str = ""
    language: str = ""
    genre: str = ""
    year: str = ""


def read_tags(path: str | os.PathLike[str] | BinaryIO) -> Tags:
    """The tags of an audio file; the title falls back to the file's name. Raises AudioError."""
    with opened(path) as container:
        raw: dict[str, str] = {}
        # Ogg keeps tags with the stream, most others with the file, whose word goes first.
        for audio in container.streams.audio[:1]:
            raw.update({key.lower(): value for key, value in audio.metadata.items()})
        raw.update({key.lower(): value for key, value in container.metadata.items()})
    name = "" if not isinstance(path, str | os.PathLike) else os.fspath(path)
    return Tags(
        title=clean(raw.get("title", "")) or clean(Path(name).stem),
        artist=clean(raw.get("artist", "")) or clean(raw.get("album_artist", "")),
        album=clean(raw.get("album", "")),
        language=language_tag(raw.get("language", "")),
        genre=clean(raw.get("genre", "")),
        year=year(raw.get("date", "") or raw.get("year", "")),
    )


def clean(text: str) -> str:
    """One line of composed (NFC) Unicode without control characters or undecodable bytes.

    The joiners that Devanagari needs (U+200C, U+200D) stay.
    """
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return " ".join(unicodedata.normalize("NFC", text).split())[:LONGEST]


def year(text: str) -> str:
    """`2021-08-15` or `2021` as `2021`; an empty string for what begins with no year of four digits."""
    begun = re.match(r"\s*([0-9]{4})(?![0-9])", text, re.ASCII)
    return begun[1] if begun else ""


def language_tag(text: str) -> str:
    """`Hindi`, `hin` or `hi` as `hi`; an empty string for what is no language."""
    text = clean(text).lower().replace("_", "-")
    text = LANGUAGES.get(text, text)
    return text if _TAG.fullmatch(text) and text not in _UNSAID else ""
