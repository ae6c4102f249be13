"""`sonica scan`: which songs play in a long recording, and when."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from sonica.audio import BROADCAST, Sandbox
from sonica.cli.card import certainty, describe_change
from sonica.cli.console import counted, err, minutes, out, plain, print_json
from sonica.cli.errors import draw_hint
from sonica.cli.thresholds import chosen_thresholds
from sonica.library import Recognizer
from sonica.platform.settings import load_settings
from sonica.recognition import Segment
from sonica.recognition import scan as scan_blocks

WIDTH = 60
"""Characters of the picture."""


def scan(
    file: Annotated[Path, typer.Argument(help="A long audio or video file.", metavar="FILE")],
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each song.")] = False,
) -> None:
    """List the songs in a long recording: a DJ's set, a wedding, a radio hour.

    Each song that Sonica knows is told with when it begins and ends, usually
    to a second, and how fast it is played. Songs that play for less than five
    seconds are passed over, and so is all that Sonica does not know.

    \b
    [bold]Examples[/bold]
      sonica scan "dj set.mp3"
      sonica scan --json wedding.mp4 > songs.jsonl

    \b
    [bold]Exit status[/bold]
      0  done, also where no song was found
      1  the file could not be read
      2  wrong usage
    """  # noqa: D301  \b is meant: it keeps lines apart
    home = load_settings().find_home()
    recognizer = Recognizer(home, chosen_thresholds(home))
    if len(recognizer) == 0:
        err.print("Sonica knows no songs yet, so it can find none.", style="yellow")
        draw_hint("Add some with `sonica add FOLDER`, or see how it works with `sonica demo`.")
    found: list[Segment] = []
    heard = 0.0
    begun = time.monotonic()
    with ExitStack() as stack:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        progress = stack.enter_context(
            Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
        )
        task = progress.add_task("Listening", total=None)
        sandbox = stack.enter_context(Sandbox(1))
        stream = stack.enter_context(sandbox.open_stream(file, BROADCAST))

        def on_heard(seconds: float) -> None:
            nonlocal heard
            heard = seconds
            progress.update(task, description=f"{minutes(seconds)} looked at, {counted(len(found), 'song')}")

        for segment in scan_blocks(recognizer, stream.blocks, stream.rate, on_heard):
            found.append(segment)
            if json:
                print_json(segment)
            else:
                out.print(_line(segment), soft_wrap=True)
    if not json:
        _sum_up(found, heard, time.monotonic() - begun)


def _sum_up(found: list[Segment], heard: float, seconds: float) -> None:
    if found:
        out.print()
        for line in _picture(found, heard):
            out.print(line, soft_wrap=True)
    music = sum(one.end_s - one.start_s for one in found)
    out.print(
        f"{counted(len(found), 'song')} in {minutes(heard)}, which is {music / max(heard, 0.001):.0%} of it; "
        f"took {seconds:.1f} s ({heard / max(seconds, 0.001):,.0f}× real time)."
    )


def _line(one: Segment) -> Text:
    song = one.song
    line = Text.assemble(
        (f"{minutes(one.start_s):>8} – {minutes(one.end_s):<8} ", "dim"), (plain(song.title), "bold")
    )
    if song.artist:
        line.append(f", {plain(song.artist)}")
    details = [certainty(one.confidence)]
    details[:0] = [change] if (change := describe_change(one.speed, 0.0, named_pitch=False)) else []
    return line.append(f"  ({', '.join(details)})", style="dim")


def _picture(found: list[Segment], heard: float) -> Iterator[Text]:
    """When each song plays, a line for each of the first ones."""
    for one in found[:WIDTH]:
        begin = int(one.start_s / heard * WIDTH)
        end = max(begin + 1, round(one.end_s / heard * WIDTH))
        yield Text.assemble(
            ("   " + "·" * begin, "dim"),
            ("█" * (end - begin), "green"),
            ("·" * (WIDTH - end), "dim"),
            f"  {plain(one.song.title)[:30]}",
        )
    yield Text(f"   0:00{minutes(heard):>{WIDTH - 4}}\n", style="dim")
