"""`sonica demo`: the whole of Sonica in a few seconds, without any music of one's own."""

import shlex
from pathlib import Path

import typer

from sonica.audio import Tags, decode, write_audio
from sonica.audio.compose import compose_song
from sonica.audio.degrade import add_noise, excerpt, play_faster
from sonica.catalogue import Catalogue, find_files
from sonica.cli.card import card
from sonica.cli.console import counted, err, out
from sonica.cli.errors import Exit, draw_failure
from sonica.cli.library import open_recognizer
from sonica.cli.progress import add_with_progress
from sonica.platform.parallel import in_order
from sonica.platform.settings import HOME_VARIABLE, load_settings

SONGS = 12
PLAYED = 6
"""Which of the songs is played at the recogniser."""
START, SECONDS, SPEED, SNR_DB = 18.0, 10.0, 1.1, 5.0
"""What of it, in seconds; how fast; how many decibels above the noise."""


def demo() -> None:
    """Compose a dozen songs, learn them, and name one that plays too fast in a noisy street.

    The songs are written as audio files into the folder `demo` of the data folder, and are added
    to the catalogue. Running it again uses what is there.
    """
    home = load_settings().create_home()
    folder = home / "demo"
    songs = list(in_order(lambda seed: _song_file(folder, seed), range(SONGS)))
    err.print(f"{counted(len(songs), 'song')} in {folder}, composed by Sonica.", soft_wrap=True)
    catalogue = Catalogue(home)
    for outcome in add_with_progress(catalogue, find_files(songs)):
        if outcome.error:
            draw_failure(outcome.error, file=outcome.file)
            raise typer.Exit(Exit.FAILED)
    clip = _clip(songs[PLAYED], home / "demo-excerpt.wav")
    err.print(
        f"Playing {SECONDS:.0f} seconds of one of them, {SPEED:.1f}× as fast, in noise ({SNR_DB:.0f} dB):\n",
    )
    recognizer, known = open_recognizer(home)
    answer = recognizer.file(clip)
    out.print(card(answer, known), soft_wrap=True)
    if answer.song is None or answer.song.path != str(songs[PLAYED]):
        err.print("That is not what was played: please report it, with the output of `sonica --version`.")
        raise typer.Exit(Exit.FAILED)
    _what_next(clip, home)


def _song_file(folder: Path, seed: int) -> Path:
    """The audio file of a song, composed when it is not there yet."""
    path = folder / f"song-{seed + 1:02d}.flac"
    if not path.is_file():
        song = compose_song(seed)
        tags = Tags(title=song.title, artist=song.artist, language=song.language, genre=song.genre)
        write_audio(path, song.samples, song.rate, tags)
    return path


def _clip(song: Path, path: Path) -> Path:
    audio = decode(song)
    heard = play_faster(excerpt(audio.samples, audio.rate, START, SECONDS * SPEED), SPEED)
    write_audio(path, add_noise(heard, SNR_DB), audio.rate)
    return path


def _what_next(clip: Path, home: Path) -> None:
    """What to try with music of one's own."""
    setting = "" if load_settings({}).home == home else f"{HOME_VARIABLE}={shlex.quote(str(home))} "
    err.print("Right. Now with your own music:\n", style="bold")
    err.print(f"  {setting}sonica add ~/Music", soft_wrap=True)
    err.print(f"  {setting}sonica recognize a-clip-of-it.m4a\n", soft_wrap=True)
    err.print(f"What was just played is in {clip}: have a listen.", soft_wrap=True)
