"""`sonica tag`: name unnamed files."""

import shutil
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import BaseModel
from rich.text import Text

from sonica.audio import AudioError, Sandbox, Tags, read_tags, write_tags
from sonica.catalogue import FIELDS, Found, find_files
from sonica.cli.card import certainty
from sonica.cli.console import counted, err, out, plain, print_json
from sonica.cli.errors import Exit, draw_failure, draw_hint
from sonica.cli.thresholds import chosen_thresholds
from sonica.library import Recognizer
from sonica.platform.errors import SonicaError
from sonica.platform.failures import Failure
from sonica.platform.files import shown_path
from sonica.platform.parallel import in_order
from sonica.platform.settings import load_settings
from sonica.recognition import QUERY_SECONDS, Answer, SongRef

Status = Literal["proposed", "written", "declined", "same", "titled", "ambiguous", "unsure", "none", "error"]


class Change(BaseModel):
    """What a tag says, and what it shall say."""

    old: str | int
    new: str | int


class Line(BaseModel):
    """What became of one file, as `--json` tells it.

    `proposed`: what `--write` would write; `written`; `declined`, by whoever was asked; `same`: it says all
    that already; `titled`: it has a title, and was left alone; `ambiguous`, `unsure` and `none`: as of
    answers, and left alone; `error`.
    """

    file: str
    status: Status
    song: SongRef | None = None
    confidence: float = 0.0
    changes: dict[str, Change] = {}
    error: Failure | None = None


