"""Live listenings: frames over a real WebSocket to a running service."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.service.client import PATIENCE_S, SMALL, Service, eventually, rows, serving
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from sonica import _engine
from sonica.audio.compose import Song
from sonica.audio.degrade import excerpt

Samples = NDArray[np.float32]
RATE = _engine.ENGINE_RATE
HALF = RATE // 2


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started


@pytest.fixture(scope="module")
def heard(songs: list[Song]) -> Samples:
    """Sixteen seconds of song 2 from 0:10 on."""
    return _engine.resample(excerpt(songs[2].samples, songs[2].rate, 10.0, 16.0), songs[2].rate)


@pytest.fixture(scope="module")
def noise() -> Samples:
    return np.random.default_rng(0).standard_normal(16 * RATE).astype(np.float32) * np.float32(0.1)


def listen(service: Service, query: str = "", origin: str | None = None) -> ClientConnection:
    url = f"ws://{service.host}:{service.port}/v1/listen{query}"
    return connect(url, origin=origin, open_timeout=PATIENCE_S, compression=None)  # type: ignore[arg-type]


def said(connection: ClientConnection) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(connection.recv(PATIENCE_S))
    return told


def closed(connection: ClientConnection) -> int:
    """The code with which it was closed; nothing more is said."""
    with pytest.raises(ConnectionClosed):
        connection.recv(PATIENCE_S)
    assert connection.close_code is not None
    return connection.close_code


def refused(connection: ClientConnection, type_: str, code: int) -> dict[str, Any]:
    told = said(connection)
    assert told["event"] == "problem", told
    problem: dict[str, Any] = told["problem"]
    assert ("retry_after" in told) == (problem["status"] in {429, 503})
    assert problem["type"] == f"/problems/{type_}"
    assert closed(connection) == code
    return problem


class Ear:
    """What a client does: samples in, a frame out for every half second."""

    def __init__(self, samples: Samples) -> None:
        self._fingerprinter = _engine.Fingerprinter(RATE)
        self._left = iter(np.split(samples, range(HALF, len(samples), HALF)))

    def frame(self, *, key: bool = False, last: bool = False) -> bytes:
        self._fingerprinter.push(next(self._left))
        return self._fingerprinter.frame(key=key, last=last)


def until_the_end(connection: ClientConnection, ear: Ear) -> list[dict[str, Any]]:
    """All that is said, frame by frame, to the last word."""
    told = []
    connection.send(ear.frame())
    while True:
        event = said(connection)
        told.append(event)
        if event.get("last"):
            assert closed(connection) == 1000
            return told
        if event["event"] == "hearing":
            connection.send(ear.frame())


def test_a_song_is_named_while_it_plays(service: Service, home: Path, heard: Samples) -> None:
    with listen(service) as connection:
        told = until_the_end(connection, Ear(heard))
    end = told[-1]
    assert (end["event"], end["result"]["status"], end["result"]["song"]["id"]) == ("match", "match", 3)
    assert end["heard_s"] < 10
    assert abs(end["result"]["offset_s"] - 10) < 0.5
    hearing = [one["heard_s"] for one in told if one["event"] == "hearing"]
    assert hearing == [0.5 * (i + 1) for i in range(len(hearing))]
    assert hearing[-1] == end["heard_s"] - 0.5  # each frame is answered once
    kept = rows(home, "SELECT id::text, source, song_id FROM recognitions")
    assert (end["result"]["id"], "live", 3) in kept
    token = json.dumps({"token": end["result"]["feedback_token"], "is_right": True})
    assert service.judge(end["result"]["id"], token).status == 204
    eventually(lambda: any(line["event"] == "listening" for line in service.log))
    metrics = service.ask("GET", "/metrics").body.decode()
    assert 'sonica_recognitions_total{source="live",status="match"}' in metrics
    assert "sonica_listenings_open 0.0" in metrics


def test_what_nobody_knows_is_heard_to_the_end(service: Service, noise: Samples) -> None:
    with listen(service) as connection:
        told = until_the_end(connection, Ear(noise))
    assert told[-1]["event"] == "none"
    assert told[-1]["heard_s"] == 15.0
    assert told[-1]["result"]["song"] is None
    assert {one["event"] for one in told[:-1]} <= {"hearing", "unsure"}
    assert all("id" not in one["result"] for one in told[:-1] if one["event"] == "unsure")
    looked = [one["looked_s"] for one in told if one["event"] == "hearing"]
    assert sorted(set(looked)) == [0, 1.5, 2.5, 4, 6, 9, 12]
    assert looked[2] == 1.5  # the answer to a frame comes after its look


def test_a_sound_that_ends_is_answered_at_once(service: Service, heard: Samples, noise: Samples) -> None:
    for samples, status in ((heard, "match"), (noise, "none")):
        ear = Ear(samples)
        with listen(service) as connection:
            for _ in range(2):
                connection.send(ear.frame())
                assert said(connection)["event"] == "hearing"
            connection.send(ear.frame(last=True))
            end = said(connection)
            assert (end["event"], end["heard_s"], end["last"]) == (status, 1.5, True)
    fingerprinter = _engine.Fingerprinter(RATE)
    with listen(service) as connection:  # nothing was heard at all
        connection.send(fingerprinter.frame(last=True))
        assert said(connection)["event"] == "none"


def test_another_process_goes_on(home: Path, heard: Samples) -> None:
    session = "?session=0123456789abcdef-live"
    with serving(home, "--workers", "2", SONICA_RATE_LIMIT="1/1h") as service:
        ear = Ear(heard)
        for _ in range(2):  # each connection may be answered by another
            with listen(service, session) as connection:
                connection.send(ear.frame(key=True))
                assert said(connection)["event"] == "hearing"
        pids = [line["pid"] for line in service.log if line["event"] == "process answers"]
        os.kill(pids[0], signal.SIGKILL)
        with listen(service, session) as connection:
            connection.send(ear.frame(key=True))
            end = said(connection)
            assert end["heard_s"] == 1.5
            while not end.get("last"):
                connection.send(ear.frame())
                end = said(connection)
            assert end["result"]["song"]["id"] == 3
        with listen(service, "?session=0123456789abcdef-another") as connection:
            connection.send(Ear(heard).frame(last=True))
            refused(connection, "rate-limit", 1008)


def test_a_frame_that_is_missing_is_asked_for_again(service: Service, noise: Samples) -> None:
    ear = Ear(noise)
    with listen(service) as connection:
        connection.send(ear.frame())
        assert said(connection)["event"] == "hearing"
        ear.frame()  # is lost
        connection.send(ear.frame())
        assert said(connection) == {"event": "resend"}
        connection.send(ear.frame(key=True))
        assert said(connection) == {"event": "hearing", "heard_s": 2.0, "looked_s": 2.0}


def test_what_is_no_frame_ends_it(service: Service, fingerprint: bytes) -> None:
    for message in (b"", b"x", fingerprint, "text", b"SNL\x01" + bytes(60)):
        with listen(service) as connection:
            connection.send(message)
            refused(connection, "bad-fingerprint", 1003)
    with listen(service) as connection:
        connection.send(bytes(20_000))
        assert closed(connection) == 1009


@given(st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_damaged_frame_does_no_harm(service: Service, heard: Samples, data: st.DataObject) -> None:
    ear = Ear(heard)
    frames = [ear.frame() for _ in range(3)]
    with listen(service) as connection:
        for frame in frames[:-1]:
            connection.send(frame)
            assert said(connection)["event"] == "hearing"
        spoiled = bytearray(frames[-1])
        place = data.draw(st.integers(0, len(spoiled) - 1))
        spoiled[place] ^= data.draw(st.integers(1, 255))
        connection.send(bytes(spoiled[: data.draw(st.integers(1, len(spoiled)))]))
        told = said(connection)
        assert told["event"] == "resend" or told["problem"]["type"] == "/problems/bad-fingerprint", told


def test_too_long_a_sound_is_refused(service: Service, noise: Samples) -> None:
    fingerprinter = _engine.Fingerprinter(RATE)
    fingerprinter.push(np.concatenate([noise, noise[:HALF]]))
    with listen(service) as connection:
        connection.send(fingerprinter.frame())
        refused(connection, "body-too-large", 1009)


def test_a_bad_session_is_told(service: Service) -> None:
    with listen(service, "?session=short") as connection:
        assert "session" in refused(connection, "bad-request", 1008)["detail"]


def test_pages_of_others_may_not_listen(service: Service, home: Path) -> None:
    with pytest.raises(InvalidStatus) as error, listen(service, origin="https://example.org"):
        pass
    assert error.value.response.status_code == 403
    for origin in (f"http://{service.host}:{service.port}", "http://localhost:3000"):
        with listen(service, origin=origin):
            pass
    with serving(home, SONICA_CORS_ORIGINS="https://example.org") as other:
        for origin in ("https://example.org", f"http://{other.host}:{other.port}"):
            with listen(other, origin=origin):
                pass
        with pytest.raises(InvalidStatus), listen(other, origin="http://localhost:3000"):
            pass


def test_who_leaves_leaves_nothing_behind(service: Service, home: Path, heard: Samples) -> None:
    before = rows(home, "SELECT count(*) FROM recognitions")
    with listen(service) as connection:
        connection.send(Ear(heard).frame())
        assert said(connection)["event"] == "hearing"
        connection.socket.shutdown(socket.SHUT_RDWR)  # without a word
    eventually(lambda: "sonica_listenings_open 0.0" in service.ask("GET", "/metrics").body.decode())
    assert rows(home, "SELECT count(*) FROM recognitions") == before


def test_many_listen_at_once(service: Service, heard: Samples, noise: Samples) -> None:
    def one(number: int) -> tuple[str, int | None]:
        with listen(service) as connection:
            end = until_the_end(connection, Ear(heard if number % 2 else noise))[-1]
            return end["event"], end["result"]["song"] and end["result"]["song"]["id"]

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(one, range(32))) == {("match", 3), ("none", None)}


def test_who_never_reads_is_dropped(service: Service) -> None:
    with socket.socket() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect((service.host, service.port))
        head = "GET /v1/listen HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        head += "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        raw.sendall(head.encode())
        assert raw.recv(12) == b"HTTP/1.1 101"
        ping = b"\x89\xfd" + bytes(4) + bytes(125)
        with pytest.raises(ConnectionError):  # within 130 MB, which nobody holds
            raw.sendall(ping * 1_000_000)
    eventually(lambda: "sonica_listenings_open 0.0" in service.ask("GET", "/metrics").body.decode())


def test_without_room_looks_wait_and_the_last_is_refused(home: Path, noise: Samples) -> None:
    with serving(home, "0", "30", "1000000", script=SMALL) as service, listen(service) as connection:
        ear = Ear(noise)
        for _ in range(5):
            connection.send(ear.frame())
            assert said(connection)["looked_s"] == 0  # none was made, and all are due
        connection.send(ear.frame(last=True))
        refused(connection, "busy", 1013)


def test_only_so_many_may_listen(home: Path) -> None:
    few = SMALL.replace("room=int(sys.argv[1])", "listenings=1")
    with serving(home, "0", "30", "1000000", script=few) as service, listen(service):
        with pytest.raises(InvalidStatus) as error, listen(service):
            pass
        assert error.value.response.status_code == 503
        assert json.loads(error.value.response.body)["code"] == "listenings"


def test_a_service_that_stops_says_so(home: Path, heard: Samples) -> None:
    with serving(home) as service, listen(service) as connection:
        connection.send(Ear(heard).frame())
        assert said(connection)["event"] == "hearing"
        service.process.send_signal(signal.SIGTERM)
        assert closed(connection) == 1012
        assert service.process.wait(PATIENCE_S) == 0
