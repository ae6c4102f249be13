"""`sonica worker`: what goes on in the background, apart from the service."""

from sonica.cli.console import err
from sonica.platform.settings import load_settings


def worker() -> None:
    """Do what goes on in the background, until Ctrl-C: add music, make packs.

    `sonica serve` does so by itself. More workers share the work, also on
    other machines that see the same data folder and database. One that dies
    loses nothing: another goes on.

    \b
    [bold]Examples[/bold]
      sonica worker
      DATABASE_URL=postgresql://user:secret@host/name sonica worker

    \b
    [bold]Exit status[/bold]
      0  it was told to stop, and has
      2  wrong usage
      1  anything else
    """  # noqa: D301  \b is meant: it keeps lines apart
    from sonica.platform.options import Options  # noqa: PLC0415
    from sonica.platform.servers import database_server  # noqa: PLC0415
    from sonica.platform.telemetry import configure_logs  # noqa: PLC0415
    from sonica.work.worker import run_worker  # noqa: PLC0415

    options = Options()
    load_settings().create_home()
    configure_logs()
    with database_server(options) as url:
        run_worker(options, url, lambda: err.print("At work. Ctrl-C stops it."))
