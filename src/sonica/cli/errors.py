"""How a failure looks, and what the command then exits with."""

from enum import IntEnum

from rich.text import Text

from sonica.cli.console import err, plain
from sonica.platform.failures import Failure


class Exit(IntEnum):
    """Exit statuses. 0 also where a song was not known: that is an answer."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    UNREADABLE_FILE = 3
    INTERRUPTED = 130


def draw_failure(failure: Failure, *, file: str = "", hint: bool = True) -> None:
    """What went wrong, with which file, and what to do next; on stderr."""
    line = Text("Error: ", style="bold red")
    if file:
        line.append(f"{plain(file)}: ", style="bold")
    line.append(plain(failure.message), style="not bold default")
    err.print(line, soft_wrap=True)
    if hint and failure.hint:
        draw_hint(failure.hint)


def draw_hint(hint: str) -> None:
    """What to do next; on stderr."""
    err.print(Text.assemble(("  Hint: ", "cyan"), plain(hint)), soft_wrap=True)
