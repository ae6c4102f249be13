"""Long work while a person watches: bars on stderr, gone at the end, none where no terminal is."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sonica.catalogue import Added, Catalogue, Found
from sonica.cli.console import err

Item = TypeVar("Item")


def with_progress(items: Iterator[Item], total: int, what: str) -> Iterator[Item]:
    """The `items` as they come, with a bar: how many of `total`, how long still. `what` is being done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        for item in items:
            progress.update(task, advance=1)
            yield item


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for work that says by itself how many of how many are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def add_with_progress(
    catalogue: Catalogue,
    files: list[Found],
    *,
    dedupe: bool = True,
    keep: bool = False,
    workers: int | None = None,
) -> Iterator[Added]:
    """`Catalogue.add` with a bar on stderr: how far, how fast, how long still. Gone at the end."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    begun, music = time.monotonic(), 0.0
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Listening", total=len(files), rate="")

        def on_read(seconds: float) -> None:
            nonlocal music
            music += seconds
            fast = music / max(0.001, time.monotonic() - begun)
            progress.update(task, advance=1, rate=f"{fast:,.0f}× real time" if fast >= 1 else "")

        yield from catalogue.add(files, dedupe=dedupe, keep=keep, workers=workers, on_read=on_read)
