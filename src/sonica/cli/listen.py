"""`sonica listen`: name what the microphone hears."""

import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

import numpy as np
import typer
from numpy.typing import NDArray
from rich.live import Live
from rich.text import Text

from sonica.audio import AudioError, Stream, open_microphone, open_raw
from sonica.cli.card import card
from sonica.cli.console import err, out, print_json
from sonica.cli.errors import Exit, draw_hint
from sonica.cli.thresholds import chosen_thresholds
from sonica.library import Recognizer
from sonica.platform.files import shown_path
from sonica.platform.settings import load_settings
from sonica.recognition import Answer

MOST_S = 15.0
"""Seconds that are listened to: what is not known by then will not be known later."""

BAR = 30
"""Characters of the level."""
QUIETEST_DB = -60.0
"""Where the level begins."""
SILENCE = 1e-3
"""Peak amplitude that no microphone that is on stays below (-60 dBFS)."""


def listen(
    *,
    device: Annotated[
        str, typer.Option(help="Another microphone, as the sound system names it.", metavar="NAME")
    ] = "",
    seconds: Annotated[
        float, typer.Option(help="Listen no longer than this.", min=1.0, max=MOST_S, metavar="SECONDS")
    ] = MOST_S,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="Raw samples (16 bits, mono, 48 kHz) instead of a microphone; - for standard input.",
            metavar="FILE",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object, at the end.")] = False,
) -> None:
    """Name the song that the microphone hears.

    It is looked for again and again, first after a second and a half, and
    named as soon as Sonica is sure; after 15 seconds it gives up. Nothing of
    what is heard is kept.

    PulseAudio and PipeWire (by parec), ALSA (by arecord) and FFmpeg record;
    the first that gets any sound is taken.

    \b
    [bold]Examples[/bold]
      sonica listen
      sonica listen --device @DEFAULT_MONITOR@     what this computer plays
      sonica listen --device plughw:1              the second sound card
      sonica listen --json | jq -r .song.title
      ffmpeg -v error -i https://example.org/fm -f s16le -ac 1 -ar 48000 - |
        sonica listen --from -

    \b
    [bold]Exit status[/bold]
      0  done, also with "no song recognised"
      2  wrong usage
      1  there is no microphone, or anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    home = load_settings().find_home()
    recognizer = Recognizer(home, chosen_thresholds(home))
    known = len(recognizer)
    name = "microphone" if source is None else shown_path(source)
    if known == 0:
        err.print("Sonica knows no songs yet, so it can recognise none.", style="yellow")
        draw_hint("Add some with `sonica add FOLDER`, or see how it works with `sonica demo`.")
        answer = Answer(file=name, status="none")
    else:
        try:
            answer = _hear(recognizer, _opened(source, device), seconds, name)
        except KeyboardInterrupt:
            err.print("No longer listening.")
            raise typer.Exit(Exit.INTERRUPTED) from None
    if json:
        print_json(answer)
    else:
        out.print(card(answer, known), soft_wrap=True)


def _opened(source: Path | None, device: str) -> AbstractContextManager[Stream]:
    if source is None:
        return open_microphone(device)
    return open_raw(sys.stdin.buffer if str(source) == "-" else source)


def _hear(
    recognizer: Recognizer, opened: AbstractContextManager[Stream], seconds: float, name: str
) -> Answer:
    """The last answer to what is heard. Raises AudioError."""
    answer: Answer | None = None
    with _Meter() as meter, opened as stream:
        blocks = meter.watch(stream.blocks, stream.rate, seconds)
        for look in recognizer.stream(blocks, stream.rate, name=name):
            answer = look
            meter.look()
    if answer is None:
        raise AudioError("empty", "No sound came in.", "Check what is to be listened to.")
    if meter.loudest < SILENCE:
        err.print("Nothing but silence was heard.", style="yellow")
        draw_hint("Check that the microphone is on, and not muted in the sound settings.")
    return answer


class _Meter:
    """A line on the terminal: that it listens, how long, how loud. Nothing where no terminal is."""

    def __init__(self) -> None:
        self.loudest = 0.0
        """The peak amplitude so far."""
        self._looks = 0
        self._live = Live(console=err, transient=True, auto_refresh=False) if err.is_terminal else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
            self._live.update(Text(" ●  Opening the microphone", style="dim"), refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def watch(
        self, blocks: Iterable[NDArray[np.float32]], rate: int, seconds: float
    ) -> Iterator[NDArray[np.float32]]:
        """The blocks of the first `seconds`, each shown as it passes."""
        left = int(seconds * rate)
        for whole in blocks:
            block = whole[:left]
            left -= len(block)
            peak = float(np.abs(block).max(initial=0.0))
            self.loudest = max(self.loudest, peak)
            if self._live:
                self._live.update(_line(peak, seconds - left / rate, self._looks), refresh=True)
            yield block
            if left <= 0:
                return

    def look(self) -> None:
        """Notes that it was looked for."""
        self._looks += 1


def _line(peak: float, seconds: float, looks: int) -> Text:
    level = 1 - 20 * math.log10(max(peak, 1e-6)) / QUIETEST_DB
    filled = round(min(1.0, max(0.0, level)) * BAR)
    said = "Listening" if looks == 0 else "Not sure yet, listening"
    return Text.assemble(
        (" ●  ", "bold red"),
        (f"{seconds:4.1f} s  ", "bold"),
        ("█" * filled, "green"),
        ("░" * (BAR - filled), "dim"),
        f"  {said}",
    )
