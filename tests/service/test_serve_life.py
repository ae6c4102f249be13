"""A service whose limits are reached, whose database dies, and that is told to stop or killed itself."""

import json
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, SMALL, Service, eventually, request_head, serving
from tests.service.conftest import seed
from tests.service.test_postgres import processes

from sonica.gateway.errors import ServeError
from sonica.gateway.serve import listening
from sonica.platform.postgres import Postgres
from sonica.platform.postgres.place import Place

M4A = "audio/mp4"


def test_a_full_queue_says_so_at_once(home: Path, clip: Path) -> None:
    with serving(home, "1", "30", "100000000", script=SMALL) as small, ThreadPoolExecutor(16) as pool:
        audio = clip.read_bytes()
        # A box without meaning at the end of each, so that no two are the same file, which is heard once.
        files = [audio + b"\0\0\0\x0cfree%04d" % number for number in range(48)]
        replies = list(pool.map(lambda file: small.recognize(file, M4A), files))
        refused = [reply for reply in replies if reply.status == 503]
        assert {reply.status for reply in replies} == {200, 503}
        for reply in refused:
            assert reply.problem(503, "busy")["code"] == "queue_full"
            assert 1 <= int(reply.headers["retry-after"]) <= 30
        assert small.recognize(audio, M4A).status == 200
        told = small.ask("GET", "/metrics").body.decode()
        assert f'sonica_queue_refused_total{{queue="decoder"}} {len(refused)}.0' in told


def test_a_body_that_does_not_come(home: Path, fingerprint: bytes) -> None:
    with serving(home, "8", "0.3", "100000", script=SMALL) as small:
        with small.connect() as connection:
            connection.sendall(request_head(FINGERPRINT, "Content-Length: 900") + b"x")
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 408")
        assert small.recognize(fingerprint, FINGERPRINT).status == 200


def test_without_its_database_it_is_not_ready_but_alive(
    home: Path, fingerprint: bytes, reachable: Path, cluster: Place
) -> None:
    seed(cluster, reachable)
    with Postgres(reachable) as postgres:
        other = postgres.url
        with serving(home, DATABASE_URL=other) as service:
            assert service.recognize(fingerprint, FINGERPRINT).status == 200
            assert not processes(home)
            postgres.close()
            reply = service.ask("GET", "/readyz")
            assert (reply.status, reply.json["database"], reply.json["catalogue"]) == (503, False, True)
            assert service.ask("GET", "/healthz").status == 200
            refused = service.recognize(fingerprint, FINGERPRINT)
            assert refused.problem(503, "database")["code"] == "database_away"
            assert refused.headers["retry-after"]
            service.ask("GET", "/v1/songs").problem(503, "database")
            assert "sonica_catalogue_recordings 6.0" in service.ask("GET", "/metrics").body.decode()


def test_bodies_that_are_more_than_can_be_held(home: Path, fingerprint: bytes) -> None:
    with serving(home, "8", "60", "100000", script=SMALL) as small:

        def held() -> str:
            told = small.ask("GET", "/metrics").body.decode()
            return next(line for line in told.splitlines() if line.startswith("sonica_bodies_bytes"))

        with small.connect() as connection:
            connection.sendall(request_head(M4A, "Content-Length: 200000") + b"x" * 90_000)
            eventually(lambda: held() == "sonica_bodies_bytes 90000.0")
            refused = small.recognize(b"x" * 20_000, M4A)
            assert refused.problem(503, "busy")["code"] == "bodies"
            assert refused.headers["retry-after"]
            assert small.recognize(fingerprint, FINGERPRINT).status == 200
        eventually(lambda: held() == "sonica_bodies_bytes 0.0")
        small.recognize(b"x" * 20_000, M4A).problem(422, "audio")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_being_answered_when_it_is_told_to_stop_is_answered(
    home: Path, fingerprint: bytes, number: int
) -> None:
    with serving(home) as service, service.connect() as connection:
        connection.sendall(
            request_head(FINGERPRINT, f"Content-Length: {len(fingerprint)}") + fingerprint[:100]
        )
        eventually(lambda: b"requests_open 2.0" in service.ask("GET", "/metrics").body)
        service.process.send_signal(number)
        eventually(lambda: is_closed(service))
        connection.sendall(fingerprint[100:])
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200")
        assert service.process.wait(60) == 0
    assert not processes(home)


def is_closed(service: Service) -> bool:
    try:
        service.connect().close()
    except OSError:
        return True
    return False


def test_kill_9_leaves_nothing_running_and_nothing_lost(home: Path, fingerprint: bytes) -> None:
    with serving(home) as first:
        answer = first.recognize(fingerprint, FINGERPRINT).json
        first.process.kill()
        first.process.wait()
    eventually(lambda: not processes(home))
    with serving(home) as second:
        said = json.dumps({"token": answer["feedback_token"], "is_right": True})
        assert second.judge(answer["id"], said).status == 204


def test_migrate(home: Path) -> None:
    command = CommandLine(home, is_alone=True)
    assert command("migrate").out == "The tables are at step 0008.\n"
    assert not processes(home)


def test_answers_are_not_held_back() -> None:
    with listening("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # asyncio sets TCP_NODELAY for no other


def test_what_is_no_address() -> None:
    for host in ("no.such.host.invalid", "256.1.1.1"):
        with pytest.raises(ServeError) as told, listening(host, 0):
            pass
        assert told.value.code == "address_bad"
