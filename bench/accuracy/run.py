"""Asks a system every query of a set, plain and with its own song masked. Safe to interrupt and to resume."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from bench.accuracy.answers import COLUMNS, append_answers
from bench.accuracy.files import write_atomically
from bench.accuracy.made import NAME, made_now, write_made
from bench.accuracy.material import Wanted, gather
from bench.accuracy.progress import Progress, silent
from bench.accuracy.system import Ask, System


def run(
    system: System,
    wanted: Wanted,
    out: Path,
    *,
    masked: bool = True,
    chunk: int = 128,
    progress: Progress = silent,
) -> None:
    """Writes `answers.csv`, `masked.csv` (each query again, own song and relatives absent) and two notes.

    Answers of the same engine to the same queries over the same songs are kept, all others are made anew;
    masked ones also where the relatives have changed. Raises BadTableError.
    """
    material = gather(system, wanted, progress)
    engine = system.identity()
    start_over_where_changed(out, {"system": engine, **material.identity()})
    if not (out / "answers.csv").exists():
        write_made(out, made_now(engine=engine, songs=str(len(material.songs))))
    progress("index", 0, 1)
    system.index(material.songs)
    answer(system, material.plain(), out / "answers.csv", "ask", chunk=chunk, progress=progress)
    if masked:
        what = "ask, own song masked"
        answer(system, material.masked(), out / "masked.csv", what, chunk=chunk, progress=progress)


def start_over_where_changed(out: Path, identity: dict[str, str]) -> None:
    """Removes answers that were given to other questions or by another system; notes whose these will be."""
    out.mkdir(parents=True, exist_ok=True)
    note = out / "run.json"
    before = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    if before == identity:
        return
    if any(
        before.get(part) != value for part, value in identity.items() if part not in ("excluded", "every")
    ):
        (out / "answers.csv").unlink(missing_ok=True)
        (out / NAME).unlink(missing_ok=True)
    (out / "masked.csv").unlink(missing_ok=True)
    with write_atomically(note) as file:
        json.dump(identity, file, indent=1)


def answer(
    system: System, questions: Sequence[Ask], path: Path, what: str, *, chunk: int, progress: Progress
) -> None:
    """Asks what has no row yet, and adds the rows."""
    done = answered(path)
    left = [q for q in questions if q.query not in done]
    with path.open("a", newline="", encoding="utf-8") as file:
        for start in range(0, len(left), chunk):
            append_answers(file, system.ask(left[start : start + chunk]))
            progress(what, len(questions) - len(left) + min(len(left), start + chunk), len(questions))


def answered(path: Path) -> set[str]:
    """Names of the queries that have a whole row; a row that was cut off is removed."""
    if not path.exists():
        return set()
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    rows = list(csv.reader(whole.splitlines()))
    if not rows or tuple(rows[0]) != COLUMNS:
        path.unlink()
        return set()
    if whole != text:
        with write_atomically(path) as file:
            file.write(whole)
    return {row[0] for row in rows[1:]}
