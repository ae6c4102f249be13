"""The steps from no tables to those of this version, for Alembic; `sonica.platform.migrate` runs them."""

from pathlib import Path

NEWEST = max(path.name[1:5] for path in Path(__file__).with_name("versions").glob("v[0-9]*.py"))
"""The last step that this version knows, by the names of their files: Alembic takes a while to load."""
