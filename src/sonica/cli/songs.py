"""`sonica songs`: what the catalogue holds, and changing it by hand."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from sonica.catalogue import FIELDS, Catalogue, Link, Recording, SongEntry, field_of, letters
from sonica.cli.card import LANGUAGES
from sonica.cli.console import counted, err, minutes, out, plain, print_json
from sonica.cli.flags import Command, Group
from sonica.cli.search import matching
from sonica.platform.errors import SonicaError
from sonica.platform.settings import load_settings


def _numbers(incomplete: str) -> list[tuple[str, str]]:
    """For the shell's Tab key: numbers of songs that begin so, and what they are called.

    Of titles only letters, digits and spaces: zsh evaluates what it is given, and strangers chose them.
    """
    try:
        found = [one for one in _catalogue().songs() if str(one.song.id).startswith(incomplete)]
    except SonicaError:
        return []
    return [(str(one.song.id), " ".join(letters(one.song.title).split())) for one in found[:MOST_SHOWN]]


Json = Annotated[bool, typer.Option("--json", help="One JSON object a line for each song.")]
SongId = Annotated[
    int, typer.Argument(help="The number of the song.", metavar="SONG", autocompletion=_numbers)
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

MOST_SHOWN = 200
"""Songs of a list for a person; programs get all."""

songs_app = typer.Typer(name="songs", cls=Group, rich_markup_mode="rich", no_args_is_help=True)


@songs_app.callback()
def songs() -> None:
    """See the songs that Sonica knows, and change them.

    A song is what a listener is told; its recordings are the files that it
    was heard in.

    \b
    [bold]Examples[/bold]
      sonica songs list --language bho
      sonica songs find "savan dhoop"
      sonica songs show 12
      sonica songs edit 12 --title "सावन की धूप" --year 1987
      sonica songs remove 12 13
      sonica songs split 40            recording 40 is a song of its own
      sonica songs join 40 12          recording 40 is of song 12
      sonica songs list --json > songs.jsonl
    """  # noqa: D301  \b is meant: it keeps lines apart


@songs_app.command("list", cls=Command)
def list_songs(
    *,
    language: Annotated[str, typer.Option(help="Only those in this language, such as hi or bho.")] = "",
    json: Json = False,
) -> None:
    """List the songs, by number.

    \b
    [bold]Examples[/bold]
      sonica songs list
      sonica songs list --language hi --json
    """  # noqa: D301
    wanted = str(_field("language", language)) if language else ""
    found = [one for one in _catalogue().songs() if not wanted or one.song.language == wanted]
    _show_list(found, as_json=json)


@songs_app.command(cls=Command)
def find(
    words: Annotated[list[str], typer.Argument(help="Words of title, artist or album.", metavar="WORD")],
    *,
    json: Json = False,
) -> None:
    """Find songs by words of their title, artist or album, best first.

    Beginnings of words are enough, and small errors of spelling do no harm.

    \b
    [bold]Examples[/bold]
      sonica songs find savan
      sonica songs find "सावन" --json
    """  # noqa: D301
    _show_list(matching(_catalogue().songs(), " ".join(words)), as_json=json)


@songs_app.command(cls=Command)
def show(song: SongId, *, json: Json = False) -> None:
    """Show all that is known of a song, its recordings, and what these share with others.

    \b
    [bold]Examples[/bold]
      sonica songs show 12
    """  # noqa: D301
    entry = _catalogue().song(song)
    if json:
        print_json(entry)
    else:
        out.print(_page(entry), soft_wrap=True)


@songs_app.command(cls=Command)
def edit(
    song: SongId,
    *,
    title: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    artist: Annotated[str | None, typer.Option(help="Who sings it.")] = None,
    album: Annotated[str | None, typer.Option(help="Its album or film.")] = None,
    language: Annotated[str | None, typer.Option(help="Such as hi, bho, or Hindi.")] = None,
    genre: Annotated[str | None, typer.Option(help="Such as folk.")] = None,
    year: Annotated[str | None, typer.Option(help="When it came out.")] = None,
    isrc: Annotated[str | None, typer.Option(help="Its recording code.")] = None,
    json: Json = False,
) -> None:
    """Say otherwise what a song is called. What is not named stays; an empty text takes it away.

    \b
    [bold]Examples[/bold]
      sonica songs edit 12 --title "सावन की धूप" --language hi
      sonica songs edit 12 --album ""
    """  # noqa: D301
    given = zip(FIELDS, (title, artist, album, language, genre, year, isrc), strict=True)
    said = {name: _field(name, value) for name, value in given if value is not None}
    if not said:
        raise typer.BadParameter("say what to change, such as --title", param_hint="edit")
    entry = _catalogue().edit(song, said)
    if json:
        print_json(entry)
    else:
        out.print(_page(entry), soft_wrap=True)


@songs_app.command(cls=Command)
def remove(
    song: Annotated[
        list[int], typer.Argument(help="Numbers of songs.", metavar="SONG", autocompletion=_numbers)
    ],
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Remove songs with all their recordings. The files themselves stay where they are.

    \b
    [bold]Examples[/bold]
      sonica songs remove 12
      sonica songs remove --yes 12 13
    """  # noqa: D301
    catalogue = _catalogue()
    if not yes:
        for one in [catalogue.song(id_) for id_ in song]:
            err.print(Text.assemble("  ", _line(one)), soft_wrap=True)
        typer.confirm(f"Remove {counted(len(song), 'song')}?", abort=True, err=True)
    removed = catalogue.remove(song)
    if json:
        for one in removed:
            print_json(one)
    else:
        out.print(
            f"Removed {counted(len(removed), 'song')}; {counted(len(catalogue), 'recording')} are left."
        )


