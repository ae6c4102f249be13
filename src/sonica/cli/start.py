"""Where the command `sonica` begins: with what takes longest, and may go on while the rest is loaded."""

import gc
import os
import sys
from collections.abc import Sequence

from sonica.platform import programs

DECODERS = {"recognize", "scan", "fingerprint", "add", "tag"}
"""The commands that decode files, in a process that takes as long to start as the command itself."""

INTERRUPTED = 130
"""The exit status that shells know for Ctrl-C."""


def main() -> None:
    """Runs the command line."""
    # Looking for plugins takes long, and there are none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()  # nothing of what is loaded is garbage; the command switches it on again
    try:
        if decodes(sys.argv[1:]):
            programs.start_early(programs.module("sonica.audio.worker"))
        from sonica.cli.main import main as run  # noqa: PLC0415  this is the rest

        run()
    except KeyboardInterrupt:  # before there was anything to interrupt
        sys.exit(INTERRUPTED)


def decodes(arguments: Sequence[str]) -> bool:
    """Whether a command with these arguments is going to decode a file."""
    named = next((word for word in arguments if not word.startswith("-")), "")
    return named in DECODERS and "--help" not in arguments and "_SONICA_COMPLETE" not in os.environ
