"""Renews the pages of docs/reference from the code: settings, metrics, commands, errors and routes.

What only a person can say of a metric, when to worry, is in worries.toml beside this. The pages are kept, so
that they can be read without a build; a test compares them with the code.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import reference_api
import reference_commands
import reference_errors
import reference_metrics
import reference_settings

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "settings.md": reference_settings.page,
    "metrics.md": reference_metrics.page,
    "commands.md": reference_commands.page,
    "errors.md": reference_errors.page,
    "api.md": reference_api.page,
}
"""By the name of the page, what makes it."""


def main() -> int:
    """Writes all pages, and says which have changed; 1 where a metric has no words yet."""
    FOLDER.mkdir(exist_ok=True)
    renewed = []
    for name, make in PAGES.items():
        file, content = FOLDER / name, make()
        if not file.is_file() or file.read_text() != content:
            file.write_text(content)
            renewed.append(name)
    told = f"renewed ({', '.join(renewed)}); commit them" if renewed else "as the code is"
    print(f"  ✓ The pages of docs/reference are {told}.")
    if silent := reference_metrics.without_words():
        print(f"  ✗ Say in scripts/worries.toml when to worry about: {', '.join(silent)}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
