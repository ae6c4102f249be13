"""A time line in every format, with titles that strangers chose."""

import csv
import io
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonica.cli.scan_formats import (
    COLUMNS,
    MOST_TRACKS,
    Format,
    Timeline,
    as_csv,
    as_cue,
    as_json,
    clock,
    format_of,
)
from sonica.cli.scan_lanes import COLUMNS as WIDTH
from sonica.cli.scan_lanes import covered, lanes, picture
from sonica.cli.scan_page import as_html
from sonica.platform.errors import SonicaError
from sonica.recognition import Segment, SongRef

HOSTILE = st.sampled_from(
    [
        '"; DROP TABLE',
        "</title><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "पिया के अँगना में",
        "two\nlines",
        'a "quoted" title',
        "\x1b[31mred\x07\x00",
        "a,b;c\td",
        "' onload='x",
        "\u2028\u0085\x0b\x0c\r\n",
        "&lt;b&gt; &amp; ]]>",
        "",
    ]
)
WORDS = HOSTILE | st.text(st.characters(codec="utf-8"), max_size=40)


@st.composite
def segments(draw: st.DrawFn) -> list[Segment]:
    """Songs in the order of their beginnings."""
    found, at = [], 0.0
    for number in range(draw(st.integers(0, 8))):
        at += draw(st.floats(0, 300))
        length = draw(st.floats(5, 300))
        song = SongRef(
            id=number,
            recording_id=number,
            title=draw(WORDS),
            artist=draw(WORDS),
            language=draw(WORDS),
            path=draw(WORDS),
        )
        found.append(
            Segment(
                song=song,
                start_s=at,
                end_s=at + length,
                offset_s=draw(st.floats(-10, 100)),
                speed=draw(st.floats(0.5, 2)),
                pitch_semitones=draw(st.floats(-12, 12)),
                confidence=draw(st.floats(0, 1)),
            )
        )
    return found


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    found = draw(segments())
    seconds = max((one.end_s for one in found), default=0.0) + draw(st.floats(0, 300))
    return Timeline(draw(WORDS), seconds, found)


def at(start: float, end: float, title: str = "x", number: int = 1) -> Segment:
    song = SongRef(id=number, recording_id=number, title=title, artist="", language="", path="")
    return Segment(song=song, start_s=start, end_s=end, offset_s=0, speed=1, pitch_semitones=0, confidence=1)


# --- CSV and JSON -----------------------------------------------------------------------------------


@settings(deadline=None)
@given(timelines())
def test_a_table_reads_back(timeline: Timeline) -> None:
    table = csv.DictReader(io.StringIO(as_csv(timeline), newline=""))
    rows = list(table)
    assert tuple(table.fieldnames or ()) == COLUMNS
    assert len(rows) == len(timeline.songs)
    for row, one in zip(rows, timeline.songs, strict=True):
        assert [row["title"], row["artist"], row["path"]] == [one.song.title, one.song.artist, one.song.path]
        assert float(row["start_s"]) == pytest.approx(one.start_s, abs=0.006)
        assert float(row["end_s"]) == pytest.approx(one.end_s, abs=0.006)
        assert int(row["song_id"]) == one.song.id


@settings(deadline=None)
@given(timelines())
def test_a_line_of_json_each(timeline: Timeline) -> None:
    lines = as_json(timeline).split("\n")[:-1]
    assert [Segment.model_validate_json(line).song for line in lines] == [one.song for one in timeline.songs]


# --- cue sheets -------------------------------------------------------------------------------------

LINE = re.compile(
    r'(?:REM .*|FILE "[^"]*" (?:WAVE|MP3|AIFF)|  TRACK \d\d AUDIO|    (?:TITLE|PERFORMER) "[^"]*"'
    r"|    INDEX 01 \d{2,}:[0-5]\d:[0-7]\d|    REM END \d{2,}:[0-5]\d:[0-7]\d)"
)


def read_cue(text: str) -> list[tuple[int, str, int]]:
    """Number, title and beginning in frames of each track. Fails on what is no cue sheet."""
    tracks: list[tuple[int, str, int]] = []
    number, title = 0, ""
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        assert LINE.fullmatch(line), line
        assert not any(ord(character) < 32 for character in line)
        if found := re.fullmatch(r"  TRACK (\d\d) AUDIO", line):
            number, title = int(found[1]), ""
        elif found := re.fullmatch(r'    TITLE "(.*)"', line):
            title = found[1]
        elif found := re.fullmatch(r"    INDEX 01 (\d+):(\d\d):(\d\d)", line):
            minutes, seconds, frames = map(int, found.groups())
            assert frames < 75
            tracks.append((number, title, (minutes * 60 + seconds) * 75 + frames))
    return tracks


@settings(deadline=None)
@given(timelines())
def test_a_cue_sheet_is_one(timeline: Timeline) -> None:
    tracks = read_cue(as_cue(timeline))
    assert [number for number, *_ in tracks] == list(range(1, len(timeline.songs) + 1))
    begins = [frames for *_, frames in tracks]
    assert all(one < other for one, other in pairwise(begins))
    for (_, _, frames), one in zip(tracks, timeline.songs, strict=True):
        assert frames / 75 == pytest.approx(one.start_s, abs=0.15)


def test_what_a_cue_sheet_says() -> None:
    songs = [at(0, 61.6, 'The "Song"'), at(4000.5, 4100, "पिया के अँगना में")]
    sheet = as_cue(Timeline("sets/my set.mp3", 4200, songs))
    assert read_cue(sheet) == [(1, "The ”Song”", 0), (2, "पिया के अँगना में", 300_038)]
    assert 'FILE "my set.mp3" MP3\n' in sheet
    assert "    INDEX 01 66:40:38\n" in sheet
    assert "    REM END 01:01:45\n" in sheet


