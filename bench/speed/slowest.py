"""How long the slowest answer takes: queries of the accuracy bench, one at a time, every hypothesis tried."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy.material import Wanted, gather
from bench.accuracy.system import Sonica
from bench.accuracy.truth import Relatives


def slowest(queries: Path, songs: Path, most: int) -> dict[str, Any]:
    """Wall time (ms) of up to `most` queries, spread evenly over the set, from a fingerprint to the answer.

    `slowest`: the name of the one that took longest. Call it on one core. Raises BadTableError.
    """
    system = Sonica(exhaustive=True)
    material = gather(system, Wanted(queries, songs, Relatives(), most=most))
    system.index(material.songs)
    asks = material.plain()
    system.ask(asks[:1])  # does not count: it makes what is kept for later ones
    times = []
    for one in asks:
        start = time.perf_counter()
        system.ask([one])
        times.append(1000 * (time.perf_counter() - start))
    return {
        "n": len(times),
        "songs": len(material.songs),
        "p50_ms": float(np.percentile(times, 50)),
        "p99_ms": float(np.percentile(times, 99)),
        "max_ms": max(times),
        "slowest": asks[int(np.argmax(times))].query,
    }
