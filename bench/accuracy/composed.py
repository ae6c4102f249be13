"""A small data folder where there is none: songs that Sonica composes, some known and some unknown."""

from pathlib import Path

import numpy as np

from bench.accuracy.files import write_atomically
from bench.accuracy.progress import Progress
from bench.accuracy.sound import RATE, resampled, write_wav
from sonica.audio.compose import compose_song

MADE_NOISE = ("pink", "murmur", "hum", "clatter")
"""Noises that need no other program."""


def compose_data(folder: Path, *, known: int, unknown: int, progress: Progress) -> None:
    """Writes `catalogue/`, `unknown/` and `manifest.csv`; songs that are there already are kept."""
    rows = []
    for number in range(known + unknown):
        part = "catalogue" if number < known else "unknown"
        path = folder / part / f"composed-{number:03d}.wav"
        note = path.with_suffix(".csv")
        if not (path.exists() and note.exists()):
            song = compose_song(number)
            write_wav(path, resampled(song.samples.astype(np.float64), song.rate, RATE))
            with write_atomically(note) as file:
                file.write(f'"{song.title}","{song.artist}",{song.genre},{song.language}')
        rows.append(f"{part}/{path.name},{note.read_text(encoding='utf-8')}\n")
        progress("compose songs", number + 1, known + unknown)
    with write_atomically(folder / "manifest.csv") as file:
        file.write("file,title,artist,genre,language\n")
        file.writelines(rows)
