"""`sonica serve --workers`: several processes at one port, any of which may die or be replaced."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.service.client import FINGERPRINT, Service, eventually, request_head, rows, serving
from tests.service.test_postgres import processes
from tests.service.test_serve_life import is_closed

M4A = "audio/mp4"


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    with serving(home, "--workers", "2") as started:
        yield started
    assert not processes(home)


def pids(service: Service) -> list[int]:
    """Of the processes that have said that they answer, in the order in which they did."""
    return [line["pid"] for line in service.log if line["event"] == "process answers"]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_they_answer_as_one(service: Service, home: Path, fingerprint: bytes, clip: Path) -> None:
    audio = clip.read_bytes()
    with ThreadPoolExecutor(8) as pool:
        bodies = [(fingerprint, FINGERPRINT), (audio, M4A)] * 12
        replies = list(pool.map(lambda body: service.recognize(*body), bodies))
    assert {(reply.status, reply.json["song"]["id"]) for reply in replies} == {(200, 3)}
    ids = {reply.json["id"] for reply in replies}
    assert {str(id_) for (id_,) in rows(home, "SELECT id FROM recognitions")} >= ids
    told = service.ask("GET", "/metrics").body.decode()
    answered = [line for line in told.splitlines() if line.startswith("sonica_recognitions_total{")]
    assert sum(float(line.rpartition(" ")[2]) for line in answered) == 24
    assert {line.partition('process="')[2][0] for line in answered} == {"0", "1"}
    first = replies[0].json
    said = json.dumps({"token": first["feedback_token"], "is_right": True})
    assert service.judge(first["id"], said).status == 204
    assert service.stop(signal.SIGTERM) == 0


def test_a_quota_is_that_of_all(home: Path, fingerprint: bytes) -> None:
    with serving(home, "--workers", "2", SONICA_RATE_LIMIT="6/1h") as service, ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: service.recognize(fingerprint, FINGERPRINT), range(12)))
        assert sorted(reply.status for reply in replies) == [200] * 6 + [429] * 6


def test_one_that_is_killed_is_replaced_and_what_was_answered_is_kept(
    service: Service, home: Path, fingerprint: bytes
) -> None:
    answers = []
    for count in (3, 4, 5):
        answers.append(service.recognize(fingerprint, FINGERPRINT).json["id"])
        os.kill(pids(service)[-1], signal.SIGKILL)
        answers.append(service.recognize(fingerprint, FINGERPRINT).json["id"])  # by the other
        eventually(lambda count=count: len(pids(service)) == count)
    died = [line for line in service.log if line["event"] == "process ended"]
    assert [line["exit_status"] for line in died] == [-signal.SIGKILL] * 3
    kept = {str(id_) for (id_,) in rows(home, "SELECT id FROM recognitions")}
    assert kept >= set(answers)


def test_one_that_is_told_to_end_answers_first_and_is_replaced(service: Service, fingerprint: bytes) -> None:
    eventually(lambda: len(pids(service)) == 2)
    before = pids(service)
    whole = request_head(FINGERPRINT, f"Content-Length: {len(fingerprint)}") + fingerprint
    connections = [service.connect() for _ in range(16)]
    try:
        for connection in connections:
            connection.sendall(whole[:-100])
        eventually(lambda: open_requests(service) == 17)  # and the one that asks
        for pid in before:
            os.kill(pid, signal.SIGTERM)
        for connection in connections:
            connection.sendall(whole[-100:])
        assert all(one.recv(1 << 16).startswith(b"HTTP/1.1 200") for one in connections)
    finally:
        for connection in connections:
            connection.close()
    eventually(lambda: len(pids(service)) == 4)
    assert not any(alive(pid) for pid in before)
    assert service.recognize(fingerprint, FINGERPRINT).status == 200
    assert [line["exit_status"] for line in service.log if line["event"] == "process ended"] == [0, 0]


def open_requests(service: Service) -> float:
    told = service.ask("GET", "/metrics").body.decode().splitlines()
    return sum(
        float(line.rpartition(" ")[2]) for line in told if line.startswith("sonica_http_requests_open{")
    )


def test_all_answer_what_they_have_when_the_service_is_told_to_stop(
    service: Service, fingerprint: bytes
) -> None:
    whole = request_head(FINGERPRINT, f"Content-Length: {len(fingerprint)}") + fingerprint
    with service.connect() as connection:
        connection.sendall(whole[:-100])
        eventually(lambda: open_requests(service) == 2)
        service.process.send_signal(signal.SIGINT)
        eventually(lambda: is_closed(service))
        connection.sendall(whole[-100:])
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200")
    assert service.process.wait(60) == 0
    assert not any(alive(pid) for pid in pids(service))


def test_kill_9_of_the_service_leaves_no_process(home: Path) -> None:
    with serving(home, "--workers", "2") as service:
        eventually(lambda: len(pids(service)) == 2)
        started = pids(service)
        service.process.kill()
        service.process.wait()
        eventually(lambda: not any(alive(pid) for pid in started))
    eventually(lambda: not processes(home))
