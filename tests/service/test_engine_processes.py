"""`sonica serve --engine`: processes of their own search, and any of them may be stopped or killed."""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.service.client import FINGERPRINT, Reply, Service, eventually, serving
from tests.service.engines import Engine, connected, fetched, pair, searches, searching
from tests.service.test_live import RATE, Ear, Samples, listen, until_the_end

from sonica import _engine
from sonica.audio.compose import Song, compose_song
from sonica.audio.degrade import excerpt

M4A = "audio/mp4"
CALLERS = 6
"""Who ask all the time, each again as soon as it is answered."""


@pytest.fixture(scope="module")
def heard(songs: list[Song]) -> Samples:
    """Sixteen seconds of song 2 from 0:10 on."""
    return _engine.resample(excerpt(songs[2].samples, songs[2].rate, 10.0, 16.0), songs[2].rate)


@pytest.fixture(scope="module")
def stranger() -> bytes:
    """The fingerprint of a song that the catalogue lacks."""
    song = compose_song(77)
    return _engine.fingerprint(excerpt(song.samples, song.rate, 20.0, 10.0), song.rate)


@pytest.fixture
def one(home: Path, reachable: Path) -> Iterator[tuple[Service, Engine]]:
    """A service, and the engine that it asks."""
    with pair(home, reachable) as both:
        yield both


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """Without what no two answers have in common."""
    apart = {"id", "feedback_token", "timings_ms", "request_id"}
    return {name: value for name, value in answer.items() if name not in apart}


@pytest.fixture(scope="module")
def bodies(fingerprint: bytes, stranger: bytes, clip: Path) -> list[tuple[bytes, str]]:
    """A song and a stranger as fingerprints, a song as a file, and nothing of either kind."""
    fingerprints = [(one, FINGERPRINT) for one in (fingerprint, stranger, b"no fingerprint")]
    return [*fingerprints, (clip.read_bytes(), M4A), (b"no audio", M4A)]


def test_it_answers_as_one_process_does(
    one: tuple[Service, Engine], home: Path, bodies: list[tuple[bytes, str]], heard: Samples
) -> None:
    silence = np.zeros(16 * RATE, np.float32)

    def answers(service: Service) -> tuple[list[tuple[int, dict[str, Any]]], list[list[dict[str, Any]]]]:
        replies = [service.recognize(*body) for body in bodies]
        lives = []
        for samples in (heard, silence):
            with listen(service) as connection:
                lives.append(until_the_end(connection, Ear(samples)))
        for told in (event for live in lives for event in live if "result" in event):
            told["result"] = plain(told["result"])
        assert "receive;" in replies[0].headers["server-timing"]
        return [(reply.status, plain(reply.json)) for reply in replies], lives

    service, engine = one
    found = answers(service)
    with serving(home) as alone:
        assert found == answers(alone)
    posted, (known, unknown) = found
    assert [answer["status"] for _, answer in posted] == ["match", "none", 422, "match", 422]
    assert (known[-1]["event"], unknown[-1]["event"]) == ("match", "none")
    assert len(searches(engine)) >= 4 + len(known) // 4


def test_both_tell_of_it_under_the_id_of_the_request(one: tuple[Service, Engine], fingerprint: bytes) -> None:
    service, engine = one
    headers = {"Content-Type": FINGERPRINT, "X-Request-ID": "of-this-one"}
    assert service.ask("POST", "/v1/recognize", fingerprint, headers).status == 200
    eventually(lambda: searches(engine, "match"))
    (told,) = searches(engine, "match")
    assert told["request_id"] == "of-this-one"
    asks = service.ask("GET", "/metrics").body.decode()
    for line in (
        "sonica_engines_connected 1.0",
        f'sonica_engine_outstanding{{engine="{engine.address}"}} 0.0',
        "sonica_engine_batch_size_sum 1.0",
        "sonica_engine_hop_seconds_count 1.0",
        "sonica_engine_retries_total 0.0",
        "sonica_catalogue_packs 1.0",
        "sonica_catalogue_recordings 6.0",
        "sonica_catalogue_warm 1.0",
    ):
        assert line in asks, (line, asks)
    (at,) = [line["at"] for line in engine.log if line["event"] == "tells how it is"]
    assert fetched(f"http://{at}/healthz") == (200, '{"status":"ok"}')
    assert fetched(f"http://{at}/readyz") == (200, '{"status":"ready","packs":1,"recordings":6}')
    status, told_by_engine = fetched(f"http://{at}/metrics")
    assert status == 200
    for line in (
        'sonica_engine_searches_total{result="match"} 1.0',
        "sonica_engine_callers 1.0",
        "sonica_catalogue_warm 1.0",
        "sonica_catalogue_recordings 6.0",
    ):
        assert line in told_by_engine, (line, told_by_engine)


