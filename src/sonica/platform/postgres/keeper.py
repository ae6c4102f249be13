"""The process that keeps a PostgreSQL server running for as long as anybody uses it.

`python -I keeper.py PLAN`, PLAN being a JSON object with the fields of `Plan`. Only the standard library: it
starts in a moment, and nothing else of Sonica can fail in it. It holds `keeper.lock`, so there is one; makes
the data folder where there is none; starts the server again when that dies; and stops it once nobody holds
`users.lock` any more. Should this process be killed, the kernel tells the server to stop (PDEATHSIG).
"""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOOK_S = 0.1
"""Seconds between two looks at server and users."""
TRIES = 5
"""How often in a row the server may die before it was ready."""
STOP_S, QUIT_S = 60.0, 10.0
"""Seconds that a fast and then an immediate shutdown may take."""
PATIENCE_S = 60.0
"""Seconds to wait for what is left of a server whose keeper was killed."""
DATABASE = USER = "sonica"
MOST_LOG = 8 << 20
"""Bytes of the log from which on a new one is begun when the server starts."""
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Plan:
    """What to keep running. `place`: the folder of locks, `password`, `server.log` and `data`.

    `programs`: the folder of `initdb` and `postgres`; `sockets`: where the server listens, also relative to
    `data`; `owner`: the user and the group that it runs as, None for those of this process.
    """

    place: str
    programs: str
    sockets: str
    connections: int
    owner: tuple[int, int] | None = None


class FailedError(Exception):
    """No server can be had; the message is for the operator."""


class Keeper:
    """A server, and whoever uses it."""

    def __init__(self, plan: Plan) -> None:
        self.place = Path(plan.place)
        self.data = self.place / "data"
        self._plan = plan
        self._is_ending = False
        self._users = os.open(self.place / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._server: subprocess.Popen[bytes] | None = None

    def end(self, *_: object) -> None:
        """The system wants this process to end."""
        self._is_ending = True

    def run(self) -> None:
        """Keeps the server running until nobody needs it. Raises FailedError."""
        if not self.data.exists():
            self._make_data()
        died = 0
        try:
            while not self._is_unused():
                if self._server is None:
                    self._clear_away()
                    self._server = self._start()
                    was_ready = False
                was_ready = was_ready or self._is_ready()
                if self._server.poll() is not None:
                    died = 1 if was_ready else died + 1
                    if died >= TRIES:
                        raise FailedError("The server ends as soon as it is started.")
                    time.sleep(LOOK_S * died)
                    self._server = None
                time.sleep(LOOK_S)
        finally:
            if self._server is not None:
                _stop(self._server)

    def _is_unused(self) -> bool:
        """Whether nobody uses the server; nobody can begin to, from then on until this process ends."""
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return self._is_ending
        return True

    def _make_data(self) -> None:
        """A data folder with one empty database; whole, or not there."""
        new, password = self.place / "data.new", self.place / "data.password"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        password.write_bytes((self.place / "password").read_bytes())
        if self._plan.owner:
            os.chown(new, *self._plan.owner)
            os.chown(password, *self._plan.owner)
        try:
            self._run(
                *("initdb", "-D", str(new), "-U", USER, "--pwfile", str(password)),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            )
            create = f"CREATE DATABASE {DATABASE};\n".encode()
            self._run("postgres", "--single", "-D", str(new), "template1", said=create)
        finally:
            password.unlink()
        new.rename(self.data)
        folder = os.open(self.place, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def _run(self, program: str, *arguments: str, said: bytes = b"") -> None:
        done = subprocess.run(
            self._command(program, arguments),
            input=said,
            capture_output=True,
            check=False,
            **self._as_owner(),
        )
        if done.returncode:
            last = (done.stderr or done.stdout).decode(errors="replace").strip()[-500:]
            raise FailedError(f"{program} failed ({done.returncode}): {last}")

    def _start(self) -> subprocess.Popen[bytes]:
        log = self.place / "server.log"
        if log.exists() and log.stat().st_size > MOST_LOG:
            log.replace(log.with_suffix(".old.log"))
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self._plan.sockets,
            "unix_socket_permissions": "0700",
            "max_connections": str(self._plan.connections),
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("ab") as file:
            return subprocess.Popen(
                self._command("postgres", ("-D", str(self.data), *chosen)),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                **self._as_owner(),
            )

    def _command(self, program: str, arguments: Sequence[str]) -> list[str]:
        return [str(Path(self._plan.programs) / program), *arguments]

    def _as_owner(self) -> dict[str, Any]:
        """How a program of PostgreSQL is started: as the right user, seeing nothing of our environment.

        This process has one thread, so that code may run before the program.
        """
        options: dict[str, Any] = {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}}
        options["preexec_fn"] = _die_with_parent
        if self._plan.owner:
            user, group = self._plan.owner
            options |= {"user": user, "group": group, "extra_groups": []}
        return options

    def _is_ready(self) -> bool:
        return pid_file(self.data)[7:8] == ["ready"]

    def _clear_away(self) -> None:
        """Ends what is left of an earlier server, and removes a pid file that means somebody else.

        The server itself takes any process of its user that has the number for its own.
        """
        told = pid_file(self.data)
        if not told:
            return
        deadline = time.monotonic() + PATIENCE_S
        while (pid := int(told[0])) and _works_in(pid, self.data):
            if time.monotonic() > deadline:
                raise FailedError(f"An earlier server (process {pid}) does not end.")
            _tell(pid, signal.SIGINT)
            time.sleep(LOOK_S)
        (self.data / "postmaster.pid").unlink(missing_ok=True)


def pid_file(data: Path) -> list[str]:
    """The lines of the server's pid file, stripped: 0 its number, 7 its state; none where it is not whole."""
    try:
        lines = [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return []
    return lines if lines and lines[0].isdigit() else []


def _works_in(pid: int, data: Path) -> bool:
    """Whether the process is a server of this data folder."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return False


def _tell(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _stop(server: subprocess.Popen[bytes]) -> None:
    for number, seconds in ((signal.SIGINT, STOP_S), (signal.SIGQUIT, QUIT_S), (signal.SIGKILL, None)):
        if server.poll() is None:
            server.send_signal(number)
            try:
                server.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        return


def _die_with_parent() -> None:
    """In a child, before it is a program: SIGINT, a fast shutdown, when the keeper is no more."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def main() -> int:
    """0 also where another keeper is there already."""
    plan = json.loads(sys.argv[1])
    plan["owner"] = tuple(plan["owner"]) if plan["owner"] else None
    os.umask(0o077)
    os.chdir("/")
    place = Path(plan["place"])
    lock = os.open(place / "keeper.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # or somebody looks just now whether it is held, and will start another
        return 0
    failure = place / "failure"
    failure.unlink(missing_ok=True)
    keeper = Keeper(Plan(**plan))
    signal.signal(signal.SIGTERM, keeper.end)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        keeper.run()
    except (FailedError, OSError) as error:
        failure.write_text(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
