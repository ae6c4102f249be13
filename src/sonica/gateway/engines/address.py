"""Where an engine is to be found: `HOST:PORT`, or `unix:PATH` on the same machine."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Self

from sonica.gateway.errors import ServeError
from sonica.platform.options import checked_engine

WAITING = 128
"""Connections that the kernel accepts before we do."""


class Address(NamedTuple):
    """Either a path, or a host and a port."""

    host: str
    port: int
    path: str

    @classmethod
    def of(cls, said: str) -> Self:
        """What somebody wrote. Raises SettingsError."""
        checked = checked_engine(said)
        kind, _, path = checked.partition("unix:")
        if not kind:
            return cls("", 0, str(Path(path).expanduser().absolute()))
        host, _, port = checked.rpartition(":")
        return cls(host.removeprefix("[").removesuffix("]"), int(port), "")

    def __str__(self) -> str:
        """As one writes it."""
        if self.path:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@contextmanager
def bound(address: Address) -> Iterator[socket.socket]:
    """A socket at an address that nobody can connect to yet: `let_in` lets them. Raises ServeError.

    A file of a socket that nobody listens at any more is taken over, and the own one removed at the end.
    """
    try:
        listener = _unix(address.path) if address.path else _tcp(address)
    except (OSError, OverflowError) as error:
        raise _taken(address, error) from error
    made = os.stat(address.path).st_ino if address.path else 0  # noqa: PTH116  an inode, not a file
    try:
        yield listener
    finally:
        listener.close()
        with suppress(OSError):
            if address.path and os.stat(address.path).st_ino == made:  # noqa: PTH116
                Path(address.path).unlink()


def let_in(listener: socket.socket, address: Address) -> None:
    """From now on one can connect. Raises ServeError: another may have been quicker."""
    try:
        listener.listen(WAITING)
    except OSError as error:
        raise _taken(address, error) from error


def _taken(address: Address, error: Exception) -> ServeError:
    said = f"The engine cannot listen at {address} ({getattr(error, 'strerror', None) or error})."
    return ServeError("address_taken", said, "Choose another, such as 127.0.0.1:7010.")


def _tcp(address: Address) -> socket.socket:
    family, kind, _, _, where = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
    except OSError:
        listener.close()
        raise
    return listener


def _unix(path: str) -> socket.socket:
    if Path(path).is_socket():
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(path)
            except ConnectionRefusedError:  # of one that was killed, or that is not warm yet
                Path(path).unlink()
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(path)
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket, address: Address) -> Address:
    """Where it is bound: the port that was free, where none was named."""
    return address if address.path else address._replace(port=listener.getsockname()[1])
