"""The service with a PostgreSQL that somebody else keeps: Debian's own, found by DATABASE_URL."""

import asyncio
import json
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.conftest import SONICA
from tests.service.client import Service, eventually, serving

from sonica.audio.compose import Song
from sonica.gateway.bodies import FINGERPRINT

PROGRAMS = max(
    Path("/usr/lib/postgresql").glob("*/bin"),
    key=lambda path: int(path.parent.name),
    default=Path("/usr/bin"),
)

pytestmark = pytest.mark.heavy


@dataclass
class Debian:
    """A cluster in a folder, at a port of its own, and as a user who is not root."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://sonica@127.0.0.1:{self.port}/sonica"

    def run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        return subprocess.Popen(
            [PROGRAMS / program, *arguments],
            user=user.pw_uid,
            group=user.pw_gid,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
        )

    def make(self) -> None:
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("nobody").pw_uid, -1)
        made = self.run("initdb", "-D", "data", "-U", "sonica", "-A", "trust", "-E", "UTF8", "--no-locale")
        assert made.wait() == 0

    def start(self) -> None:
        said = ("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")
        self.process = self.run("postgres", "-D", "data", "-p", str(self.port), *said)
        eventually(self.answers)

    def answers(self) -> bool:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)):
                return False
        try:
            self.rows("SELECT 1", "postgres")
        except (asyncpg.PostgresError, OSError):
            return False
        return True

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()

    def rows(self, statement: str, name: str = "sonica") -> Sequence[Any]:
        async def asked() -> Sequence[Any]:
            connection = await asyncpg.connect(self.url.removesuffix("sonica") + name)
            try:
                return [tuple(row) for row in await connection.fetch(statement)]
            finally:
                await connection.close()

        return asyncio.run(asked())


@pytest.fixture
def debian(reachable: Path) -> Iterator[Debian]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = reachable / "debian"
    folder.mkdir()
    server = Debian(folder, port)
    server.make()
    try:
        server.start()
        server.rows("CREATE DATABASE sonica", "postgres")
        yield server
    finally:
        server.stop()


def sonica(home: Path, url: str, *arguments: object) -> str:
    environment = {**os.environ, "SONICA_HOME": str(home), "DATABASE_URL": url, "NO_COLOR": "1"}
    ran = subprocess.run(
        [SONICA, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return ran.stdout


@contextmanager
def asked(home: Path, url: str) -> Iterator[Service]:
    with serving(home, DATABASE_URL=url) as service:
        yield service


def test_all_of_it(
    debian: Debian, reachable: Path, music: Path, songs: list[Song], fingerprint: bytes
) -> None:
    home = reachable / "home"
    sonica(home, debian.url, "migrate")
    sonica(home, debian.url, "add", music)
    made = json.loads(sonica(home, debian.url, "admin", "key", "--json"))["key"]
    keyed = {"Authorization": f"Bearer {made}"}
    with asked(home, debian.url) as service:
        answer = service.recognize(fingerprint, FINGERPRINT).json
        assert answer["song"]["id"] == 3
        said = json.dumps({"token": answer["feedback_token"], "is_right": True})
        assert service.judge(answer["id"], said).status == 204
        assert len(service.ask("GET", "/v1/songs").json["items"]) == len(songs)
        body = (music / "0.flac").read_bytes()
        order = service.ask("POST", "/v1/ingest", body, {**keyed, "Content-Type": "audio/flac"})
        assert order.status == 202

        def is_done() -> bool:
            told = service.ask("GET", f"/v1/ingest/{order.json['id']}", headers=keyed)
            return told.status == 200 and told.json["state"] == "done"

        eventually(is_done)
        debian.kill()
        time.sleep(0.2)
        debian.start()
        eventually(lambda: service.ask("GET", "/readyz").status == 200)
        changed = {**keyed, "Content-Type": "application/json"}
        assert service.ask("PATCH", "/v1/songs/2", b'{"title": "again"}', changed).status == 200
        assert service.ask("GET", "/v1/songs?q=again").json["items"][0]["id"] == 2
        assert service.recognize(fingerprint, FINGERPRINT).json["song"]["id"] == 3
    assert debian.rows("SELECT is_right FROM feedback") == [(True,)]
    assert debian.rows("SELECT count(*) FROM recognitions") == [(2,)]
    assert not (home / "postgres").exists()
    assert "All is well" in sonica(home, debian.url, "verify")
    assert sonica(home, debian.url, "migrate", "--to", "base").startswith("The tables are at step base")
