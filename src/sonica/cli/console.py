"""Where the command line writes: answers and data to stdout, everything else to stderr.

Nothing is taken for markup: what is printed are titles and file names that strangers chose.
"""

import sys
import unicodedata

from pydantic import BaseModel
from rich.console import Console

out = Console(markup=False, highlight=False, emoji=False)
err = Console(markup=False, highlight=False, emoji=False, stderr=True)


def print_json(model: BaseModel) -> None:
    """One object on one line of UTF-8, sent at once."""
    sys.stdout.buffer.write(model.model_dump_json().encode() + b"\n")
    sys.stdout.buffer.flush()


def plain(text: str) -> str:
    """Text that can do nothing to a terminal but be read."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) == "Cc" else c for c in text)


def minutes(seconds: float) -> str:
    """`75` as `1:15`."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def counted(number: int, thing: str) -> str:
    """`1 song`, `12,000 songs`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
