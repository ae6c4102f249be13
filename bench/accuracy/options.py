"""What the commands of the accuracy bench share: options, the data folder, errors told in a sentence."""

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from bench.accuracy.answers import read_answers, was_thinned
from bench.accuracy.degrade.tools import ToolError
from bench.accuracy.looks import looks_of
from bench.accuracy.score import Judged, Kind, Policy, judge
from bench.accuracy.truth import BadTableError, Relatives, read_truth
from sonica.recognition import LOOKS

P = ParamSpec("P")
DATA_VARIABLE = "SONICA_EVAL_DATA"

QueriesOption = Annotated[
    Path, typer.Option("--queries", help="Folder of a query set (truth.csv and WAV files).")
]
SongsOption = Annotated[
    Path | None, typer.Option("--songs", help=f"Folder of the songs to index. Default: of ${DATA_VARIABLE}.")
]
RelatedOption = Annotated[
    list[Path] | None,
    typer.Option("--related", help=f"CSV of related songs (a, b), beside related.csv of ${DATA_VARIABLE}."),
]
EveryOption = Annotated[int, typer.Option("--every", help="Ask only every so many-th song of the set.")]
MaskedOption = Annotated[
    bool, typer.Option("--masked/--no-masked", help="Ask again with the own song and its relatives absent.")
]
CacheOption = Annotated[
    Path | None,
    typer.Option("--cache", help="Folder for fingerprints. Default: in that of the queries."),
]
FalseAcceptsOption = Annotated[
    float, typer.Option("--false-accepts", help="Percent of strangers that may pass.")
]
MadeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--made", help="KEY=VALUE for made.json, where the answers do not say it: date, commit, songs, ..."
    ),
]
AnswersArgument = Annotated[
    list[str],
    typer.Argument(metavar="NAME=ANSWERS...", help="Answers of one system each: a CSV file or a folder."),
]


def told_errors(command: Callable[P, None]) -> Callable[P, None]:
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


def songs_folder(songs: Path | None) -> Path:
    """The songs to index. Raises BadTableError where nobody says which."""
    folder = songs or data_file("catalogue")
    if folder is None:
        raise BadTableError(f"give --songs FOLDER, or set {DATA_VARIABLE} to a folder with a catalogue in it")
    return folder


def relatives(more: list[Path] | None) -> Relatives:
    """The pairs of the data folder and those of the given files. Raises BadTableError."""
    usual = data_file("related.csv")
    return Relatives.read(*([usual] if usual else []), *(more or []))


def kinds(text: str) -> frozenset[Kind]:
    """Which strangers: names with commas. Raises BadTableError."""
    known = {"songs": Kind.UNKNOWN, "noise": Kind.NOISE, "masked": Kind.MASKED}
    names = [n.strip() for n in text.split(",") if n.strip()]
    if not names or not set(names) <= known.keys():
        raise BadTableError(f"--strangers {text!r}: give one or more of {', '.join(known)}")
    return frozenset(known[n] for n in names)


def seconds(text: str) -> tuple[float, ...]:
    """Looks: numbers with commas. Raises BadTableError."""
    try:
        found = tuple(sorted(float(part) for part in text.split(",")))
    except ValueError:
        found = ()
    if not found or not all(0 < x < float("inf") for x in found) or len(set(found)) < len(found):
        raise BadTableError(f"--looks {text!r}: give seconds with commas, each once")
    return found


def whole_numbers(option: str, text: str, most: int) -> tuple[int, ...]:
    """Numbers with commas. Raises BadTableError."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() and 1 <= int(part) <= most for part in parts):
        raise BadTableError(f"{option} {text!r}: give whole numbers from 1 to {most}, with commas")
    return tuple(map(int, parts))


def judged_answers(
    named: list[str], queries: Path, kin: Relatives, policy: Policy, looks: tuple[float, ...] = ()
) -> list[Judged]:
    """The answers of each NAME=PATH, judged; by looks where there are some. Raises BadTableError."""
    wanted = read_truth(queries)
    if looks:
        wanted = looks_of(wanted, looks)
    systems = []
    for argument in named:
        name, equals, path = argument.partition("=")
        if not equals:
            name, path = "sonica", argument
        rows, thinned = read_answers(Path(path)), was_thinned(Path(path))
        systems.append(judge(name, wanted, rows, kin, policy, thinned=thinned))
    return systems


USUAL_LOOKS = ",".join(f"{x:g}" for x in LOOKS)
