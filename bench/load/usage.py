"""What a service takes of the machine: processor time by who uses it, and memory."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sonica.platform.postgres.keeper import pid_file
from sonica.platform.postgres.place import find_place

TICKS = os.sysconf("SC_CLK_TCK")
ENGINE = {"engine", "decoder"}
"""The names of threads that search; those of the second have others decode first."""


class Usage(NamedTuple):
    """Seconds of processor: of the service but for its `engine`, of decoders, and of PostgreSQL."""

    service: float
    engine: float
    decoders: float
    postgres: float

    def since(self, before: "Usage") -> "Usage":
        """What was used from then on; of who has died meanwhile not all is known."""
        return Usage(*(max(0.0, now - then) for now, then in zip(self, before, strict=True)))


def usage(pids: Iterable[int], decoders: Iterable[int], home: Path) -> Usage:
    """What has been used so far by the processes that answer, by those that decode, and by the database."""
    threads = [one for pid in pids for one in _threads(pid)]
    engine = sum(seconds for name, seconds in threads if name in ENGINE)
    server = pid_file(find_place(home).data)
    database = [int(server[0]), *children(int(server[0]))] if server else []
    return Usage(
        sum(seconds for _, seconds in threads) - engine,
        engine,
        sum(map(_with_ended, decoders)),
        sum(map(_with_ended, database)),
    )


def children(pid: int) -> list[int]:
    """The processes that it started and that are there."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
        return [int(child) for task in tasks for child in task.read_text(encoding="utf-8").split()]
    except OSError:  # it has ended
        return []


def command(pid: int) -> str:
    """Its command line."""
    try:
        said = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return said.replace(b"\0", b" ").decode(errors="replace")


def memory(pids: Iterable[int]) -> int:
    """Bytes that the processes hold alone, each."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        total += 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return total


def _threads(pid: int) -> list[tuple[str, float]]:
    """Name and seconds of each thread."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/stat"):
        try:
            name, _, rest = task.read_text(encoding="utf-8").partition("(")[2].rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        found.append((name, (int(fields[11]) + int(fields[12])) / TICKS))
    return found


def _with_ended(pid: int) -> float:
    """Seconds of a process, and of those that it started and that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS
