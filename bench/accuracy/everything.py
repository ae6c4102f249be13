"""The whole bench in one go: queries, answers, report; on a data folder, or on composed songs."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy.answers import read_answers
from bench.accuracy.composed import MADE_NOISE, compose_data
from bench.accuracy.degrade import HARDER, STANDARD, STRANGERS
from bench.accuracy.material import Wanted
from bench.accuracy.progress import Progress
from bench.accuracy.queries import Plan, make_queries
from bench.accuracy.report import write_report
from bench.accuracy.run import run
from bench.accuracy.score import Policy, judge
from bench.accuracy.sources import Sources, Split, choose
from bench.accuracy.system import Sonica, System
from bench.accuracy.tables import Table
from bench.accuracy.truth import Relatives, read_manifest

BENCH = Path(__file__).parents[1]
DATA = BENCH / "data"
RESULTS = BENCH / "results" / "accuracy"
COMPOSED_INDEXED, COMPOSED_UNKNOWN = 24, 6


@dataclass(frozen=True)
class Measured:
    """The tables of the report, and what to bear in mind about them."""

    tables: Sequence[Table]
    remark: str


def measure(
    *,
    ask: int,
    eval_data: Path | None,
    data: Path,
    out: Path,
    progress: Progress,
    system: System | None = None,
    degradations: Sequence[str] = STANDARD + HARDER,
    lengths: Sequence[int] = (10, 5, 3),
    composed: tuple[int, int] = (COMPOSED_INDEXED, COMPOSED_UNKNOWN),
    jobs: int = os.cpu_count() or 1,
) -> Measured:
    """Asks for `ask` songs. Everything made is kept in `data`; answers and report go to `out`."""
    if eval_data is None:
        folder = data / "composed"
        compose_data(folder, known=composed[0], unknown=composed[1], progress=progress)
        chosen = choose(
            Sources(folder / "catalogue", folder / "unknown", made_noise=MADE_NOISE), Split.ALL, 1, ask
        )
        queries = data / "queries-composed"
        remark = "These songs are Sonica's own: the figures show that it works, not how well."
    else:
        folder = eval_data
        unknown, noise, rooms = (
            folder / name if (folder / name).is_dir() else None for name in ("unknown", "noise", "rooms")
        )
        chosen = choose(Sources(folder / "catalogue", unknown, noise, rooms), Split.REPORT, 1, ask)
        queries = data / "queries-report"
        remark = f"{len(chosen.songs)} songs were asked for."
    plan = Plan(chosen, tuple(degradations), STRANGERS, tuple(lengths))
    wanted = make_queries(plan, queries, jobs=jobs, progress=progress)
    related = folder / "related.csv"
    relatives = Relatives.read(*([related] if related.exists() else []))
    asked = Wanted(queries, folder / "catalogue", relatives)
    run(system or Sonica(), asked, out, progress=progress)
    policy = Policy()
    judged = judge("sonica", wanted, read_answers(out), relatives, policy)
    manifest = folder / "manifest.csv"
    rows = read_manifest(manifest if manifest.exists() else None)
    return Measured(write_report(out, [judged], rows, policy), remark)
