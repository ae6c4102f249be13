"""Restarts under load: of processes one after the other, and of the whole service at a socket that stays."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import SONICA, CommandLine
from tests.service.client import FINGERPRINT, Service, eventually, request_head, rows, serving
from tests.service.faults import Load, load
from tests.service.test_workers import alive, pids

pytestmark = pytest.mark.heavy  # each takes half a minute, under load

HELD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": os.environ.get("SAID") or str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Starts a program as systemd starts that of a socket unit."""


def all_answered(told: Load, home: Path) -> None:
    assert not told.failed
    assert {reply.status for reply in told.replies} == {200}
    assert {reply.json["song"]["id"] for reply in told.replies} == {3}
    assert not told.lost(home)


def test_processes_one_after_the_other(home: Path, fingerprint: bytes) -> None:
    with serving(home, "--workers", "2") as service:
        eventually(lambda: len(pids(service)) == 2)
        with load([service], fingerprint) as told:
            for number in range(4):
                before, pid = len(told.replies), pids(service)[number]
                eventually(lambda count=before + 20: len(told.replies) >= count)
                os.kill(pid, signal.SIGTERM)
                eventually(lambda count=number + 3: len(pids(service)) == count)
                eventually(lambda pid=pid: not alive(pid))
        all_answered(told, home)


def one_answer(connection: socket.socket) -> bytes:
    """The next answer on a connection, which stays open."""
    answer = b""
    while True:
        answer += connection.recv(1 << 16)
        head, end, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if end and length and len(body) >= int(length[1]):
            return answer


def test_who_has_connected_before_the_end_is_answered(home: Path, fingerprint: bytes) -> None:
    whole = request_head(FINGERPRINT, f"Content-Length: {len(fingerprint)}") + fingerprint
    with serving(home) as service:
        fresh, used = service.connect(), service.connect()
        with fresh, used:
            used.sendall(whole)
            assert b"\r\nconnection: close\r\n" not in one_answer(used)
            service.process.send_signal(signal.SIGTERM)
            eventually(lambda: is_refused(service))
            for connection in (fresh, used):
                connection.sendall(whole)
                answer = all_of(connection)
                assert answer.startswith(b"HTTP/1.1 200")
                assert b"\r\nconnection: close\r\n" in answer
        assert service.process.wait(60) == 0


def all_of(connection: socket.socket) -> bytes:
    """What comes until the other end closes it."""
    pieces = []
    while piece := connection.recv(1 << 16):
        pieces.append(piece)
    return b"".join(pieces)


def is_refused(service: Service) -> bool:
    try:
        service.connect().close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that outlives services."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as held:
        yield held


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_whole_service_at_a_socket_that_is_held_for_it(
    home: Path, fingerprint: bytes, listener: socket.socket, workers: str
) -> None:
    number = str(listener.fileno())
    command = (number, str(SONICA), "serve", "--workers", workers)
    first = serving(home, *command, script=HELD, keep=number)
    with first as service, load([service], fingerprint) as told:
        assert service.port == listener.getsockname()[1]
        eventually(lambda: len(told.replies) >= 20)
        assert service.stop(signal.SIGTERM) == 0
        before = len(told.replies)
        with serving(home, *command, script=HELD, keep=number):
            eventually(lambda: len(told.replies) >= before + 20)
            told_until_now = Load(list(told.replies), list(told.failed))
            assert len(rows(home, "SELECT 1 FROM recognitions")) >= before
            all_answered(told_until_now, home)
    assert service.process.returncode == 0


def test_a_socket_that_is_held_for_somebody_else(home: Path, listener: socket.socket) -> None:
    number = str(listener.fileno())
    command = (number, str(SONICA), "serve", "--port", "0")
    with serving(home, *command, script=HELD, keep=number, SAID="1") as service:
        assert service.port != listener.getsockname()[1]
        assert service.ask("GET", "/healthz").status == 200


def test_what_is_no_listening_socket(home: Path) -> None:
    with socket.socket() as idle:
        environment = CommandLine(home, is_alone=True).environment
        command = [sys.executable, "-c", HELD, str(idle.fileno()), str(SONICA), "serve"]
        ran = subprocess.run(
            command, env=environment, pass_fds=(idle.fileno(),), capture_output=True, text=True, check=False
        )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "not one listening socket" in ran.stderr
