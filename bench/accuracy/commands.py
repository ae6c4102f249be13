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
from bench.accuracy.answers import read_answers, was_thinned
from bench.accuracy.degrade import HARDER, STANDARD, STRANGERS
from bench.accuracy.degrade.tools import ToolError
from bench.accuracy.everything import DATA, RESULTS, measure
from bench.accuracy.queries import Plan, make_queries
from bench.accuracy.report import write_report
from bench.accuracy.run import Progress as Told
from bench.accuracy.run import run
from bench.accuracy.score import Judged, Kind, Policy, judge
from bench.accuracy.sources import Sources, Split, choose
from bench.accuracy.system import Sonica
from bench.accuracy.truth import BadTableError, Relatives, read_manifest, read_truth

app = typer.Typer(
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
        except (BadTableError, ToolError) as error:
            sys.exit(f"error: {error}")
        except KeyboardInterrupt:
            sys.exit("interrupted: what is done is kept, the same command goes on from here")

    return told


def data_folder() -> Path | None:
    """The folder that SONICA_EVAL_DATA names. Raises BadTableError where it is not there."""
    name = os.environ.get(DATA_VARIABLE)
    if name and not Path(name).is_dir():
        raise BadTableError(f"{DATA_VARIABLE} names {name}, which is no folder: correct or unset it")
    return Path(name) if name else None


def data_file(name: str) -> Path | None:
    """A file or folder in it, if both are there."""
    folder = data_folder()
    return folder / name if folder and (folder / name).exists() else None


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


@app.command("queries")
@_told_errors
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
    lengths: Annotated[str, typer.Option(help="Clip lengths, whole seconds, at most 10.")] = "10,5,3",
    short: Annotated[bool, typer.Option(help="Also 2 s and 1 s, clean and at 5 dB.")] = True,
    jobs: Annotated[int, typer.Option(help="Processes.")] = os.cpu_count() or 1,
) -> None:
    """Make a query set. Deterministic; interrupt and repeat, or widen it: what exists is kept."""
    folder = _songs_folder(songs)
    if songs is None:
        unknown, noise = unknown or data_file("unknown"), noise or data_file("noise")
        rooms = rooms or data_file("rooms")
    chosen = choose(Sources(folder, unknown, noise, rooms), split, seed, ask)
    named = {"standard": STANDARD, "harder": HARDER, "all": STANDARD + HARDER}
    names = named.get(degradations) or tuple(degradations.split(","))
    plan = Plan(chosen, names, STRANGERS, _whole_seconds(lengths), excerpts, short=short)
    with shown_progress() as told:
        made = make_queries(plan, out, jobs=jobs, progress=told)
    print(f"{len(made)} queries: {out}")


def _songs_folder(songs: Path | None) -> Path:
    folder = songs or data_file("catalogue")
    if folder is None:
        raise BadTableError(f"give --songs FOLDER, or set {DATA_VARIABLE} to a folder with a catalogue in it")
    return folder


def _whole_seconds(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() and 1 <= int(part) <= 10 for part in parts):
        raise BadTableError(f"--lengths {text!r}: give whole seconds from 1 to 10, with commas")
    return tuple(map(int, parts))


@app.command("run")
@_told_errors
def run_command(
    *,
    queries: QueriesOption,
    out: Annotated[Path, typer.Option(help="Folder for answers.csv, masked.csv and run.json.")],
    songs: Annotated[
        Path | None, typer.Option(help=f"Folder of the songs to index. Default: of ${DATA_VARIABLE}.")
    ] = None,
    related: RelatedOption = None,
    every: Annotated[int, typer.Option(help="Ask only every so many-th song of the set.")] = 1,
    masked: Annotated[
        bool, typer.Option(help="Ask again with the own song and its relatives absent.")
    ] = True,
    exhaustive: Annotated[bool, typer.Option(help="Try every hypothesis for every query.")] = False,
    cache: Annotated[
        Path | None, typer.Option(help="Folder for fingerprints. Default: in that of the queries.")
    ] = None,
) -> None:
    """Index songs and answer every query. Interrupt freely: answers of the same engine are kept."""
    folder = _songs_folder(songs)
    kin = Relatives.read(related or data_file("related.csv"))
    with shown_progress() as told:
        run(
            Sonica(exhaustive=exhaustive),
            queries,
            folder,
            out,
            relatives=kin,
            every=every,
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
        rows, thinned = read_answers(Path(path)), was_thinned(Path(path))
        systems.append(judge(name, wanted, rows, kin, policy, thinned=thinned))
    return systems


@app.command("all")
@_told_errors
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
