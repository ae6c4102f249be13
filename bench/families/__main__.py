"""python -m bench.families: composes, asks, shows one table, or prints JSON."""

import dataclasses
import json
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy.progress import shown_progress
from bench.families.catalogue import Size, compose
from bench.families.measure import measure
from bench.families.table import table_of


def main(
    *,
    seed: Annotated[int, typer.Option(help="Families of which; 1 to 11 were tuned with.", min=1)] = 12,
    others: Annotated[int, typer.Option(help="Songs that share nothing.", min=0)] = 36,
    each: Annotated[int, typer.Option(help="Clips of each section, length and condition.", min=1)] = 1,
    masked: Annotated[bool, typer.Option(help="Ask also with the recording itself absent.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a query.")] = False,
    markdown: Annotated[bool, typer.Option(help="Print the table as Markdown.")] = False,
) -> None:
    """Composes families of songs that share material, and asks for what they share and what they do not."""
    with shown_progress() as progress:
        recordings = compose(seed, Size(others=others), progress)
        asked = measure(recordings, seed, each=each, masked=masked, progress=progress)
    if as_json:
        for one in asked:
            print(json.dumps(dataclasses.asdict(one)))
        return
    kin = sum(bool(r.kind) and not r.absent for r in recordings)
    about = f"Seed {seed}: {kin} recordings that share material, among {others} others"
    table = table_of(asked, about)
    if markdown:
        print(table.markdown())
    else:
        table.show(Console())


if __name__ == "__main__":
    typer.run(main)
