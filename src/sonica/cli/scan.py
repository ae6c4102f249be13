"""`sonica scan`: which songs play in a long recording, and when."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from sonica.audio import BROADCAST, Sandbox
from sonica.cli.card import certainty, describe_change
from sonica.cli.console import counted, err, minutes, out, plain, print_json
from sonica.cli.errors import draw_hint
from sonica.cli.scan_formats import WRITERS, Format, Timeline, format_of
from sonica.cli.scan_lanes import covered, picture
from sonica.cli.scan_page import as_html
from sonica.cli.thresholds import chosen_thresholds
from sonica.library import Recognizer
from sonica.platform.errors import SonicaError
from sonica.platform.files import shown_path, write_atomically
from sonica.platform.settings import load_settings
from sonica.recognition import Segment
from sonica.recognition import scan as scan_blocks


def scan(
    file: Annotated[Path, typer.Argument(help="A long audio or video file.", metavar="FILE")],
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each song.")] = False,
    format: Annotated[  # noqa: A002  the option's name
        Format | None,
        typer.Option("--format", help="How to write it. By default as text, or as the name of --out ends."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write it there, in one step at the end.", metavar="FILE"),
    ] = None,
) -> None:
    """List the songs in a long recording: a DJ's set, a wedding, a radio hour.

    Each song that Sonica knows is told with when it begins and ends, usually
    to a second, and how fast it is played; where one fades into another, both
    are told. Songs that play for less than ten seconds are passed over, and
    so is all that Sonica does not know.

    \b
    [bold]Examples[/bold]
      sonica scan "dj set.mp3"
      sonica scan "dj set.mp3" --out set.html     a page with a picture
      sonica scan "dj set.mp3" --out set.cue      for players and editors
      sonica scan --format csv wedding.mp4 > songs.csv
      sonica scan --json wedding.mp4 > songs.jsonl

    \b
    [bold]Exit status[/bold]
      0  done, also where no song was found
      1  the file could not be read, or the result not be written
      2  wrong usage
    """  # noqa: D301  \b is meant: it keeps lines apart
    chosen = _chosen(json=json, format_=format, to=to)
    _check(file, to)
    home = load_settings().find_home()
    recognizer = Recognizer(home, chosen_thresholds(home))
    if len(recognizer) == 0:
        err.print("Sonica knows no songs yet, so it can find none.", style="yellow")
        draw_hint("Add some with `sonica add FOLDER`, or see how it works with `sonica demo`.")
    begun = time.monotonic()
    found: list[Segment] = []
    with _listening(file, recognizer) as (segments, heard):
        for segment in segments:
            found.append(segment)
            if to is None and chosen is Format.JSON:
                print_json(segment)
            elif to is None and chosen is Format.TEXT:
                out.print(_line(len(found), segment), soft_wrap=True)
        seconds = heard()
    timeline = Timeline(shown_path(file), seconds, found)
    if to is not None:
        _write(to, _written(timeline, chosen))
        err.print(f"{counted(len(found), 'song')}, written to {plain(str(to))}.")
    elif chosen is Format.TEXT:
        for line in _summary(timeline, time.monotonic() - begun):
            out.print(line, soft_wrap=True)
    elif chosen is not Format.JSON:
        _print(_written(timeline, chosen))


def _chosen(*, json: bool, format_: Format | None, to: Path | None) -> Format:
    """The format that was asked for. Raises SonicaError."""
    if json and format_ not in (None, Format.JSON):
        raise SonicaError(
            "format", f"--json and --format {format_} ask for two formats.", "Give one of them."
        )
    if json:
        return Format.JSON
    if format_ is not None:
        return format_
    return Format.TEXT if to is None else format_of(to)


def _check(file: Path, to: Path | None) -> None:
    """That there is a place to write to, before an hour is spent. Raises SonicaError."""
    if to is None:
        return
    if to.exists() and file.exists() and to.samefile(file):
        raise SonicaError("output", "--out names the recording itself.", "Give the name of another file.")
    if to.is_dir() or not to.parent.is_dir():
        raise SonicaError(
            "output",
            f"{plain(str(to))} cannot be written.",
            "Give the name of a file in a folder that is there.",
        )


@contextmanager
def _listening(file: Path, recognizer: Recognizer) -> Iterator[tuple[Iterator[Segment], Callable[[], float]]]:
    """The songs as they are found, and how many seconds were looked at; with a bar on stderr."""
    heard = 0.0
    with ExitStack() as stack:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        progress = stack.enter_context(
            Progress(
                *columns, TimeRemainingColumn(), console=err, transient=True, disable=not err.is_terminal
            )
        )
        sandbox = stack.enter_context(Sandbox(1))
        stream = stack.enter_context(sandbox.open_stream(file, BROADCAST))
        task = progress.add_task("Listening", total=stream.seconds)

        def on_heard(seconds: float) -> None:
            nonlocal heard
            heard = seconds
            # What a file says of its length may be less than what is in it.
            total = None if stream.seconds is None else max(stream.seconds, seconds)
            said = f"{minutes(seconds)} of {minutes(total)}" if total else f"{minutes(seconds)} looked at"
            progress.update(task, completed=seconds, total=total, description=said)

        yield scan_blocks(recognizer, stream.blocks, stream.rate, on_heard), lambda: heard


def _written(timeline: Timeline, chosen: Format) -> str:
    """The time line in a format."""
    if chosen is Format.HTML:
        return as_html(timeline)
    if chosen is Format.TEXT:
        lines = [_line(number, one) for number, one in enumerate(timeline.songs, 1)]
        return "".join(f"{line.plain}\n" for line in [*lines, *_summary(timeline, None)])
    return WRITERS[chosen](timeline)


def _write(to: Path, text: str) -> None:
    try:
        write_atomically(to, text.encode("utf-8", "replace"))
    except OSError as error:
        said = f"{plain(str(to))} could not be written ({error.strerror})."
        raise SonicaError("output", said, "Make room, or give another --out.") from error


def _print(text: str) -> None:
    """Just these bytes, whatever the terminal takes."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _summary(timeline: Timeline, took: float | None) -> Iterator[Text]:
    """The picture, and how much of it all is music that is known. `took`: seconds."""
    found, heard = timeline.songs, timeline.seconds
    if found:
        yield Text()
        yield from picture(found, heard)
        yield Text()
    share = covered(found) / max(heard, 0.001)
    said = f"{counted(len(found), 'song')} in {minutes(heard)}, which is {share:.0%} of it"
    speed = f"; took {took:.1f} s ({heard / max(took, 0.001):,.0f}× real time)" if took is not None else ""
    yield Text(f"{said}{speed}.")


def _line(number: int, one: Segment) -> Text:
    song = one.song
    line = Text.assemble(
        (f"{number:>4}  {minutes(one.start_s):>6} – {minutes(one.end_s):<6}  ", "dim"),
        (plain(song.title), "bold"),
    )
    if song.artist:
        line.append(f", {plain(song.artist)}")
    details = [certainty(one.confidence)]
    details[:0] = [change] if (change := describe_change(one.speed, 0.0, named_pitch=False)) else []
    return line.append(f"  ({', '.join(details)})", style="dim")
