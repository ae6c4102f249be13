"""The entry point of the command `sonica`."""

import io
import sys
from typing import Annotated

import typer

from sonica import __version__
from sonica.cli.add import add
from sonica.cli.config import config_app
from sonica.cli.console import out
from sonica.cli.dedupe import dedupe
from sonica.cli.demo import demo
from sonica.cli.errors import Exit, draw_failure
from sonica.cli.fingerprint import fingerprint
from sonica.cli.flags import Command, Group
from sonica.cli.listen import listen
from sonica.cli.recognize import recognize
from sonica.cli.scan import scan
from sonica.cli.songs import songs_app
from sonica.cli.tag import tag
from sonica.cli.verify import index_app, verify
from sonica.platform.errors import Failure, SonicaError

app = typer.Typer(
    name="sonica",
    cls=Group,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
LISTEN, COLLECT, TOOLS = "Name songs", "Your collection", "Tools"
"""Under what the commands stand in the help."""

for _panel, _commands in (
    (LISTEN, (recognize, listen, scan, demo)),
    (COLLECT, (add, dedupe, verify)),
    (TOOLS, (tag, fingerprint)),
):
    for _command in _commands:
        app.command(cls=Command, rich_help_panel=_panel)(_command)
app.add_typer(songs_app, rich_help_panel=COLLECT)
app.add_typer(index_app, rich_help_panel=COLLECT)
app.add_typer(config_app, rich_help_panel=TOOLS)


def _print_version(asked: bool) -> None:  # noqa: FBT001  Typer calls it so
    if asked:
        out.print(f"sonica {__version__}")
        raise typer.Exit


@app.callback()
def _sonica(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Sonica names the song that is playing.

    \b
    [bold]Examples[/bold]
      sonica demo                  see it work, without any music of your own
      sonica add ~/Music           learn your songs
      sonica recognize clip.wav    name the song in a file
      sonica listen                name what the microphone hears
      sonica config                how sure an answer must be

    The songs are kept in the folder that SONICA_HOME names, or in your user
    data folder.
    """  # noqa: D301  \b is meant: it keeps lines apart


def main() -> None:
    """Runs the command line; a failure that Sonica expects is told without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a title must not fail on a terminal without its letters
    try:
        app()
    except SonicaError as error:
        draw_failure(Failure.of(error))
        sys.exit(Exit.FAILED)
