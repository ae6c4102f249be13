"""Packs over HTTP: made in the background, fetched whole and in parts, signed."""

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CommandLine
from tests.service.client import Reply, Service, eventually, serving

from sonica import _engine
from sonica.platform.keys import KeyFileError, is_signed, signing_key


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started


@pytest.fixture(scope="module")
def key(service: Service, home: Path) -> str:
    (made,) = CommandLine(home, is_alone=True)("admin", "key", "--json", "--may", "packs").lines
    return str(made["key"])


def change(service: Service, key: str, method: str, path: str, said: Any = None) -> Reply:
    body = None if said is None else json.dumps(said).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return service.ask(method, path, body, headers)


def publish(service: Service, key: str, name: str, **order: Any) -> dict[str, Any]:
    """Has a pack be made, and waits for it: how that went."""
    reply = change(service, key, "PUT", f"/v1/packs/{name}", order)
    assert (reply.status, reply.json["state"]) == (202, "waiting"), reply.body
    told: dict[str, Any] = {}

    def is_done() -> bool:
        told.update(change(service, key, "GET", f"/v1/packs/{name}/making").json)
        return bool(told["state"] != "waiting")

    eventually(is_done)
    return told


def listed(service: Service, name: str) -> dict[str, Any]:
    items = service.ask("GET", "/v1/packs").json["items"]
    found: dict[str, Any] = next(one for one in items if one["name"] == name)
    return found


@pytest.fixture(scope="module")
def pack(service: Service, key: str) -> dict[str, Any]:
    """The pack of all songs, as the list shows it."""
    assert publish(service, key, "all", profile="full")["state"] == "ready"
    return listed(service, "all")


