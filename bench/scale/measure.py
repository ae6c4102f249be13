"""From questions to one row of figures a size."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np

from bench.accuracy.figures import hit_rate, known_of
from bench.accuracy.files import write_atomically
from bench.accuracy.groups import GROUPS, group_of
from bench.accuracy.progress import Progress
from bench.accuracy.score import Asked as Judgement
from bench.accuracy.score import Judged, Kind, Outcome, Policy, judge
from bench.accuracy.statistics import Rate
from bench.accuracy.system import Sonica
from bench.scale.asking import Asked, Process, ask_all
from bench.scale.catalogue import MADE, Recipe, make_packs
from bench.scale.ground import Ground

Value = int | float | str | None
Row = dict[str, Value]
"""Figures by name: bytes, ms, shares from 0 to 1, points where the name says so."""
NOMINAL = 3
"""Hypotheses of an answer that looked no further than what players do."""
TABLE = Path(__file__).parents[2] / "engine" / "core" / "src" / "verify" / "table.rs"
"""Where the verifier's correction for the size of the catalogue has its numbers."""


@dataclass(frozen=True)
class Place:
    """Where packs and answers are kept, the most bytes that packs may take there, and how many processes
    make them.
    """

    data: Path
    budget: float
    jobs: int


def measure(
    ground: Ground,
    recipe: Recipe,
    sizes: Sequence[int],
    place: Place,
    *,
    policy: Policy,
    progress: Progress,
) -> list[Row]:
    """One row a size, ascending. Goes on where it was interrupted. Raises BadTableError."""
    packs = make_packs(
        recipe,
        sizes,
        place.data / "packs" / recipe.key,
        budget=place.budget,
        jobs=place.jobs,
        progress=progress,
    )
    folder = answers_folder(ground, recipe, place.data)
    questions = [*ground.material.plain(), *ground.material.masked()]
    rows: list[Row] = []
    first: Judged | None = None
    for size in sorted(sizes):
        asked, process = ask_all(
            recipe,
            packs[size],
            questions,
            folder / f"{size}.jsonl",
            what=f"ask {size:,} songs",
            progress=progress,
        )
        judged = judge(
            f"{size}", ground.material.queries, [one.answer for one in asked], ground.relatives, policy
        )
        first = first or judged
        music_s = recipe.music_s(size)
        row: Row = {"songs": size, "hours": music_s / 3600, "made": 1 - recipe.real_s / music_s}
        row |= accuracy(judged) | loss(judged, first) | wrong(judged, size, sizes[0])
        row |= cost(asked) | room(process, music_s)
        rows.append(row)
    return rows


def answers_folder(ground: Ground, recipe: Recipe, data: Path) -> Path:
    """A folder for what this engine answers to these questions about this catalogue; notes whose it is."""
    identity = {"engine": Sonica().identity(), "packs": recipe.key, **ground.material.identity()}
    text = json.dumps(identity, indent=1)
    folder = data / "answers" / hashlib.sha256(text.encode()).hexdigest()[:16]
    with write_atomically(folder / "of.json") as file:
        file.write(text)
    return folder


def accuracy(judged: Judged) -> Row:
    """At the threshold and as shipped, in all and by group of degradations."""
    known = known_of(judged)
    strangers = [a for a in judged.asked if a.kind is not Kind.KNOWN]
    row: Row = {
        "queries": len(known),
        "songs_asked": len({a.query.song for a in known}),
        "strangers": sum(n for n, _ in judged.strangers.values()),
        "strangers_passing": sum(passing for _, passing in judged.strangers.values()),
    }
    row |= _rate("hit", hit_rate(known, judged.equal))
    row["wrong"] = sum(judged.equal(a) is Outcome.WRONG for a in known)
    row |= _rate("shipped_hit", hit_rate(known, judged.shipped))
    for outcome in (Outcome.AMBIGUOUS, Outcome.WRONG):
        row[f"shipped_{outcome}"] = sum(judged.shipped(a) is outcome for a in known)
    row["shipped_false"] = sum(judged.shipped(a) is Outcome.FALSE for a in strangers)
    for name in groups_of(known):
        part = [a for a in known if group_of(a.query) == name]
        row |= _rate(f"hit, {name}", hit_rate(part, judged.equal))
        row[f"shipped_hit, {name}"] = hit_rate(part, judged.shipped).share
    return row


