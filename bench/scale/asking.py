"""Asks a catalogue in a process of its own, on one core, one question at a time, and keeps every answer.

The process is new for each size, so that what it holds in memory is that size's, and it has kept to one core
before the engine began to work: threads that were there before would go on elsewhere.
"""

import json
import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.accuracy.answers import Answer
from bench.accuracy.files import write_atomically
from bench.accuracy.progress import Progress
from bench.accuracy.system import Ask, told
from bench.scale.catalogue import Recipe
from sonica import _engine

CHUNK = 4
"""Questions between two moments at which answers are kept."""
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Asked:
    """An answer and what it took: ms of wall time and of processor time, hypotheses, postings read."""

    answer: Answer
    ms: float
    cpu_ms: float
    hypotheses: int
    postings: int


@dataclass(frozen=True)
class Memory:
    """Bytes of this process that are in memory: all, those of files that it mapped, and its own."""

    all: int
    file: int
    own: int


@dataclass(frozen=True)
class Process:
    """What a process took that asked: its opening of all packs, and its memory before and at the end.

    `memory` is None where the system does not tell. `asked`: questions that it was asked.
    """

    open_ms: float
    packs: int
    pack_bytes: int
    before: Memory | None
    memory: Memory | None
    asked: int


def ask_all(
    recipe: Recipe,
    packs: Sequence[Path],
    questions: Sequence[Ask],
    path: Path,
    *,
    what: str,
    progress: Progress,
) -> tuple[list[Asked], Process]:
    """Asks what has no line in `path` yet, and gives all answers in the order of the questions.

    Beside `path`, `.process.json` has what the process took; of several, the one that asked most.
    """
    kept = read_asked(path)
    left = [q for q in questions if (q.query, q.masked) not in kept]
    note = path.with_suffix(".process.json")
    progress(what, len(questions) - len(left), len(questions))
    if left:
        context = multiprocessing.get_context("spawn")
        with (
            path.open("a", encoding="utf-8") as file,
            ProcessPoolExecutor(1, context, _begin, (recipe, packs)) as pool,
        ):
            # One that does not count: it makes what is kept for later ones.
            pool.submit(_ask, left[:1]).result()
            for start in range(0, len(left), CHUNK):
                answers, process = pool.submit(_ask, left[start : start + CHUNK]).result()
                file.writelines(json.dumps(asdict(one)) + "\n" for one in answers)
                file.flush()
                kept |= {(one.answer.query, one.answer.masked): one for one in answers}
                before = read_process(note)
                if before is None or process.asked > before.asked:
                    with write_atomically(note) as out:
                        json.dump(asdict(process), out)
                progress(what, len(questions) - len(left) + min(len(left), start + CHUNK), len(questions))
    took = read_process(note)
    if took is None:
        raise RuntimeError(f"{note} is gone: remove {path} and repeat")
    return [kept[q.query, q.masked] for q in questions], took


def read_asked(path: Path) -> dict[tuple[str, bool], Asked]:
    """By query and whether it was masked. A line that was cut off is removed."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return {}
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        with write_atomically(path) as file:
            file.write(whole)
    lines = [json.loads(line) for line in whole.splitlines()]
    asked = [Asked(**{**line, "answer": Answer(**line["answer"])}) for line in lines]
    return {(one.answer.query, one.answer.masked): one for one in asked}


def read_process(note: Path) -> Process | None:
    """What was kept; None where nothing was."""
    if not note.exists():
        return None
    kept = json.loads(note.read_text(encoding="utf-8"))
    memories = {name: kept[name] and Memory(**kept[name]) for name in ("before", "memory")}
    return Process(**{**kept, **memories})


def memory() -> Memory | None:
    """Of this process, where the system tells (Linux)."""
    if not STATUS.exists():
        return None
    lines = dict(
        line.split(":", 1) for line in STATUS.read_text(encoding="utf-8").splitlines() if ":" in line
    )
    size = {name: 1024 * int(lines[name].split()[0]) for name in ("VmRSS", "RssFile", "RssAnon")}
    return Memory(size["VmRSS"], size["RssFile"], size["RssAnon"])


class _Opened:
    """What the process that asks keeps between questions."""

    recipe: Recipe
    ids: dict[str, int]
    packs: list[_engine.Pack]
    open_ms: float
    pack_bytes: int
    before: Memory | None
    asked = -1  # the first does not count


def _begin(recipe: Recipe, paths: Sequence[Path]) -> None:
    os.environ["RAYON_NUM_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    _Opened.recipe, _Opened.ids = recipe, recipe.ids()
    _Opened.before = memory()
    start = time.perf_counter()
    _Opened.packs = [_engine.Pack.open(path) for path in paths]
    _Opened.open_ms = 1000 * (time.perf_counter() - start)
    _Opened.pack_bytes = sum(path.stat().st_size for path in paths)


def _ask(questions: Sequence[Ask]) -> tuple[list[Asked], Process]:
    rows = [_ask_one(question) for question in questions]
    _Opened.asked = max(0, _Opened.asked + len(rows))
    process = Process(
        _Opened.open_ms, len(_Opened.packs), _Opened.pack_bytes, _Opened.before, memory(), _Opened.asked
    )
    return rows, process


def _ask_one(question: Ask) -> Asked:
    absent = [_Opened.ids[stem] for stem in sorted(question.exclude) if stem in _Opened.ids]
    start, cpu = time.perf_counter(), time.process_time()
    answer = _engine.recognize(_Opened.packs, question.fingerprint, exclude=absent)
    cpu_ms, ms = 1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - start)
    row = told(question, answer, _Opened.recipe.name_of, round(ms, 3))
    return Asked(row, ms, cpu_ms, answer.hypotheses, answer.postings)