def test_a_pack_is_what_the_command_makes_and_is_signed(
    service: Service, home: Path, pack: dict[str, Any], module_folder: Path
) -> None:
    body = service.ask("GET", pack["url"]).body
    assert CommandLine(home, is_alone=True)("pack", "make", "-o", module_folder / "all.pack").status == 0
    assert body == (module_folder / "all.pack").read_bytes()
    manifest = json.loads(pack["manifest"])
    made = {name: pack[name] for name in manifest}
    assert manifest == made
    assert (manifest["bytes"], manifest["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    assert (manifest["name"], manifest["profile"], manifest["recordings"]) == ("all", "full", 6)
    told = service.ask("GET", "/v1/packs/key").json
    public, signature = base64.b64decode(told["public_key"]), base64.b64decode(pack["signature"])
    assert (told["id"], len(public)) == (pack["key_id"], 32)
    assert is_signed(public, pack["manifest"].encode(), signature)
    assert not is_signed(public, pack["manifest"].replace("6", "7").encode(), signature)
    alone = service.ask("GET", "/v1/packs/all/manifest")
    assert (alone.body.decode(), alone.headers["sonica-signature"]) == (pack["manifest"], pack["signature"])


def test_fetching(service: Service, pack: dict[str, Any]) -> None:
    whole = service.ask("GET", "/v1/packs/all")
    etag, size = whole.headers["etag"], len(whole.body)
    assert (whole.status, whole.headers["accept-ranges"]) == (200, "bytes")
    assert whole.headers["cache-control"] == "public, max-age=60"
    assert "immutable" in service.ask("GET", pack["url"]).headers["cache-control"]
    service.ask("GET", "/v1/packs/all?sha256=" + "0" * 64).problem(404, "not-found")
    head = service.ask("HEAD", "/v1/packs/all")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(size))
    same = service.ask("GET", "/v1/packs/all", headers={"If-None-Match": etag})
    assert (same.status, same.body) == (304, b"")

    def part(asked: str, **more: str) -> Reply:
        given = {name.replace("_", "-"): value for name, value in more.items()}
        return service.ask("GET", "/v1/packs/all", headers={"Range": asked, **given})

    rest = part(f"bytes={size - 10}-", If_Range=etag)
    assert (rest.status, rest.body) == (206, whole.body[-10:])
    assert rest.headers["content-range"] == f"bytes {size - 10}-{size - 1}/{size}"
    assert rest.headers["etag"] == etag
    assert part("bytes=4-7").body == whole.body[4:8]
    assert part("bytes=-5").body == whole.body[-5:]
    assert part("bytes=0-0,10-11").status == 206
    changed = part("bytes=4-7", If_Range='"other"')
    assert (changed.status, changed.body) == (200, whole.body)
    for asked in (f"bytes={size}-", "bytes=-0"):
        past = part(asked)
        past.problem(416, "bad-range")
        assert past.headers["content-range"] == f"bytes */{size}"
    for nonsense in ("bytes", "lines=1-2", "bytes=x-", "bytes=", "bytes=" + "0-1," * 30 + "1-2"):
        assert part(nonsense).status == 200, nonsense


def test_by_language_and_size(service: Service, key: str) -> None:
    assert publish(service, key, "bhojpuri", language="Bhojpuri")["order"]["language"] == "bho"
    body = service.ask("GET", "/v1/packs/bhojpuri").body
    there = _engine.Pack.from_bytes(body)
    assert (there.profile, {row.language for row in there.recordings()}) == ("lite", {"bho"})
    most = len(body) - 1
    assert publish(service, key, "small", language="bho", most_bytes=most)["state"] == "ready"
    small = service.ask("GET", "/v1/packs/small").body
    assert len(small) <= most
    assert 0 < len(_engine.Pack.from_bytes(small)) < len(there)
    assert publish(service, key, "tiny", most_bytes=10)["error"].startswith("Not one song fits")
    assert publish(service, key, "none", language="ta")["state"] == "failed"
    service.ask("GET", "/v1/packs/none").problem(404, "not-found")
    assert [one["name"] for one in service.ask("GET", "/v1/packs").json["items"]][-2:] == [
        "bhojpuri",
        "small",
    ]


def test_published_anew(service: Service, key: str, home: Path) -> None:
    assert publish(service, key, "again", language="hi")["state"] == "ready"
    before = listed(service, "again")
    assert publish(service, key, "again", language="hi")["state"] == "ready"
    assert listed(service, "again") == before  # nothing changed: nobody fetches it again
    failed = publish(service, key, "again", language="ta")
    assert failed["state"] == "failed"
    assert listed(service, "again") == before  # what was there stays
    assert publish(service, key, "again", language="hi", profile="full")["state"] == "ready"
    after = listed(service, "again")
    assert after["sha256"] != before["sha256"]
    service.ask("GET", before["url"]).problem(404, "not-found")
    assert len(list((home / "published").glob("again.*"))) == 2
    assert change(service, key, "DELETE", "/v1/packs/again").status == 204
    service.ask("GET", "/v1/packs/again").problem(404, "not-found")
    assert not list((home / "published").glob("again.*"))


def test_who_may_not(service: Service, key: str, home: Path, pack: dict[str, Any]) -> None:
    service.ask("PUT", "/v1/packs/all", b"{}").problem(401, "unauthorized")
    service.ask("DELETE", "/v1/packs/all").problem(401, "unauthorized")
    service.ask("GET", "/v1/packs/all/making").problem(401, "unauthorized")
    (other,) = CommandLine(home, is_alone=True)("admin", "key", "--json", "--may", "ingest").lines
    change(service, other["key"], "DELETE", "/v1/packs/all").problem(403, "forbidden")
    for name in ("key", "A", "a..b", "-a", "a" * 65):
        change(service, key, "PUT", f"/v1/packs/{name}", {}).problem(422, "bad-request")
    wrong: list[dict[str, Any]] = [{"profile": "huge"}, {"most_bytes": -1}, {"language": "!!"}, {"songs": []}]
    for said in wrong:
        change(service, key, "PUT", "/v1/packs/all", said).problem(422, "bad-request")
    assert listed(service, "all") == pack


def test_the_key_is_private(service: Service, home: Path, pack: dict[str, Any], tmp_path: Path) -> None:
    file = home / "keys" / "packs.pem"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert signing_key(home, "packs").id == pack["key_id"]
    (tmp_path / "keys").mkdir()
    shutil.copyfile(file, tmp_path / "keys" / "packs.pem")
    (tmp_path / "keys" / "packs.pem").chmod(0o640)
    with pytest.raises(KeyFileError, match="Others may read"):
        signing_key(tmp_path, "packs")
    (tmp_path / "keys" / "packs.pem").chmod(0o600)
    assert signing_key(tmp_path, "packs").id == pack["key_id"]
    (tmp_path / "keys" / "packs.pem").write_text("nonsense")
    with pytest.raises(KeyFileError, match="no Ed25519 key"):
        signing_key(tmp_path, "packs")