def test_no_pack_is_open_where_engines_search(one: tuple[Service, Engine], fingerprint: bytes) -> None:
    service, engine = one
    assert service.recognize(fingerprint, FINGERPRINT).status == 200
    assert service.ask("GET", "/metrics").status == 200
    assert service.ask("GET", "/v1/songs/3").status == 200
    held = [Path(f"/proc/{one.process.pid}/maps").read_text().count(".pack") for one in (service, engine)]
    assert held[0] == 0
    assert held[1] > 0


# --- engines that come and go -------------------------------------------------------------------------


@contextmanager
def load(service: Service, *queries: tuple[bytes, int | None]) -> Iterator[Counter[str]]:
    """Many ask all the time. Counts replies: `right`, or what else was said."""
    counts, over = Counter[str](), threading.Event()

    def ask(number: int) -> None:
        while not over.is_set():
            query, expected = queries[number % len(queries)]
            number += 1
            reply = service.recognize(query, FINGERPRINT)
            counts["right" if right(reply, expected) else f"{reply.status} {reply.body!r}"] += 1

    callers = [threading.Thread(target=ask, args=(number,)) for number in range(CALLERS)]
    for caller in callers:
        caller.start()
    try:
        yield counts
    finally:
        over.set()
        for caller in callers:
            caller.join()


def right(reply: Reply, expected: int | None) -> bool:
    song = reply.json["song"] if reply.status == 200 else {"id": -1}
    return (song["id"] if song else None) == expected


