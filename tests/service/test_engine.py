"""`sonica engine` itself: what it knows, who may ask it, and how it begins and ends."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import SONICA, CommandLine
from tests.service.client import FINGERPRINT, Service, eventually, serving
from tests.service.conftest import seed
from tests.service.engines import Engine, connected, pair, searching
from tests.service.test_warm import spoil

from sonica.gateway.engines.wire import Welcome, encode
from sonica.platform.postgres.place import Place


@pytest.fixture
def one(home: Path, reachable: Path) -> Iterator[tuple[Service, Engine]]:
    """A service, and the engine that it asks."""
    with pair(home, reachable) as both:
        yield both


def test_songs_that_come_and_go_are_known_at_once(
    reachable: Path, cluster: Place, music: Path, fingerprint: bytes
) -> None:
    home = reachable / "home"
    seed(cluster, home)
    command = CommandLine(home, is_alone=True)
    with (
        searching(home, "127.0.0.1:0") as engine,
        serving(home, "--engine", engine.address) as service,
    ):
        connected(service, 1)
        assert service.recognize(fingerprint, FINGERPRINT).json["status"] == "none"
        assert command("add", music / "2.flac").status == 0
        assert service.recognize(fingerprint, FINGERPRINT).json["status"] == "match"
        assert command("songs", "remove", "1", "--yes").status == 0
        assert service.recognize(fingerprint, FINGERPRINT).json["status"] == "none"


def test_a_damaged_pack_is_told_of(reachable: Path, stocked: CommandLine) -> None:
    home = reachable / "home"
    subprocess.run(["cp", "-a", stocked.home, home], check=True)
    (pack,) = (home / "packs").iterdir()
    spoil(pack)
    with searching(home, "127.0.0.1:0") as engine:
        (damage,) = [line for line in engine.log if line["event"] == "a pack is damaged"]
        assert damage["code"] == "checksum"


def test_strangers_do_no_harm(one: tuple[Service, Engine], fingerprint: bytes) -> None:
    service, engine = one
    path = engine.address.removeprefix("unix:")
    for said in (b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 100, b"", encode(Welcome(1))):
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(path)
            stranger.sendall(said)
            while said and stranger.recv(1 << 10):
                pass  # to the end
    eventually(lambda: len([line for line in engine.log if line["event"] == "a connection is ended"]) == 3)
    assert service.recognize(fingerprint, FINGERPRINT).json["song"]["id"] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["engine", "--listen", "7000"], "127.0.0.1:7000"),
        (["serve", "--engine", "http://a:1"], "127.0.0.1:7000"),
        (["engine", "--listen", "unix:{taken}"], "cannot listen"),
        (["engine", "--listen", "unix:{taken}/no/such/folder"], "cannot listen"),
        (["engine", "--listen", "127.0.0.1:0", "--http", "unix:{taken}"], "cannot listen"),
    ],
)
def test_what_cannot_be_is_said_with_what_to_do(
    arguments: list[str], said: str, sonica: CommandLine, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(taken))
        listener.listen()
        ran = sonica(*(word.format(taken=taken) for word in arguments))
    assert ran.status == 1
    assert said in " ".join(ran.err.split())
    assert "Traceback" not in ran.err


def test_a_catalogue_that_cannot_be_read_is_told_at_once(sonica: CommandLine) -> None:
    sonica.home.mkdir()
    (sonica.home / "feed.log").write_bytes(json.dumps({"no": "feed"}).encode() + b"\n" + b"x\n" * 3)
    ran = sonica("engine", "--listen", "127.0.0.1:0")
    assert ran.status == 1
    assert "Traceback" not in ran.err
    assert "feed.log" in ran.err


def test_it_ends_where_it_is_told_to_before_it_answers(stocked: CommandLine) -> None:
    """A signal that comes at any moment ends it well."""
    for _ in range(3):
        process = subprocess.Popen(
            [SONICA, "engine", "--listen", "127.0.0.1:0"],
            env=stocked.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert b"Traceback" not in err
