"""python -m bench.mixes: makes mixes, scans them, shows tables, or prints JSON."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy.files import write_atomically
from bench.accuracy.options import data_folder, told_errors
from bench.accuracy.progress import shown_progress
from bench.accuracy.sources import REPORT_SEED, Split
from bench.mixes.measure import Invented, Kept, invented, measure
from bench.mixes.mix import Recipe
from bench.mixes.score import Judged
from bench.mixes.songs import composed, real
from bench.mixes.table import tables_of

DATA = Path("bench/data/mixes")


@told_errors
def main(
    *,
    split: Annotated[Split, typer.Option(help="Songs of SONICA_EVAL_DATA: for reports, or for tuning.")] = (
        Split.REPORT
    ),
    seed: Annotated[
        int, typer.Option(help="Of all that chance chooses: 1 for reports, others for tuning.", min=1)
    ] = REPORT_SEED,
    mixes: Annotated[int, typer.Option(help="How many; each has eight songs.", min=1)] = 24,
    hours: Annotated[float, typer.Option(help="Of music that the catalogue lacks.", min=0)] = 10.0,
    songs: Annotated[int, typer.Option(help="How many are composed where there are no data.", min=8)] = 24,
    data: Annotated[Path, typer.Option(help="Folder where what was made is kept.")] = DATA,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a song.")] = False,
    markdown: Annotated[bool, typer.Option(help="Print the tables as Markdown.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for report.md and songs.jsonl.")] = None,
) -> None:
    """Makes mixes of songs and scans them: which are found, how exactly, and what is invented.

    Without SONICA_EVAL_DATA it composes the songs. What was made is kept, so that the same command goes on
    where it was interrupted, and later scans again only.
    """
    folder = data_folder()
    with shown_progress() as progress:
        if folder:
            material = real(folder, split, seed, data, progress)
        else:
            material = composed(songs, songs // 2, progress)
        kept = Kept(data, split if folder else f"composed-{songs}", Recipe(), seed)
        judged = measure(material, kept, mixes, progress)
        strangers = invented(material, kept, hours, progress)
    about = f"{mixes} mixes, seed {seed}: {material.about}."
    tables = tables_of(judged, strangers, about)
    if out:
        with write_atomically(out / "report.md") as file:
            file.write("# Mixes\n\n" + "\n".join(table.markdown() for table in tables))
        with write_atomically(out / "songs.jsonl") as file:
            file.writelines(f"{line}\n" for line in lines_of(judged, strangers))
    if as_json:
        print("\n".join(lines_of(judged, strangers)))
    elif markdown:
        print("\n".join(table.markdown() for table in tables))
    else:
        for table in tables:
            table.show(Console())


def lines_of(judged: Judged, strangers: Invented) -> list[str]:
    """JSON objects: each song that plays, then what was told wrongly in mixes and among strangers."""
    said = [{"mix": s.mix, "found": s.found, **dataclasses.asdict(s)} for s in judged.songs]
    said += [{"mix": mix, "wrong": dataclasses.asdict(one)} for mix, one in judged.wrong]
    said += [{"invented": dataclasses.asdict(one)} for one in strangers.told]
    return [json.dumps(one) for one in said]


if __name__ == "__main__":
    typer.run(main)
