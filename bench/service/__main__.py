"""python -m bench.service: measures, shows one table, or prints JSON."""

import asyncio
import json
import statistics
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy.progress import shown_progress
from bench.accuracy.tables import Table
from bench.service.load import Told, load, request
from bench.service.setup import CLIP_S, SNR_DB, Service, catalogue, scratch, serving, statuses
from bench.service.uploads import FORMATS, Took, stages_of, upload
from bench.speed.machine import machine

FINGERPRINT = "application/vnd.sonica.fingerprint"
HEALTH = "healthz"


def main(
    *,
    songs: Annotated[int, typer.Option(help="Composed songs in the catalogue.", min=1)] = 200,
    unknown: Annotated[int, typer.Option(help="Other songs that are asked.", min=1)] = 20,
    connections: Annotated[int, typer.Option(help="Clients that ask at once.", min=1)] = 32,
    seconds: Annotated[float, typer.Option(help="Of each run.", min=0.1)] = 5.0,
    runs: Annotated[int, typer.Option(help="Of each kind, in turn; medians are told.", min=1)] = 3,
    workers: Annotated[int, typer.Option(help="Processes of the service that answer.", min=1)] = 1,
    uploads: Annotated[int, typer.Option(help="Of each clip of compressed audio.", min=1)] = 10,
    memory: Annotated[
        str, typer.Option(help="SONICA_CACHE_MEMORY: 64M answers from memory what was asked before.")
    ] = "off",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Asks a running service for its health, and what songs are that it knows and does not know.

    Many clients at once send fingerprints; then one sends clips of compressed audio, and each stage is told.
    """
    with scratch() as folder, shown_progress() as progress:
        home, log = folder / "home", folder / "log"
        queries = catalogue(home, songs, unknown, progress)
        kinds = {
            HEALTH: [request("GET", "/healthz")] * connections,
            "known": [request("POST", "/v1/recognize", one, FINGERPRINT) for one in queries.known],
            "unknown": [request("POST", "/v1/recognize", one, FINGERPRINT) for one in queries.unknown],
        }
        with serving(home, log, workers, memory=memory) as service:
            told = asyncio.run(_rounds(service, kinds, connections, seconds, runs))
            took = {
                name: asyncio.run(_upload(service, queries.clips[name], name, uploads)) for name in FORMATS
            }
        answers = statuses(log)
    figures = {name: _figures(several, told[HEALTH]) for name, several in told.items()}
    about = {**machine(), "songs": songs, "connections": connections, "seconds": seconds, "runs": runs}
    about |= {"workers": workers, "memory": memory}
    if as_json:
        sent = {name: {**stages_of(one), "failed": one.failed} for name, one in took.items()}
        print(json.dumps({"machine": about, **figures, "upload": sent, "answers": answers}, indent=1))
        return
    rows = [
        [name, *(f"{figures[name][column]:,.1f}" for column in ("rate", "p50_ms", "p99_ms", "cpu_ms")),
         f"{figures[name]['share']:.0%}", f"{figures[name]['failed']:.0f}"]
        for name in kinds
    ]  # fmt: skip
    note = (
        f"{about['cores']} cores of {about['processor']}, load {about['load']}, for service, database and "
        f"clients; {workers} to answer, memory of answers {memory}. {songs} songs; "
        f"queries of {CLIP_S:g} s with noise at {SNR_DB:g} dB; "
        f"{connections} connections; answers {answers}."
    )
    head = ["what", "a second", "p50 ms", "p99 ms", "cpu ms", "of healthz", "failed"]
    Table("The service, from fingerprints", head, rows, note).show(Console())
    _upload_table(took, about["load"]).show(Console())


async def _rounds(
    service: Service, kinds: dict[str, list[bytes]], connections: int, seconds: float, runs: int
) -> dict[str, list[Told]]:
    for requests in kinds.values():  # what is loaded at the first request is not measured
        await load(service.address, requests, connections, min(1.0, seconds))
    told: dict[str, list[Told]] = {name: [] for name in kinds}
    for _ in range(runs):
        for name, requests in kinds.items():
            before = service.cpu_s()
            one = await load(service.address, requests, connections, seconds)
            one.cpu_s = service.cpu_s() - before
            told[name].append(one)
    return told


async def _upload(service: Service, clips: Sequence[bytes], name: str, rounds: int) -> Took:
    kind = FORMATS[name].media_type
    await upload(service.address, clips, kind, 1)  # the decoder is started and loaded
    return await upload(service.address, clips, kind, rounds)


def _upload_table(took: Mapping[str, Took], load: object) -> Table:
    told = {name: stages_of(one) for name, one in took.items()}
    stages = list(dict.fromkeys(stage for one in told.values() for stage in one))
    head = ["ms, mean (p95)", *stages, "failed"]
    rows = [
        [name, *(f"{one[stage]['mean_ms']:.1f} ({one[stage]['p95_ms']:.1f})" for stage in stages),
         str(took[name].failed)]
        for name, one in told.items()
    ]  # fmt: skip
    note = (
        f"Clips of {CLIP_S:g} s, one client, {len(took['opus'].total)} answers each; load {load} at the end."
    )
    return Table("An upload, from the first byte sent to the answer", head, rows, note)


def _figures(told: list[Told], health: list[Told]) -> dict[str, float]:
    """Medians of the runs; `share`: of the rate of healthz in the same round."""
    return {
        "rate": statistics.median(one.rate for one in told),
        "p50_ms": statistics.median(one.percentile(0.5) for one in told),
        "p99_ms": statistics.median(one.percentile(0.99) for one in told),
        "share": statistics.median(one.rate / other.rate for one, other in zip(told, health, strict=True)),
        "cpu_ms": statistics.median(one.cpu_ms for one in told),
        "failed": float(sum(one.failed for one in told)),
    }


if __name__ == "__main__":
    typer.run(main)
