"""How long queries take while packs are merged beside them."""

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.accuracy.progress import Progress
from sonica import _engine
from sonica.audio import listen
from sonica.catalogue.remake import merge
from sonica.catalogue.store import Store
from sonica.library import Recognizer

CLIP_S = 10.0
AT_LEAST = 100
"""Queries alone, and while nothing else goes on after the merge."""


def while_merging(home: Path, files: Sequence[Path], progress: Progress) -> dict[str, float]:
    """Merges all there is to merge in a thread, and asks meanwhile, one query after the other.

    Milliseconds of a query before, while, and after (`alone`, `merging`, `merged`; median and 99th
    percentile), seconds of the merge, and packs before and after.
    """
    recognizer = Recognizer(home)
    prints = [_engine.read_fingerprint(listen(path).fingerprint) for path in files]
    queries = [print_.excerpt(print_.duration_s / 3, CLIP_S) for print_ in prints]
    packs = len(recognizer.open_packs()[0])

    def asked(goes_on: Callable[[int], bool]) -> list[float]:
        took: list[float] = []
        while True:
            begun = time.perf_counter()
            recognizer.fingerprint(queries[len(took) % len(queries)])
            took.append(1000 * (time.perf_counter() - begun))
            if not goes_on(len(took)):
                return took

    asked(lambda number: number < len(queries))  # what is loaded first
    alone = asked(lambda number: number < AT_LEAST)
    progress("merge", 0, 1)
    with ThreadPoolExecutor(1) as pool:
        begun = time.perf_counter()
        merging = pool.submit(merge, Store(home))
        during = asked(lambda _: not merging.done())
        seconds = time.perf_counter() - begun
        merging.result()  # or why it failed
    progress("merge", 1, 1)
    after = asked(lambda number: number < AT_LEAST)
    told = {"merge_s": seconds, "packs_before": packs, "packs_after": len(recognizer.open_packs()[0])}
    for name, took in (("alone", alone), ("merging", during), ("merged", after)):
        ordered = sorted(took)
        told[f"{name}_p50_ms"] = ordered[len(ordered) // 2]
        told[f"{name}_p99_ms"] = ordered[math.ceil(0.99 * len(ordered)) - 1]
    return told
