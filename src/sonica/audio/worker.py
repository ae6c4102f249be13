"""A process that listens to files for a `Sandbox`, one after the other, until nobody asks any more.

It is started as `python -m sonica.audio.worker DESCRIPTOR`, with one end of a socket pair.
"""

import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np

from sonica.audio.decoder import open_live, open_stream, out_of_memory
from sonica.audio.errors import AudioError
from sonica.audio.hearing import listen
from sonica.audio.limits import Limits
from sonica.audio.sound import Heard, Stream
from sonica.audio.wire import Channel, Problem, Reply, Request

SIGN_OF_LIFE_S = 1.0
"""While a file is heard, that there is progress is told about as often as this."""


def main(listen: Callable[..., Heard] = listen) -> None:
    """Answers requests with what `listen` makes of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us decides when we end
    channel = Channel(socket.socket(fileno=int(sys.argv[-1])))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # thousands of files, each a dump of a gigabyte
    idle = _address_space()
    try:
        channel.send(Reply())
        while True:
            request = Request.read(channel.receive())
            _confine(request.limits, idle)
            channel.send(_answer(request, channel, listen))
    except (EOFError, OSError):
        return


def _answer(request: Request, channel: Channel, listen: Callable[..., Heard]) -> Reply:
    try:
        if request.as_stream:
            with _opened(request) as stream:
                _send_samples(stream, channel)
            return Reply()
        return Reply(heard=_hear(request, channel, listen))
    except AudioError as error:
        return Reply(problem=_problem(error))
    except MemoryError:
        return Reply(problem=_problem(out_of_memory()))
    except ConnectionError:  # nobody is there any more
        raise
    except Exception as error:  # noqa: BLE001  a bug of ours, which has no other way out of here
        said = f"The decoder failed on this file ({type(error).__name__}: {error})."
        return Reply(problem=_problem(AudioError("crashed", said)))


def _hear(request: Request, channel: Channel, listen: Callable[..., Heard]) -> Heard:
    told = time.monotonic()

    def on_block() -> None:
        nonlocal told
        if time.monotonic() - told >= SIGN_OF_LIFE_S:
            told = time.monotonic()
            channel.send(Reply())

    return listen(
        os.fsdecode(request.path),
        request.limits,
        first=request.first,
        with_cover=request.with_cover,
        on_block=on_block,
    )


def _opened(request: Request) -> AbstractContextManager[Stream]:
    """The samples that are wanted. Raises AudioError once it is entered."""
    if request.descriptor is not None:
        return open_live(_Pipe(request.descriptor), request.limits)
    return open_stream(os.fsdecode(request.path), request.limits, first=request.first, rate=request.rate)


class _Pipe:
    """What comes through a descriptor; with nothing but `read`, the decoder knows that it cannot seek."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read(self, count: int) -> bytes:
        """What is there by now, at most `count` bytes; waits for the first."""
        return os.read(self._descriptor, count)


def _send_samples(stream: Stream, channel: Channel) -> None:
    """All blocks, each as soon as the other side has room for it, and an empty one at the end."""
    channel.send(Reply(rate=stream.rate, seconds=stream.seconds))
    for block in stream.blocks:
        if len(block):
            channel.send_block(block)
    channel.send_block(np.zeros(0, np.float32))


def _problem(error: AudioError) -> Problem:
    return Problem(code=error.code, message=error.message, hint=error.hint)


def _confine(limits: Limits, idle: int) -> None:
    """Limits what the next file may cost, should nobody be there any more to end this process."""
    _lower(resource.RLIMIT_AS, idle + limits.memory)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime + 2 * limits.decoding_seconds) + 1)


def _lower(what: int, most: int) -> None:
    """Sets the limit that the kernel heeds; never above the one that the system has set."""
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _address_space() -> int:
    """Bytes of address space in use. What a file may take is counted from here on."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
