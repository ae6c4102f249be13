"""The files that songs came from: kept when they are sent, and heard where the operator says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.service.client import Service, eventually, serving
from tests.service.conftest import seed
from tests.service.test_ingest import ask, ended, make_key, report, sound

from sonica.platform.postgres.place import Place


@pytest.fixture(scope="module")
def home(module_folder: Path, cluster: Place) -> Path:
    home = module_folder / "home"
    seed(cluster, home)
    return home


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home, SONICA_AUDIO_URL="own") as started:
        yield started


def sent(service: Service, home: Path, content: bytes, kind: str = "audio/flac") -> int:
    """The id of the song of a file that was sent."""
    key = make_key(home)
    taken = ask(service, key, "POST", "", content, kind=kind)
    told = ended(service, key, taken.json["id"])
    (file,) = report(service, key, told["id"])
    return int(file["song_id"])


def test_an_original_is_heard_in_whole_and_in_parts(service: Service, home: Path, tmp_path: Path) -> None:
    content, _ = sound(tmp_path, 20)
    song = sent(service, home, content)
    first = service.ask("GET", f"/v1/songs/{song}")
    (recording,) = first.json["recordings"]
    url = recording["audio_url"]
    assert url.startswith("/v1/originals/")
    whole = service.ask("GET", url)
    assert (whole.status, whole.body) == (200, content)
    assert whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert whole.headers["x-content-type-options"] == "nosniff"
    etag = whole.headers["etag"]
    head = service.ask("HEAD", url)
    assert (head.status, head.headers["content-length"], head.body) == (200, str(len(content)), b"")
    assert service.ask("GET", url, headers={"If-None-Match": etag}).status == 304
    part = service.ask("GET", url, headers={"Range": "bytes=10-19", "If-Range": etag})
    assert (part.status, part.body) == (206, content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(content)}"
    beyond = service.ask("GET", url, headers={"Range": f"bytes={len(content)}-"})
    assert beyond.problem(416, "bad-range")
    assert beyond.headers["content-range"] == f"bytes */{len(content)}"
    assert service.ask("GET", f"/v1/songs/{song}").headers["etag"] == first.headers["etag"]
    (listed,) = service.ask("GET", "/v1/songs").json["items"][-1]["recordings"]
    assert listed["audio_url"] == url


def test_what_is_no_original(service: Service, home: Path) -> None:
    for name in ("0" * 32, f"{'0' * 32}.flac"):
        service.ask("GET", f"/v1/originals/{name}").problem(404, "not-found")
    for name in ("x", f"{'0' * 32}.flac.", f"{'A' * 32}", f"..%2f{'0' * 32}"):
        assert service.ask("GET", f"/v1/originals/{name}").status in {404, 422}
    loose = home / "originals" / f"{'1' * 32}.flac"
    loose.parent.mkdir(exist_ok=True)
    loose.write_bytes(b"x")  # of a worker that died: it is there, and no song names it
    service.ask("GET", f"/v1/originals/{loose.name}").problem(404, "not-found")


def test_a_song_that_is_removed_is_heard_no_more(service: Service, home: Path, tmp_path: Path) -> None:
    song = sent(service, home, sound(tmp_path, 21)[0])
    url = service.ask("GET", f"/v1/songs/{song}").json["recordings"][0]["audio_url"]
    file = home / "originals" / url.rpartition("/")[2]
    assert file.is_file()
    key = {"Authorization": f"Bearer {make_key(home)}"}
    assert service.ask("DELETE", f"/v1/songs/{song}", headers=key).status == 204
    service.ask("GET", url).problem(404, "not-found")
    assert not file.exists()


def test_an_original_that_was_lost_is_not_there(service: Service, home: Path, tmp_path: Path) -> None:
    song = sent(service, home, sound(tmp_path, 22)[0])
    url = service.ask("GET", f"/v1/songs/{song}").json["recordings"][0]["audio_url"]
    (home / "originals" / url.rpartition("/")[2]).unlink()
    service.ask("GET", url).problem(404, "not-found")


@pytest.mark.parametrize("said", ["none", "https://cdn.example/music/"])
def test_who_may_hear_is_what_the_operator_says(home: Path, tmp_path: Path, said: str) -> None:
    with serving(home, SONICA_AUDIO_URL=said) as service:
        song = sent(service, home, sound(tmp_path, 23)[0])
        (*_, recording) = service.ask("GET", f"/v1/songs/{song}").json["recordings"]
        (name,) = [one.name for one in (home / "originals").iterdir() if one.stat().st_size > 1][-1:]
        service.ask("GET", f"/v1/originals/{name}").problem(404, "not-found")
    if said == "none":
        assert recording["audio_url"] is None
    else:
        assert recording["audio_url"].startswith("https://cdn.example/music/originals/")


def test_a_place_of_its_own_and_one_that_is_away(cluster: Place, reachable: Path, tmp_path: Path) -> None:
    home, place = reachable / "home", reachable / "objects"
    seed(cluster, home)
    content, query = sound(tmp_path, 24)
    with serving(home, OBJECTS_URL=f"file://{place}") as service:
        assert service.ask("GET", "/readyz").json["objects"] is True
        place.write_bytes(b"")  # a file is where the folder should be
        key = make_key(home)
        id_ = ask(service, key, "POST", "", content, kind="audio/flac").json["id"]

        def told() -> Any:
            return ask(service, key, "GET", f"/{id_}").json

        eventually(lambda: (told()["error"] or {}).get("code") == "objects_away")
        assert told()["state"] == "running"
        eventually(lambda: service.ask("GET", "/readyz").json["objects"] is False)
        assert service.ask("GET", "/readyz").status == 200
        assert service.recognize(query, "audio/flac").status == 200
        place.unlink()
        assert ended(service, key, id_)["counts"]["added"] == 1
        (file,) = report(service, key, id_)
        assert len(list((place / "originals").iterdir())) == 1
        assert service.ask("GET", f"/v1/songs/{file['song_id']}").status == 200
