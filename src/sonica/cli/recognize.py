"""`sonica recognize`: name the song in a file."""

from pathlib import Path
from typing import Annotated

import typer

from sonica.audio import Sandbox
from sonica.cli.card import card
from sonica.cli.console import err, out, print_json
from sonica.cli.errors import Exit, draw_failure, draw_hint
from sonica.cli.library import open_recognizer
from sonica.cli.settings import chosen_thresholds
from sonica.platform.parallel import in_order
from sonica.platform.settings import load_settings


def recognize(
    files: Annotated[list[Path], typer.Argument(help="Audio or video files.", metavar="FILE")],
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each file.")] = False,
) -> None:
    """Name the song that is playing in each file.

    A few seconds are enough; of a long file the first half minute is heard.
    Noise, a phone's microphone, a song slowed down or sped up: all right.
    How sure it must be to name a song is yours to say: `sonica config`.

    \b
    [bold]Examples[/bold]
      sonica recognize clip.wav
      sonica recognize clips/*.m4a
      sonica recognize --json clips/*.m4a > answers.jsonl

    \b
    [bold]Exit status[/bold]
      0  every file was answered, also with "no song recognised"
      3  a file could not be read (the others are answered)
      2  wrong usage
      1  anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    home = load_settings().find_home()
    failed = False
    with Sandbox() as sandbox:
        recognizer, known = open_recognizer(home, chosen_thresholds(home), sandbox.listen)
        if known == 0:
            err.print("Sonica knows no songs yet, so it can recognise none.", style="yellow")
            draw_hint("Add some with `sonica add FOLDER`, or see how it works with `sonica demo`.")
        for answer in in_order(recognizer.file, files, abandon=sandbox.close):
            failed = failed or answer.error is not None
            if json:
                print_json(answer)
            elif answer.error:
                draw_failure(answer.error, file=answer.file)
            else:
                out.print(card(answer, known), soft_wrap=True)
    if failed:
        raise typer.Exit(Exit.UNREADABLE_FILE)
