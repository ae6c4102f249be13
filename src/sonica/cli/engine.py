"""`sonica engine`: the packs and their search as a process of its own, for `sonica serve --engine`."""

from typing import Annotated

import typer

from sonica.cli.console import err, out
from sonica.platform.settings import load_settings


def engine(
    *,
    listen: Annotated[
        str, typer.Option(help="Where it is asked: HOST:PORT, with port 0 for a free one, or unix:PATH.")
    ] = "127.0.0.1:7000",
    told: Annotated[
        str | None,
        typer.Option("--http", help="Where it tells how it is doing: HOST:PORT.", show_default=False),
    ] = None,
) -> None:
    """Search for services that do not search by themselves, until Ctrl-C.

    Reads all packs of the data folder once, then answers what `sonica serve
    --engine` asks, also with songs that are added later. Needs no database.
    Whoever can connect may ask: let only your services do so. At --http are
    /healthz, /readyz and /metrics. Logs go to stderr, one JSON object a line.

    Told to stop, it answers what it was asked. Run two, and restart one after
    the other: no request fails.

    \b
    [bold]Examples[/bold]
      sonica engine
      sonica engine --listen unix:/run/sonica/a.sock --http 127.0.0.1:7001
      sonica serve --engine 127.0.0.1:7000

    \b
    [bold]Exit status[/bold]
      0  it was told to stop, and has
      2  wrong usage
      1  anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    from sonica.gateway.engines.address import Address  # noqa: PLC0415  it takes a second to load
    from sonica.gateway.engines.run import run_engine  # noqa: PLC0415
    from sonica.platform.telemetry import configure_logs  # noqa: PLC0415

    at, tells = Address.of(listen), Address.of(told) if told else None
    configure_logs()

    def on_ready(address: Address) -> None:
        out.print(f"Ask {address}", soft_wrap=True)
        err.print("Ctrl-C stops it.")

    run_engine(load_settings().find_home(), at, tells, on_ready)
