"""The songs over HTTP: lists, search, what those with a key may change, and the keys."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, Reply, Service, rows, serving

from sonica.audio.compose import Song


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started


@pytest.fixture(scope="module")
def key(service: Service, home: Path) -> str:
    (made,) = CommandLine(home, is_alone=True)("admin", "key", "--json", "tests").lines
    return str(made["key"])


def change(service: Service, key: str, method: str, path: str, said: Any = None, **headers: str) -> Reply:
    """A request with a key; a `_` in the name of a header is a `-`."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    body = None if said is None else json.dumps(said).encode()
    return service.ask(
        method,
        path,
        body,
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **given},
    )


def titles(service: Service, query: str) -> list[str]:
    reply = service.ask("GET", f"/v1/songs?{query}")
    assert reply.status == 200, reply.body
    return [one["title"] for one in reply.json["items"]]


# --- for everybody ----------------------------------------------------------------------------------


def test_pages_show_each_song_once(service: Service, songs: list[Song]) -> None:
    seen, cursor = [], ""
    while True:
        page = service.ask("GET", f"/v1/songs?limit=4&cursor={cursor}").json
        seen += [one["title"] for one in page["items"]]
        if page["next"] is None:
            break
        assert len(page["items"]) == 4
        cursor = page["next"]
    assert seen == [song.title for song in songs]


@pytest.mark.parametrize("cursor", ["x", "%00", "MC4x%20", "MC4xeA", "0.1", "MTIz", "_"])
def test_a_cursor_from_nowhere(service: Service, cursor: str) -> None:
    service.ask("GET", f"/v1/songs?cursor={cursor}").problem(400, "bad-request")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "q=" + "a" * 201])
def test_what_no_list_is_asked_with(service: Service, query: str) -> None:
    service.ask("GET", f"/v1/songs?{query}").problem(422, "bad-request")


def test_a_song_and_what_the_client_has(service: Service, songs: list[Song]) -> None:
    reply = service.ask("GET", "/v1/songs/3")
    assert (reply.json["id"], reply.json["title"]) == (3, songs[2].title)
    assert [set(one) for one in reply.json["recordings"]] == [{"id", "duration_s", "audio_url"}]
    for known in (reply.headers["etag"], f'"x", W/{reply.headers["etag"]}', "*"):
        again = service.ask("GET", "/v1/songs/3", headers={"If-None-Match": known})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", reply.headers["etag"])
    assert service.ask("GET", "/v1/songs/3", headers={"If-None-Match": '"x"'}).status == 200


@pytest.mark.parametrize(("id_", "status"), [("99", 404), ("0", 422), ("x", 422), (str(2**70), 422)])
def test_no_song(service: Service, id_: str, status: int) -> None:
    type_ = "not-found" if status == 404 else "bad-request"
    service.ask("GET", f"/v1/songs/{id_}").problem(status, type_)


def test_search(service: Service, key: str) -> None:
    before = [service.ask("GET", f"/v1/songs/{id_}").json for id_ in (1, 2, 3, 4)]
    called = [
        ("सावन की धूप", "शारदा सिन्हा"),
        ("Rang Rasiya", "सावन कुमार"),
        ("मेरा सावन", "Café Orchestra"),
        ("धूपसावन", "x"),
    ]
    for id_, (title, artist) in enumerate(called, 1):
        said = {"title": title, "artist": artist}
        assert change(service, key, "PATCH", f"/v1/songs/{id_}", said).status == 200
    ask = "q=%E0%A4%B8%E0%A4%BE%E0%A4%B5%E0%A4%A8"  # सावन
    assert titles(service, ask) == [title for title, _ in called]  # by how well they fit
    assert titles(service, "q=RASI") == ["Rang Rasiya"]
    assert titles(service, "q=cafe%20orch") == ["मेरा सावन"]
    assert titles(service, "q=%E0%A4%B8%E0%A4%B5%E0%A4%A8") == []  # सवन: another word, without its sign
    assert titles(service, "q=nothing") == []
    first = service.ask("GET", f"/v1/songs?{ask}&limit=2").json
    second = service.ask("GET", f"/v1/songs?{ask}&limit=2&cursor={first['next']}").json
    assert [one["id"] for one in first["items"] + second["items"]] == [1, 2, 3, 4]
    assert second["next"] is None
    for one in before:
        said = {"title": one["title"], "artist": one["artist"]}
        assert change(service, key, "PATCH", f"/v1/songs/{one['id']}", said).json == one


# --- with a key -------------------------------------------------------------------------------------


