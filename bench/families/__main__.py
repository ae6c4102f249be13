"""python -m bench.families: composes, asks, shows one table, or prints JSON."""

import dataclasses
import json
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy.commands import shown_progress
from bench.families.catalogue import Size
from bench.families.measure import measure
from bench.families.table import table_of


def main(
    *,
    seed: Annotated[int, typer.Option(help="Other families for another seed; 1 is for reports.", min=1)] = 1,
    others: Annotated[int, typer.Option(help="Songs that share nothing.", min=0)] = 36,
    each: Annotated[int, typer.Option(help="Clips of each section, length and condition.", min=1)] = 1,
    masked: Annotated[bool, typer.Option(help="Ask also with the recording itself absent.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a query.")] = False,
    markdown: Annotated[bool, typer.Option(help="Print the table as Markdown.")] = False,
) -> None:
    """Composes families of songs that share material, and asks for what they share and what they do not."""
    with shown_progress() as progress:
        asked = measure(seed, Size(others=others), each=each, masked=masked, progress=progress)
    if as_json:
        for one in asked:
            print(json.dumps(dataclasses.asdict(one)))
        return
    recordings = len({a.recording for a in asked})
    about = f"Seed {seed}: {recordings} recordings that share material, among {others} others"
    table = table_of(asked, about)
    if markdown:
        print(table.markdown())
    else:
        table.show(Console())


if __name__ == "__main__":
    typer.run(main)
