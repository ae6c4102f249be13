"""python -m bench.comparison: writes docs/benchmarks.md, its pictures and the README's short version."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.accuracy.files import write_atomically
from bench.accuracy.truth import BadTableError
from bench.comparison.page import files_of
from bench.comparison.results import ResultsError

ROOT = Path(__file__).parents[2]


def main(
    *,
    root: Annotated[
        Path, typer.Option(help="The checkout: results are read there, the page written.")
    ] = ROOT,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; end with 1 where it differs.")
    ] = False,
) -> None:
    """Make the page of benchmarks from bench/results. Seconds; nothing is measured."""
    try:
        files = files_of(root)
    except (ResultsError, BadTableError) as error:
        sys.exit(f"error: {error}")
    stale = [name for name, text in files.items() if held(root / name) != text]
    if check:
        if stale:
            sys.exit(f"not of today's results: {', '.join(stale)}. Run make benchmarks")
        print("The page agrees with the results.")
        return
    for name in stale:
        with write_atomically(root / name) as file:
            file.write(files[name])
    print(f"written: {', '.join(stale) or 'nothing, all of it is there'}")


def held(path: Path) -> str | None:
    """What a file holds; None where there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    typer.run(main)
