"""python -m bench.collection: measures, shows one table, or prints JSON."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy.files import audio_files
from bench.accuracy.progress import shown_progress
from bench.accuracy.tables import Table
from bench.collection.adding import composed_files, rates
from bench.collection.merging import while_merging
from bench.collection.opening import large_catalogue, opening
from bench.speed.machine import machine


def main(
    *,
    songs: Annotated[
        Path | None, typer.Option(help="Folder of audio files to add; without one, composed MP3 files.")
    ] = None,
    count: Annotated[int, typer.Option(help="Files that are added, at most.", min=2)] = 24,
    known: Annotated[int, typer.Option(help="Recordings of the large catalogue.", min=1)] = 10_000,
    runs: Annotated[int, typer.Option(help="Of each command, of which the median is told.", min=1)] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Adds files on all cores, and asks a catalogue of thousands of songs in fresh processes."""
    with tempfile.TemporaryDirectory() as folder, shown_progress() as progress:
        home = Path(folder)
        files = audio_files(songs)[:count] if songs else composed_files(home / "music", count, progress)
        added = rates(files, home)
        large_catalogue(home / "large", files, known, progress)
        merged = while_merging(home / "large", files, progress)
        opened = opening(home / "large", files[0], runs)
    about = {**machine(), "files": len(files), "known": known}
    if as_json:
        print(json.dumps({"machine": about, **added, **merged, **opened}, indent=1))
        return
    bound = f"{added['ratio']:.0%} of 1/(1/decoder + 1/fingerprint)"
    rows: list[list[str] | None] = [
        ["decoder alone", f"{added['decoder']:,.0f} × real time", ""],
        ["fingerprint alone", f"{added['fingerprint']:,.0f} × real time", ""],
        ["add", f"{added['add']:,.0f} × real time", bound],
        ["add, without looking for duplicates", f"{added['add_no_dedupe']:,.0f} × real time", ""],
        None,
        *_merging(merged),
        None,
        [f"open {known:,} recordings", f"{opened['open_ms']:.0f} ms", f"{opened['packs']:.0f} packs"],
        ["recognize a file, process start included", f"{opened['recognize_ms']:.0f} ms", ""],
        ["the same with an empty catalogue", f"{opened['empty_ms']:.0f} ms", ""],
        ["data folder", f"{opened['bytes'] / 1e6:,.0f} MB", f"{opened['bytes_a_second']:.0f} bytes a second"],
    ]
    note = (
        f"{about['cores']} cores of {about['processor']}, load {about['load']}; {len(files)} files, "
        f"{added['music_s'] / 60:.0f} min. The other songs of the large catalogue are made of pieces of "
        "theirs. Decoding alone is in processes, as it is when adding; files are in the page cache."
    )
    Table("A collection", ["what", "figure", ""], rows, note).show(Console())


def _merging(told: Mapping[str, float]) -> Iterator[list[str]]:
    became = f"{told['packs_before']:.0f} packs to {told['packs_after']:.0f}, {told['merge_s']:.1f} s"
    named = {
        "alone": ("before packs are merged", ""),
        "merging": ("while they are", became),
        "merged": ("afterwards", ""),
    }
    for name, (when, why) in named.items():
        took = f"{told[f'{name}_p50_ms']:.1f} / {told[f'{name}_p99_ms']:.1f} ms"
        yield [f"a query {when}, p50 / p99", took, why]


if __name__ == "__main__":
    typer.run(main)
