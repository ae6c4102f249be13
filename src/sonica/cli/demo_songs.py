"""The songs of the demo: composed into a folder, and one of them played through noise.

As a program (`python -m sonica.cli.demo_songs HOME`) it composes them and adds them to the catalogue in HOME,
for a service that answers meanwhile. It ends when its standard input does, and so with whoever started it.
"""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from sonica.audio import Tags, decode, write_audio
from sonica.audio.compose.demo import PIECES, Piece, compose_demo_song
from sonica.audio.degrade import add_noise, excerpt, play_faster
from sonica.library import Recognizer
from sonica.platform.parallel import in_order

PLAYED = 5
"""Which of the songs is played at the recogniser."""
START, SECONDS, SPEED, SNR_DB = 18.0, 10.0, 1.1, 5.0
"""What of it, in seconds; how fast; how many decibels above the noise."""
COMPOSERS = 4
"""Songs that are composed at a time, at most: each takes about 150 MB while it is mixed."""


def compose_songs(folder: Path) -> Iterator[Path]:
    """The audio files of all pieces, several composed at a time; those that are there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    workers = min(COMPOSERS, len(os.sched_getaffinity(0)))
    return in_order(lambda piece: _song_file(folder, piece), PIECES, workers)


def song_path(folder: Path, piece: Piece) -> Path:
    """Where the audio of a piece is."""
    return folder / f"{piece.number + 1:02d} {piece.latin}.flac"


def _song_file(folder: Path, piece: Piece) -> Path:
    """The audio file of a piece, composed when it is not there yet."""
    path = song_path(folder, piece)
    if not path.is_file():
        song = compose_demo_song(piece.number)
        write_audio(path, song.samples, song.rate, tags_of(piece))
    return path


def tags_of(piece: Piece) -> Tags:
    """What the file of a piece says of it."""
    return Tags(
        title=piece.title,
        artist=piece.artist,
        album=piece.album,
        language=piece.language,
        genre=piece.genre,
        year=piece.year,
    )


def write_clip(song: Path, path: Path) -> Path:
    """Plays some of a song, too fast and in noise, into a file."""
    audio = decode(song)
    heard = play_faster(excerpt(audio.samples, audio.rate, START, SECONDS * SPEED), SPEED)
    write_audio(path, add_noise(heard, SNR_DB), audio.rate)
    return path


def main(home: Path) -> int:
    """Composes, adds, and writes the clip; 1 where one could not be added."""
    folder = home / "demo" / "songs"
    songs = list(compose_songs(folder))
    added = Recognizer(home).add(*songs)
    write_clip(songs[PLAYED], home / "demo" / "excerpt.wav")
    failed = [one for one in added if one.entry is None]
    for one in failed:
        print(f"{one.file}: {one.error.message if one.error else one.status}", file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.stdout.flush()
    status = main(Path(sys.argv[1]))
    sys.stderr.flush()
    os._exit(status)  # the thread still reads
