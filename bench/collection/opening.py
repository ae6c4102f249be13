"""How soon a large catalogue answers, from a process that has just begun."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.accuracy.progress import Progress
from bench.distractors import Distractors
from sonica import _engine
from sonica.audio import listen
from sonica.catalogue import About
from sonica.catalogue.ingest import Found, Prepared
from sonica.catalogue.store import Store

BATCH = 500
SONG_S = 240.0
"""Length of the songs that are made."""
OPEN = """
import sys, time
from pathlib import Path
from sonica.catalogue import Catalogue
begun = time.perf_counter()
packs, _ = Catalogue(Path(sys.argv[1])).open_packs()
print(1000 * (time.perf_counter() - begun), len(packs))
"""


def large_catalogue(home: Path, files: Sequence[Path], count: int, progress: Progress) -> None:
    """A data folder with `count` recordings: the files, and songs made of pieces of all but the first.

    In many packs, which nobody has merged yet.
    """
    prints = [listen(path).fingerprint for path in files]
    seconds = [_engine.read_fingerprint(print_).duration_s for print_ in prints]
    distractors = Distractors(prints[1:])

    def fingerprint(number: int) -> bytes:
        return prints[number] if number < len(prints) else distractors.make(number, SONG_S)

    store = Store(home)
    for begin in range(0, count, BATCH):
        numbers = range(begin, min(count, begin + BATCH))
        items = [
            Prepared(
                Found(Path(f"/music/{number // 12:04d}/{number:06d}.mp3")),
                f"{number:032x}",
                About(title=f"गीत {number}", artist=f"गायक {number % 300}", language="hi", year=1990),
                fingerprint(number),
                seconds[number] if number < len(prints) else SONG_S,
            )
            for number in numbers
        ]
        store.change(lambda change: [change.take(item) for item in items])  # noqa: B023  called at once
        progress("make a large catalogue", numbers.stop, count)


def opening(home: Path, clip: Path, runs: int) -> dict[str, float]:
    """Medians: `open_ms` in a process that is ready, `recognize_ms` of a command from start to end."""
    opened = [_said([sys.executable, "-c", OPEN, str(home)]) for _ in range(runs)]
    sonica = Path(sys.executable).with_name("sonica")
    took = [_wall([str(sonica), "recognize", "--json", str(clip)], home) for _ in range(runs)]
    empty = [_wall([str(sonica), "recognize", "--json", str(clip)], home / "none") for _ in range(runs)]
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    state = Store(home).read()
    music = sum(recording.duration_s for recording in state.recordings.values())
    return {
        "open_ms": statistics.median(one[0] for one in opened),
        "packs": opened[0][1],
        "recognize_ms": statistics.median(took),
        "empty_ms": statistics.median(empty),
        "bytes": float(size),
        "bytes_a_second": size / music,
    }


def _said(command: Sequence[str]) -> list[float]:
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return [float(word) for word in ran.stdout.split()]


def _wall(command: Sequence[str], home: Path) -> float:
    begun = time.perf_counter()
    environment = {**os.environ, "SONICA_HOME": str(home)}
    subprocess.run(command, capture_output=True, check=True, env=environment)
    return 1000 * (time.perf_counter() - begun)
