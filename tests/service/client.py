"""A running `sonica serve`, and questions to it over real HTTP."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import asyncpg
from tests.conftest import SONICA

from sonica.platform.postgres import Postgres

FINGERPRINT = "application/vnd.sonica.fingerprint"
PROBLEM = "application/problem+json"
PATIENCE_S = 120.0

SMALL = """
import sys
from sonica.gateway.bodies import BodyLimits
from sonica.gateway.parts import GatewayLimits
from sonica.gateway.serve import serve
from sonica.platform.options import Options
from sonica.platform.telemetry import configure_logs
from sonica.recognition import Thresholds
configure_logs()
body = BodyLimits(seconds=float(sys.argv[2]), all_bytes=int(sys.argv[3]))
limits = GatewayLimits(body=body, room=int(sys.argv[1]))
say = lambda address: print(f"Open {address}", flush=True)
serve(Options(), Thresholds(), host="127.0.0.1", ports=(0,), on_ready=say, limits=limits)
"""
"""A service with limits of its own: room, seconds and bytes of bodies."""


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def problem(self, status: int, type_: str) -> dict[str, Any]:
        """It is this problem, and says so in every way."""
        told: dict[str, Any] = self.json
        assert (self.status, told["status"], told["type"]) == (status, status, f"/problems/{type_}"), told
        assert self.headers["content-type"] == PROBLEM
        assert told["request_id"] == self.headers["x-request-id"]
        return told


@dataclass
class Service:
    """A service; `log` holds the objects of its log so far."""

    process: subprocess.Popen[str]
    host: str
    port: int
    log: list[dict[str, Any]] = field(default_factory=list)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        try:
            chunked = body is not None and not isinstance(body, bytes)
            connection.request(method, path, body, headers or {}, encode_chunked=chunked)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, names, answer.read())
        finally:
            connection.close()

    def recognize(self, body: bytes | Iterable[bytes], kind: str) -> Reply:
        return self.ask("POST", "/v1/recognize", body, {"Content-Type": kind} if kind else {})

    def judge(self, id_: str, said: str) -> Reply:
        path = f"/v1/recognitions/{id_}/feedback"
        return self.ask("POST", path, said.encode(), {"Content-Type": "application/json"})

    def connect(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=PATIENCE_S)

    def stop(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@contextmanager
def serving(
    home: Path,
    *arguments: str,
    command: str = "serve",
    script: str = "",
    keep: str = "",
    **environ: str,
) -> Iterator[Service]:
    """`sonica serve` with a free port, or a script that does alike; stopped at the end.

    `keep`: the number of a descriptor that it has, too.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments]
        if script
        else [SONICA, command, "--port", "0", *arguments],
        env={
            **os.environ,
            "SONICA_HOME": str(home),
            "NO_COLOR": "1",
            "SONICA_RATE_LIMIT": "off",
            "SONICA_WEB": "none",
            **environ,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=[int(keep)] if keep else [],
    )
    assert process.stdout
    assert process.stderr
    log: list[dict[str, Any]] = []
    other: list[str] = []
    reader = threading.Thread(target=_read_log, args=(process.stderr, log, other))
    reader.start()
    try:
        line = process.stdout.readline()
        assert line.startswith("Open http://"), other
        address = urlparse(line.removeprefix("Open ").strip())
        assert address.hostname
        assert address.port
        yield Service(process, address.hostname, address.port, log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_S)
        reader.join()
        process.stdout.close()
        process.stderr.close()


def _read_log(stream: Iterable[str], log: list[dict[str, Any]], other: list[str]) -> None:
    for line in stream:
        try:
            log.append(json.loads(line))
        except ValueError:
            other.append(line)


def eventually(holds: Any) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def request_head(kind: str, more: str) -> bytes:
    """The first lines of a query that is sent by hand."""
    return f"POST /v1/recognize HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\n{more}\r\n\r\n".encode()


def rows(home: Path, statement: str) -> list[Any]:
    """What the database of a running service says."""

    async def asked(url: str) -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            connection.terminate()

    with Postgres(home) as postgres:
        return asyncio.run(asked(postgres.url))
