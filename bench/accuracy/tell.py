"""The commands that ask nothing: they tell what answers that are there amount to."""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy import peers
from bench.accuracy.made import read_made, said, truth_mark
from bench.accuracy.options import (
    USUAL_LOOKS,
    AnswersArgument,
    FalseAcceptsOption,
    MadeOption,
    QueriesOption,
    RelatedOption,
    data_file,
    judged_answers,
    kinds,
    relatives,
    seconds,
    told_errors,
)
from bench.accuracy.points import POINTS, write_points
from bench.accuracy.report import write_report
from bench.accuracy.score import Policy
from bench.accuracy.sessions import listened
from bench.accuracy.truth import read_manifest
from bench.speed.machine import machine


@told_errors
def report_command(
    *,
    answers: AnswersArgument,
    queries: QueriesOption,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for report.md, report.json, charts. Default: with the answers."),
    ] = None,
    false_accepts: FalseAcceptsOption = 0.1,
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
    made: MadeOption = None,
) -> None:
    """Hit rates at equal false accepts, wrong names, false accepts, calibration; tables, JSON, charts."""
    policy = Policy(false_accepts / 100, at_most, per_length, kinds(strangers))
    systems = judged_answers(answers, queries, relatives(related), policy)
    first = Path(answers[0].partition("=")[2] or answers[0])
    folder = out or (first if first.is_dir() else first.parent)
    console = Console()
    rows = read_manifest(manifest or data_file("manifest.csv"))
    answered = read_made(first if first.is_dir() else first.parent)
    noted = {**answered, "queries": truth_mark(queries), **said(made or [])}
    for table in write_report(folder, systems, rows, policy, noted):
        table.show(console)
    console.print(f"written: {folder / 'report.md'}, report.json, rows.csv, made.json", soft_wrap=True)


@told_errors
def compare_command(
    *,
    answers: AnswersArgument,
    queries: QueriesOption,
    related: RelatedOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the cells as JSON.")] = False,
) -> None:
    """Beside the best other system on the same queries; ▼ marks where ours is significantly below."""
    console = Console()
    for system in judged_answers(answers, queries, relatives(related), peers.POLICY):
        table, below = peers.compare(system, peers.read_peers())
        if as_json:
            rows = [dict(zip(table.head, row, strict=True)) for row in table.rows if row]
            print(json.dumps({"system": system.name, "below": below, "rows": rows}))
        else:
            table.show(console)


@told_errors
def points_command(
    *,
    queries: QueriesOption,
    answers: Annotated[Path, typer.Option(help="Answers to them, as `run` writes them.")],
    session_queries: Annotated[Path, typer.Option(help="Query set with clips of 15 s.")],
    session_answers: Annotated[Path, typer.Option(help="Answers to those, as `sessions` writes them.")],
    what: Annotated[str, typer.Option(help="One sentence: which songs, noises and catalogue these are.")],
    looks: Annotated[str, typer.Option(help="Seconds heard at each look, with commas.")] = USUAL_LOOKS,
    related: RelatedOption = None,
    out: Annotated[Path, typer.Option(help="The file to write: what `sonica config` shows.")] = POINTS,
) -> None:
    """Count hits, wrong names and false accepts at thirty thresholds, for the product to show."""
    kin, policy = relatives(related), Policy()
    (clips,) = judged_answers([str(answers)], queries, kin, policy)
    (looked,) = judged_answers([str(session_answers)], session_queries, kin, policy, seconds(looks))
    here = machine()
    about = {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "machine": f"{here['processor']}, {here['cores']} cores, {here['system']}",
        "what": what,
    }
    write_points(out, about, clips, listened(looked, policy).sessions)
    print(f"written: {out}")


def add_to(app: typer.Typer) -> None:
    """Under their names."""
    app.command("report")(report_command)
    app.command("compare")(compare_command)
    app.command("points")(points_command)