def test_a_cue_sheet_has_no_more_tracks_than_it_can() -> None:
    songs = [at(10 * i, 10 * i + 9, f"song {i}") for i in range(120)]
    sheet = as_cue(Timeline("a.wav", 1200, songs))
    assert len(read_cue(sheet)) == MOST_TRACKS == 99
    assert sheet.count("\nREM MORE ") == 21


# --- the page ---------------------------------------------------------------------------------------

VOID = {"meta"}


class Page(HTMLParser):
    """What a browser would make of it: fails on what is not closed, and keeps tags, texts and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and {"td", "th"} & set(self.open):
            self.cells[-1] += data


KNOWN_TAGS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "main", "h1", "p", "div"}
    | {"svg", "line", "rect", "text", "table", "caption", "thead", "tbody", "tr", "th", "td", "span"}
)


@settings(deadline=None)
@given(timelines())
def test_titles_are_text_and_nothing_else(timeline: Timeline) -> None:
    text = as_html(timeline)
    page = Page(text)
    assert {tag for tag, _ in page.tags} <= KNOWN_TAGS
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name in {"href", "src"} for name in attributes)
        assert "url(" not in (attributes.get("style") or "")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
    assert "default-src 'none'" in text


@settings(deadline=None)
@given(timelines())
def test_the_table_says_all_that_the_picture_shows(timeline: Timeline) -> None:
    page = Page(as_html(timeline))
    bars = [attributes for tag, attributes in page.tags if tag == "rect"]
    assert len(bars) == len(timeline.songs)
    assert len(page.cells) == (5 * (len(bars) + 1) if bars else 0)


def test_what_a_page_says() -> None:
    songs = [
        at(0, 70, "<b>Rang & Rasiya</b>"),
        Segment(
            song=SongRef(id=2, recording_id=2, title="पिया", artist="कल्पना", language="bho", path=""),
            start_s=60,
            end_s=3700,
            offset_s=0,
            speed=0.9,
            pitch_semitones=-1.8,
            confidence=0.95,
        ),
    ]
    text = as_html(Timeline("sets/<my> set.mp3", 4000, songs))
    page = Page(text)
    assert page.cells[5:10] == ["1", "<b>Rang & Rasiya</b>", "0:00:00 – 0:01:10", "", "over 99%, certain"]
    assert page.cells[10:12] == ["2", "पियाकल्पना"]
    assert page.cells[13] == "slowed 0.90×"
    assert ("th", {"scope": "row", "lang": "bho", "dir": "auto"}) in page.tags
    assert "<title>&lt;my&gt; set.mp3</title>" in text
    assert "2 songs in 1:06:40, which is 92% of it" in text
    assert "prefers-color-scheme: dark" in text
    tops = {attributes.get("y") for tag, attributes in page.tags if tag == "svg" and attributes.get("x")}
    assert len(tops) == 2  # they overlap
    nothing = as_html(Timeline("a.mp3", 60, []))
    assert "No song that Sonica knows in 0:01:00." in nothing
    assert "<table>" not in nothing


# --- the picture on a terminal ----------------------------------------------------------------------


@settings(deadline=None)
@given(segments())
def test_songs_of_one_time_have_lanes_of_their_own(songs: list[Segment]) -> None:
    where = lanes(songs)
    for i, one in enumerate(songs):
        for j in range(i):
            assert where[i] != where[j] or songs[j].end_s <= one.start_s
    most = max((sum(o.start_s <= one.start_s < o.end_s for o in songs) for one in songs), default=0)
    assert max(where, default=-1) + 1 == most
    assert covered(songs) <= sum(one.end_s - one.start_s for one in songs) + 1e-6


@settings(deadline=None)
@given(timelines())
def test_the_picture_has_a_bar_for_every_song(timeline: Timeline) -> None:
    lines = [line.plain for line in picture(timeline.songs, timeline.seconds)]
    assert all(len(line) <= 9 + WIDTH for line in lines)
    if timeline.songs:
        assert any("█" in line for line in lines)
    if timeline.seconds > 600:
        starts = [line for line in lines if line.split("│")[0].strip()]
        assert starts[0].startswith(
            "  0:00 │".replace("  0:00", f"{'0:00':>{len(starts[0].split('│')[0]) - 1}}")
        )


def test_what_the_picture_shows() -> None:
    lines = [line.plain for line in picture([at(0, 150), at(125, 400)], 450)]
    assert lines == [
        " 0:00 │1" + "█" * 29 + "·" * 30,
        "      │" + "·" * 25 + "2" + "█" * 34,
        " 5:00 │" + "·" * 30,
        "      │2" + "█" * 19 + "·" * 10,
    ]


# --- names of files ---------------------------------------------------------------------------------


def test_the_name_of_a_file_says_the_format() -> None:
    assert [format_of(Path(f"a.{end}")) for end in ("CSV", "cue", "htm", "jsonl", "txt")] == [
        Format.CSV,
        Format.CUE,
        Format.HTML,
        Format.JSON,
        Format.TEXT,
    ]
    with pytest.raises(SonicaError, match="does not tell in which format") as told:
        format_of(Path("a.mp3"))
    assert ".csv" in told.value.hint


def test_clocks() -> None:
    assert [clock(x) for x in (0, 59.6, 3723.4, -1)] == ["0:00:00", "0:01:00", "1:02:03", "0:00:00"]
