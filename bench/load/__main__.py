"""python -m bench.load: measures, shows one table, or prints JSON."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from bench.accuracy.progress import Progress, shown_progress
from bench.accuracy.tables import Table
from bench.load.faults import Fault, Faults
from bench.load.scenarios import OPEN_SHARE, SHAPES, Bench, Run, Scenario, Shape, asks_of, figures, run
from bench.load.setup import CLIP_S, FASTER, SNR_DB, Service, catalogue, scratch, serving, statuses
from bench.load.soak import soak
from bench.load.uploads import FORMATS, Took, stages_of, upload
from bench.speed.machine import machine
from sonica.platform.shared import close_shared

SOAK = "soak"
SCENARIOS = [one.value for one in Scenario] + [SOAK]
COLUMNS = {
    "rate": "a second",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "service_cpu_ms": "cpu ms: service",
    "engine_cpu_ms": "engine",
    "decoders_cpu_ms": "decoders",
    "postgres_cpu_ms": "database",
    "share": "of healthz",
    "memory_mb": "MB",
    "failed": "failed",
    "wrong": "wrong",
}
app = typer.Typer(add_completion=False)


@app.command()
def main(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help=f"What is asked: {', '.join(SCENARIOS)}. All but soak.")
    ] = None,
    *,
    songs: Annotated[int, typer.Option(help="Composed songs in the catalogue.", min=1)] = 200,
    distractors: Annotated[int, typer.Option(help="As many more, made of pieces of others.", min=0)] = 0,
    unknown: Annotated[int, typer.Option(help="Other songs that are asked.", min=1)] = 20,
    connections: Annotated[int, typer.Option(help="Clients that ask at once.", min=1)] = 32,
    rate: Annotated[float, typer.Option(help="Requests a second of runs at a fixed rate.", min=0)] = 0.0,
    seconds: Annotated[float, typer.Option(help="Of each run.", min=0.1)] = 5.0,
    runs: Annotated[int, typer.Option(help="Of each kind, in turn; medians are told.", min=1)] = 3,
    workers: Annotated[int, typer.Option(help="Processes of the service that answer.", min=1)] = 1,
    happens: Annotated[Fault, typer.Option("--while", help="What happens during each run.")] = Fault.NONE,
    minutes: Annotated[float, typer.Option(help="Of a soak.", min=0.1)] = 30.0,
    every: Annotated[float, typer.Option(help="Seconds from fault to fault of a soak.", min=1)] = 60.0,
    memory: Annotated[
        str, typer.Option(help="SONICA_CACHE_MEMORY: 64M answers from memory what was asked before.")
    ] = "off",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Asks a running service, and tells how much it answers, how soon, and at what cost.

    Each scenario twice: closed, where many clients ask as soon as they are answered; and open, where
    requests come at a fixed rate (70% of that), and time is told from when each was due. `soak` asks for
    long while something happens every minute, and fails where anything is lost, wrong, or grows.
    """
    chosen = scenarios or [one.value for one in Scenario]
    for name in chosen:
        if name not in SCENARIOS:
            raise typer.BadParameter(f"{name} is none of {', '.join(SCENARIOS)}")
    if SOAK in chosen and len(chosen) > 1:
        raise typer.BadParameter("soak goes alone")
    if happens is Fault.KILL_WORKER and workers < 2 and chosen != [SOAK]:
        raise typer.BadParameter("kill-worker needs --workers 2 or more")
    with scratch() as folder, shown_progress() as progress:
        home, log = folder / "home", folder / "log"
        queries = catalogue(home, songs, unknown, progress, distractors)
        processes = max(2, workers) if chosen == [SOAK] else workers
        with serving(home, log, processes, memory=memory) as service:
            bench = Bench(service, home, log, queries, Faults(home, folder))
            if chosen == [SOAK]:
                told = soak(bench, minutes=minutes, every_s=every, rate=rate or 5.0, progress=progress)
                close_shared()
                print(json.dumps({"machine": machine(), **told}, indent=1))
                raise typer.Exit(int(not told["passed"]))
            shape = Shape(connections, seconds, rate)
            kinds = [Scenario(name) for name in chosen]
            measured = asyncio.run(
                _rounds(bench, kinds, shape, happens=happens, runs=runs, progress=progress)
            )
            took = {
                name: asyncio.run(_upload(service, queries.clips[name], name, 5))
                for name in FORMATS
                if Scenario.UPLOADS in kinds
            }
            close_shared()
        answers = statuses(log)
    figured = {name: figures(several) for name, several in measured.items()}
    about = {**machine(), "songs": songs + distractors, "connections": connections, "seconds": seconds}
    about |= {"runs": runs, "workers": workers, "memory": memory, "while": happens.value}
    if as_json:
        sent = {name: {**stages_of(one), "failed": one.failed} for name, one in took.items()}
        print(json.dumps({"machine": about, **figured, "upload": sent, "answers": answers}, indent=1))
        return
    _table(figured, about, kinds, answers).show(Console(width=160))
    if took:
        _upload_table(took, str(about["load"])).show(Console(width=160))


