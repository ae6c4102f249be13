"""python -m bench.speed: measures, shows one table, or prints JSON."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy.files import audio_files
from bench.accuracy.options import data_file, songs_folder
from bench.accuracy.truth import BadTableError
from bench.speed.machine import machine, on_one_core
from bench.speed.measure import composed_songs, measure, recorded_songs
from bench.speed.slowest import slowest
from bench.speed.table import table_of

SET_QUERIES = 400
"""Of a query set; spread evenly over it."""


def main(
    *,
    songs: Annotated[
        Path | None, typer.Option(help="Folder of songs. Default: $SONICA_EVAL_DATA, else composed ones.")
    ] = None,
    count: Annotated[int, typer.Option(help="At most so many songs.")] = 24,
    queries: Annotated[int, typer.Option(help="Queries of each kind.")] = 100,
    asked: Annotated[
        Path | None,
        typer.Option("--query-set", help="Also time queries of this set against all songs, one by one."),
    ] = None,
    seconds: Annotated[float, typer.Option(help="At most so long for the queries of one kind.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fingerprints, packs and queries on one core, beside a plain spectrogram of the same sound."""
    try:
        folder = songs or data_file("catalogue")
        files = audio_files(folder)[:count] if folder else []
        if folder and not files:
            raise BadTableError(f"no audio files in {folder}")  # noqa: TRY301 (told like those of the reader)
        music = recorded_songs(files) if files else composed_songs(count)
        with on_one_core():
            result = measure(music, queries=queries, seconds=seconds)
            if asked:
                result["query_set"] = slowest(asked, songs_folder(songs), most=SET_QUERIES)
    except BadTableError as error:
        sys.exit(f"error: {error}")
    about = {**machine(), "music": f"{len(music)} songs, {'recorded' if files else 'composed'}"}
    if as_json:
        print(json.dumps({"machine": about, **result}, indent=1))
    else:
        table_of(about, result).show(Console())


if __name__ == "__main__":
    typer.run(main)
