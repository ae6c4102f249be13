"""The steps from no tables to those of this version, for Alembic; `sonica.platform.migrate` runs them."""