class Fleet:
    """Engines at addresses that stay, each in its place or gone."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._home = home
        self.addresses = [f"unix:{folder / name}" for name in ("a", "b")]
        self._stacks: dict[int, ExitStack] = {}
        self.running: dict[int, Engine] = {}

    def start(self, number: int) -> None:
        self._stacks[number] = ExitStack()
        engine = searching(self._home, self.addresses[number])
        self.running[number] = self._stacks[number].enter_context(engine)

    def end(self, number: int, how: int) -> int:
        status = self.running.pop(number).stop(how)
        self._stacks.pop(number).close()
        return status

    def close(self) -> None:
        for stack in self._stacks.values():
            stack.close()


@pytest.fixture
def fleet(home: Path, reachable: Path) -> Iterator[Fleet]:
    """Two engines, at work."""
    fleet = Fleet(home, reachable)
    try:
        for number in range(2):
            fleet.start(number)
        yield fleet
    finally:
        fleet.close()


def asking(fleet: Fleet) -> list[str]:
    return [word for address in fleet.addresses for word in ("--engine", address)]


def metric(service: Service, name: str) -> float:
    told = service.ask("GET", "/metrics").body.decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in told if line.startswith(name))


@pytest.mark.heavy
def test_engines_are_restarted_one_after_the_other_and_no_request_fails(
    fleet: Fleet, home: Path, fingerprint: bytes, stranger: bytes
) -> None:
    queries = (fingerprint, 3), (stranger, None)
    with serving(home, *asking(fleet), "--workers", "2") as service, load(service, *queries) as counts:
        eventually(lambda: counts["right"] > 20)
        for number in (0, 1):
            assert fleet.end(number, signal.SIGTERM) == 0
            before = counts["right"]
            eventually(lambda before=before: counts["right"] > before + 20)  # by the other
            fleet.start(number)
            eventually(lambda number=number: searches(fleet.running[number]))
    assert set(counts) == {"right"}, counts


@pytest.mark.heavy
def test_an_engine_is_killed_and_no_request_fails(
    fleet: Fleet, home: Path, fingerprint: bytes, stranger: bytes
) -> None:
    queries = (stranger, None), (fingerprint, 3)
    with serving(home, *asking(fleet)) as service, load(service, *queries) as counts:
        for number in (0, 1, 0):
            eventually(lambda number=number: len(searches(fleet.running[number])) > 10)
            assert fleet.end(number, signal.SIGKILL) == -signal.SIGKILL
            before = counts["right"]
            eventually(lambda before=before: counts["right"] > before + 20)
            fleet.start(number)
        connected(service, 2)
        lost = metric(service, "sonica_engine_connections_lost_total{")
    assert set(counts) == {"right"}, counts
    assert lost == 3


@pytest.mark.heavy
def test_an_engine_that_hangs_is_given_up(fleet: Fleet, home: Path, fingerprint: bytes) -> None:
    with serving(home, *asking(fleet)) as service:
        connected(service, 2)
        fleet.running[0].process.send_signal(signal.SIGSTOP)
        try:
            replies = [service.recognize(fingerprint, FINGERPRINT) for _ in range(4)]
            assert {(reply.status, reply.json["song"]["id"]) for reply in replies} == {(200, 3)}
            connected(service, 1)
        finally:
            fleet.running[0].process.send_signal(signal.SIGCONT)
        connected(service, 2)
        assert any("silent" in line.get("reason", "") for line in service.log)


def test_without_engines_it_says_so_and_heals(
    fleet: Fleet, home: Path, fingerprint: bytes, heard: Samples, clip: Path
) -> None:
    with serving(home, *asking(fleet)) as service:
        connected(service, 2)
        for number in (0, 1):
            fleet.end(number, signal.SIGKILL)
        for reply in (service.recognize(fingerprint, FINGERPRINT), service.recognize(clip.read_bytes(), M4A)):
            told = reply.problem(503, "busy")
            assert told["code"] == "no_engine"
            assert int(reply.headers["retry-after"]) > 0
        ready = service.ask("GET", "/readyz")
        assert (ready.status, ready.json["status"], ready.json["engines"]) == (503, "not ready", 0)
        assert service.ask("GET", "/healthz").status == 200
        assert service.ask("GET", "/v1/songs").status == 200
        away = [line for line in service.log if line["event"] == "engine away"]
        assert len(away) == 2  # each told once, however often it was tried
        fleet.start(1)
        connected(service, 1)
        ready = service.ask("GET", "/readyz")
        assert (ready.status, ready.json["catalogue"]) == (200, True)
        assert service.recognize(fingerprint, FINGERPRINT).json["song"]["id"] == 3
        with listen(service) as connection:
            assert until_the_end(connection, Ear(heard))[-1]["event"] == "match"


def test_it_begins_without_engines_and_waits_for_them(
    home: Path, reachable: Path, fingerprint: bytes
) -> None:
    address = f"unix:{reachable / 'later.sock'}"
    with serving(home, SONICA_ENGINES=address) as service:
        assert service.ask("GET", "/readyz").json["engines"] == 0
        with searching(home, address):
            connected(service, 1)
            assert service.recognize(fingerprint, FINGERPRINT).status == 200


def test_what_has_begun_is_answered_before_an_engine_ends(
    home: Path, reachable: Path, stranger: bytes
) -> None:
    """Also where there is no other to ask."""
    address = f"unix:{reachable / 'a.sock'}"
    with searching(home, address) as engine, serving(home, "--engine", address) as service:
        connected(service, 1)
        replies = list[Reply]()
        callers = [
            threading.Thread(target=lambda: replies.append(service.recognize(stranger, FINGERPRINT)))
            for _ in range(12)
        ]
        for caller in callers:
            caller.start()
        eventually(lambda: searches(engine) or metric(service, "sonica_engine_outstanding{") > 4)
        before = metric(service, "sonica_engine_batch_size_sum")
        assert engine.stop() == 0
        for caller in callers:
            caller.join()
        answered = [reply for reply in replies if reply.status == 200]
        assert len(answered) >= before  # all that it had
        assert {reply.json["code"] for reply in replies if reply.status != 200} <= {"no_engine"}
        assert metric(service, "sonica_engine_retries_total") == 0
        assert engine.log[-1]["event"] == "engine ended"
