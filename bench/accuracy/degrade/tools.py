"""Programs that are not Python packages: run them, or say how to get them."""

import subprocess
from collections.abc import Sequence

PACKAGES = {"espeak-ng": "espeak-ng", "ffmpeg": "ffmpeg", "rubberband": "rubberband-cli"}
"""Program -> Debian package."""


class ToolError(RuntimeError):
    """A program is missing or failed; the message says what to do."""


def run_tool(command: Sequence[str], stdin: bytes = b"") -> bytes:
    """What the program writes to its standard output. Raises ToolError."""
    name = command[0]
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, check=False)
    except FileNotFoundError:
        package = PACKAGES.get(name, name)
        raise ToolError(f"{name} is not installed. On Debian: sudo apt-get install {package}") from None
    if done.returncode:
        raise ToolError(f"{' '.join(command)} failed: {done.stderr.decode(errors='replace')[-400:].strip()}")
    return done.stdout
