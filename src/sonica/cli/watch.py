"""Folders that are watched for files which appear in them."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from sonica.catalogue import Found, find_files, is_folder
from sonica.cli.console import err

LOOK_S = 1.0
"""Seconds between two looks. Looking works on any file system, also over a network."""
Size = tuple[int, int]


def watched(paths: Iterable[Path], done: dict[Path, Size]) -> Iterator[list[Found]]:
    """What appears in the folders among `paths`, or changes there, once it is whole. Never ends.

    `done`: what was there before, see `sizes_in`.
    """
    folders = [path for path in paths if is_folder(path)]
    err.print(f"Watching {', '.join(map(str, folders))}; Ctrl-C ends it.", soft_wrap=True)
    last = done
    while True:
        time.sleep(LOOK_S)
        now = sizes_in(folders)
        ready = [path for path, size in now.items() if size != done.get(path) and size == last.get(path)]
        last = now
        if ready:
            done |= {path: now[path] for path in ready}
            yield [Found(path) for path in ready]


def sizes_in(paths: Iterable[Path]) -> dict[Path, Size]:
    """The audio files in the folders among `paths`, with size and time of change."""
    folders = [path for path in paths if is_folder(path)]
    sizes = {}
    for found in find_files(folders):
        try:
            status = found.path.stat()
        except OSError:
            continue
        if not found.problem:
            sizes[found.path] = status.st_size, status.st_mtime_ns
    return sizes
