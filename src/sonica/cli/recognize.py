"""`sonica recognize`: name the song in a file."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sonica.audio import AudioError, Sandbox
from sonica.cli.card import card
from sonica.cli.console import err, out, print_json
from sonica.cli.errors import Exit, draw_failure, draw_hint
from sonica.cli.inputs import on_disk, open_pack, read_if_fingerprint
from sonica.cli.thresholds import chosen_thresholds
from sonica.library import Recognizer, of_pack
from sonica.platform.failures import Failure
from sonica.platform.files import shown_path
from sonica.platform.parallel import in_order
from sonica.platform.settings import load_settings
from sonica.recognition import Answer
from sonica.recognition import Recognizer as Core


def recognize(
    files: Annotated[
        list[Path],
        typer.Argument(help="Audio or video files, or fingerprints; - for standard input.", metavar="FILE"),
    ],
    *,
    pack: Annotated[
        Path | None,
        typer.Option(help="Know the songs of this pack, and no others.", metavar="FILE"),
    ] = None,
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
      curl -s https://example.org/clip.mp3 | sonica recognize -
      sonica recognize --pack hindi.pack clip.wav
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
        sandbox.warm()
        thresholds = chosen_thresholds(home)
        recognizer: Core
        count: Callable[[], int]  # asked once a file was heard: meanwhile the catalogue is read
        if pack:
            opened = open_pack(pack)
            recognizer, count = of_pack(opened, thresholds, sandbox.listen), opened.__len__
        else:
            recognizer = own = Recognizer(home, thresholds, sandbox.listen)
            count = own.__len__
            own.warm()
        for number, answer in enumerate(in_order(partial(_answer, recognizer), files, abandon=sandbox.close)):
            known = count()
            if known == 0 and number == 0:
                err.print("Sonica knows no songs yet, so it can recognise none.", style="yellow")
                draw_hint("Add some with `sonica add FOLDER`, or see how it works with `sonica demo`.")
            failed = failed or answer.error is not None
            if json:
                print_json(answer)
            elif answer.error:
                draw_failure(answer.error, file=answer.file)
            else:
                out.print(card(answer, known), soft_wrap=True)
    if failed:
        raise typer.Exit(Exit.UNREADABLE_FILE)


def _answer(recognizer: Core, file: Path) -> Answer:
    if str(file) == "-":
        try:
            with on_disk(sys.stdin.buffer) as path:
                return _answer(recognizer, path).model_copy(update={"file": "-"})
        except AudioError as error:
            return Answer(file="-", status="error", error=Failure.of(error))
    fingerprint = read_if_fingerprint(file)
    if fingerprint is not None:
        return recognizer.fingerprint(fingerprint, name=shown_path(file))
    return recognizer.file(file)
