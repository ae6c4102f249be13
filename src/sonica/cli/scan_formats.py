"""A time line as other programs read it: CSV, cue sheets, JSON lines; and which format a name asks for."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sonica.cli.console import plain
from sonica.platform.errors import SonicaError
from sonica.recognition import Segment

COLUMNS = (
    *("title", "artist", "language", "start_s", "end_s", "start", "end", "offset_s", "speed"),
    *("pitch_semitones", "confidence", "song_id", "recording_id", "path"),
)
"""Of the CSV table. `start` and `end` as 1:02:03, `_s` in seconds."""
FRAMES = 75
"""Of a second, in a cue sheet."""
MOST_TRACKS = 99
"""Of a cue sheet."""
CUE_TYPES = {".mp3": "MP3", ".aif": "AIFF", ".aiff": "AIFF"}
"""What a cue sheet calls a file; it has no name for other kinds, and players take any for a wave."""


class Format(StrEnum):
    """How a time line is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    CUE = "cue"
    HTML = "html"


SUFFIXES = {
    ".txt": Format.TEXT,
    ".json": Format.JSON,
    ".jsonl": Format.JSON,
    ".csv": Format.CSV,
    ".cue": Format.CUE,
    ".html": Format.HTML,
    ".htm": Format.HTML,
}


@dataclass(frozen=True)
class Timeline:
    """The songs of a file of so many seconds, in the order of their beginnings."""

    file: str
    seconds: float
    songs: Sequence[Segment]


def format_of(file: Path) -> Format:
    """By the end of a name. Raises SonicaError."""
    try:
        return SUFFIXES[file.suffix.lower()]
    except KeyError:
        said = f"{plain(str(file))} does not tell in which format to write."
        raise SonicaError(
            "format", said, f"End its name with {', '.join(SUFFIXES)}, or give --format."
        ) from None


def clock(seconds: float) -> str:
    """`3723.4` as `1:02:03`."""
    whole = max(0, round(seconds))
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def as_json(timeline: Timeline) -> str:
    """A line for each song: the object of `scan --json`."""
    return "".join(f"{one.model_dump_json()}\n" for one in timeline.songs)


def as_csv(timeline: Timeline) -> str:
    """A row for each song under a head (RFC 4180). Texts are as they are in the catalogue."""
    written = io.StringIO(newline="")
    table = csv.writer(written, quoting=csv.QUOTE_MINIMAL)
    table.writerow(COLUMNS)
    for one in timeline.songs:
        said = one.model_dump()
        song = said["song"]
        table.writerow(
            [
                *(song["title"], song["artist"], song["language"], said["start_s"], said["end_s"]),
                *(clock(one.start_s), clock(one.end_s), said["offset_s"], said["speed"]),
                *(said["pitch_semitones"], said["confidence"]),
                *(song["id"], song["recording_id"], song["path"]),
            ]
        )
    return written.getvalue()


def as_cue(timeline: Timeline) -> str:
    """A cue sheet: a track for each song, from where it begins; `REM END` says where it ends.

    A sheet has no way to write a quotation mark or a line's end, so that these are replaced. Tracks begin
    after one another: of two songs that begin in one frame the second begins a frame later. Songs beyond the
    99th stand in remarks.
    """
    name = Path(timeline.file).name or "-"
    kind = CUE_TYPES.get(Path(name).suffix.lower(), "WAVE")
    lines = ['REM COMMENT "Songs found by Sonica"', f"FILE {_quoted(name)} {kind}"]
    before = -1
    for number, one in enumerate(timeline.songs, 1):
        if number > MOST_TRACKS:
            title = _quoted(f"{one.song.title}, {one.song.artist}" if one.song.artist else one.song.title)
            lines.append(f"REM MORE {title} {_index(_frames(one.start_s))}")
            continue
        before = max(before + 1, _frames(one.start_s))
        lines += [f"  TRACK {number:02d} AUDIO", f"    TITLE {_quoted(one.song.title)}"]
        if one.song.artist:
            lines.append(f"    PERFORMER {_quoted(one.song.artist)}")
        lines += [f"    INDEX 01 {_index(before)}", f"    REM END {_index(_frames(one.end_s))}"]
    return "\n".join([*lines, ""])


def _frames(seconds: float) -> int:
    return max(0, round(seconds * FRAMES))


def _index(frames: int) -> str:
    return f"{frames // FRAMES // 60:02d}:{frames // FRAMES % 60:02d}:{frames % FRAMES:02d}"


def _quoted(text: str) -> str:
    """On one line, between quotation marks, with none inside."""
    return '"' + plain(" ".join(text.splitlines())).replace('"', "\N{RIGHT DOUBLE QUOTATION MARK}") + '"'


WRITERS: dict[Format, Callable[[Timeline], str]] = {
    Format.JSON: as_json,
    Format.CSV: as_csv,
    Format.CUE: as_cue,
}
"""What makes a file's text of a time line; a page and lines for people are made elsewhere."""
