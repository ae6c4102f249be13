"""A recorder of our own, for where there is no other: `python -m sonica.audio.recorder DEVICE`.

It writes what an ALSA device hears to stdout, as `sonica.audio.microphone` wants it, until it is killed.
"""

import os
import sys
from pathlib import Path

import av

from sonica.audio.microphone import BLOCK_BYTES, RATE

CONFIGURATION = Path("/usr/share/alsa")
"""ALSA's, where distributions put it; the library in PyAV's wheel looks for it where that was built."""


def main() -> int:
    """Records from the device that is the first argument; 1 where that cannot be done."""
    if CONFIGURATION.is_dir():
        os.environ.setdefault("ALSA_CONFIG_DIR", str(CONFIGURATION))
    try:
        _record(sys.argv[1])
    except BrokenPipeError:  # nobody listens any more
        return 1
    except (av.FFmpegError, OSError, ValueError) as error:
        print(f"ALSA: {getattr(error, 'strerror', None) or error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _record(device: str) -> None:
    pending = bytearray()
    options = {"sample_rate": str(RATE), "channels": "1"}
    with av.open(device, format="alsa", options=options) as container:
        rate = container.streams.audio[0].rate
        if rate != RATE:
            raise ValueError(f"this device records at {rate:,} Hz; name it as plughw, not hw")
        for packet in container.demux():
            pending += bytes(packet)  # samples as they are wanted
            if len(pending) >= BLOCK_BYTES // 2:
                os.write(1, pending)
                pending.clear()


if __name__ == "__main__":
    sys.exit(main())
