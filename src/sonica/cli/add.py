"""`sonica add`: take songs in."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Self

import typer
from pydantic import BaseModel

from sonica.audio import recording_limits
from sonica.catalogue import (
    Added,
    Catalogue,
    Found,
    Link,
    Outcome,
    find_files,
    is_folder,
    read_manifest,
    with_manifest,
)
from sonica.cli.console import counted, err, out, plain, print_json
from sonica.cli.errors import Exit, draw_failure
from sonica.cli.progress import add_with_progress
from sonica.cli.watch import sizes_in, watched
from sonica.library import song_ref
from sonica.platform.failures import Failure
from sonica.platform.settings import load_settings
from sonica.recognition import SongRef


class Shares(BaseModel):
    """What a file shares with a recording that was there before; see `Link`."""

    recording_id: int
    kind: str
    share: float

    @classmethod
    def of(cls, link: Link) -> Self:
        """What a link says of the other recording."""
        return cls(recording_id=link.recordings[1], kind=link.kind, share=round(link.share, 3))


class Line(BaseModel):
    """What became of one file, as `--json` tells it; `song` is null where there was an error."""

    file: str
    status: Outcome
    song: SongRef | None
    shares: list[Shares]
    error: Failure | None

    @classmethod
    def of(cls, outcome: Added) -> Self:
        """The line of an outcome."""
        return cls(
            file=outcome.file,
            status=outcome.status,
            song=song_ref(outcome.entry) if outcome.entry else None,
            shares=[Shares.of(link) for link in outcome.links],
            error=outcome.error,
        )


def add(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Audio files, and folders with all in them.", metavar="PATH"),
    ] = None,
    *,
    manifest: Annotated[
        Path | None,
        typer.Option(
            help="A table (CSV, or JSON lines) that says what files are called; without a PATH, "
            "its files are added.",
            metavar="FILE",
        ),
    ] = None,
    dedupe: Annotated[
        bool, typer.Option(help="Look for recordings that are there already, in another encoding.")
    ] = True,
    keep: Annotated[bool, typer.Option("--keep", help="Copy the files into the data folder.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, adding what appears in the folders, until Ctrl-C.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(help="Files that are read at a time; one a core by default.", min=1, metavar="N"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each file.")] = False,
) -> None:
    """Add songs, so that they can be recognised.

    Files that are there already and have not changed are passed over:
    running it again on a folder only takes in what is new. Interrupting it
    keeps what was read so far.

    The same recording in another file, however encoded, joins the song that
    is there; a recording that shares a part with another is linked to it.
    `sonica songs` shows both, and undoes them.

    A manifest has a column path, and any of title, artist, album, language,
    genre, year and isrc; what it says goes before the files' own tags.

    \b
    [bold]Examples[/bold]
      sonica add ~/Music
      sonica add "Savan ki Dhoop.mp3" concert.m4a
      sonica add --manifest songs.csv
      sonica add --watch ~/Music/incoming
      sonica add --json ~/Music > added.jsonl

    \b
    [bold]Exit status[/bold]
      0  every file is in
      3  a file could not be read (the others are in)
      2  wrong usage
      130  interrupted by Ctrl-C; what was read is in
      1  anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    if not paths and not manifest:
        raise typer.BadParameter("name files or folders to add, or a --manifest", param_hint="PATH")
    if watch and not any(map(is_folder, paths or ())):
        raise typer.BadParameter("there is no folder to watch", param_hint="--watch")
    settings = load_settings()
    catalogue = Catalogue(settings.create_home(), limits=recording_limits(settings.longest_s))
    table = read_manifest(manifest) if manifest else []
    report = _Report(as_json=json)

    def run(files: list[Found]) -> None:
        report.take(add_with_progress(catalogue, files, dedupe=dedupe, keep=keep, workers=jobs))

    before = sizes_in(paths or []) if watch else {}
    try:
        run(with_manifest(find_files(paths), table) if paths else table)
        report.finish(catalogue)
        for appeared in watched(paths or [], before) if watch else ():
            run(with_manifest(appeared, table))
            report.finish(catalogue)
    except KeyboardInterrupt:
        if watch:
            err.print("No longer watching.")
        else:
            err.print("Interrupted. What was read so far is kept; the same command goes on with the rest.")
            raise typer.Exit(Exit.INTERRUPTED) from None
    if report.failed:
        raise typer.Exit(Exit.UNREADABLE_FILE)


class _Report:
    """Tells what became of each file as it comes, and of all at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self.failed = False
        self._as_json = as_json
        self._hints: set[str] = set()
        self._begin()

    def _begin(self) -> None:
        self._since = time.monotonic()
        self._count: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._music = 0.0
        self._copies: list[Added] = []

    def take(self, outcomes: Iterable[Added] | Iterator[Added]) -> None:
        """Tells them."""
        for outcome in outcomes:
            self._count[outcome.status] += 1
            if outcome.error:
                self.failed = True
                self._reasons[outcome.error.code] += 1
            if outcome.entry and outcome.status == "added":
                self._music += outcome.entry.recording.duration_s
            if any(link.kind == "same" for link in outcome.links):
                self._copies.append(outcome)
            if self._as_json:
                print_json(Line.of(outcome))
            elif outcome.error:
                hint = outcome.error.hint
                draw_failure(outcome.error, file=outcome.file, hint=hint not in self._hints)
                self._hints.add(hint)  # each is said once, under the first that it is for

    def finish(self, catalogue: Catalogue) -> None:
        """Sums up, and begins anew."""
        if not self._as_json and self._count:
            self._sum_up(len(catalogue))
        self._begin()

    def _sum_up(self, total: int) -> None:
        count, seconds = self._count, time.monotonic() - self._since
        if count["added"]:
            fast = self._music / max(seconds, 0.001)
            out.print(
                f"Added {counted(count['added'], 'file')}: {self._music / 60:.1f} minutes of music in "
                f"{seconds:.1f} s ({fast:,.0f}× real time)."
            )
        for outcome in self._copies[:MOST_SHOWN]:
            if outcome.entry:
                out.print(
                    f"  {plain(outcome.file)} is {plain(outcome.entry.song.title)} "
                    f"(song {outcome.entry.song.id}) once more.",
                    soft_wrap=True,
                )
        if len(self._copies) > MOST_SHOWN:
            out.print(f"  … and {len(self._copies) - MOST_SHOWN:,} more that were there already.")
        if count["updated"]:
            out.print(f"{counted(count['updated'], 'file')} changed or called otherwise; the songs stay.")
        if count["known"]:
            out.print(f"{counted(count['known'], 'file')} known already, not changed.")
        if count["error"]:
            why = ", ".join(f"{number:,} {code}" for code, number in self._reasons.most_common())
            out.print(f"{counted(count['error'], 'file')} could not be added, see above ({why}).")
        out.print(f"Sonica knows {counted(total, 'recording')} now.")


MOST_SHOWN = 20
"""Copies that are told one by one."""
