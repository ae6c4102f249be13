"""Renews requirements.lock: the newest versions that pyproject.toml allows, as plain `name==version`.

Needs a package registry. They are installed into a throw-away environment, so that the lock holds
what belongs together and nothing that somebody once tried out.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = """\
# What `make setup` installs; renew it with `make lock`. Plain versions: pip finds them wherever it is
# set up to look.
"""


def main() -> None:
    """Resolves, installs, and writes down what came of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    with tempfile.TemporaryDirectory() as folder:
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "--prefer-binary", *wanted], check=True)
        frozen = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout
    (ROOT / "requirements.lock").write_text(HEADER + frozen)
    print(
        f"  ✓ requirements.lock holds {len(frozen.splitlines())} packages; run `make test`, then commit it."
    )


if __name__ == "__main__":
    main()
