"""A process's share in the server: while one is held, the server runs."""

import fcntl
import json
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from sonica.platform.postgres.errors import PostgresError
from sonica.platform.postgres.keeper import DATABASE, USER, pid_file
from sonica.platform.postgres.place import SYSTEM, Place, find_place

CONNECTIONS = 200
"""Connections that the server takes; idle ones cost little."""
START_S = 120.0
"""Seconds until it must be ready; recovery from a crash may take a while."""
WATCH_S = 1.0
"""Seconds between two looks whether there is a keeper."""
LOOK_S = 0.02
LONGEST_SOCKET = 107
"""Bytes of a socket's path, for the kernel."""
SOCKET = ".s.PGSQL.5432"
KEEPER = Path(__file__).with_name("keeper.py")
CLOSE_S = 75.0
"""Seconds to wait for the server's end; the keeper takes less."""


class Postgres:
    """The server of the data folder `home`, shared with other processes that use it.

    `start` waits until it is ready, and starts it where it does not run; whoever closes last stops it. A
    server or a keeper that dies meanwhile is replaced. Processes that are killed count no longer.
    """

    def __init__(self, home: Path, system: Path = SYSTEM) -> None:
        self._home, self._system = home, system
        self._place: Place | None = None
        self._share = -1
        self._sockets = -1
        self._keeper: int | None = None
        self._closing = threading.Event()
        self._watch: threading.Thread | None = None

    def start(self) -> Self:
        """Takes a share. Raises PostgresError."""
        try:
            place = find_place(self._home, self._system)
            self._place = place
            self._share = _open_lock(place.folder / "users.lock")
            self._sockets = os.open(place.sockets, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            said = f"The data of PostgreSQL cannot be kept: {error.strerror} ({error.filename})."
            raise PostgresError(
                "postgres_place", said, "Check who owns the data folder of Sonica."
            ) from error
        try:
            fcntl.flock(self._share, fcntl.LOCK_SH)  # waits for a server that is being stopped
            self._wait(place)
        except BaseException:
            self.close()
            raise
        self._watch = threading.Thread(
            target=self._watching, args=(place,), name="sonica-postgres", daemon=True
        )
        self._watch.start()
        return self

    @property
    def place(self) -> Place:
        """Where it is; only once it was started."""
        assert self._place is not None, "not started"  # noqa: S101
        return self._place

    @property
    def url(self) -> str:
        """How to connect, password included; only while it is held."""
        folder = self.place.sockets
        if len(os.fsencode(folder / SOCKET)) > LONGEST_SOCKET:
            folder = Path(f"/proc/self/fd/{self._sockets}")
        password = (self.place.folder / "password").read_text(encoding="utf-8")
        return (
            f"postgresql://{USER}:{quote(password, safe='')}@/{DATABASE}?host={quote(str(folder), safe='')}"
        )

    def close(self) -> None:
        """Gives the share back, and waits for the server's end where it was the last."""
        self._closing.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        if self._share < 0:
            return
        fcntl.flock(self._share, fcntl.LOCK_UN)
        deadline = time.monotonic() + CLOSE_S
        while time.monotonic() < deadline and _is_held(self.place) and not _is_used(self._share):
            time.sleep(LOOK_S)
        self._reap()
        os.close(self._share)
        if self._sockets >= 0:
            os.close(self._sockets)
        self._share = self._sockets = -1

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _wait(self, place: Place) -> None:
        """Until the server is ready, with a keeper."""
        deadline = time.monotonic() + START_S
        while True:
            is_kept = _is_held(place)
            if is_kept and self._answers(place):
                return
            if not is_kept and (ended := self._keeper_ended()) is not None:
                if ended:
                    raise _failed(place)
                self._keeper = _start_keeper(place)
            if time.monotonic() > deadline:
                raise _failed(place)
            time.sleep(LOOK_S)

    def _answers(self, place: Place) -> bool:
        if pid_file(place.data)[7:8] != ["ready"]:
            return False
        with socket.socket(socket.AF_UNIX) as tried, suppress(OSError):
            tried.settimeout(1.0)
            tried.connect(f"/proc/self/fd/{self._sockets}/{SOCKET}")
            return True
        return False

    def _keeper_ended(self) -> int | None:
        """With what the keeper that was started here has ended, 0 where there was none; None: not yet."""
        if self._keeper is None:
            return 0
        try:
            pid, status = os.waitpid(self._keeper, os.WNOHANG)
        except ChildProcessError:
            pid, status = self._keeper, 0
        if pid == 0:
            return None
        self._keeper = None
        return status

    def _reap(self) -> None:
        """Leaves no ended keeper behind as a child: it is waited for; aside, where others still use it."""
        pid, self._keeper = self._keeper, None
        if pid is None:
            return
        if _is_held(self.place):
            threading.Thread(target=_wait_for, args=(pid,), name="sonica-keeper", daemon=True).start()
        else:
            _wait_for(pid)

    def _watching(self, place: Place) -> None:
        while not self._closing.wait(WATCH_S):
            if self._keeper_ended() is not None and not _is_held(place):
                with suppress(OSError):
                    self._keeper = _start_keeper(place)


def _wait_for(pid: int) -> None:
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _is_held(place: Place) -> bool:
    """Whether there is a keeper."""
    lock = _open_lock(place.folder / "keeper.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _is_used(share: int) -> bool:
    """Whether another process has a share: ours alone can neither be made exclusive nor is it needed."""
    try:
        fcntl.flock(share, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:  # the keeper has seen that nobody is left
        return False
    try:
        fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        fcntl.flock(share, fcntl.LOCK_UN)
    return False


def _start_keeper(place: Place) -> int:
    """The number of its process. In a session of its own: Ctrl-C at the terminal is not for it."""
    plan = {
        "place": str(place.folder),
        "programs": str(place.programs),
        "sockets": "../run",
        "connections": CONNECTIONS,
        "owner": place.owner,
    }
    nothing = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    command = [sys.executable, "-I", "-S", str(KEEPER), json.dumps(plan)]
    return os.posix_spawn(sys.executable, command, os.environ, file_actions=nothing, setsid=True)


def _failed(place: Place) -> PostgresError:
    told = place.folder / "failure"
    why = told.read_text(encoding="utf-8", errors="replace") if told.exists() else "It was not ready in time."
    log = place.folder / "server.log"
    return PostgresError("postgres_failed", f"PostgreSQL could not be started. {why}", f"See {log}.")
