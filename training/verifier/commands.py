"""The command line of the verifier's training."""

import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import sklearn
import typer
from bench.accuracy.degrade.tools import ToolError
from bench.accuracy.options import DATA_VARIABLE, data_file, data_folder
from bench.accuracy.progress import Progress, shown_progress
from bench.accuracy.truth import BadTableError
from rich.console import Console

from training.verifier.asks import Asks
from training.verifier.collect import collect
from training.verifier.report import tables, write_report
from training.verifier.sets import (
    BENCH,
    DATA,
    DEGRADATIONS,
    FOUND,
    RESULTS,
    SEED,
    SONGS,
    QuerySet,
    Relations,
    composed_set,
    tuning_set,
)
from training.verifier.train import Trained, train
from training.verifier.write import TABLE, read_table, table_text, write_table

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
COMPOSED_REMARK = (
    "These songs are Sonica's own, so that this table is for trying out only: composed songs are cleaner and "
    "more alike than music."
)


@app.command()
def main(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report; write no table.")] = False,
    install: Annotated[
        bool, typer.Option("--install", help="Write the table although it was learned from composed songs.")
    ] = False,
    queries: Annotated[
        Path | None, typer.Option(help="A query set that is there already, of the data folder's songs.")
    ] = None,
    songs: Annotated[
        Path | None, typer.Option(help=f"Folder of the songs to index. Default: of ${DATA_VARIABLE}.")
    ] = None,
    related: Annotated[
        Path | None, typer.Option(help="One more CSV of related songs (a, b, why), beside the known ones.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the query set, if it is made here; not 1.", min=2)] = SEED,
    ask: Annotated[int, typer.Option(help="Songs of the query set, if it is made here.", min=5)] = SONGS,
    degradations: Annotated[str, typer.Option(help="Other degradations, with commas: for experiments.")] = "",
    every: Annotated[int, typer.Option(help="Learn from every so many-th song only.", min=1)] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder of the report.")] = None,
) -> None:
    """Learn the verifier's trees, calibrate them on held-out songs, and write the engine's table.

    Interrupt freely: what was collected is kept. On songs of SONICA_EVAL_DATA that no report uses;
    without it, on composed ones, for trying out.
    """
    try:
        names = tuple(degradations.split(",")) if degradations else DEGRADATIONS
        options = Options(queries, songs, related, seed, ask, names, every, out)
        _main(options, dry_run=dry_run, install=install)
    except (BadTableError, ToolError, ValueError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit("interrupted: what is done is kept, the same command goes on from here")


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    queries: Path | None
    songs: Path | None
    related: Path | None
    seed: int
    ask: int
    degradations: tuple[str, ...]
    every: int
    out: Path | None

    @property
    def composed(self) -> bool:
        """Whether there is no music to learn from."""
        return self.queries is None and data_folder() is None


def _main(options: Options, *, dry_run: bool, install: bool) -> None:
    console = Console()
    kin = Relations(data_file("related.csv"), FOUND, options.related)
    before = TABLE.read_text(encoding="utf-8")
    present = read_table(before).forest
    if options.composed:
        console.print(COMPOSED_REMARK)
    with shown_progress() as told:
        found = _query_set(options, told)
        asks = collect(found.queries, found.songs, kin, DATA / "training", every=options.every, progress=told)
        trained = train(asks, kin, present, progress=told)
    notes = provenance(trained, asks, seed=_seed(found.queries, options.seed), composed=options.composed)
    text = table_text(trained.table, notes, before=before)
    folder = options.out or (DATA / "verifier-composed" if options.composed else RESULTS)
    made = tables(trained)
    for table in made:
        table.show(console)
    write_report(folder, trained, notes, made)
    console.print(f"written: {folder / 'report.md'}", soft_wrap=True)
    if dry_run or (options.composed and not install):
        why = "--dry-run" if dry_run else "composed songs; --install writes it all the same"
        console.print(f"The engine's table stays as it is ({why}).")
        return
    write_table(text)
    console.print(f"written: {TABLE.relative_to(BENCH.parent)}")


def _query_set(options: Options, progress: Progress) -> QuerySet:
    if options.composed:
        return composed_set(DATA, options.seed, progress)
    if options.queries is None:
        return tuning_set(data_folder() or Path(), options.seed, options.ask, options.degradations, progress)
    songs = options.songs or data_file("catalogue")
    if songs is None:
        raise BadTableError(f"give --songs FOLDER, those of which {options.queries} was made")
    return QuerySet(options.queries, songs)


def _seed(queries: Path, made_with: int) -> int:
    """The seed of a set that was made here before, or just now."""
    note = queries / "set.json"
    return int(json.loads(note.read_text(encoding="utf-8"))["seed"]) if note.exists() else made_with


def provenance(trained: Trained, asks: Asks, *, seed: int, composed: bool) -> Sequence[str]:
    """Where the table comes from, in sentences; no paths."""
    known = ~trained.asks.masked
    songs = len(np.unique(trained.asks.song_of))
    source = "songs that Sonica composes, for trying out" if composed else "songs that no report uses"
    degradations = len(set(asks.degradation))
    count, day = len(trained.table.forest.trees), dt.datetime.now(tz=dt.UTC).date()
    made = f"{count} boosted trees of two questions each, made by `make train` on {day} with scikit-learn "
    learned = (
        f"Learned from {int(known.sum())} queries of {songs} {source} ({degradations} degradations, seed "
        f"{seed}), each asked plain and with its own song and relatives masked, among "
        f"{len(trained.asks.songs)} songs; calibrated on scores out of fold."
    )
    return f"{made}{sklearn.__version__}.", learned
