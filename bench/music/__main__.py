"""python -m bench.music: gets the music that the kept results were measured with, and checks it."""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import httpx
import typer

from bench.accuracy.options import told_errors
from bench.accuracy.truth import BadTableError
from bench.music.fetch import Got, Wanted, fetch_all, read_noted, sha256_of, wanted_of, write_noted
from bench.music.manifest import MUSIC, ROLES, Piece, list_music, read_music, write_music

RELATED = MUSIC.with_name("related.csv")
TIMEOUT_S = 30
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
ListOption = Annotated[Path, typer.Option("--music", help="The list: bench/music.csv.")]


@app.callback(invoke_without_command=True)
@told_errors
def get(
    context: typer.Context,
    *,
    out: Annotated[
        Path | None, typer.Option(help="Folder to make: what SONICA_EVAL_DATA may then name.")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--from", help="Address under which the files as measured lie. Default: as published."),
    ] = None,
    roles: Annotated[str, typer.Option(help="Which: any of these, with commas.")] = ",".join(ROLES),
    music: ListOption = MUSIC,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be fetched.")] = False,
) -> None:
    """Get the music and check it. Interrupt and repeat it freely: what is there and right is kept.

    With --from the bytes are those that were measured with, and each file must have its SHA-256. Without, the
    published files are fetched: whole pieces in their first format, whose SHA-256 is noted at the first time.
    """
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise BadTableError("give --out FOLDER: where the music should lie")
    if base is not None and not base.startswith(("https://", "http://")):
        raise BadTableError(f"--from {base!r}: give an address that begins with https://")
    chosen = {role.strip() for role in roles.split(",")}
    if not chosen <= set(ROLES):
        raise BadTableError(f"--roles {roles!r}: give one or more of {', '.join(ROLES)}")
    everything = read_music(music)
    pieces = [p for p in everything if p.role in chosen]
    noted = read_noted(out) if base is None else {}
    wanted = wanted_of(pieces, base, noted)
    if dry_run:
        _tell_what_would_be(wanted, out)
        return
    out.mkdir(parents=True, exist_ok=True)
    with httpx.Client(follow_redirects=True, timeout=TIMEOUT_S) as client:
        got, hashes = fetch_all(client, wanted, out, lambda name: print(f"get {name}", flush=True))
    if base is None:
        write_noted(out, {**noted, **hashes})
    _describe(out, everything, hashes, published=base is None)
    _tell(got, out)


@app.command("list")
@told_errors
def list_command(
    *,
    data: Annotated[Path, typer.Option(help="A data folder with manifest.csv, source_repo and source_path.")],
    music: ListOption = MUSIC,
) -> None:
    """Write the list of a data folder anew, with the size and the SHA-256 of each file that is there."""
    pieces = list_music(data)
    write_music(music, pieces)
    if (data / "related.csv").exists():
        shutil.copyfile(data / "related.csv", music.with_name(RELATED.name))
    print(f"written: {music}, {len(pieces)} files")


def _tell_what_would_be(wanted: list[Wanted], out: Path) -> None:
    left = []
    for want in wanted:
        target = out / want.name
        if not (target.exists() and want.sha256 in ("", sha256_of(target))):
            left.append(want)
            print(f"{want.address} -> {want.name}")
    size = sum(want.size for want in left) / 1e6
    print(f"{len(left)} of {len(wanted)} files would be fetched{f', {size:.0f} MB' if size else ''}.")


def _describe(out: Path, pieces: list[Piece], hashes: Mapping[str, str], *, published: bool) -> None:
    """`manifest.csv`, of all that is there, also from before, and `related.csv`: the bench reads both."""
    named = [(p.published_as if published else p.file, p) for p in pieces]
    there = [(name, p) for name, p in named if (out / name).is_file()]
    write_music(
        out / "manifest.csv",
        (
            replace(
                p,
                file=name,
                bytes=(out / name).stat().st_size,
                sha256=hashes.get(name) or sha256_of(out / name),
            )
            for name, p in there
        ),
    )
    shutil.copyfile(RELATED, out / "related.csv")


def _tell(got: Got, out: Path) -> None:
    for name, why in got.failed.items():
        print(f"not got: {name}: {why}", file=sys.stderr)
    print(f"{len(got.fetched)} fetched, {len(got.kept)} were there, {len(got.failed)} not got.")
    if got.failed:
        sys.exit(1)
    print(f"next: export SONICA_EVAL_DATA={out.resolve()}")


if __name__ == "__main__":
    app()
