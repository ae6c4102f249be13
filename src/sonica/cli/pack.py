"""`sonica pack`: songs to take along, for programs that have no catalogue: browsers, phones, the edge."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.table import Table

from sonica import _engine
from sonica.catalogue import Catalogue, field_of
from sonica.cli.console import counted, minutes, out, plain, print_json
from sonica.cli.flags import Command, Group
from sonica.cli.inputs import open_pack
from sonica.platform.errors import SonicaError
from sonica.platform.files import shown_path, write_atomically
from sonica.platform.settings import load_settings

MOST_SHOWN = 20
"""Recordings that are listed for a person."""

pack_app = typer.Typer(name="pack", cls=Group, rich_markup_mode="rich", no_args_is_help=True)


class Profile(StrEnum):
    """How much of each recording a pack holds."""

    FULL = "full"
    LITE = "lite"


class About(BaseModel):
    """What a pack holds, as `--json` tells it: bytes by section, of all, and a second of music."""

    file: str
    profile: str
    recordings: int
    seconds: float
    bytes: int
    bytes_a_second: float
    sections: dict[str, int]


@pack_app.callback()
def pack() -> None:
    """Make packs of songs to take along, and see what is in one.

    A pack is one file with all that is needed to recognise its songs.

    \b
    [bold]Examples[/bold]
      sonica pack make --profile lite --language bho -o bhojpuri.pack
      sonica pack show bhojpuri.pack
      sonica recognize --pack bhojpuri.pack clip.wav
    """  # noqa: D301  \b is meant: it keeps lines apart


@pack_app.command(cls=Command)
def make(
    song: Annotated[
        list[int] | None, typer.Argument(help="Numbers of songs; all where none is named.", metavar="SONG")
    ] = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write it.", metavar="FILE")],
    profile: Annotated[
        Profile, typer.Option(help="full for servers; lite, a seventh of it, for phones and browsers.")
    ] = Profile.FULL,
    language: Annotated[str, typer.Option(help="Only songs in this language, such as hi or bho.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Say as a JSON object what it holds.")] = False,
) -> None:
    """Make a pack of songs of the catalogue.

    \b
    [bold]Examples[/bold]
      sonica pack make -o all.pack
      sonica pack make --profile lite --language hi -o hindi.pack
      sonica pack make 12 15 19 -o three.pack
    """  # noqa: D301
    try:
        wanted = str(field_of("language", language)) if language else ""
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--language") from None
    catalogue = Catalogue(load_settings().find_home())
    songs = [catalogue.song(id_) for id_ in song] if song else catalogue.songs()
    chosen = [one.song.id for one in songs if not wanted or one.song.language == wanted]
    if not chosen:
        raise SonicaError(
            "no_songs", "There are no such songs.", "`sonica songs list` shows those there are."
        )
    data = catalogue.pack(chosen, profile.value)
    try:
        write_atomically(output, data)
    except OSError as error:
        message = f"{output} could not be written ({error.strerror})."
        raise SonicaError("not_writable", message, "Choose another place with -o.") from error
    _tell(_about(output), [], as_json=json)


@pack_app.command(cls=Command)
def show(
    file: Annotated[Path, typer.Argument(help="A pack.", metavar="FILE")],
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say what a pack holds, and whether it is whole.

    \b
    [bold]Examples[/bold]
      sonica pack show hindi.pack
      sonica pack show --json hindi.pack

    \b
    [bold]Exit status[/bold]
      0  it is whole
      1  it is damaged, or no pack
    """  # noqa: D301
    about = _about(file)
    pack = open_pack(file)
    _tell(about, [] if json else pack.recordings(), as_json=json)
    try:
        pack.verify()
    except _engine.EngineError as error:
        message = f"{file} is damaged: {error.message}."
        raise SonicaError("damaged", message, "Fetch or make it again.") from error


def _about(file: Path) -> About:
    pack = open_pack(file)
    seconds = sum(row.duration_s for row in pack.recordings())
    size = file.stat().st_size
    return About(
        file=shown_path(file),
        profile=pack.profile,
        recordings=len(pack),
        seconds=round(seconds, 1),
        bytes=size,
        bytes_a_second=round(size / max(seconds, 0.001), 1),
        sections=pack.section_bytes(),
    )


def _tell(about: About, rows: list[_engine.Recording], *, as_json: bool) -> None:
    if as_json:
        print_json(about)
        return
    out.print(
        f"{plain(about.file)}: {about.profile}, {counted(about.recordings, 'recording')}, "
        f"{minutes(about.seconds)} of music, {about.bytes / 1e6:.1f} MB "
        f"({about.bytes_a_second:.0f} bytes a second).",
        soft_wrap=True,
    )
    table = Table.grid(padding=(0, 2))
    for name, size in about.sections.items():
        table.add_row(f"  {name}", f"{size:,} bytes", f"{size / max(1, about.bytes):.0%}")
    out.print(table)
    for row in rows[:MOST_SHOWN]:
        parts = (plain(row.title) or "(no title)", plain(row.artist), minutes(row.duration_s))
        out.print(f"{row.recording_id:>6}  " + ", ".join(part for part in parts if part), soft_wrap=True)
    if len(rows) > MOST_SHOWN:
        out.print(f"        … and {len(rows) - MOST_SHOWN:,} more.")