def test_an_edit_is_known_at_once(service: Service, key: str, fingerprint: bytes) -> None:
    before = service.ask("GET", "/v1/songs/3")
    changed = change(service, key, "PATCH", "/v1/songs/3", {"title": "नया नाम", "year": 1987})
    assert (changed.json["title"], changed.json["year"]) == ("नया नाम", 1987)
    assert changed.headers["etag"] != before.headers["etag"]
    assert service.recognize(fingerprint, FINGERPRINT).json["song"]["title"] == "नया नाम"
    said = {"title": before.json["title"], "year": 0}
    late = change(service, key, "PATCH", "/v1/songs/3", said, If_Match=before.headers["etag"])
    late.problem(412, "changed")
    back = change(service, key, "PATCH", "/v1/songs/3", said, If_Match=changed.headers["etag"])
    assert back.json == before.json


@pytest.mark.parametrize(
    "said",
    [{"title": 1}, {"language": "!!"}, {"isrc": "no"}, {"id": 3}, {"year": -1}, {"title": "a" * 1001}, []],
)
def test_what_no_song_is_called(service: Service, key: str, said: Any) -> None:
    change(service, key, "PATCH", "/v1/songs/3", said).problem(422, "bad-request")


def test_merge_and_remove(service: Service, key: str, fingerprint: bytes) -> None:
    kept = service.ask("GET", "/v1/songs/1").json
    other = service.ask("GET", "/v1/songs/3").json
    for said, status, type_ in (
        ({"songs": [1]}, 422, "bad-request"),
        ({"songs": []}, 422, "bad-request"),
        ({"songs": [3, 99]}, 404, "not-found"),
    ):
        change(service, key, "POST", "/v1/songs/1/merge", said).problem(status, type_)
    assert service.ask("GET", "/v1/songs/3").json == other
    merged = change(service, key, "POST", "/v1/songs/1/merge", {"songs": [3]}).json
    assert merged["title"] == kept["title"]
    assert merged["recordings"] == kept["recordings"] + other["recordings"]
    service.ask("GET", "/v1/songs/3").problem(404, "not-found")
    assert service.recognize(fingerprint, FINGERPRINT).json["song"]["id"] == 1
    change(service, key, "DELETE", "/v1/songs/1", If_Match='"x"').problem(412, "changed")
    assert change(service, key, "DELETE", "/v1/songs/1").status == 204
    change(service, key, "DELETE", "/v1/songs/1").problem(404, "not-found")
    assert service.recognize(fingerprint, FINGERPRINT).json["status"] != "match"


def test_a_body_without_end(service: Service, key: str) -> None:
    for given in (key, "x"):
        reply = change(service, given, "PATCH", "/v1/songs/2", {"title": "a" * 70_000})
        reply.problem(413, "body-too-large")
    pieces = (b" " * 10_000 for _ in range(7))
    reply = service.ask("PATCH", "/v1/songs/2", pieces, {"Content-Type": "application/json"})
    reply.problem(413, "body-too-large")
    assert service.ask("GET", "/v1/songs/2").status == 200


# --- keys -------------------------------------------------------------------------------------------


def test_who_has_no_key(service: Service, key: str) -> None:
    mark, id_, secret = key.split("_", 2)
    wrong = [
        "",
        "x",
        f"{mark}_{id_}_",
        f"{mark}_{id_}_{secret}x",
        f"{mark}_000000000000_{secret}",
        f"x_{id_}_{secret}",
    ]
    for given in wrong:
        reply = change(service, given, "DELETE", "/v1/songs/2")
        reply.problem(401, "unauthorized")
        assert reply.headers["www-authenticate"].startswith("Bearer")
    service.ask("DELETE", "/v1/songs/2").problem(401, "unauthorized")
    service.ask("PATCH", "/v1/songs/2", b"{}").problem(401, "unauthorized")
    service.ask("POST", "/v1/songs/2/merge", b'{"songs": [4]}').problem(401, "unauthorized")
    assert service.ask("GET", "/v1/songs/2").status == 200


def test_a_key_for_something_else_and_one_that_was_taken_back(service: Service, home: Path) -> None:
    command = CommandLine(home, is_alone=True)
    (made,) = command("admin", "key", "--json", "--may", "packs", "for packs").lines
    change(service, made["key"], "DELETE", "/v1/songs/2").problem(403, "forbidden")
    assert command("admin", "revoke", made["id"]).status == 0
    change(service, made["key"], "DELETE", "/v1/songs/2").problem(401, "unauthorized")
    assert command("admin", "revoke", "nobody").status == 1
    listed = command("admin", "keys")
    assert "for packs" in listed.out
    assert "revoked" in listed.out
    secret = made["key"].split("_", 2)[2]
    assert secret not in listed.out + command("admin", "keys", "--json").out
    assert secret not in str(rows(home, "SELECT * FROM admin_keys"))
    assert secret not in str(service.log)
