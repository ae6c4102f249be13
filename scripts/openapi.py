"""Renews openapi.json, the description of the service, from its routes."""

from __future__ import annotations

from pathlib import Path

from sonica.gateway.app import create_routes
from sonica.gateway.document import document_bytes

FILE = Path(__file__).resolve().parent.parent / "openapi.json"


def main() -> None:
    """Writes it, and says whether it changed."""
    content = document_bytes(create_routes())
    is_same = FILE.is_file() and FILE.read_bytes() == content
    FILE.write_bytes(content)
    print(f"  ✓ openapi.json {'is as the routes are' if is_same else 'is renewed; commit it'}.")


if __name__ == "__main__":
    main()
