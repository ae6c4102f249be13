"""Which servers this process uses: those that the environment names, or Sonica's own."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sonica.platform.database import URL_VARIABLE, checked_url
from sonica.platform.postgres import Postgres


@contextmanager
def database_server(home: Path, environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The URL of the database: that of `DATABASE_URL`, or of an own one, which runs as long as this lasts.

    Raises SettingsError and PostgresError.
    """
    if named := environ.get(URL_VARIABLE, ""):
        yield checked_url(named)
        return
    with Postgres(home) as postgres:
        yield checked_url(postgres.url)
