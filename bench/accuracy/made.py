"""What answers were made with: `made.json` beside them, and beside the report on them.

`run.json` decides whether answers are kept, so it holds nothing that changes by itself; this file holds the
rest: the day, the engine's commit and version, the machine, how many songs were indexed.
"""

import datetime as dt
import hashlib
import importlib.metadata
import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.accuracy.files import write_atomically
from bench.accuracy.truth import BadTableError
from bench.speed.machine import machine

NAME = "made.json"
KEYS = (
    "date",
    "commit",
    "sonica",
    "engine",
    "machine",
    "cores",
    "songs",
    "queries",
    "rule",
    "strangers",
    "note",
)
"""All values are text."""
HERE = Path(__file__).parents[2]


def made_now(**more: str) -> dict[str, str]:
    """Today, this checkout and this machine. The commit ends in `-dirty` where files differ from it."""
    here = machine()
    return {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "commit": _commit(),
        "sonica": importlib.metadata.version("sonica"),
        "machine": f"{here['processor']}, {here['system']}",
        "cores": here["cores"],
        **more,
    }


def _commit() -> str:
    """Empty where this is no checkout, or there is no git."""
    try:
        asked = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=HERE, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def read_made(folder: Path) -> dict[str, str]:
    """What is noted in a folder; of older answers the engine's mark alone, from `run.json`."""
    for name, keys in ((NAME, {key: key for key in KEYS}), ("run.json", {"engine": "system"})):
        path = folder / name
        if path.exists():
            noted = json.loads(path.read_text(encoding="utf-8"))
            return {key: str(noted[old]) for key, old in keys.items() if noted.get(old)}
    return {}


def write_made(folder: Path, made: Mapping[str, str]) -> None:
    """Writes `made.json`, its keys in their order."""
    with write_atomically(folder / NAME) as file:
        json.dump({key: made[key] for key in KEYS if made.get(key)}, file, indent=1, ensure_ascii=False)
        file.write("\n")


def truth_mark(queries: Path) -> str:
    """A mark of a query set: equal ones, the same excerpts in the same degradations."""
    path = queries / "truth.csv" if queries.is_dir() else queries
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def said(pairs: Sequence[str]) -> dict[str, str]:
    """`--made key=value`: what older answers do not say themselves. Raises BadTableError."""
    found = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if key not in KEYS or not equals or not value:
            raise BadTableError(f"--made {pair!r}: give KEY=VALUE; keys are {', '.join(KEYS)}")
        found[key] = value
    return found
