"""What services remember, each by itself and together: right answers, whatever becomes of what they share."""

import itertools
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, Reply, Service, eventually, rows, serving
from tests.shelves import Shelf, open_shelf

from sonica import _engine

MANY = 60
"""Requests, a dozen at a time."""
AT_ONCE = 12


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    with open_shelf() as opened:
        yield opened


@pytest.fixture(scope="module")
def two(home: Path, shelf: Shelf) -> Iterator[tuple[Service, Service]]:
    """Services with the same songs, and a Redis between them."""
    with serving(home, REDIS_URL=shelf.url) as one, serving(home, REDIS_URL=shelf.url) as other:
        yield one, other


def told(service: Service, name: str, level: str, result: str) -> float:
    """How often that came of what was asked."""
    line = f'sonica_cache_requests_total{{level="{level}",name="{name}",result="{result}"}} '
    said = service.ask("GET", "/metrics").body.decode()
    return sum(float(each.removeprefix(line)) for each in said.splitlines() if each.startswith(line))


def is_up(service: Service) -> bool:
    return "\nsonica_cache_shared_up 1.0\n" in service.ask("GET", "/metrics").body.decode()


def clips(fingerprint: bytes) -> Iterator[bytes]:
    """Any number of fingerprints of the same song, of which no two are the same."""
    whole = _engine.read_fingerprint(fingerprint)
    return (whole.excerpt(0.0, whole.duration_s - 0.02 * number) for number in itertools.count())


def said(reply: Reply) -> dict[str, object]:
    """An answer but for what is of this request alone."""
    assert reply.status == 200, reply.body
    return {name: said for name, said in reply.json.items() if name not in OWN}


OWN = {"id", "feedback_token", "timings_ms"}


def told_of(service: Service, reply: Reply) -> dict[str, object]:
    """What the log says of a recognition."""
    id_ = reply.json["id"]
    eventually(lambda: any(line.get("recognition") == id_ for line in service.log))
    return next(line for line in service.log if line.get("recognition") == id_)


def test_a_recognition_is_made_once_and_recorded_each_time(
    two: tuple[Service, Service], home: Path, shelf: Shelf, fingerprint: bytes, clip: Path
) -> None:
    one, other = two
    first = one.recognize(fingerprint, FINGERPRINT)
    again = one.recognize(fingerprint, FINGERPRINT)
    assert said(first) == said(again)
    assert first.json["song"]["id"] == 3
    assert "remembered" not in told_of(one, first)
    assert told_of(one, again)["remembered"] is True
    assert "remembered;dur=" in again.headers["server-timing"]
    ids = [first.json["id"], again.json["id"]]
    assert len(set(ids)) == len({first.json["feedback_token"], again.json["feedback_token"]}) == 2
    judged = json.dumps({"token": again.json["feedback_token"], "is_right": True})
    assert one.judge(ids[1], judged).status == 204
    audio = clip.read_bytes()
    heard = [one.recognize(audio, "audio/mp4") for _ in range(2)]
    assert said(heard[0]) == said(heard[1])
    assert told_of(one, heard[1])["remembered"] is True
    ids += [reply.json["id"] for reply in heard]
    columns = "status, song_id, recording_id, offset_s, confidence, alternatives"
    kept = rows(home, f"SELECT {columns} FROM recognitions WHERE id IN {tuple(ids)}")  # noqa: S608
    assert len(kept) == 4
    assert len(set(kept)) <= 2  # of the fingerprint, and of the sound

    asked = clips(fingerprint)

    def is_shared() -> bool:
        query = next(asked)
        assert said(one.recognize(query, FINGERPRINT)) == said(other.recognize(query, FINGERPRINT))
        return told(other, "recognition", "shared", "hit") > 0

    eventually(is_shared)
    for key, value in shelf.all().items():
        assert re.fullmatch(r"sonica:([0-9a-f]{32}:recognition:[0-9a-f]{64}|secret:\d+)", key), key
        if ":recognition:" in key:
            outcome = json.loads(value[16:])
            assert outcome.keys() == {"status", "ambiguous", "confidence", "best", "others"}
            assert outcome["status"] == "match"
            assert fingerprint[8:40] not in value
        else:
            assert value.hex() not in json.dumps(one.log + other.log)
    one_log = json.dumps(one.log)
    assert not any(key.rpartition(":")[2] in one_log for key in shelf.all() if ":recognition:" in key)


def test_only_a_match_is_remembered(two: tuple[Service, Service], shelf: Shelf) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 16_000 * 8).astype(np.float32)
    query = _engine.fingerprint(noise, 16_000)
    before = {key for key in shelf.all() if ":recognition:" in key}
    for service in two:
        for _ in range(2):
            reply = service.recognize(query, FINGERPRINT)
            assert reply.json["status"] in {"none", "unsure"}
            assert "remembered" not in told_of(service, reply)
    after = {key for key in shelf.all() if ":recognition:" in key}
    assert after == before


def test_another_threshold_is_another_question(
    two: tuple[Service, Service], home: Path, shelf: Shelf, fingerprint: bytes
) -> None:
    query = next(itertools.islice(clips(fingerprint), 7, None))
    assert two[0].recognize(query, FINGERPRINT).json["status"] == "match"
    strict = {"SONICA_MATCH_AT": "1", "SONICA_UNSURE_AT": "0.99999"}
    with serving(home, REDIS_URL=shelf.url, **strict) as service:
        for _ in range(2):
            reply = service.recognize(query, FINGERPRINT)
            assert reply.json["status"] != "match"
            assert "remembered" not in told_of(service, reply)
        assert told(service, "recognition", "shared", "hit") == 0