def tag(
    paths: Annotated[
        list[Path], typer.Argument(help="Audio files, and folders with all in them.", metavar="PATH")
    ],
    *,
    write: Annotated[bool, typer.Option("--write", help="Write, and not only show; asks for each.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Files that have a title, too.")] = False,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Also what is unsure, or one of several songs.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each file.")] = False,
) -> None:
    """Name files that have no title, by the songs that play in them.

    Shows what the tags of each file would say: title, artist, album,
    language, genre, year and ISRC, as far as Sonica knows them of the song.
    With --write it writes them into MP3, FLAC, M4A, OGG and Opus files, once
    you have said yes. What Sonica does not know stays as it is in the file,
    and so does the sound.

    \b
    [bold]Examples[/bold]
      sonica tag ~/Downloads                      only shows
      sonica tag --write "track 01.mp3"           asks first
      sonica tag --write --yes --json ~/Downloads > tagged.jsonl

    \b
    [bold]Exit status[/bold]
      0  every file was looked at
      3  a file could not be read or written (the others are done)
      2  wrong usage
      1  anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    home = load_settings().find_home()
    count: Counter[Status] = Counter()
    with Sandbox() as sandbox:
        recognizer = Recognizer(home, chosen_thresholds(home))
        if len(recognizer) == 0:
            err.print("Sonica knows no songs yet, so it can name none.", style="yellow")
            draw_hint("Add some with `sonica add FOLDER`.")
        files = find_files(paths)
        look = partial(_look, recognizer, sandbox, force=force, unsure=unsure)
        for found, looked in zip(files, in_order(look, files, abandon=sandbox.close), strict=True):
            line = looked
            if line.status == "proposed":
                if not json or (write and not yes):
                    (err if json else out).print(_shown(line), soft_wrap=True)
                line = _settled(found.path, line, write=write, yes=yes)
            count[line.status] += 1
            if json:
                print_json(line)
            else:
                _tell(line)
    if not json:
        _sum_up(count)
    if count["error"]:
        raise typer.Exit(Exit.UNREADABLE_FILE)


def _look(recognizer: Recognizer, sandbox: Sandbox, found: Found, *, force: bool, unsure: bool) -> Line:
    """What is to be done with a file; nothing is changed."""
    name = shown_path(found.path)
    try:
        if found.problem:
            raise found.problem
        heard = sandbox.listen(found.path, first=QUERY_SECONDS)
        old = read_tags(found.path, name="")  # what a process of its own has heard is safe to open here
        if old.title and not force:
            return Line(file=name, status="titled")
        answer = recognizer.fingerprint(heard.fingerprint, name=name)
        return _proposal(recognizer, answer, old, unsure=unsure)
    except SonicaError as error:
        if error.code == "silent":
            return Line(file=name, status="none")
        return Line(file=name, status="error", error=Failure.of(error))


def _proposal(recognizer: Recognizer, answer: Answer, old: Tags, *, unsure: bool) -> Line:
    song = answer.song or (answer.alternatives[0].song if answer.alternatives else None)
    line = Line(file=answer.file, status="none", confidence=round(answer.confidence, 4), error=answer.error)
    if song is None or answer.status in {"none", "error"}:
        return line.model_copy(update={"status": answer.status})
    entry = recognizer.catalogue.describe([song.recording_id]).get(song.recording_id)
    if entry is None:  # removed meanwhile
        return line
    line = line.model_copy(update={"song": song})
    if not unsure and (answer.status == "unsure" or answer.ambiguous):
        return line.model_copy(update={"status": "ambiguous" if answer.ambiguous else "unsure"})
    changes = {
        field: Change(old=getattr(old, field), new=new)
        for field in FIELDS
        if (new := getattr(entry.song, field)) and new != getattr(old, field)
    }
    return line.model_copy(update={"status": "proposed" if changes else "same", "changes": changes})


def _settled(file: Path, line: Line, *, write: bool, yes: bool) -> Line:
    """Writes what is proposed, if it is wanted, or else tries it on a copy, so that what is shown is true."""
    tags = Tags(**{field: change.new for field, change in line.changes.items()})  # type: ignore[arg-type]
    if write and not yes and not typer.confirm("   Write this?", err=True):
        return line.model_copy(update={"status": "declined"})
    try:
        if write:
            write_tags(file, tags)
            return line.model_copy(update={"status": "written"})
        with tempfile.TemporaryDirectory(prefix="sonica-") as folder:
            write_tags(shutil.copyfile(file, Path(folder) / f"copy{file.suffix}"), tags)
    except AudioError as error:
        return line.model_copy(update={"status": "error", "error": Failure.of(error)})
    return line


def _shown(line: Line) -> Text:
    """The file, and each tag as it is and as it would be."""
    text = Text.assemble((plain(line.file), "bold"), (f"  ({certainty(line.confidence)})", "dim"))
    for field, change in line.changes.items():
        text.append(f"\n   {field:<9} ", style="dim")
        if change.old:
            text.append(plain(str(change.old)), style="dim")
            text.append(" → ")
        text.append(plain(str(change.new)), style="green")
    return text


SAID: dict[Status, str] = {
    "written": "written",
    "same": "says all that Sonica knows already",
    "titled": "has a title, left alone",
    "ambiguous": "several songs share this sound, left alone",
    "unsure": "not sure enough, left alone",
    "none": "no song recognised",
}
"""What is told of a file for which nothing is proposed."""


def _tell(line: Line) -> None:
    if line.error:
        draw_failure(line.error, file=line.file)
    elif line.status == "written":
        out.print("   Written.", style="green")
    elif line.status in SAID:
        title = f": {plain(line.song.title)}" if line.song else ""
        out.print(Text.assemble((plain(line.file), "bold"), f"  {SAID[line.status]}{title}"), soft_wrap=True)


def _sum_up(count: Counter[Status]) -> None:
    proposed, titled = count["proposed"], count["titled"]
    if proposed:
        out.print(f"{counted(proposed, 'file')} can be named.")
        err.print("Nothing was written; --write does so.")
    if count["written"]:
        out.print(f"{counted(count['written'], 'file')} named.")
    if titled:
        err.print(f"{counted(titled, 'file')} with a title already; --force names them, too.")
    if count["ambiguous"] + count["unsure"]:
        err.print("What is unsure is left alone; --unsure takes it.")
