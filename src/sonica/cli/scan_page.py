"""A time line as a page of its own: a picture and a table, nothing loaded from anywhere, no script."""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from sonica.cli.card import certainty, describe_change
from sonica.cli.console import counted, plain
from sonica.cli.scan_formats import Timeline, clock
from sonica.cli.scan_lanes import covered, lanes
from sonica.recognition import Segment

BAR, GAP, SCALE = 40, 6, 28
"""Height of a lane, what is between two, and that of the scale, pixels."""
LEAST_PIXELS = 44
"""A song of usual length should be so wide, so that its number can be read: longer pictures scroll."""
NARROWEST, DIGIT = 300, 9
"""Width of the picture on a small phone, and of a digit, pixels: a number that would be cut is left out."""
MARKS_S = (10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600)
"""Distances of the scale's marks, and …"""
MOST_MARKS = 8
"""… so many it has at most in the width of a phone."""

STYLE = """
:root { color-scheme: light dark; --ground: #fbfaf7; --text: #1d1b16; --soft: #5d584c; --line: #d9d4c7;
  --a: #0b6b53; --b: #8a4a08; --on: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ground: #14130f; --text: #f0ede4; --soft: #b1ab9b;
  --line: #3a372e; --a: #58c9a7; --b: #f0a860; --on: #14130f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 64rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, "Noto Sans", "Noto Sans Devanagari", sans-serif; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: .25rem 0 1.25rem; color: var(--soft); }
.picture { overflow-x: auto; margin: 0 0 1.5rem; border: 1px solid var(--line); border-radius: .5rem;
  padding: .5rem .5rem 0; }
.picture:focus-visible { outline: 2px solid var(--a); outline-offset: 2px; }
svg { display: block; }
.label { width: calc(100% - 3px); }
svg text { font: 600 14px system-ui, "Noto Sans", "Noto Sans Devanagari", sans-serif; }
.a { fill: var(--a); } .b { fill: var(--b); } .on { fill: var(--on); }
.scale { fill: var(--soft); } svg .scale { font-weight: 400; font-size: 12px; }
.mark { stroke: var(--line); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: start; color: var(--soft); padding-bottom: .5rem; }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem .5rem 0;
  border-top: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 400; border-top: 0; }
tbody th { font-weight: 600; overflow-wrap: anywhere; width: 99%; }
tbody th span { display: block; font-weight: 400; color: var(--soft); }
td { white-space: nowrap; }
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, caption { display: block; }
  tbody tr { display: grid; grid-template-columns: 2.5rem 1fr; padding: .5rem 0;
    border-top: 1px solid var(--line); }
  th, td { border: 0; padding: 0 .5rem 0 0; white-space: normal; }
  tbody tr > * { grid-column: 2; }
  tbody tr > td:first-child { grid-column: 1; grid-row: 1 / span 4; color: var(--soft); }
  tbody th { width: auto; }
  td.said:empty { display: none; }
}
@media print { .picture { overflow: visible; } }
"""


def as_html(timeline: Timeline) -> str:
    """The whole page, one file. Whatever stands in titles is text there, never markup."""
    name = _text(Path(timeline.file).name or timeline.file)
    songs = timeline.songs
    music = covered(songs)
    found = counted(len(songs), "song") if songs else "No song that Sonica knows"
    said = f"{found} in {clock(timeline.seconds)}"
    if songs:
        said += f", which is {music / max(timeline.seconds, 0.001):.0%} of it"
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        (
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        ),
        '<meta name="generator" content="Sonica">',
        f"<title>{name}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f'<h1 dir="auto">{name}</h1>',
        f"<p>{escape(said)}.</p>",
        *([_picture(timeline), _table(songs)] if songs else []),
        "</main>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(parts)


def _text(text: str) -> str:
    """Text for any place of the page."""
    return escape(plain(text), quote=True)


def _picture(timeline: Timeline) -> str:
    """Every song a bar over the time that it plays, those of one time below each other."""
    songs, seconds = timeline.songs, max(timeline.seconds, 0.001)
    where = lanes(songs)
    height = SCALE + (max(where) + 1) * (BAR + GAP)
    usual = sorted(one.end_s - one.start_s for one in songs)[len(songs) // 2]
    width = min(100_000, round(LEAST_PIXELS * seconds / max(usual, 1.0)))
    parts = [
        '<div class="picture" role="region" aria-label="When each song plays" tabindex="0">',
        (
            f'<svg role="img" aria-labelledby="about" width="100%" height="{height}" '
            f'style="min-width:{width}px">'
        ),
        (
            f'<title id="about">{counted(len(songs), "song")} over {clock(seconds)}; '
            "the table below says the same</title>"
        ),
        *_scale(seconds, height, width),
    ]
    for number, (one, lane) in enumerate(zip(songs, where, strict=True), 1):
        left, wide = 100 * one.start_s / seconds, 100 * (one.end_s - one.start_s) / seconds
        top = SCALE + lane * (BAR + GAP)
        title = _text(one.song.title)
        has_room = wide / 100 * max(width, NARROWEST) >= DIGIT * (len(f"{number}") + 1)
        label = f'<svg class="label"><text class="on" x="6" y="25">{number}  {title}</text></svg>'
        parts += [
            f'<svg x="{left:.3f}%" y="{top}" width="{wide:.3f}%" height="{BAR}">',
            f"<title>{number}. {title}, {clock(one.start_s)} to {clock(one.end_s)}</title>",
            f'<rect class="{"ab"[number % 2]}" width="100%" height="{BAR}" rx="6"/>',
            *([label] if has_room else []),
            "</svg>",
        ]
    return "\n".join([*parts, "</svg>", "</div>"])


def _scale(seconds: float, height: int, width: int) -> list[str]:
    """Marks at round times, as many as there is room for."""
    most = max(MOST_MARKS, width // 90) if width > 640 else MOST_MARKS // 2
    step = next((step for step in MARKS_S if seconds / step <= most), MARKS_S[-1])
    parts = []
    for at in range(0, int(seconds) + 1, step):
        left = 100 * at / seconds
        if left > 88 and at:
            break  # its label would hang over the edge
        parts += [
            f'<line class="mark" x1="{left:.3f}%" x2="{left:.3f}%" y1="18" y2="{height}"/>',
            f'<text class="scale" x="{left:.3f}%" y="14" dx="2">{clock(at).removeprefix("0:")}</text>',
        ]
    return parts


def _table(songs: Sequence[Segment]) -> str:
    rows = []
    for number, one in enumerate(songs, 1):
        artist = f'<span dir="auto">{_text(one.song.artist)}</span>' if one.song.artist else ""
        change = describe_change(one.speed, 0.0, named_pitch=False)
        begins, ends = clock(one.start_s), clock(one.end_s)
        rows.append(
            f'<tr><td>{number}</td><th scope="row"{_language(one.song.language)} dir="auto">'
            f"{_text(one.song.title)}{artist}</th><td>{begins} – {ends}</td>"
            f'<td class="said">{_text(change)}</td><td>{_text(certainty(one.confidence))}</td></tr>'
        )
    heads = ("No.", "Song", "Plays", "Speed", "Certainty")
    return "\n".join(
        [
            "<table>",
            "<caption>The songs in the order of their beginnings</caption>",
            "<thead><tr>",
            *(f'<th scope="col">{head}</th>' for head in heads),
            "</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody>",
            "</table>",
        ]
    )


def _language(code: str) -> str:
    return f' lang="{code}"' if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,8})?", code) else ""
