"""The command line of the accuracy bench: options in, one call out. What asks is here; see also `tell.py`."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy import tell
from bench.accuracy.degrade import HARDER, STANDARD, STRANGERS
from bench.accuracy.everything import DATA, RESULTS, measure
from bench.accuracy.made import read_made, said, truth_mark
from bench.accuracy.material import Wanted
from bench.accuracy.options import (
    DATA_VARIABLE,
    USUAL_LOOKS,
    CacheOption,
    EveryOption,
    FalseAcceptsOption,
    MadeOption,
    MaskedOption,
    QueriesOption,
    RelatedOption,
    SongsOption,
    data_file,
    data_folder,
    judged_answers,
    relatives,
    seconds,
    songs_folder,
    told_errors,
    whole_numbers,
)
from bench.accuracy.progress import shown_progress
from bench.accuracy.queries import LONGEST_S, Plan, make_queries
from bench.accuracy.run import run
from bench.accuracy.score import Policy
from bench.accuracy.sessions import write_sessions
from bench.accuracy.sizes import SIZES, ask_sizes, write_sizes
from bench.accuracy.sources import Sources, Split, choose
from bench.accuracy.system import Sonica

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command("queries")
@told_errors
def queries_command(
    *,
    out: Annotated[Path, typer.Option(help="Folder for the WAV files and truth.csv.")],
    songs: Annotated[
        Path | None, typer.Option(help=f"Folder of songs. Default: of ${DATA_VARIABLE}.")
    ] = None,
    unknown: Annotated[Path | None, typer.Option(help="Folder of songs that will not be indexed.")] = None,
    noise: Annotated[Path | None, typer.Option(help="Folder of recorded noise.")] = None,
    rooms: Annotated[Path | None, typer.Option(help="Folder of impulse responses, used for tuning.")] = None,
    split: Annotated[Split, typer.Option(help="Parts that share no song, noise or room.")] = Split.REPORT,
    seed: Annotated[int, typer.Option(help="1 for reports, any other for tuning.")] = 1,
    ask: Annotated[int, typer.Option(help="At most so many songs.")] = 50,
    excerpts: Annotated[int, typer.Option(help="Excerpts of each song.")] = 1,
    degradations: Annotated[str, typer.Option(help="standard, harder, all, or names with commas.")] = "all",
    lengths: Annotated[str, typer.Option(help="Clip lengths, whole seconds; 15 for sessions.")] = "10,5,3",
    short: Annotated[bool, typer.Option(help="Also 2 s and 1 s, clean and at 5 dB.")] = True,
    jobs: Annotated[int, typer.Option(help="Processes.")] = os.cpu_count() or 1,
) -> None:
    """Make a query set. Deterministic; interrupt and repeat, or widen it: what exists is kept."""
    folder = songs_folder(songs)
    if songs is None:
        unknown, noise = unknown or data_file("unknown"), noise or data_file("noise")
        rooms = rooms or data_file("rooms")
    chosen = choose(Sources(folder, unknown, noise, rooms), split, seed, ask)
    named = {"standard": STANDARD, "harder": HARDER, "all": STANDARD + HARDER}
    names = named.get(degradations) or tuple(degradations.split(","))
    clips = whole_numbers("--lengths", lengths, LONGEST_S)
    plan = Plan(chosen, names, STRANGERS, clips, excerpts, short=short)
    with shown_progress() as told:
        made = make_queries(plan, out, jobs=jobs, progress=told)
    print(f"{len(made)} queries: {out}")


@app.command("run")
@told_errors
def run_command(
    *,
    queries: QueriesOption,
    out: Annotated[Path, typer.Option(help="Folder for answers.csv, masked.csv and run.json.")],
    songs: SongsOption = None,
    related: RelatedOption = None,
    every: EveryOption = 1,
    masked: MaskedOption = True,
    exhaustive: Annotated[bool, typer.Option(help="Try every hypothesis for every query.")] = False,
    cache: CacheOption = None,
) -> None:
    """Index songs and answer every query. Interrupt freely: answers of the same engine are kept."""
    wanted = Wanted(queries, songs_folder(songs), relatives(related), every, cache=cache)
    with shown_progress() as told:
        run(Sonica(exhaustive=exhaustive), wanted, out, masked=masked, progress=told)
    print(f"answers: {out}\nnext:    python -m bench.accuracy report --queries {queries} sonica={out}")


@app.command("sessions")
@told_errors
def sessions_command(
    *,
    queries: QueriesOption,
    out: Annotated[Path, typer.Option(help="Folder for answers and sessions.md, .json and .svg.")],
    songs: SongsOption = None,
    related: RelatedOption = None,
    every: EveryOption = 1,
    masked: MaskedOption = True,
    looks: Annotated[str, typer.Option(help="Seconds heard at each look, with commas.")] = USUAL_LOOKS,
    false_accepts: FalseAcceptsOption = 0.1,
    cache: CacheOption = None,
    made: MadeOption = None,
) -> None:
    """Ask every clip again and again while it plays, and report whole sessions. Needs clips of 15 s."""
    kin, at = relatives(related), seconds(looks)
    wanted = Wanted(queries, songs_folder(songs), kin, every, at, cache)
    with shown_progress() as told:
        run(Sonica(), wanted, out, masked=masked, progress=told)
    policy = Policy(false_accepts / 100)
    noted = {**read_made(out), "queries": truth_mark(queries), **said(made or [])}
    for table in write_sessions(out, judged_answers([str(out)], queries, kin, policy, at), policy, noted):
        table.show(Console())
    print(f"written: {out / 'sessions.md'}, sessions.json, sessions.svg, rows.csv, made.json")


@app.command("sizes")
@told_errors
def sizes_command(
    *,
    queries: QueriesOption,
    out: Annotated[Path, typer.Option(help="Folder for the answers by size, sizes.md and sizes.json.")],
    songs: SongsOption = None,
    related: RelatedOption = None,
    every: EveryOption = 1,
    sizes: Annotated[str, typer.Option(help="Songs in the catalogue, with commas.")] = ",".join(
        map(str, SIZES)
    ),
    false_accepts: FalseAcceptsOption = 0.1,
    cache: CacheOption = None,
) -> None:
    """Ask the same queries of random nested parts of the catalogue."""
    kin, wanted_sizes = relatives(related), whole_numbers("--sizes", sizes, 10**6)
    with shown_progress() as told:
        ask_sizes(
            Sonica(), Wanted(queries, songs_folder(songs), kin, every, cache=cache), wanted_sizes, out, told
        )
    write_sizes(out, queries, kin, wanted_sizes, Policy(false_accepts / 100)).show(Console())
    print(f"written: {out / 'sizes.md'}, sizes.json")


@app.command("all")
@told_errors
def all_command(
    *,
    ask: Annotated[int, typer.Option(help="Songs to ask for; 50 for figures that one may quote.")] = 6,
    data: Annotated[Path, typer.Option(help="Folder for query sets and composed songs.")] = DATA,
    out: Annotated[Path, typer.Option(help="Folder for answers and the report.")] = RESULTS,
) -> None:
    """Make queries, answer them, report. Without a data folder: on songs that Sonica composes."""
    console = Console()
    with shown_progress() as told:
        made = measure(ask=ask, eval_data=data_folder(), data=data, out=out, progress=told)
    for table in made.tables:
        table.show(console)
    console.print(f"written: {out / 'report.md'}, report.json. {made.remark}", soft_wrap=True)


@app.callback(invoke_without_command=True)
def _default(context: typer.Context) -> None:
    """Measures how often Sonica is right, and how often it is wrong. Without a command: `all`."""
    if context.invoked_subcommand is None:
        context.invoke(all_command, ask=6, data=DATA, out=RESULTS)


tell.add_to(app)
