"""The entry point of the command `sonica`."""

import errno
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
    "recognize": (LISTEN, "sonica.cli.recognize:recognize"),
    "listen": (LISTEN, "sonica.cli.listen:listen"),
    "scan": (LISTEN, "sonica.cli.scan:scan"),
    "demo": (LISTEN, "sonica.cli.demo:demo"),
    "add": (COLLECT, "sonica.cli.add:add"),
    "songs": (COLLECT, "sonica.cli.songs:songs_app"),
    "dedupe": (COLLECT, "sonica.cli.dedupe:dedupe"),
    "verify": (COLLECT, "sonica.cli.verify:verify"),
    "index": (COLLECT, "sonica.cli.verify:index_app"),
    "serve": (SERVE, "sonica.cli.serve:serve"),
    "worker": (SERVE, "sonica.cli.worker:worker"),
    "migrate": (SERVE, "sonica.cli.serve:migrate_tables"),
    "admin": (SERVE, "sonica.cli.admin:admin_app"),
    "tag": (TOOLS, "sonica.cli.tag:tag"),
    "pack": (TOOLS, "sonica.cli.pack:pack_app"),
    "fingerprint": (TOOLS, "sonica.cli.fingerprint:fingerprint"),
    "config": (TOOLS, "sonica.cli.config:config_app"),
}
"""Where the function, or the group of commands, of each name is."""


def command_line(arguments: Sequence[str]) -> typer.Typer:
    """The command `sonica`, with the one that the arguments name; with all of them where they name none.

    Who wants one need not wait until the modules of all are loaded.
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
    for name, (panel, where) in COMMANDS.items():
        if named in COMMANDS and name != named and not is_completing:
            continue
        module, _, attribute = where.partition(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, rich_help_panel=panel)
        else:
            app.command(name, cls=Command, rich_help_panel=panel)(found)
    return app


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
        command_line(sys.argv[1:])()
    except SonicaError as error:
        draw_failure(Failure.of(error))
        sys.exit(Exit.FAILED)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO}:
            raise
        draw_failure(Failure(code="not_writable", message=f"Writing stopped ({error.strerror})."))
        os._exit(Exit.FAILED)  # what is left in the buffers cannot be written either
