"""`sonica demo`: the whole of Sonica in half a minute, without any music of one's own."""

import shlex
import shutil
import sys
from pathlib import Path

import typer

from sonica.audio.compose.demo import PIECES
from sonica.catalogue import Added, Catalogue, Entry, find_files
from sonica.cli.card import card
from sonica.cli.console import counted, err, out
from sonica.cli.demo_songs import PLAYED, SECONDS, SNR_DB, SPEED, compose_songs, write_clip
from sonica.cli.errors import Exit, draw_failure
from sonica.cli.progress import add_with_progress, with_progress
from sonica.library import Recognizer
from sonica.platform.settings import load_settings


def demo() -> None:
    """Compose two dozen songs, learn them, and name one of them through noise.

    It plays too fast, in a noisy street. All of it, the audio files and a
    catalogue of their own, is in the folder `demo` of the data folder:
    your own catalogue stays as it is. Running it again uses what is there.

    \b
    [bold]Examples[/bold]
      sonica demo
      SONICA_HOME=./try sonica demo
    """  # noqa: D301  \b is meant: it keeps lines apart
    home = load_settings().create_home() / "demo"
    songs = list(with_progress(compose_songs(home / "songs"), len(PIECES), "Composing"))
    err.print(f"{counted(len(songs), 'song')} in {home / 'songs'}, composed by Sonica.", soft_wrap=True)
    entries = [_entry(outcome) for outcome in add_with_progress(Catalogue(home), find_files(songs))]
    clip = write_clip(songs[PLAYED], home / "excerpt.wav")
    err.print(
        f"Playing {SECONDS:.0f} seconds of one of them, {SPEED:.1f}× as fast, in noise ({SNR_DB:.0f} dB):\n",
    )
    recognizer = Recognizer(home)
    answer = recognizer.file(clip)
    out.print(card(answer, len(recognizer)), soft_wrap=True)
    if answer.song is None or answer.song.id != entries[PLAYED].song.id:
        err.print("That is not what was played: please report it, with the output of `sonica --version`.")
        raise typer.Exit(Exit.FAILED)
    _what_next(clip)


def _entry(outcome: Added) -> Entry:
    """The song that was added, or was there; a failure ends the demo."""
    if outcome.entry is None:
        if outcome.error:
            draw_failure(outcome.error, file=outcome.file)
        raise typer.Exit(Exit.FAILED)
    return outcome.entry


def _what_next(clip: Path) -> None:
    """What to try with music of one's own."""
    program = _program()
    err.print("Right. Now with your own music:\n", style="bold")
    err.print(f"  {program} add ~/Music", soft_wrap=True)
    err.print(f"  {program} recognize a-clip-of-it.m4a\n", soft_wrap=True)
    err.print(f"What was just played is in {clip}: have a listen.", soft_wrap=True)


def _program() -> str:
    """How to call Sonica from where one is, in a shell."""
    if shutil.which("sonica"):
        return "sonica"
    started, here = Path(sys.argv[0]).absolute(), Path.cwd()
    return shlex.quote(str(started.relative_to(here) if started.is_relative_to(here) else started))
