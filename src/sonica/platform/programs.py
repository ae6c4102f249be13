"""Programs of our own, each at the other end of a socket pair.

Light on purpose: who is in a hurry starts one before anything else of Sonica is loaded.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """One that runs, and our end of the connection to it."""

    process: subprocess.Popen[bytes]
    connection: socket.socket


_early: list[tuple[tuple[str, ...], Program]] = []


def module(name: str) -> tuple[str, ...]:
    """The program that a module of ours is, in this interpreter."""
    return (sys.executable, "-P", "-m", name)


def start(program: Sequence[str], *, keep: Sequence[int] = (), is_heard: bool = False) -> Program:
    """Starts a program that sees what this one imports, and nothing else of it; or takes the one begun early.

    The descriptor of its end of the connection is its last argument. It is in a group of its own: Ctrl-C
    at the terminal is for this process, which then ends it. `keep`: descriptors that it has, too;
    `is_heard`: its standard error is this one's. Raises OSError.
    """
    for index, (begun, running) in enumerate(_early):
        if begun == tuple(program):
            del _early[index]
            return running
    return _started(program, keep, is_heard=is_heard)


def start_with(program: Sequence[str], descriptor: int) -> Program:
    """Starts a program afresh, which has `descriptor`, too. Raises OSError."""
    return _started(program, (descriptor,))


def start_early(program: Sequence[str]) -> None:
    """Starts a program that will be wanted once much else is loaded; whoever starts it then gets this one.

    Should nobody, it finds its connection closed when this process ends, as every program here must expect.
    """
    with suppress(OSError):  # it will be told when it is wanted
        _early.append((tuple(program), _started(program)))


def _started(program: Sequence[str], keep: Sequence[int] = (), *, is_heard: bool = False) -> Program:
    path = os.pathsep.join(place for place in sys.path if place)
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            process = subprocess.Popen(
                [*program, str(theirs.fileno())],
                env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # Else last words of a C library; what matters goes through the socket.
                stderr=None if is_heard else subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), *keep),
                process_group=0,
            )
    except BaseException:
        ours.close()
        raise
    return Program(process, ours)
