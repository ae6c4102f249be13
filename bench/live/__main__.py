"""python -m bench.live: measures, shows one table, or prints JSON."""

import asyncio
import json
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy.progress import shown_progress
from bench.accuracy.tables import Table
from bench.live.listeners import CLIP_S, FRAME_S, SNR_DB, Told, frames_of, listen
from bench.load.setup import catalogue, scratch, serving
from bench.speed.machine import machine
from sonica.platform.parallel import in_order

KNOWN, UNKNOWN = 35, 15
"""Clips of songs that are known, and of others."""


def main(
    *,
    songs: Annotated[int, typer.Option(help="Composed songs in the catalogue.", min=KNOWN)] = 200,
    open_: Annotated[int, typer.Option("--open", help="Connections.", min=1)] = 1000,
    hearing: Annotated[int, typer.Option(help="Of them, those that hear.", min=1)] = 100,
    seconds: Annotated[float, typer.Option(help="For how long.", min=1, max=60)] = 45.0,
    workers: Annotated[int, typer.Option(help="Processes of the service that answer.", min=1)] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Opens many live listenings, of which some hear songs, two frames a second, each in its own time.

    Told is how long a look takes, from the frame that makes it due to its answer, and how much of a song
    must be heard. Service, database and clients share the machine.
    """
    with scratch() as folder, shown_progress() as progress:
        home, log = folder / "home", folder / "log"
        catalogue(home, songs, 1, progress)
        seeds = [*range(KNOWN), *range(songs + 1, songs + 1 + UNKNOWN)]
        clips = []
        for clip in in_order(frames_of, seeds):
            clips.append(clip)
            progress("listen to clips", len(clips), len(seeds))
        with serving(home, log, workers) as service:
            url = "ws://{}:{}/v1/listen".format(*service.address)
            asyncio.run(listen(url, clips[:2], hearing=2, idle=0, seconds=1.0))  # what is loaded first
            before, memory = service.cpu_s(), [_memory(service.pids())]
            told = asyncio.run(
                listen(
                    url,
                    clips,
                    hearing=hearing,
                    idle=max(0, open_ - hearing),
                    seconds=seconds,
                    strangers=clips[KNOWN:],
                    on_end=lambda: memory.append(_memory(service.pids())),
                )
            )
            used = service.cpu_s() - before
    figures = {
        **_figures(told),
        "cpu_ms": round(1000 * used / max(1, len(told.looks_ms)), 2),
        "memory_kb": round((memory[-1] - memory[0]) / max(1, open_) / 1024, 1),
    }
    about = {**machine(), "songs": songs, "open": open_, "hearing": hearing, "workers": workers}
    if as_json:
        print(json.dumps({"machine": about, **figures}, indent=1))
        return
    names = {
        "looks": "looks",
        "look_p50_ms": "p50 ms",
        "look_p99_ms": "p99 ms",
        "frame_p99_ms": "p99 ms, other frames",
        "heard_p50_s": "s to a name, median",
        "heard_p95_s": "p95",
        "cpu_ms": "cpu ms a look",
        "memory_kb": "kB a connection",
        "failed": "failed",
    }
    note = (
        f"{about['cores']} cores of {about['processor']}, load {about['load']}, for service, database and "
        f"clients; {workers} to answer. {songs} composed songs; {open_} connections, of which {hearing} hear "
        f"clips of {CLIP_S:g} s with noise at {SNR_DB:g} dB, a frame every {FRAME_S:g} s, "
        f"{UNKNOWN / (KNOWN + UNKNOWN):.0%} of songs that are not known; ends: {told.ends}, "
        f"of which {told.strangers_named} of songs that are not known; {told.open} stayed connected."
    )
    row = [f"{figures[name]:,g}" for name in names]
    Table("Listening live", list(names.values()), [row], note).show(Console())


def _figures(told: Told) -> dict[str, float]:
    return {
        "looks": len(told.looks_ms),
        "look_p50_ms": _share(told.looks_ms, 0.5),
        "look_p99_ms": _share(told.looks_ms, 0.99),
        "frame_p99_ms": _share(told.frames_ms, 0.99),
        "heard_p50_s": statistics.median(told.heard_s or [0.0]),
        "heard_p95_s": _share(told.heard_s, 0.95),
        "failed": told.failed,
    }


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values or [0.0])
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


def _memory(pids: Iterable[int]) -> int:
    """Bytes that each of the processes holds alone."""
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8") for pid in pids]
    lines = [line for text in texts for line in text.splitlines()]
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


if __name__ == "__main__":
    typer.run(main)
