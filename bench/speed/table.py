"""All figures on one screen."""

from collections.abc import Mapping
from typing import Any

from bench.accuracy.tables import Table


def table_of(about: Mapping[str, str], result: Mapping[str, Any]) -> Table:
    """Throughput, queries and bytes, with the machine as a note."""
    rows: list[list[str] | None] = []
    for name, figures in result["throughput"].items():
        ratio = f"{figures['ratio']:.1f} × a plain spectrogram"
        rows.append([name, f"{figures['times_real_time']:,.0f} × real time", ratio])
    rows.append(None)
    for name, figures in result["queries"].items():
        times = _times(figures)
        told = f"{figures['right']:g} of {figures['n']:g} right, mean CPU {figures['cpu_ms']:.1f} ms"
        rows.append([f"query of 10 s, {name}", times, told])
    if "query_set" in result:
        figures = result["query_set"]
        label = f"{figures['n']} queries of the set, {figures['songs']} songs, every hypothesis"
        rows.append([label, _times(figures), figures["slowest"]])
    rows.append(None)
    sizes = result["bytes"]
    for name, size in sizes.items():
        if name not in ("pack", "archive"):
            rows.append(
                [f"pack section {name}", f"{size:.1f} bytes a second", f"{100 * size / sizes['pack']:.0f} %"]
            )
    rows.append(["pack, all sections", f"{sizes['pack']:.1f} bytes a second", ""])
    rows.append(["archived fingerprints", f"{sizes['archive']:.1f} bytes a second", ""])
    note = (
        f"One core of {about['cores']} × {about['processor']}, load {about['load']}; {about['system']}, "
        f"Python {about['python']}, NumPy {about['numpy']}. {about['music']}, "
        f"{result['music_s'] / 60:.0f} min. "
        "Decoding is not in it. Unknown: the own song is masked, so right is to name nobody."
    )
    return Table("Sonica on one core", ["what", "figure", ""], rows, note)


def _times(figures: Mapping[str, Any]) -> str:
    return f"p50 {figures['p50_ms']:.1f}, p99 {figures['p99_ms']:.1f}, longest {figures['max_ms']:.1f} ms"