def groups_of(known: Sequence[Judgement]) -> list[str]:
    """The groups that have queries, easy ones first."""
    there = {group_of(a.query) for a in known}
    return [name for name in GROUPS if name in there]


def _rate(name: str, rate: Rate) -> Row:
    return {name: rate.share, f"{name}_low": rate.low, f"{name}_high": rate.high}


def loss(judged: Judged, first: Judged) -> Row:
    """Hits lost against the smallest size, in points of the same queries; and how many were lost and won.

    Queries for which a relative was named, here or there, are left out.
    """
    row: Row = {}
    for name, now, then in (
        ("", judged.equal, first.equal),
        ("shipped_", judged.shipped, first.shipped),
    ):
        before = {a.query.name: then(a) for a in known_of(first)}
        pairs = [(before[a.query.name], now(a)) for a in known_of(judged)]
        pairs = [pair for pair in pairs if Outcome.RELATED not in pair]
        lost = sum(a is Outcome.RIGHT and b is not Outcome.RIGHT for a, b in pairs)
        won = sum(b is Outcome.RIGHT and a is not Outcome.RIGHT for a, b in pairs)
        row[f"{name}loss_points"] = 100 * (lost - won) / max(1, len(pairs))
        row |= {f"{name}lost": lost, f"{name}won": won}
    return row


def wrong(judged: Judged, size: int, smallest: int) -> Row:
    """Scores of the best wrong song of strangers, and by how much the correction expects them to change."""
    pool = [a for a in judged.asked if a.kind is not Kind.KNOWN and a.answer.top1]
    pool = [a for a in pool if a.outcome(accepted=True) is not Outcome.RELATED]
    scores = [a.answer.score for a in pool]
    per_log, fitted = correction()
    there = bool(scores)
    return {
        "best_wrong_mean": float(np.mean(scores)) if there else None,
        "best_wrong_p99": float(np.percentile(scores, 99)) if there else None,
        "best_wrong_max": max(scores) if there else None,
        "best_wrong_made": sum(a.answer.top1.startswith(MADE) for a in pool) / len(pool) if there else None,
        "expected_change": None if per_log is None else _supposed(per_log, fitted, size, smallest),
        "expected_change_if_it_went_on": None if per_log is None else per_log * log(size / smallest),
    }


def _supposed(per_log: float, fitted: float, size: int, smallest: int) -> float:
    return per_log * log(min(size, fitted) / min(smallest, fitted))


def correction() -> tuple[float | None, float]:
    """Change of a stranger's score with each e-fold of songs, and up to how many songs it was measured.

    As the engine's verifier has them (`correction` in its `verify.rs`); None where its source is not there.
    """
    text = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    found = dict(re.findall(r"const (PER_LOG_SONGS|SONGS): f32 = (-?[\d._]+);", text))
    if len(found) < 2:
        return None, 1.0
    return float(found["PER_LOG_SONGS"]), float(found["SONGS"])


def cost(asked: Sequence[Asked]) -> Row:
    """Time of answers that looked no further than what players do, and of the others; postings of all."""
    row: Row = {}
    kinds: Mapping[str, list[Asked]] = {
        "nominal": [a for a in asked if a.hypotheses <= NOMINAL],
        "all_tried": [a for a in asked if a.hypotheses > NOMINAL],
    }
    for name, part in kinds.items():
        row[f"{name}_n"] = len(part)
        for figure in ("ms", "cpu_ms"):
            values = [getattr(a, figure) for a in part]
            for p in (50, 99):
                row[f"{name}_{figure}_p{p}"] = float(np.percentile(values, p)) if values else None
        row[f"{name}_postings"] = float(np.mean([a.postings for a in part])) if part else None
    postings = [a.postings for a in asked]
    row["postings_mean"] = float(np.mean(postings))
    row["postings_p99"] = float(np.percentile(postings, 99))
    return row


def room(process: Process, music_s: float) -> Row:
    """Bytes on disk and in memory, and ms until all packs are open."""
    row: Row = {
        "packs": process.packs,
        "pack_bytes": process.pack_bytes,
        "pack_bytes_a_second": process.pack_bytes / music_s,
        "open_ms": process.open_ms,
    }
    for name, memory in (("before", process.before), ("memory", process.memory)):
        for part in ("all", "file", "own"):
            row[f"{name}_{part}"] = None if memory is None else getattr(memory, part)
    return row | {"asked_in_process": process.asked}
