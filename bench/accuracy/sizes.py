"""The size of the catalogue: the same queries against random parts of it.

Each song that is asked has an order of the catalogue of its own (by chance, and by the seed); a part of N
songs is the song itself and the first N - 1 others of that order, so that small parts lie within large ones.
A part is indexed as if there were nothing else. Strangers are the same queries with the own song masked, so
that N - 1 songs are left, and unknown songs against the first N.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from bench.accuracy.answers import append_answers, read_answers, was_thinned
from bench.accuracy.figures import FALSE_NOTE, false_text, hit_rate, lengths_of, percent
from bench.accuracy.material import Material, Wanted, gather
from bench.accuracy.progress import Progress, silent
from bench.accuracy.report import rate_json, write_files
from bench.accuracy.run import answered, start_over_where_changed
from bench.accuracy.score import Asked, Judged, Kind, Outcome, Policy, judge
from bench.accuracy.sources import order_key
from bench.accuracy.system import Ask, System
from bench.accuracy.tables import Table
from bench.accuracy.truth import BadTableError, Relatives, read_truth

SIZES = (25, 50, 100, 200)
SEED = 1


def part_of(songs: Sequence[tuple[str, bytes]], asked: str, size: int) -> list[tuple[str, bytes]]:
    """So many songs, the asked one among them if it is there at all; in the order of the catalogue."""
    chance = sorted(songs, key=lambda song: (song[0] != asked, order_key(SEED, f"{asked}|{song[0]}")))
    kept = {stem for stem, _ in chance[:size]}
    return [song for song in songs if song[0] in kept]


def ask_sizes(
    system: System, wanted: Wanted, sizes: Sequence[int], out: Path, progress: Progress = silent
) -> None:
    """Writes `answers.csv`, `masked.csv` and `run.json` into a folder named after each size.

    Goes on where it was interrupted, as `run` does. Raises BadTableError.
    """
    material = gather(system, wanted, progress)
    most = len(material.songs)
    if any(not 1 < size <= most for size in sizes):
        raise BadTableError(f"--sizes: give numbers from 2 to {most}, the songs that there are")
    for size in sizes:
        _ask(system, material, size, out / str(size), progress)


def _ask(system: System, material: Material, size: int, out: Path, progress: Progress) -> None:
    identity = {"system": system.identity(), **material.identity(), "size": str(size)}
    start_over_where_changed(out, identity)
    left: list[tuple[str, str, Ask]] = []
    total = 0
    for name, questions in (("answers.csv", material.plain()), ("masked.csv", material.masked())):
        there = answered(out / name)
        left += [(material.song_of(q.query), name, q) for q in questions if q.query not in there]
        total += len(questions)
    done = total - len(left)
    for song, group in groupby(sorted(left, key=lambda row: row[:2]), key=lambda row: row[0]):
        system.index(part_of(material.songs, song, size))
        for name, rows in groupby(group, key=lambda row: row[1]):
            asked = [question for _, _, question in rows]
            with (out / name).open("a", newline="", encoding="utf-8") as file:
                append_answers(file, system.ask(asked))
            done += len(asked)
            progress(f"ask {size} songs", done, total)


@dataclass(frozen=True)
class Best:
    """The scores of the best strangers: how many were asked for, how many had any, and how high they are."""

    n: int
    found: int
    mean: float
    """Of those that were found."""
    middle: float
    """What half of all exceed; the mean follows the few that are nowhere near."""
    high: float
    """What one in a hundred exceeds."""
    highest: float
    """What one in a thousand exceeds."""


def best_strangers(asked: Iterable[Asked]) -> Best | None:
    """Of queries whose song is absent; relatives are left out. None where nobody is."""
    pool = [a for a in asked if a.kind is not Kind.KNOWN]
    pool = [a for a in pool if a.outcome(accepted=True) is not Outcome.RELATED]
    found = sorted((a.answer.score for a in pool if a.answer.top1), reverse=True)
    if not found:
        return None

    def exceeded_by(share: float) -> float:
        return found[min(len(found) - 1, int(share * len(pool)))]

    return Best(
        len(pool), len(found), float(np.mean(found)), exceeded_by(0.5), exceeded_by(0.01), exceeded_by(0.001)
    )


def slope(values: Mapping[int, float]) -> float | None:
    """Change with each doubling of the size, by least squares; None for one size."""
    if len(values) < 2:
        return None
    return float(np.polyfit(np.log2(list(values)), list(values.values()), 1)[0])


def sizes_table(name: str, judged: Mapping[int, Judged]) -> Table:
    """By clip length and size."""
    rows: list[Sequence[str] | None] = []
    for length in (*lengths_of(next(iter(judged.values())).asked), None):
        hits: dict[int, float] = {}
        best: dict[int, Best] = {}
        label = "all" if length is None else f"{length:g} s"
        for size, answers in judged.items():
            part = [a for a in answers.asked if length in (None, a.query.length_s)]
            known = [a for a in part if a.kind is Kind.KNOWN]
            strangers = [a for a in part if a.kind is not Kind.KNOWN]
            rate, top = hit_rate(known, answers.shipped), best_strangers(part)
            hits[size] = 100 * rate.share
            scores = ["-"] * 4
            if top:
                best[size] = top
                scores = [f"{x:.2f}" for x in (top.mean, top.middle, top.high, top.highest)]
            wrong = sum(answers.shipped(a) is Outcome.WRONG for a in known)
            shown = f"{percent(rate.share)} ({percent(rate.low)}–{percent(rate.high)})"
            false = false_text(hit_rate(strangers, answers.shipped, Outcome.FALSE))
            rows.append(
                [f"{label}, {size}", str(rate.n), shown, str(wrong), str(len(strangers)), false, *scores]
            )
        slopes = [
            slope({n: getattr(b, field) for n, b in best.items()})
            for field in ("mean", "middle", "high", "highest")
        ]
        cells = ["-" if x is None else f"{round(x, 3) + 0.0:+.3f}" for x in (slope(hits), *slopes)]
        rows += [[f"{label}, each doubling", "", cells[0], "", "", "", *cells[1:]], None]
    return Table(
        f"{name}: by size of the catalogue, as shipped",
        [
            "clips, songs",
            "known",
            "right, %",
            "wrong",
            "strangers",
            "false accepts",
            "mean",
            "50 %",
            "1 %",
            "0.1 %",
        ],
        rows[:-1],
        "The same queries against random nested parts of the catalogue; of a stranger's part the own song "
        "is masked. Last four: the score of the best stranger, its mean and what 50, 1 and 0.1 % of the "
        "strangers exceed. Each doubling: the change by least squares, of hits in points. " + FALSE_NOTE,
    )


def write_sizes(
    out: Path, queries: Path, relatives: Relatives, sizes: Sequence[int], policy: Policy
) -> Table:
    """Writes sizes.md and sizes.json beside the answers of each size; returns the table."""
    truth = read_truth(queries)
    judged = {
        size: judge(
            "sonica",
            truth,
            read_answers(out / str(size)),
            relatives,
            policy,
            thinned=was_thinned(out / str(size)),
        )
        for size in sorted(sizes)
    }
    numbers = []
    for size, answers in judged.items():
        for length in lengths_of(answers.asked):
            part = [a for a in answers.asked if a.query.length_s == length]
            top = best_strangers(part)
            known = [a for a in part if a.kind is Kind.KNOWN]
            numbers.append(
                {
                    "size": size,
                    "length_s": length,
                    "hit_rate": {
                        r: rate_json(hit_rate(known, j))
                        for r, j in (("equal", answers.equal), ("shipped", answers.shipped))
                    },
                    "best_strangers": top and asdict(top),
                }
            )
    table = sizes_table("sonica", judged)
    write_files(out, "sizes", [table], {}, numbers)
    return table
