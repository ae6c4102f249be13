"""`sonica verify` and `sonica index rebuild`: is the data folder whole, and making it so."""

from typing import Annotated

import typer
from rich.text import Text

from sonica.catalogue import Catalogue
from sonica.cli.console import counted, err, out, plain, print_json
from sonica.cli.errors import Exit, draw_hint
from sonica.cli.flags import Command, Group
from sonica.cli.progress import counting
from sonica.platform.settings import load_settings

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line for each finding.")]

MOST_SHOWN = 50
"""Findings that are told a person."""

index_app = typer.Typer(name="index", cls=Group, rich_markup_mode="rich", no_args_is_help=True)


@index_app.callback()
def index() -> None:
    """Look after the packs that searches read.

    \b
    [bold]Examples[/bold]
      sonica index rebuild
    """  # noqa: D301  \b is meant: it keeps lines apart


def verify(*, json: Json = False) -> None:
    """Read all of the data folder, and tell what is wrong with it.

    Journal, packs and fingerprints are held against each other; nothing is
    changed. Most of what can be wrong, `sonica index rebuild` mends.

    \b
    [bold]Examples[/bold]
      sonica verify
      sonica verify --json

    \b
    [bold]Exit status[/bold]
      0  all is well
      1  something is wrong
    """  # noqa: D301
    catalogue = Catalogue(load_settings().find_home())
    with counting("Reading packs") as on_pack:
        findings = catalogue.verify(on_pack)
    errors = [finding for finding in findings if finding.kind == "error"]
    if json:
        for finding in findings:
            print_json(finding)
        raise typer.Exit(Exit.FAILED if errors else Exit.DONE)
    for finding in findings[:MOST_SHOWN]:
        mark = ("Error: ", "bold red") if finding.kind == "error" else ("Note: ", "bold")
        out.print(Text.assemble(mark, plain(finding.message)), soft_wrap=True)
        if finding.path not in finding.message:
            out.print(Text(f"  {plain(finding.path)}", style="dim"), soft_wrap=True)
    for hint in dict.fromkeys(finding.hint for finding in findings if finding.hint):
        draw_hint(hint)
    if len(findings) > MOST_SHOWN:
        err.print(f"… and {len(findings) - MOST_SHOWN:,} more: --json gives all.")
    if errors:
        out.print(f"{counted(len(errors), 'error')}.")
        raise typer.Exit(Exit.FAILED)
    out.print(f"All is well: {counted(len(catalogue), 'recording')}.")


@index_app.command(cls=Command)
def rebuild(*, json: Json = False) -> None:
    """Make every pack anew from the fingerprints that are kept; no audio is needed.

    Searches go on meanwhile, and interrupting it does no harm. A recording
    whose fingerprint is lost is no longer known afterwards: adding its file
    brings it back.

    \b
    [bold]Examples[/bold]
      sonica index rebuild

    \b
    [bold]Exit status[/bold]
      0  done
      3  recordings were lost (listed)
      1  anything else
    """  # noqa: D301
    catalogue = Catalogue(load_settings().find_home())
    with counting("Making packs") as on_pack:
        lost = catalogue.rebuild(on_pack)
    for recording in lost:
        if json:
            print_json(recording)
        else:
            err.print(f"Lost: {plain(recording.path)}", soft_wrap=True)
    if lost:
        if not json:
            draw_hint("Add these files again: `sonica add FILE...`.")
        raise typer.Exit(Exit.UNREADABLE_FILE)
    if not json:
        out.print(f"Made anew: the packs of {counted(len(catalogue), 'recording')}.")
