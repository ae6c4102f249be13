"""A long recording over HTTP: its fingerprint goes in, its songs come out line by line."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, PATIENCE_S, SMALL, Reply, Service, eventually, rows, serving

from sonica import _engine
from sonica.audio import write_audio
from sonica.audio.compose import Song, compose_song
from sonica.audio.degrade import play_faster

RATE = 44_100


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started


@pytest.fixture(scope="module")
def mix(songs: list[Song], module_folder: Path) -> Path:
    """Two minutes: a stranger between two songs, one of them faster, and one that fades into another."""
    fade = np.linspace(0, 1, 5 * RATE, dtype=np.float32)
    first, second = songs[3].samples[: 30 * RATE], songs[5].samples[: 30 * RATE]
    faded = np.concatenate(
        [first[: -5 * RATE], first[-5 * RATE :] * fade[::-1] + second[: 5 * RATE] * fade, second[5 * RATE :]]
    )
    parts = [play_faster(songs[1].samples[: 35 * RATE], 1.08), compose_song(77).samples[: 25 * RATE], faded]
    file = module_folder / "mix.wav"
    write_audio(file, np.concatenate(parts), RATE)
    return file


@pytest.fixture(scope="module")
def mixed(home: Path, mix: Path) -> bytes:
    """The whole fingerprint of that, as the command line makes it."""
    ran = CommandLine(home)("fingerprint", mix, "--output", mix.with_suffix(".sfp"))
    assert ran.status == 0, ran.err
    return mix.with_suffix(".sfp").read_bytes()


@pytest.fixture(scope="module")
def long() -> bytes:
    """Nearly three hours that nobody knows."""
    rng = np.random.default_rng(0)
    steps = 10_700 * 250
    time = rng.integers(0, steps, 40 * 10_700).astype(np.uint32)
    frequency = rng.integers(0, 856, len(time)).astype(np.uint16)
    return _engine.write_fingerprint(time, frequency, np.zeros(len(time), np.uint8), steps)


def ask(service: Service, body: bytes, kind: str = FINGERPRINT) -> Reply:
    return service.ask("POST", "/v1/scan", body, {"Content-Type": kind})


def lines(reply: Reply) -> list[dict[str, Any]]:
    assert reply.status == 200, reply.body
    assert reply.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in reply.body.splitlines()]


def test_the_songs_are_those_of_the_command_line(
    service: Service, home: Path, mix: Path, mixed: bytes
) -> None:
    told = lines(ask(service, mixed))
    found = [{k: v for k, v in one.items() if k != "event"} for one in told if one["event"] == "song"]
    here = CommandLine(home)("scan", "--json", mix).lines
    assert len(here) == 3
    for one in here:
        one["song"]["path"] = ""
    assert found == here
    assert told[0]["event"] == "progress"
    assert told[-1] == {"event": "end", "songs": 3, "of_s": told[0]["of_s"]}
    done = [one["done_s"] for one in told if one["event"] == "progress"]
    assert done == sorted(done)
    assert done[-1] <= told[0]["of_s"]


def test_nothing_of_it_is_kept(service: Service, home: Path, mixed: bytes) -> None:
    before = rows(home, "SELECT count(*) FROM recognitions")
    lines(ask(service, mixed))
    assert rows(home, "SELECT count(*) FROM recognitions") == before


def test_a_fingerprint_of_nothing_holds_no_song(service: Service) -> None:
    empty = _engine.fingerprint(np.zeros(0, np.float32), RATE)
    assert lines(ask(service, empty))[-1] == {"event": "end", "songs": 0, "of_s": 0.0}


def test_what_is_no_fingerprint_of_a_recording_is_refused(service: Service, mixed: bytes) -> None:
    ask(service, b"").problem(400, "body-missing")
    ask(service, b"RIFF" + mixed[4:]).problem(422, "bad-fingerprint")
    ask(service, mixed[:-7]).problem(422, "bad-fingerprint")
    ask(service, mixed + b"\0").problem(422, "bad-fingerprint")
    ask(service, mixed, "audio/wav").problem(415, "unsupported-type")
    ask(service, mixed, "").problem(415, "unsupported-type")
    ask(service, bytes(2 << 20) + b"\0").problem(413, "body-too-large")
    steps = 3 * 3600 * 250 + 250
    one = np.zeros(1)
    too_long = _engine.write_fingerprint(
        one.astype(np.uint32), one.astype(np.uint16), one.astype(np.uint8), steps
    )
    assert ask(service, too_long).problem(413, "body-too-large")["code"] == "too_long"
    assert ask(service, mixed).status == 200


@contextmanager
def begun(service: Service, body: bytes) -> Iterator[http.client.HTTPResponse]:
    """A scan whose first line has come; at the end it is given up."""
    connection = http.client.HTTPConnection(service.host, service.port, timeout=PATIENCE_S)
    connection.request("POST", "/v1/scan", body, {"Content-Type": FINGERPRINT})
    try:
        with connection.getresponse() as answer:
            assert answer.status == 200
            assert json.loads(answer.readline())["event"] == "progress"
            yield answer
    finally:
        connection.close()


def test_one_at_a_time_and_whoever_leaves_makes_room(home: Path, mixed: bytes, long: bytes) -> None:
    few = SMALL.replace("room=int(sys.argv[1])", "scans=2")
    with serving(home, "0", "30", "100000000", script=few) as service:
        with begun(service, long):
            with begun(service, long):  # one that has not begun
                refused = ask(service, mixed)
                assert refused.problem(503, "busy")["code"] == "queue_full"
                assert int(refused.headers["retry-after"]) >= 1
            eventually(lambda: len(left(service)) == 1)
        eventually(lambda: len(left(service)) == 2)  # and one that is at work
        assert left(service)[0]["left_at"] == 0
        assert left(service)[1]["left_at"] < 10_700
        eventually(lambda: ask(service, mixed).status == 200)
        assert lines(ask(service, mixed))[-1]["songs"] == 3


def left(service: Service) -> list[dict[str, Any]]:
    """What the log says of scans that were given up."""
    return [one for one in service.log if one.get("route") == "/v1/scan" and "left_at" in one]


def test_looks_are_answered_meanwhile(home: Path, fingerprint: bytes, long: bytes) -> None:
    with serving(home) as service:
        with begun(service, long):
            assert service.recognize(fingerprint, FINGERPRINT).json["status"] == "match"
            assert left(service) == []
        eventually(lambda: left(service))


def test_each_started_ten_minutes_count_once(home: Path, mixed: bytes, long: bytes) -> None:
    with serving(home, SONICA_RATE_LIMIT="20/15m") as service:
        reply = ask(service, mixed)
        assert reply.headers["ratelimit"].startswith('"anonymous";r=19;')
        with begun(service, long) as scan:
            assert (scan.getheader("ratelimit") or "").startswith('"anonymous";r=1;')
        ask(service, long).problem(429, "rate-limit")
