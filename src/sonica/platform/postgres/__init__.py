"""Sonica's own PostgreSQL: started where it is needed, shared by all processes of one data folder."""

from sonica.platform.postgres.errors import PostgresError
from sonica.platform.postgres.server import Postgres

__all__ = ["Postgres", "PostgresError"]
