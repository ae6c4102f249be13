"""`sonica add`: take songs in."""

import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, Self

import typer
from pydantic import BaseModel

from sonica.audio import recording_limits
from sonica.catalogue import Added, Catalogue, find_files
from sonica.cli.console import counted, err, out, print_json
from sonica.cli.errors import Exit, draw_failure
from sonica.cli.library import song_ref
from sonica.cli.progress import add_with_progress
from sonica.platform.errors import Failure
from sonica.platform.settings import load_settings
from sonica.recognition import SongRef


class Line(BaseModel):
    """What became of one file, as `--json` tells it; `song` is null where there was an error."""

    file: str
    status: Literal["added", "known", "error"]
    song: SongRef | None
    error: Failure | None

    @classmethod
    def of(cls, outcome: Added) -> Self:
        """The line of an outcome."""
        song = song_ref(outcome.entry) if outcome.entry else None
        return cls(file=outcome.file, status=outcome.status, song=song, error=outcome.error)


def add(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Audio files, and folders with all in them.", metavar="PATH"),
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each file.")] = False,
) -> None:
    """Add songs, so that they can be recognised.

    Files that are there already and have not changed are passed over:
    running it again on a folder only takes in what is new. Interrupting it
    keeps what was read so far.

    \b
    [bold]Examples[/bold]
      sonica add ~/Music
      sonica add "Savan ki Dhoop.mp3" concert.m4a
      sonica add --json ~/Music > added.jsonl

    \b
    [bold]Exit status[/bold]
      0  every file is in
      3  a file could not be read (the others are in)
      2  wrong usage
      1  anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    begun = time.monotonic()
    done: list[Added] = []
    hints: set[str] = set()
    try:
        settings = load_settings()
        catalogue = Catalogue(settings.create_home(), limits=recording_limits(settings.longest_s))
        for outcome in add_with_progress(catalogue, find_files(paths)):
            done.append(outcome)
            if json:
                print_json(Line.of(outcome))
            elif outcome.error:
                draw_failure(outcome.error, file=outcome.file, hint=outcome.error.hint not in hints)
                hints.add(outcome.error.hint)  # each is said once, under the first that it is for
    except KeyboardInterrupt:
        err.print("Interrupted. What was read so far is kept; the same command goes on with the rest.")
        raise typer.Exit(Exit.INTERRUPTED) from None
    if not json:
        _summarise(done, len(catalogue), time.monotonic() - begun)
    if any(outcome.error for outcome in done):
        raise typer.Exit(Exit.UNREADABLE_FILE)


def _summarise(done: list[Added], total: int, seconds: float) -> None:
    count = Counter(outcome.status for outcome in done)
    music = sum(o.entry.recording.duration_s for o in done if o.entry and o.status == "added")
    if count["added"]:
        out.print(
            f"Added {counted(count['added'], 'file')}: {music / 60:.1f} minutes of music in {seconds:.1f} s "
            f"({music / max(seconds, 0.001):,.0f}× real time)."
        )
    if count["known"]:
        out.print(f"{counted(count['known'], 'file')} known already, not changed.")
    if count["error"]:
        out.print(f"{counted(count['error'], 'file')} could not be added, see above.")
    out.print(f"Sonica knows {counted(total, 'recording')} now.")
