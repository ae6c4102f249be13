"""The command line of the accuracy bench: options in, one call out."""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, ParamSpec

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.accuracy import peers
from bench.accuracy.answers import read_answers
from bench.accuracy.report import write_report
from bench.accuracy.run import Progress as Told
from bench.accuracy.run import run
from bench.accuracy.score import Judged, Kind, Policy, judge
from bench.accuracy.system import Sonica
from bench.accuracy.truth import BadTableError, Relatives, read_manifest, read_truth

app = typer.Typer(
    help="Measures how often Sonica is right, and how often it is wrong. Without a command: all of it.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
P = ParamSpec("P")

DATA_VARIABLE = "SONICA_EVAL_DATA"
QueriesOption = Annotated[
    Path, typer.Option("--queries", help="Folder of a query set (truth.csv and WAV files).")
]
RelatedOption = Annotated[
    Path | None, typer.Option(help=f"CSV of related songs (a, b). Default: related.csv of ${DATA_VARIABLE}.")
]
AnswersArgument = Annotated[
    list[str],
    typer.Argument(metavar="NAME=ANSWERS...", help="Answers of one system each: a CSV file or a folder."),
]


def _told_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Errors of input end the command with a sentence, not with a stack of calls."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except BadTableError as error:
            sys.exit(f"error: {error}")
        except KeyboardInterrupt:
            sys.exit("interrupted: what is done is kept, the same command goes on from here")

    return told


def data_file(name: str) -> Path | None:
    """A file of the folder that SONICA_EVAL_DATA names, if both are there."""
    folder = os.environ.get(DATA_VARIABLE)
    path = Path(folder, name) if folder else None
    return path if path and path.exists() else None


@contextmanager
def shown_progress() -> Iterator[Told]:
    """A progress bar for each kind of work."""
    bar = Progress(
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
    )
    tasks = {}

    def told(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    with bar:
        yield told


@app.command("run")
@_told_errors
def run_command(
    *,
    queries: QueriesOption,
    songs: Annotated[Path, typer.Option(help="Folder of the songs to index.")],
    out: Annotated[Path, typer.Option(help="Folder for answers.csv, masked.csv and run.json.")],
    related: RelatedOption = None,
    masked: Annotated[
        bool, typer.Option(help="Ask again with the own song and its relatives absent.")
    ] = True,
    exhaustive: Annotated[bool, typer.Option(help="Try every hypothesis for every query.")] = False,
    cache: Annotated[
        Path | None, typer.Option(help="Folder for fingerprints. Default: in that of the queries.")
    ] = None,
) -> None:
    """Index songs and answer every query. Interrupt freely: answers of the same engine are kept."""
    kin = Relatives.read(related or data_file("related.csv"))
    with shown_progress() as told:
        run(
            Sonica(exhaustive=exhaustive),
            queries,
            songs,
            out,
            relatives=kin,
            masked=masked,
            cache=cache,
            progress=told,
        )
    print(f"answers: {out}\nnext:    python -m bench.accuracy report --queries {queries} sonica={out}")


@app.command("report")
@_told_errors
def report_command(
    *,
    answers: AnswersArgument,
    queries: QueriesOption,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for report.md, report.json, charts. Default: with the answers."),
    ] = None,
    false_accepts: Annotated[float, typer.Option(help="Percent of strangers that may pass.")] = 0.1,
    at_most: Annotated[
        int | None, typer.Option(help="Or: how many strangers of each length may pass.")
    ] = None,
    per_length: Annotated[
        bool, typer.Option("--per-length/--one-threshold", help="A threshold a clip length, or one.")
    ] = True,
    strangers: Annotated[
        str, typer.Option(help="Who sets the threshold: any of songs, noise, masked.")
    ] = "songs,noise,masked",
    related: RelatedOption = None,
    manifest: Annotated[
        Path | None, typer.Option(help="CSV with file, language, genre. Default: of the data folder.")
    ] = None,
) -> None:
    """Hit rates at equal false accepts, wrong names, false accepts; report.md, report.json, charts."""
    policy = Policy(false_accepts / 100, at_most, per_length, _kinds(strangers))
    systems = _judge_all(answers, queries, related, policy)
    first = Path(answers[0].partition("=")[2])
    folder = out or (first if first.is_dir() else first.parent)
    console = Console()
    rows = read_manifest(manifest or data_file("manifest.csv"))
    for table in write_report(folder, systems, rows, policy):
        table.show(console)
    console.print(f"written: {folder / 'report.md'}, report.json", soft_wrap=True)


@app.command("compare")
@_told_errors
def compare_command(
    *,
    answers: AnswersArgument,
    queries: QueriesOption,
    related: RelatedOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the cells as JSON.")] = False,
) -> None:
    """Beside the best other system on the same queries; ▼ marks where ours is significantly below."""
    console = Console()
    for system in _judge_all(answers, queries, related, peers.POLICY):
        table, below = peers.compare(system, peers.read_peers())
        if as_json:
            rows = [dict(zip(table.head, row, strict=True)) for row in table.rows if row]
            print(json.dumps({"system": system.name, "below": below, "rows": rows}))
        else:
            table.show(console)


def _kinds(text: str) -> frozenset[Kind]:
    known = {"songs": Kind.UNKNOWN, "noise": Kind.NOISE, "masked": Kind.MASKED}
    names = [n.strip() for n in text.split(",") if n.strip()]
    if not names or not set(names) <= known.keys():
        raise BadTableError(f"--strangers {text!r}: give one or more of {', '.join(known)}")
    return frozenset(known[n] for n in names)


def _judge_all(named: list[str], queries: Path, related: Path | None, policy: Policy) -> list[Judged]:
    wanted, kin = read_truth(queries), Relatives.read(related or data_file("related.csv"))
    systems = []
    for argument in named:
        name, equals, path = argument.partition("=")
        if not equals:
            name, path = "sonica", argument
        systems.append(judge(name, wanted, read_answers(Path(path)), kin, policy))
    return systems
