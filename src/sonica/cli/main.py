"""The entry point of the command `sonica`."""

import errno
import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from sonica.cli.console import out
from sonica.cli.errors import Exit, draw_failure
from sonica.cli.flags import Command, Group
from sonica.platform.errors import SonicaError
from sonica.platform.failures import Failure

LISTEN, COLLECT, SERVE, TOOLS = "Name songs", "Your collection", "For others", "Tools"
"""Under what the commands stand in the help."""

COMMANDS = {
    "recognize": (LISTEN, "recognize:recognize", "Name the song that is playing in each file."),
    "listen": (LISTEN, "listen:listen", "Name the song that the microphone hears."),
    "scan": (LISTEN, "scan:scan", "List the songs in a long recording: a DJ's set, a wedding, a radio hour."),
    "monitor": (LISTEN, "monitor:monitor", "Log what a radio station plays, for days."),
    "demo": (LISTEN, "demo:demo", "Compose two dozen songs, learn them, and name one of them through noise."),
    "add": (COLLECT, "add:add", "Add songs, so that they can be recognised."),
    "songs": (COLLECT, "songs:songs_app", "See the songs that Sonica knows, and change them."),
    "dedupe": (COLLECT, "dedupe:dedupe", "Find recordings that are in the collection more than once."),
    "verify": (COLLECT, "verify:verify", "Read all of the data folder, and tell what is wrong with it."),
    "index": (COLLECT, "verify:index_app", "Look after the packs that searches read."),
    "serve": (SERVE, "serve:serve", "Serve recognition over HTTP, until Ctrl-C."),
    "api": (
        SERVE,
        "serve:api",
        "Only answer: `sonica serve` without the work that goes on in the background.",
    ),
    "engine": (SERVE, "engine:engine", "Search for services that do not search by themselves, until Ctrl-C."),
    "worker": (
        SERVE,
        "worker:worker",
        "Do what goes on in the background, until Ctrl-C: add music, make packs.",
    ),
    "migrate": (
        SERVE,
        "serve:migrate_tables",
        "Bring the tables of the database to what this version needs.",
    ),
    "admin": (
        SERVE,
        "admin:admin_app",
        "Make keys for those who run the service, see them, and take them back.",
    ),
    "tag": (TOOLS, "tag:tag", "Name files that have no title, by the songs that play in them."),
    "pack": (TOOLS, "pack:pack_app", "Make packs of songs to take along, and see what is in one."),
    "fingerprint": (
        TOOLS,
        "fingerprint:fingerprint",
        "Write the fingerprint of a file: its peaks, about 100 bytes a second.",
    ),
    "config": (TOOLS, "config:config_app", "See and move how sure an answer must be, and what that means."),
}
"""Where the function, or the group of commands, of each name is in this folder, and how its help begins."""


def command_line(arguments: Sequence[str]) -> typer.Typer:
    """The command `sonica`. Of its commands the one that the arguments name is loaded; the others are listed.

    Who wants one, or the list, need not wait until the modules of all are there.
    """
    app = typer.Typer(
        name="sonica",
        cls=Group,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    app.callback()(_sonica)
    named = next((word for word in arguments if not word.startswith("-")), "")
    is_completing = "_SONICA_COMPLETE" in os.environ
    for name, (panel, where, summary) in COMMANDS.items():
        if name != named and not is_completing:
            app.command(name, help=summary, rich_help_panel=panel)(_elsewhere)
            continue
        module, _, attribute = where.partition(":")
        found = getattr(import_module(f"sonica.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, rich_help_panel=panel)
        else:
            app.command(name, cls=Command, rich_help_panel=panel)(found)
    return app


def _elsewhere() -> None:
    """What stands for a command that the arguments do not name, and that is never run."""


def _print_version(asked: bool) -> None:  # noqa: FBT001  Typer calls it so
    if asked:
        from sonica import __version__  # noqa: PLC0415  finding it out takes a while

        out.print(f"sonica {__version__}")
        raise typer.Exit


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
      sonica scan "dj set.mp3"     list the songs in a long recording
      sonica monitor URL           log what a radio station plays
      sonica songs list            see what is known, and change it
      sonica serve                 name songs for others, over HTTP
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
        run = command_line(sys.argv[1:])
        gc.freeze()
        gc.enable()
        run()
    except SonicaError as error:
        draw_failure(Failure.of(error))
        sys.exit(Exit.FAILED)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO}:
            raise
        draw_failure(Failure(code="not_writable", message=f"Writing stopped ({error.strerror})."))
        os._exit(Exit.FAILED)  # what is left in the buffers cannot be written either
