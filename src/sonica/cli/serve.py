"""`sonica serve`, `sonica api` and `sonica migrate`: Sonica for others, over HTTP.

What they need takes a second to load, so it is loaded when they run: help and the Tab key do not wait for it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sonica.cli.console import err, out
from sonica.cli.thresholds import chosen_thresholds
from sonica.platform.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from sonica.cli.serve_demo import Demo
    from sonica.platform.options import Options

PORT, PORTS = 8000, 100
"""The usual port, and how many from it on are tried where any will do."""
MOST = 25
"""Processes that answer: more have too few connections to the database each (`platform.connections`)."""
Host = Annotated[str, typer.Option(help="The address to listen at.")]
Port = Annotated[
    int | None, typer.Option(help="The port; 0 for a free one. Without one 8000.", min=0, max=65535)
]
Engines = Annotated[
    list[str] | None,
    typer.Option(
        "--engine",
        help="Where a `sonica engine` searches, so that no packs are opened here. Repeatable.",
        show_default=False,
    ),
]
Workers = Annotated[int, typer.Option(help="Processes that answer, at the same port.", min=1, max=MOST)]


def serve(
    *,
    host: Host = "127.0.0.1",
    port: Port = None,
    workers: Workers = 1,
    engine: Engines = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Add songs that Sonica composes, and name one of them.")
    ] = False,
) -> None:
    """Serve recognition over HTTP, until Ctrl-C.

    Starts its own PostgreSQL, whose data is kept in the data folder, makes
    the tables, and answers with the songs that `sonica add` has learned, also
    while you add more. DATABASE_URL names a PostgreSQL of yours instead. Logs
    go to stderr, one JSON object a line.

    With --demo two dozen songs are composed and added while it answers, one
    of them is asked over HTTP, and only warnings are logged; without --port
    it takes the next port from 8000 on that is free.

    \b
    [bold]Examples[/bold]
      sonica serve
      SONICA_HOME=./try sonica serve --demo
      sonica serve --host 0.0.0.0 --port 80 --workers 8
      sonica serve --engine 127.0.0.1:7000 --engine 127.0.0.1:7001
      curl -F file=@clip.m4a http://127.0.0.1:8000/v1/recognize
      DATABASE_URL=postgresql://user:secret@host/name sonica serve

    \b
    [bold]Exit status[/bold]
      0  it was told to stop, and has
      2  wrong usage
      1  anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    from sonica.platform.options import Options  # noqa: PLC0415  see above

    options = Options()
    songs = _demo(options.home) if demo else None

    def on_ready(address: str) -> None:
        _say(address)
        if songs:
            songs.start(address)

    ports = range(PORT, PORT + PORTS) if demo and port is None else (PORT if port is None else port,)
    level = logging.WARNING if demo else logging.INFO
    try:
        _run(
            options,
            host=host,
            ports=ports,
            workers=workers,
            on_ready=on_ready,
            level=level,
            web=_web(options),
            engines=engine,
        )
    finally:
        if songs:
            songs.close()


def api(*, host: Host = "127.0.0.1", port: Port = None, workers: Workers = 1, engine: Engines = None) -> None:
    """Only answer: `sonica serve` without the work that goes on in the background.

    For machines that are there to answer. `sonica worker` adds the music that
    is sent, makes packs and draws the charts, here or elsewhere: both need the
    same database and see the same data folder.

    \b
    [bold]Examples[/bold]
      sonica api --workers 8
      DATABASE_URL=postgresql://user:secret@host/name sonica api --host 0.0.0.0

    \b
    [bold]Exit status[/bold]
      0  it was told to stop, and has
      2  wrong usage
      1  anything else
    """  # noqa: D301
    from sonica.platform.options import Options  # noqa: PLC0415  see above

    ports = (PORT if port is None else port,)
    _run(Options(), host=host, ports=ports, workers=workers, on_ready=_say, does_jobs=False, engines=engine)


def _run(
    options: "Options",
    *,
    host: str,
    ports: Sequence[int],
    workers: int,
    on_ready: Callable[[str], None],
    level: int = logging.INFO,
    does_jobs: bool = True,
    web: Path | None = None,
    engines: Sequence[str] | None = None,
) -> None:
    from sonica.gateway.serve import serve as run  # noqa: PLC0415  see above
    from sonica.platform.options import checked_engine  # noqa: PLC0415
    from sonica.platform.telemetry import configure_logs  # noqa: PLC0415

    thresholds = chosen_thresholds(load_settings().create_home())
    addresses = [checked_engine(said) for said in engines or options.engine_addresses]
    configure_logs(level=level)
    run(
        options,
        thresholds,
        host=host,
        ports=ports,
        on_ready=on_ready,
        workers=workers,
        does_jobs=does_jobs,
        web=web,
        engines=addresses,
    )


def _web(options: "Options") -> Path | None:
    """Where the app lies. Raises SettingsError where that was said, and is no folder: it was misspelt."""
    folder = options.web_folder
    if options.web is not None and folder and not folder.is_dir():
        said = f"SONICA_WEB names {folder}, which is no folder."
        raise SettingsError("option_bad_value", said, "Name where the app was built, or none.")
    return folder


def _say(address: str) -> None:
    out.print(f"Open {address}", soft_wrap=True)
    err.print("Ctrl-C stops it.")


def _demo(home: Path) -> "Demo":
    from sonica.cli.serve_demo import Demo  # noqa: PLC0415  it is slow to load

    return Demo(home)


def migrate_tables(
    *,
    to: Annotated[
        str, typer.Option(help="A step to go to instead, up or down; `base` removes all.", metavar="STEP")
    ] = "head",
) -> None:
    """Bring the tables of the database to what this version needs.

    `sonica serve` does so when it starts. Going down loses what only the
    newer tables hold.

    \b
    [bold]Examples[/bold]
      sonica migrate
      DATABASE_URL=postgresql://user:secret@host/name sonica migrate
    """  # noqa: D301
    from sonica.platform.database import Database  # noqa: PLC0415  see above
    from sonica.platform.migrate import migrate  # noqa: PLC0415
    from sonica.platform.options import Options  # noqa: PLC0415
    from sonica.platform.servers import database_server  # noqa: PLC0415

    options = Options()
    load_settings().create_home()

    async def go(url: str) -> tuple[str | None, str | None]:
        database = Database(url)
        try:
            return await migrate(database, to)
        finally:
            await database.close()

    with database_server(options) as url:
        before, after = asyncio.run(go(url))
    out.print(
        f"The tables are at step {after or 'base'}"
        + ("." if before == after else f", from {before or 'base'}.")
    )
