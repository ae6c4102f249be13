"""Adding music from a store that speaks S3, and keeping it there: also while the store goes away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import CommandLine
from tests.service.client import PATIENCE_S, Service, eventually, serving
from tests.service.conftest import seed
from tests.service.test_ingest import ask, done, ended, make_key, order, report, sound, working
from tests.stores import BUCKET, Store, open_store

from sonica.audio import write_audio
from sonica.audio.compose import compose_song
from sonica.platform.postgres.place import Place
from sonica.work.adding import CHUNK

pytestmark = pytest.mark.heavy

PLACES = {
    "OBJECTS_URL": f"s3://{BUCKET}/sonica",
    "SONICA_INGEST_PREFIXES": f"s3://{BUCKET}/new,s3://{BUCKET}/more",
    "SONICA_AUDIO_URL": "own",
}
MANY = CHUNK + 8
LONG = f"a album/{'नया ' * 30}100%.flac"
"""A name of more bytes than a file may have."""


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store() as opened, pytest.MonkeyPatch.context() as patch:
        for name, value in PLACES.items():
            patch.setenv(name, value)
        yield opened


@pytest.fixture
def home(reachable: Path, cluster: Place) -> Path:
    home = reachable / "home"
    seed(cluster, home)
    return home


@pytest.fixture
def service(store: Store, home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """MANY short songs, by keys."""
    file = tmp_path_factory.mktemp("many") / "song.flac"
    made = {}
    for number in range(MANY):
        song = compose_song(4000 + number)
        write_audio(file, song.samples[: 12 * song.rate], song.rate)
        made[f"new/{number:02}.flac"] = file.read_bytes()
    return made


def fetched(url: str) -> tuple[int, bytes]:
    reply = httpx.get(url)
    return reply.status_code, reply.content


def test_music_below_a_prefix(service: Service, store: Store, home: Path, tmp_path: Path) -> None:
    key = make_key(home)
    one, query = sound(tmp_path, 30)
    two, _ = sound(tmp_path, 31)
    store.put(f"new/{LONG}", one)
    store.put("new/b.flac", two)
    for name, content in (("c.mp3", b"nonsense" * 99), (".d.flac", two), (".e/f.flac", two), ("g.txt", b"x")):
        store.put(f"new/{name}", content)
    store.put("newer/h.flac", two)
    taken = order(service, key, prefix=f"s3://{BUCKET}/new/")
    assert taken.status == 202, taken.body
    assert (taken.status, taken.json["kind"], taken.json["place"]) == (202, "prefix", f"s3://{BUCKET}/new")
    told = ended(service, key, taken.json["id"])
    assert (told["state"], told["counts"]["added"], told["counts"]["error"]) == ("done", 2, 1)
    files = report(service, key, told["id"])
    assert [file["file"] for file in files] == [
        f"s3://{BUCKET}/new/{name}" for name in (LONG, "b.flac", "c.mp3")
    ]
    answer = service.recognize(query, "audio/flac").json
    assert answer["song"]["id"] == files[0]["song_id"]
    eventually(lambda: not any((home / "incoming").glob("*")))
    (recording,) = service.ask("GET", f"/v1/songs/{files[0]['song_id']}").json["recordings"]
    redirect = service.ask("GET", recording["audio_url"])
    assert (redirect.status, redirect.headers["cache-control"]) == (307, "public, max-age=1800")
    assert "X-Amz-Expires=3600" in redirect.headers["location"]
    assert fetched(redirect.headers["location"]) == (200, one)
    assert service.ask("HEAD", recording["audio_url"]).status == 307
    again = ended(service, key, order(service, key, prefix=f"s3://{BUCKET}/new").json["id"])
    assert (again["counts"]["known"], again["counts"]["error"]) == (2, 1)
    store.put("new/b.flac", sound(tmp_path, 32)[0])  # another song under a key that is known
    changed = ended(service, key, order(service, key, prefix=f"s3://{BUCKET}/new").json["id"])
    assert (changed["counts"]["known"], changed["counts"]["added"]) == (1, 1)
    found = CommandLine(home, is_alone=True)("verify")
    assert found.status == 0, found.out
    assert not (home / "originals").exists()


def test_prefixes_that_are_not_taken(service: Service, home: Path) -> None:
    key = make_key(home)
    for said, status, type_ in (
        ("s3://music/newer/", 403, "forbidden"),
        ("s3://music", 403, "forbidden"),
        ("s3://other/new", 403, "forbidden"),
        ("s3://music/new/../secret", 422, "bad-request"),
        ("s3://music/new//b", 422, "bad-request"),
        ("s3://music/new/.", 422, "bad-request"),
        ("s3://music/new?", 422, "bad-request"),
        ("file:///srv", 422, "bad-request"),
        ("s3://music/new\0", 422, "bad-request"),
        ("s3://music/new/\ud800", 422, "bad-request"),
        ("https://music/new", 422, "bad-request"),
    ):
        order(service, key, prefix=said).problem(status, type_)
    order(service, key, prefix=f"s3://{BUCKET}/new", folder="/srv").problem(422, "bad-request")
    empty = ended(service, key, order(service, key, prefix=f"s3://{BUCKET}/new/none").json["id"])
    assert (empty["state"], empty["error"]["code"]) == ("failed", "no_music")


def test_a_store_that_goes_away_and_comes_back(
    service: Service, store: Store, home: Path, many: dict[str, bytes], tmp_path: Path
) -> None:
    key = make_key(home)
    sent, query = sound(tmp_path, 33)
    assert service.ask("GET", "/readyz").json["objects"] is True
    store.stop()
    ids = [order(service, key, prefix=f"s3://{BUCKET}/new").json["id"]]
    ids.append(ask(service, key, "POST", "", sent, kind="audio/flac").json["id"])

    def told(number: int) -> Any:
        return ask(service, key, "GET", f"/{ids[number]}").json

    for number in range(2):
        eventually(lambda number=number: (told(number)["error"] or {}).get("code") == "objects_away")
        assert told(number)["state"] == "running"
    eventually(lambda: service.ask("GET", "/readyz").json["objects"] is False)
    assert service.ask("GET", "/readyz").json["status"] == "ready"
    assert service.recognize(query, "audio/flac").json["status"] == "none"  # it waits to be kept
    assert ask(service, key, "POST", f"/{ids[0]}/pause").json["error"] is None
    store.start()
    for name, content in many.items():
        store.put(name, content)
    assert ask(service, key, "POST", f"/{ids[0]}/resume").json["state"] == "queued"
    for number, count in enumerate((MANY, 1)):
        over = ended(service, key, ids[number])
        assert (over["state"], over["error"], over["counts"]["added"]) == ("done", None, count)
    assert service.recognize(query, "audio/flac").json["status"] == "match"
    eventually(lambda: service.ask("GET", "/readyz").json["objects"] is True)
    assert CommandLine(home, is_alone=True)("verify").status == 0


def test_a_worker_is_killed_and_two_do_nothing_twice(
    store: Store, home: Path, many: dict[str, bytes]
) -> None:
    for name, content in many.items():
        store.put(name, content)
    with serving(home, command="api") as service:
        key = make_key(home)
        id_ = order(service, key, prefix=f"s3://{BUCKET}/new").json["id"]
        with working(home, home) as worker:
            eventually(lambda: done(service, key, id_) >= CHUNK)
            worker.kill()
            worker.wait(PATIENCE_S)
        kept = report(service, key, id_)
        with working(home, home), working(home, home):
            told = ended(service, key, id_)
        assert (told["state"], told["counts"]["error"]) == ("done", 0)
        assert told["counts"]["added"] + told["counts"]["known"] == MANY
        after = report(service, key, id_)
        assert after[:CHUNK] == kept[:CHUNK]
        assert len({one["recording_id"] for one in after}) == MANY
    assert CommandLine(home, is_alone=True)("verify").status == 0
