"""Folders that are watched for files which appear in them."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from sonica.catalogue import Found, find_files
from sonica.cli.console import err

LOOK_S = 1.0
"""Seconds between two looks. Looking works on any file system, also over a network."""
Size = tuple[int, int]


def watched(paths: Iterable[Path]) -> Iterator[list[Found]]:
    """What appears in the folders among `paths`, or changes there, once it is whole. Never ends."""
    folders = [path for path in paths if path.is_dir()]
    err.print(f"Watching {', '.join(map(str, folders))}; Ctrl-C ends it.", soft_wrap=True)
    done = _sizes(folders)
    last = done
    while True:
        time.sleep(LOOK_S)
        now = _sizes(folders)
        ready = [path for path, size in now.items() if size != done.get(path) and size == last.get(path)]
        last = now
        if ready:
            done |= {path: now[path] for path in ready}
            yield [Found(path) for path in ready]


def _sizes(folders: list[Path]) -> dict[Path, Size]:
    """The audio files, with size and time of change."""
    sizes = {}
    for found in find_files(folders):
        try:
            status = found.path.stat()
        except OSError:
            continue
        if not found.problem:
            sizes[found.path] = status.st_size, status.st_mtime_ns
    return sizes