@songs_app.command(cls=Command)
def split(
    recording: Annotated[int, typer.Argument(help="The number of the recording.", metavar="RECORDING")],
    *,
    json: Json = False,
) -> None:
    """Make a recording a song of its own, and never take it for the same again.

    \b
    [bold]Examples[/bold]
      sonica songs show 12     says which recordings the song has
      sonica songs split 40
    """  # noqa: D301
    entry = _catalogue().detach(recording)
    if json:
        print_json(entry)
    else:
        out.print(_page(entry), soft_wrap=True)


@songs_app.command(cls=Command)
def join(
    recording: Annotated[int, typer.Argument(help="The number of the recording.", metavar="RECORDING")],
    song: SongId,
    *,
    json: Json = False,
) -> None:
    """Make a recording one of another song.

    \b
    [bold]Examples[/bold]
      sonica songs join 40 12
    """  # noqa: D301
    catalogue = _catalogue()
    other = catalogue.song(song).recordings[0].id
    catalogue.attach(recording, song, Link(recordings=(recording, other), kind="same"))
    if json:
        print_json(catalogue.song(song))
    else:
        out.print(_page(catalogue.song(song)), soft_wrap=True)


def _catalogue() -> Catalogue:
    return Catalogue(load_settings().find_home())


def _field(name: str, value: str) -> str | int:
    try:
        return field_of(name, value)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"--{name}") from None


def _show_list(found: list[SongEntry], *, as_json: bool) -> None:
    if as_json:
        for one in found:
            print_json(one)
        return
    if not found:
        out.print("No songs.")
        return
    for one in found[:MOST_SHOWN]:
        out.print(_line(one), soft_wrap=True)
    if len(found) > MOST_SHOWN:
        err.print(
            f"… and {len(found) - MOST_SHOWN:,} more: `sonica songs find WORD` narrows it, --json gives all."
        )


def _line(one: SongEntry) -> Text:
    song = one.song
    parts = (plain(song.artist), LANGUAGES.get(song.language, plain(song.language)))
    about = " · ".join(part for part in parts if part)
    line = Text.assemble((f"{song.id:>6}  ", "dim"), (plain(song.title) or "(no title)", "bold"))
    if about:
        line.append(f"  {about}")
    if len(one.recordings) > 1:
        line.append(f"  {len(one.recordings)} recordings", style="cyan")
    return line


def _page(one: SongEntry) -> Table:
    """All of a song as rows: what, and what it is."""
    page = Table.grid(padding=(0, 2))
    page.add_column(style="dim", no_wrap=True)
    page.add_column(overflow="fold")
    song = one.song
    page.add_row(f"song {song.id}", Text(plain(song.title) or "(no title)", style="bold"))
    for name in FIELDS[1:]:
        value = getattr(song, name)
        if value:
            said = LANGUAGES.get(value, value) if name == "language" else value
            page.add_row(name, Text(plain(str(said))))
    for recording in one.recordings:
        page.add_row(f"recording {recording.id}", _recording(recording))
        for link in one.links:
            if link.recordings[0] == recording.id:
                page.add_row("", Text(_shares(link)))
    return page


def _recording(recording: Recording) -> Text:
    return Text.assemble(plain(recording.path), ("  " + minutes(recording.duration_s), "dim"))


def _shares(link: Link) -> str:
    other = f"recording {link.recordings[1]}"
    if link.kind == "different":
        return f"kept apart from {other}"
    share = f" ({link.share:.0%} lies along it)" if link.share else ""
    return f"the same as {other}{share}" if link.kind == "same" else f"shares a part with {other}{share}"