def test_many_at_once_ask_the_engine_once(home: Path, fingerprint: bytes) -> None:
    with serving(home) as service, ThreadPoolExecutor(AT_ONCE) as pool:
        asked = list(pool.map(lambda _: service.recognize(fingerprint, FINGERPRINT), range(MANY)))
        assert len({json.dumps(said(reply)) for reply in asked}) == 1
        assert len({reply.json["id"] for reply in asked}) == MANY
        assert told(service, "recognition", "memory", "miss") == 1
        kinds = [told(service, "recognition", "memory", result) for result in ("joined", "hit")]
        assert sum(kinds) == MANY - 1
        searched = [told_of(service, reply) for reply in asked]
        assert sum("remembered" not in line for line in searched) == 1


def test_switched_off_nothing_is_remembered(home: Path, fingerprint: bytes) -> None:
    with serving(home, SONICA_CACHE_MEMORY="off") as service:
        for _ in range(3):
            assert "remembered" not in told_of(service, service.recognize(fingerprint, FINGERPRINT))
        assert "\nsonica_cache_bytes 0.0\n" in service.ask("GET", "/metrics").body.decode()


@pytest.mark.parametrize("how", ["killed", "paused", "emptied"])
def test_answers_stay_right_while_the_shared_cache_goes(
    two: tuple[Service, Service], shelf: Shelf, fingerprint: bytes, how: str
) -> None:
    begin = {"killed": 100, "paused": 200, "emptied": 300}[how]
    queries = list(itertools.islice(clips(fingerprint), begin, begin + MANY))
    right = said(two[0].recognize(queries[0], FINGERPRINT))["song"]
    songs = {id_: two[0].ask("GET", f"/v1/songs/{id_}").json for id_ in range(1, 7)}

    def ask(number: int) -> None:
        service = two[number % 2]
        reply = service.recognize(queries[number], FINGERPRINT)
        assert said(reply)["song"] == right
        id_ = 1 + number % 6
        assert service.ask("GET", f"/v1/songs/{id_}").json == songs[id_]
        if number == AT_ONCE:
            {"killed": shelf.kill, "paused": shelf.pause, "emptied": shelf.empty}[how]()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(ask, range(MANY)))
    if how == "emptied":
        return
    before = len(two[0].log)
    for query in itertools.islice(clips(fingerprint), begin + MANY, begin + MANY + AT_ONCE):
        assert said(two[0].recognize(query, FINGERPRINT))["song"] == right
    eventually(lambda: not is_up(two[0]))
    ready = two[0].ask("GET", "/readyz")
    assert (ready.status, ready.json["status"]) == (200, "ready")
    events = [line["event"] for line in two[0].log]
    assert events.count("the shared cache is away") <= 1 + events.count("the shared cache is back")
    assert "secret" not in json.dumps(two[0].log[before:])
    (shelf.start if how == "killed" else shelf.go_on)()
    for service in two:
        eventually(lambda service=service: is_up(service))
        assert "the shared cache is back" in [line["event"] for line in service.log]


def test_a_song_that_is_changed_elsewhere_is_told_as_it_is_now(
    two: tuple[Service, Service], home: Path, fingerprint: bytes
) -> None:
    command = CommandLine(home, is_alone=True)
    tags = set()
    for title in ("Sawan", "Bhadon", "Sawan"):
        assert command("songs", "edit", 3, "--title", title).status == 0
        for service in (*two, *two):
            shown = service.ask("GET", "/v1/songs/3")
            assert shown.json["title"] == title
            tags.add(shown.headers["etag"])
            assert (
                service.ask("GET", "/v1/songs/3", headers={"If-None-Match": shown.headers["etag"]}).status
                == 304
            )
            assert said(service.recognize(fingerprint, FINGERPRINT))["song"]["title"] == title  # type: ignore[index]
    assert len(tags) == 2
    assert command("songs", "join", 3, 1).status == 0
    for service in (*two, *two):
        shown = service.ask("GET", "/v1/songs/1")
        assert len(shown.json["recordings"]) == 2
        service.ask("GET", "/v1/songs/3").problem(404, "not-found")
        assert said(service.recognize(fingerprint, FINGERPRINT))["song"]["id"] == 1  # type: ignore[index]
    assert command("songs", "remove", "--yes", 1).status == 0
    for service in (*two, *two):
        service.ask("GET", "/v1/songs/1").problem(404, "not-found")
        assert said(service.recognize(fingerprint, FINGERPRINT))["status"] != "match"


def test_processes_of_a_service_divide_the_memory(home: Path) -> None:
    with serving(home, "--workers", "2", SONICA_CACHE_MEMORY="1M") as service:
        document = service.ask("GET", "/v1/songs/2").body
        assert all(service.ask("GET", "/v1/songs/2").body == document for _ in range(8))
        lines = service.ask("GET", "/metrics").body.decode().splitlines()
        hits = [line for line in lines if 'level="memory",name="song",process=' in line and "hit" in line]
        assert sum(float(line.rpartition(" ")[2]) for line in hits) >= 7