async def _rounds(
    bench: Bench, kinds: Sequence[Scenario], shape: Shape, *, happens: Fault, runs: int, progress: Progress
) -> dict[str, list[Run]]:
    asks = {kind: asks_of(kind, bench.queries) for kind in kinds}
    fast = replace(shape, rate=0.0)
    for kind in kinds:  # what is loaded at the first request is not measured
        await run(bench, asks[kind], replace(fast, seconds=min(1.0, shape.seconds)))
    told: dict[str, list[Run]] = {}
    for number in range(runs):
        for kind in kinds:
            closed = await run(bench, asks[kind], fast, happens)
            told.setdefault(f"{kind.value}, closed", []).append(closed)
            if kind is Scenario.HEALTHZ:
                continue
            fixed = replace(shape, rate=shape.rate or max(1.0, OPEN_SHARE * closed.told.rate))
            told.setdefault(f"{kind.value}, open", []).append(await run(bench, asks[kind], fixed, happens))
        progress("measure", number + 1, runs)
    return told


def _table(
    figured: Mapping[str, Mapping[str, float]],
    about: Mapping[str, object],
    kinds: Sequence[Scenario],
    answers: Mapping[str, int],
) -> Table:
    health = figured.get(f"{Scenario.HEALTHZ.value}, closed", {}).get("rate", 0.0)
    rows = []
    for name, each in figured.items():
        share = f"{each['rate'] / health:.0%}" if health else ""
        cells = {column: share if column == "share" else f"{each[column]:,.1f}" for column in COLUMNS}
        rows.append([name, *(cells[column].removesuffix(".0") for column in COLUMNS)])
    shapes = "; ".join(f"{kind.value}: {SHAPES[kind]}" for kind in kinds)
    note = (
        f"{about['cores']} cores of {about['processor']}, load {about['load']}, for service, database and "
        f"clients; {about['workers']} to answer, memory of answers {about['memory']}; {about['songs']} "
        f"songs; clips of {CLIP_S:g} s with noise at {SNR_DB:g} dB, faster ones by {FASTER:g}; meanwhile: "
        f"{about['while']}. {shapes}. Closed: "
        f"{about['connections']} clients, each asks as soon as it is answered. Open: at {OPEN_SHARE:.0%} of "
        f"that rate, timed from when a request was due. Answers {dict(answers)}."
    )
    return Table("The service under load", ["what", *COLUMNS.values()], rows, note)


async def _upload(service: Service, clips: Sequence[bytes], name: str, rounds: int) -> Took:
    kind = FORMATS[name].media_type
    await upload(service.address, clips, kind, 1)  # the decoder is started and loaded
    return await upload(service.address, clips, kind, rounds)


def _upload_table(took: Mapping[str, Took], load: str) -> Table:
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


if __name__ == "__main__":
    app()
