"""`sonica fingerprint`: all that a client sends of a sound, as a file."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from sonica import _engine
from sonica.audio import Sandbox
from sonica.cli.console import counted, err, out, plain, print_json
from sonica.platform.errors import SonicaError
from sonica.platform.files import shown_path, write_atomically


class Line(BaseModel):
    """What a fingerprint holds, as `--json` tells it."""

    file: str
    output: str
    bytes: int
    duration_s: float
    peaks: int
    version: int


def fingerprint(
    file: Annotated[Path, typer.Argument(help="An audio or video file.", metavar="FILE")],
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write it; - for stdout.", metavar="FILE"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Say as a JSON object what it holds.")] = False,
) -> None:
    """Write the fingerprint of a file: its peaks, about 100 bytes a second.

    It is what a client sends to have a song named, and what the catalogue
    keeps of one. No sound can be made from it.

    \b
    [bold]Examples[/bold]
      sonica fingerprint clip.m4a -o clip.fp
      sonica fingerprint clip.m4a               only says what it would hold
      sonica recognize clip.fp

    \b
    [bold]Exit status[/bold]
      0  done
      1  the file could not be read, or the fingerprint not written
      2  wrong usage
    """  # noqa: D301  \b is meant: it keeps lines apart
    with Sandbox(1) as sandbox:
        made = sandbox.listen(file).fingerprint
    info = _engine.read_fingerprint(made)
    if str(output) == "-":
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
        return
    if output:
        try:
            write_atomically(output, made)
        except OSError as error:
            raise SonicaError(
                "not_writable",
                f"{output} could not be written ({error.strerror}).",
                "Choose another place with -o.",
            ) from error
    line = Line(
        file=shown_path(file),
        output=shown_path(output or ""),
        bytes=len(made),
        duration_s=round(info.duration_s, 3),
        peaks=len(info.time_s),
        version=info.version,
    )
    if json:
        print_json(line)
        return
    said = f"{line.duration_s:.1f} s, {counted(line.peaks, 'peak')}, {counted(line.bytes, 'byte')}"
    out.print(f"{plain(str(output or file))}: {said}.", soft_wrap=True)
    if not output:
        err.print("Nothing was written; -o FILE says where to.")
