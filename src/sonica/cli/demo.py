"""`sonica demo`: the whole of Sonica in half a minute, without any music of one's own."""

import os
import shlex
import shutil
import sys
from pathlib import Path

import typer

from sonica.audio import Tags, decode, write_audio
from sonica.audio.compose.demo import PIECES, Piece, compose_demo_song
from sonica.audio.degrade import add_noise, excerpt, play_faster
from sonica.catalogue import Added, Catalogue, Entry, find_files
from sonica.cli.card import card
from sonica.cli.console import counted, err, out
from sonica.cli.errors import Exit, draw_failure
from sonica.cli.progress import add_with_progress, with_progress
from sonica.library import Recognizer
from sonica.platform.parallel import in_order
from sonica.platform.settings import load_settings

PLAYED = 5
"""Which of the songs is played at the recogniser."""
START, SECONDS, SPEED, SNR_DB = 18.0, 10.0, 1.1, 5.0
"""What of it, in seconds; how fast; how many decibels above the noise."""
COMPOSERS = 4
"""Songs that are composed at a time, at most: each takes about 150 MB while it is mixed."""


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
    songs = _songs(home / "songs")
    err.print(f"{counted(len(songs), 'song')} in {home / 'songs'}, composed by Sonica.", soft_wrap=True)
    entries = [_entry(outcome) for outcome in add_with_progress(Catalogue(home), find_files(songs))]
    clip = _clip(songs[PLAYED], home / "excerpt.wav")
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


def _songs(folder: Path) -> list[Path]:
    """The audio files of all pieces, several composed at a time."""
    workers = min(COMPOSERS, len(os.sched_getaffinity(0)))
    composed = in_order(lambda piece: _song_file(folder, piece), PIECES, workers)
    return list(with_progress(composed, len(PIECES), "Composing"))


def _song_file(folder: Path, piece: Piece) -> Path:
    """The audio file of a piece, composed when it is not there yet."""
    path = folder / f"{piece.number + 1:02d} {piece.latin}.flac"
    if not path.is_file():
        song = compose_demo_song(piece.number)
        tags = Tags(
            title=piece.title,
            artist=piece.artist,
            album=piece.album,
            language=piece.language,
            genre=piece.genre,
            year=piece.year,
        )
        write_audio(path, song.samples, song.rate, tags)
    return path


def _clip(song: Path, path: Path) -> Path:
    audio = decode(song)
    heard = play_faster(excerpt(audio.samples, audio.rate, START, SECONDS * SPEED), SPEED)
    write_audio(path, add_noise(heard, SNR_DB), audio.rate)
    return path


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
