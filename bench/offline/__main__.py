"""python -m bench.offline: makes a lite pack, asks it in Chromium and here; a table or JSON."""

import base64
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bench.accuracy.everything import DATA
from bench.accuracy.options import data_folder, told_errors
from bench.accuracy.progress import Progress, shown_progress
from bench.accuracy.tables import Table
from bench.distractors import Distractors
from bench.scale.catalogue import cores
from bench.scale.ground import Ground, prepare
from bench.speed.machine import machine, on_one_core
from sonica import _engine

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "clients" / "engine" / "bench-pack.mjs"
PLAN = (12, ("clean", "snr5", "speed-20"), (10, 5))
"""What is asked: songs, degradations, lengths (s); strangers are unknown songs, and known ones taken out."""

Prints = Mapping[str, Sequence[bytes]]


@told_errors
def main(
    *,
    songs: Annotated[int, typer.Option(help="In the pack.", min=1)] = 5_000,
    seconds: Annotated[float, typer.Option(help="Length of those that nobody sang.", min=5, max=600)] = 210.0,
    data: Annotated[Path, typer.Option(help="Folder for queries and songs.")] = DATA,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measures a lite pack of many songs in Chromium, as the web app uses it without a network.

    Most of its songs are made of pieces of real ones (see `python -m bench.scale`). Needs Chromium and
    the web engine: make setup, make wasm.
    """
    with shown_progress() as told:
        ground = prepare(
            eval_data=data_folder(), data=data, queries=None, progress=told, jobs=cores(), plan=PLAN
        )
        pack = _pack(ground, songs, seconds, told)
    asked = _queries(ground)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / "pack", Path(folder) / "queries.json"]
        files[0].write_bytes(pack)
        texts = {name: [base64.b64encode(one).decode() for one in prints] for name, prints in asked.items()}
        files[1].write_text(json.dumps(texts), encoding="utf-8")
        chromium = _in_chromium(files)
    native = _here(pack, asked)
    hours = sum(one.duration_s for one in _engine.Pack.from_bytes(pack).recordings()) / 3600
    figures = {
        "songs": songs,
        "hours": round(hours, 1),
        "pack_bytes": len(pack),
        "bytes_a_second": round(len(pack) / hours / 3600, 1),
        "open_ms": round(chromium["ms"], 1),
        "memory_bytes": chromium["memory"],
        "build": chromium["build"],
        "chromium": {name: _told(several) for name, several in chromium["answers"].items()},
        "native": {name: _told(several) for name, several in native.items()},
    }
    if as_json:
        print(json.dumps({"machine": machine(), **figures}, indent=1))
        return
    _table(figures, ground.remark).show(Console())


def _pack(ground: Ground, songs: int, seconds: float, progress: Progress) -> bytes:
    made = Distractors([print_ for _, print_ in ground.sources])
    builder = _engine.PackBuilder("lite")
    for number, (stem, print_) in enumerate(ground.material.songs[:songs], 1):
        builder.add(number, number, print_, title=stem)
    for number in range(len(builder) + 1, songs + 1):
        builder.add(number, number, made.make(number, seconds), title=f"distractor {number}")
        if number % 50 == 0 or number == songs:
            progress("make songs", number, songs)
    return builder.build()


def _queries(ground: Ground) -> Prints:
    asked: dict[str, list[bytes]] = {}
    for query, print_ in zip(ground.material.queries, ground.material.heard, strict=True):
        name = f"known, {query.degradation}" if query.known else "unknown"
        asked.setdefault(name, []).append(print_)
    return asked


def _in_chromium(files: Sequence[Path]) -> dict[str, Any]:
    sys.path.insert(0, str(ROOT / "scripts"))
    from step import environment  # noqa: PLC0415  where node lies is its business

    done = subprocess.run(
        ["node", str(SCRIPT), *map(str, files)],
        env=environment(),
        cwd=SCRIPT.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"Chromium could not be asked; run `make setup wasm` first.\n{done.stderr[-1500:]}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _here(pack: bytes, asked: Prints) -> dict[str, list[dict[str, Any]]]:
    """The same by the native engine on one core."""
    opened = _engine.Pack.from_bytes(pack)
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in asked}
    with on_one_core():
        for name, prints in asked.items():
            for print_ in prints:
                begun = time.perf_counter()
                answer = _engine.recognize([opened], print_)
                told[name].append({"ms": 1000 * (time.perf_counter() - begun), "status": answer.status})
    return told


def _told(several: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    took = sorted(float(one["ms"]) for one in several)
    return {
        "n": len(took),
        "match": sum(one["status"] == "match" for one in several),
        "p50_ms": round(statistics.median(took), 1),
        "most_ms": round(took[-1], 1),
    }


def _table(figures: Mapping[str, Any], remark: str) -> Table:
    here = machine()
    rows = [
        [name, f"{one['n']:.0f}", f"{one['match']:.0f}", f"{one['p50_ms']:,.1f}", f"{one['most_ms']:,.1f}",
         f"{one['p50_ms'] / max(0.1, figures['native'][name]['p50_ms']):.1f}×"]
        for name, one in figures["chromium"].items()
    ]  # fmt: skip
    size, memory = f"{figures['pack_bytes'] / 1e6:.1f} MB", f"{figures['memory_bytes'] / 1e6:,.0f} MB"
    note = (
        f"{figures['songs']:,} songs, {figures['hours']:,.0f} hours, {size}, {figures['bytes_a_second']:.0f} "
        f"bytes a second; opened and checked in {figures['open_ms']:,.0f} ms; {memory} more in the page's "
        f"process; build {figures['build']}. {here['cores']} cores of {here['processor']}, load "
        f"{here['load']}. {remark}"
    )
    head = ["asked", "n", "named", "median ms", "most ms", "of the native engine"]
    return Table("A pack without a network, in Chromium", head, rows, note)


if __name__ == "__main__":
    typer.run(main)
