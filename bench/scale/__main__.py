"""python -m bench.scale: options in, tables, CSV and curves out; `distractors` compares them with songs."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy.everything import DATA
from bench.accuracy.files import write_atomically
from bench.accuracy.made import made_now, write_made
from bench.accuracy.options import data_folder, told_errors
from bench.accuracy.progress import shown_progress
from bench.accuracy.score import Policy
from bench.accuracy.system import Sonica
from bench.accuracy.tables import Table
from bench.accuracy.truth import BadTableError
from bench.scale.catalogue import GIB, Recipe, cores, sizes_up_to
from bench.scale.ground import Ground, prepare
from bench.scale.honest import compare, table_of
from bench.scale.measure import Place, measure
from bench.scale.table import chart_of, cost_chart_of, tables_of, write_csv
from bench.speed.machine import machine

app = typer.Typer(
    add_completion=False, no_args_is_help=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
QueriesOption = Annotated[
    Path | None,
    typer.Option("--queries", help="A query set of bench.accuracy. Default: a small one is made."),
]
SeedOption = Annotated[int, typer.Option("--seed", help="Of chance in the distractors.", min=0)]
DataOption = Annotated[Path, typer.Option("--data", help="Folder for queries, packs and answers.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
MarkdownOption = Annotated[bool, typer.Option("--markdown", help="Print the tables as Markdown.")]


@told_errors
def curve(
    *,
    songs: int,
    seconds: float,
    profile: str,
    queries: Path | None,
    seed: int,
    budget_gib: float,
    data: Path,
    out: Path | None,
    as_json: bool,
    markdown: bool,
) -> None:
    """Measures at each size and tells."""
    if profile not in ("full", "lite"):
        raise BadTableError(f"--profile {profile}: give full or lite")
    with shown_progress() as told:
        ground = prepare(eval_data=data_folder(), data=data, queries=queries, progress=told, jobs=cores())
        recipe = recipe_of(ground, seconds, profile, seed)
        place = Place(data / "scale", budget_gib * GIB, cores())
        sizes = sizes_up_to(songs, len(recipe.songs))
        rows = measure(ground, recipe, sizes, place, policy=Policy(), progress=told)
    here = machine()
    about = about_of(ground, recipe)
    if out is not None:
        write_csv(out / "scale.csv", rows)
        write_made(out, made_now(engine=Sonica().identity()))
        for name, chart in (("scale.svg", chart_of(rows)), ("scale-cost.svg", cost_chart_of(rows))):
            with write_atomically(out / name) as file:
                file.write(chart)
    if as_json:
        print(json.dumps({"machine": here, "about": about, "sizes": rows}, indent=1))
    else:
        tell(tables_of(rows, about, here), markdown=markdown)
        if out is not None:
            print(f"written: {out / 'scale.csv'}, scale.svg, scale-cost.svg")


def recipe_of(ground: Ground, seconds: float, profile: str, seed: int) -> Recipe:
    """The catalogue over this ground."""
    return Recipe(ground.material.songs, [print_ for _, print_ in ground.sources], seconds, profile, seed)


def about_of(ground: Ground, recipe: Recipe) -> str:
    """What was asked of what, in sentences."""
    return (
        f"{len(recipe.songs)} real songs, the others distractors of {recipe.seconds:g} s made of "
        f"{len(recipe.sources)} of them that nobody asks for (seed {recipe.seed}); {recipe.profile} packs. "
        f"{ground.remark}"
    )


def tell(tables: list[Table], *, markdown: bool) -> None:
    """On the terminal, or as Markdown."""
    for table in tables:
        if markdown:
            print(table.markdown())
        else:
            table.show(Console())


@app.callback(invoke_without_command=True)
def _default(
    context: typer.Context,
    *,
    songs: Annotated[
        int, typer.Option(help="Of the largest catalogue; powers of ten up to it.", min=1)
    ] = 10_000,
    seconds: Annotated[float, typer.Option(help="Length of a distractor.", min=5, max=3_600)] = 60,
    profile: Annotated[str, typer.Option(help="Of the packs: full or lite.")] = "full",
    queries: QueriesOption = None,
    seed: SeedOption = 0,
    budget_gib: Annotated[float, typer.Option(help="Most that the packs may take on the disk, GiB.")] = 40,
    data: DataOption = DATA,
    out: Annotated[Path | None, typer.Option(help="Folder for scale.csv and curves (SVG).")] = None,
    as_json: JsonOption = False,
    markdown: MarkdownOption = False,
) -> None:
    """Accuracy, time, postings and memory by the size of the catalogue. Interrupt and repeat it freely."""
    if context.invoked_subcommand is None:
        curve(
            songs=songs,
            seconds=seconds,
            profile=profile,
            queries=queries,
            seed=seed,
            budget_gib=budget_gib,
            data=data,
            out=out,
            as_json=as_json,
            markdown=markdown,
        )


@app.command("distractors")
@told_errors
def distractors_command(
    *,
    songs: Annotated[int, typer.Option(help="At most so many, and as many distractors.", min=2)] = 200,
    queries: QueriesOption = None,
    seed: SeedOption = 0,
    data: DataOption = DATA,
    as_json: JsonOption = False,
    markdown: MarkdownOption = False,
) -> None:
    """Are distractors as songs are? Keys, lists and best wrong scores of both, side by side."""
    with shown_progress() as told:
        ground = prepare(eval_data=data_folder(), data=data, queries=queries, progress=told, jobs=cores())
        heard = ground.material.heard
        ours, made = compare([print_ for _, print_ in ground.sources][:songs], heard, seed, told)
    if as_json:
        print(json.dumps({"songs": asdict(ours), "distractors": asdict(made)}, indent=1))
    else:
        tell([table_of(ours, made, len(heard))], markdown=markdown)
        print(ground.remark)


if __name__ == "__main__":
    app()
