"""Which servers this process uses: those that the operator names, or Sonica's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from sonica.platform.database import checked_url
from sonica.platform.options import Options
from sonica.platform.postgres import Postgres


@contextmanager
def database_server(options: Options) -> Iterator[str]:
    """The URL of the database: the one that was named, or of an own one, which runs as long as this lasts.

    Raises SettingsError and PostgresError.
    """
    if options.database_url:
        yield checked_url(options.database_url.get_secret_value())
        return
    with Postgres(options.home) as postgres:
        yield checked_url(postgres.url)
