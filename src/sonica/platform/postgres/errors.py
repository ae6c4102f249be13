"""What can be wrong with the own PostgreSQL."""

from sonica.platform.errors import SonicaError


class PostgresError(SonicaError):
    """Codes: `postgres_no_programs`, `postgres_no_user`, `postgres_place` (of the folders), `postgres_lost`
    (its data is gone), `postgres_failed`.
    """
