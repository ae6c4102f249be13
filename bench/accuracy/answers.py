"""Answers of a system to a query set, as a CSV file: one row a query.

A system of any kind takes part by such a file with the first six columns: `query`, `top1` (file stem of the
song it would name, empty for none), `score` (its own, higher is surer), `matched` (1 where it would show the
answer to a person), `ms` (whole query) and `ms_match` (search alone). The other columns are Sonica's.
"""

import csv
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TextIO

from bench.accuracy.truth import BadTableError

NEEDED = ("query", "top1", "score", "matched")


@dataclass(frozen=True, slots=True)
class Answer:
    """One row. `masked` = the query was asked again with its own song and relatives taken out."""

    query: str
    top1: str
    score: float
    matched: bool
    ms: float = 0.0
    ms_match: float = 0.0
    confidence: float = 0.0
    status: str = ""
    ambiguous: bool = False
    shared: str = ""
    """The other songs that the answer names beside `top1`, with `;` between them."""
    second: str = ""
    second_score: float = 0.0
    offset_s: float = 0.0
    speed: float = 0.0
    pitch_semitones: float = 0.0
    masked: bool = False

    def names(self) -> frozenset[str]:
        """All songs that the answer names: `shared` counts only where it is ambiguous."""
        others = self.shared.split(";") if self.ambiguous else ()
        return frozenset(n for n in (self.top1, *others) if n)


COLUMNS = tuple(f.name for f in fields(Answer))
_KINDS = {f.name: f.type for f in fields(Answer)}


def _to_text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _from_text(name: str, text: str) -> str | float | bool:
    if _KINDS[name] in (bool, "bool"):
        return text not in ("", "0", "False", "false")
    if _KINDS[name] not in (float, "float"):
        return text
    number = float(text or 0)
    if math.isnan(number):
        raise ValueError(f"{name} is {text!r}")
    return number


def append_answers(file: TextIO, answers: Iterable[Answer]) -> None:
    """Writes rows at the end of an open table, and the head where it is new."""
    table = csv.writer(file, lineterminator="\n")
    if file.tell() == 0:
        table.writerow(COLUMNS)
    table.writerows([_to_text(getattr(a, name)) for name in COLUMNS] for a in answers)
    file.flush()


def was_thinned(path: Path) -> bool:
    """Whether run.json beside the answers says that not every song was asked."""
    note = (path if path.is_dir() else path.parent) / "run.json"
    return note.exists() and int(json.loads(note.read_text(encoding="utf-8")).get("every", 1)) > 1


def read_answers(path: Path) -> list[Answer]:
    """The rows of one file, or of `answers.csv` and `masked.csv` in a folder. Raises BadTableError."""
    if path.is_dir():
        masked = path / "masked.csv"
        return read_answers(path / "answers.csv") + (read_answers(masked) if masked.exists() else [])
    try:
        with path.open(newline="", encoding="utf-8") as file:
            table = csv.DictReader(file)
            missing = [c for c in NEEDED if c not in (table.fieldnames or ())]
            if missing:
                raise BadTableError(f"{path} lacks the columns {', '.join(missing)}: see bench/README.md")
            rows = list(table)
    except FileNotFoundError:
        raise BadTableError(f"there is no {path}: make it with python -m bench.accuracy run") from None
    try:
        return [
            Answer(**{n: _from_text(n, text) for n, text in row.items() if n in _KINDS and text is not None})  # type: ignore[arg-type]
            for row in rows
        ]
    except ValueError as error:
        raise BadTableError(f"{path}: {error}; a score must be a number, matched 0 or 1") from None
