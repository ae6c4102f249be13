"""Adding music over HTTP: files that are sent, folders, what goes wrong, and death of a worker."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from tests.conftest import SONICA, CommandLine
from tests.service.client import PATIENCE_S, Reply, Service, eventually, rows, serving
from tests.service.conftest import seed

from sonica.audio import write_audio
from sonica.audio.compose import Song, compose_song
from sonica.audio.degrade import excerpt
from sonica.platform.postgres import Postgres
from sonica.platform.postgres.place import Place
from sonica.work.adding import CHUNK

MANY = 5 * CHUNK
"""Songs of a folder that a worker does not add in one go."""


@pytest.fixture(scope="module")
def folders(module_folder: Path, music: Path) -> Path:
    """A folder that music may be added from: `six` has six songs."""
    shutil.copytree(music, module_folder / "allowed" / "six")
    return module_folder / "allowed"


@pytest.fixture(scope="module")
def home(module_folder: Path, cluster: Place) -> Path:
    home = module_folder / "home"
    seed(cluster, home)
    return home


@pytest.fixture(scope="module")
def service(home: Path, folders: Path) -> Iterator[Service]:
    with serving(home, SONICA_INGEST_FOLDERS=str(folders)) as started:
        yield started


@pytest.fixture(scope="module")
def key(service: Service, home: Path) -> str:
    return make_key(home)


def make_key(home: Path, *arguments: str) -> str:
    (made,) = CommandLine(home, is_alone=True)("admin", "key", "--json", *arguments).lines
    return str(made["key"])


def ask(
    service: Service, key: str, method: str, path: str, body: bytes | None = None, *, kind: str = ""
) -> Reply:
    headers = {"Authorization": f"Bearer {key}", **({"Content-Type": kind} if kind else {})}
    return service.ask(method, f"/v1/ingest{path}", body, headers)


def order(service: Service, key: str, **said: Any) -> Reply:
    return ask(service, key, "POST", "", json.dumps(said).encode(), kind="application/json")


def ended(service: Service, key: str, id_: str) -> dict[str, Any]:
    """The ingest, once it has ended."""
    told: dict[str, Any] = {}

    def is_over() -> bool:
        told.update(ask(service, key, "GET", f"/{id_}").json)
        return told["state"] not in {"queued", "running"}

    eventually(is_over)
    return told


def report(service: Service, key: str, id_: str, query: str = "") -> list[dict[str, Any]]:
    reply = ask(service, key, "GET", f"/{id_}/files?limit=1000{query}")
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply.json["items"]
    return items


def form(content: bytes, name: str) -> tuple[bytes, str]:
    about = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: audio/flac'
    body = f"--xyz\r\n{about}\r\n\r\n".encode() + content + b"\r\n--xyz--\r\n"
    return body, "multipart/form-data; boundary=xyz"


def sound(path: Path, seed: int, seconds: float = 30.0) -> tuple[bytes, bytes]:
    """A new song as a file, and ten seconds of it."""
    song = compose_song(1000 + seed)
    samples = song.samples[: int(seconds * song.rate)]
    write_audio(path / f"{seed}.flac", samples, song.rate)
    write_audio(path / f"{seed}.query.flac", excerpt(samples, song.rate, 8.0, 10.0), song.rate)
    return (path / f"{seed}.flac").read_bytes(), (path / f"{seed}.query.flac").read_bytes()


def test_a_file_that_is_sent_is_known_to_every_process(
    service: Service, home: Path, key: str, tmp_path: Path
) -> None:
    content, query = sound(tmp_path, 0)
    with serving(home) as other:
        for one in (service, other):
            assert one.recognize(query, "audio/flac").json["status"] != "match"
        body, kind = form(content, "../../नया गीत.flac")
        taken = ask(service, key, "POST", "", body, kind=kind)
        assert taken.status == 202, taken.body
        id_ = taken.json["id"]
        assert taken.headers["location"] == f"/v1/ingest/{id_}"
        assert (taken.json["place"], taken.json["total"]) == ("नया गीत.flac", 1)
        told = ended(service, key, id_)
        assert (told["state"], told["counts"]["added"]) == ("done", 1)
        (file,) = report(service, key, id_)
        for one in (service, other):
            assert one.recognize(query, "audio/flac").json["song"]["id"] == file["song_id"]  # at once
    eventually(lambda: not list((home / "incoming").iterdir()))
    again = ask(service, key, "POST", "", content, kind="audio/flac")
    assert ended(service, key, again.json["id"])["state"] == "done"
    song = service.ask("GET", f"/v1/songs/{file['song_id']}").json
    assert len(song["recordings"]) == 2  # the same sound at another place joins its song


def test_a_folder_with_what_cannot_be_added(
    service: Service, key: str, folders: Path, tmp_path: Path, songs: list[Song]
) -> None:
    folder = folders / "mixed"
    shutil.copytree(folders / "six", folder)
    (folder / "broken.mp3").write_bytes(b"nonsense" * 1000)
    write_audio(folder / "short.flac", np.sin(np.arange(4000)).astype(np.float32), 8000)
    shutil.copy(folder / "0.flac", tmp_path / "secret.flac")
    (folder / "secret.flac").symlink_to(tmp_path / "secret.flac")
    Path(os.fsdecode(bytes(folder) + b"/\xff.flac")).write_bytes((folder / "1.flac").read_bytes())
    taken = order(service, key, folder=str(folder))
    assert (taken.status, taken.json["kind"], taken.json["place"]) == (202, "folder", str(folder))
    told = ended(service, key, taken.json["id"])
    assert (told["state"], told["total"]) == ("done", 10)
    assert told["counts"] == {"waiting": 0, "added": 7, "known": 0, "updated": 0, "error": 3}
    failed = {
        Path(one["file"]).name: one["error"] for one in report(service, key, told["id"], "&status=error")
    }
    assert set(failed) == {"broken.mp3", "short.flac", "secret.flac"}
    assert failed["short.flac"]["code"] == "too_short"
    assert "no place" in failed["secret.flac"]["message"]
    again = ended(service, key, order(service, key, folder=str(folder)).json["id"])
    assert again["counts"] == {"waiting": 0, "added": 0, "known": 7, "updated": 0, "error": 3}
    names = [one["title"] for one in service.ask("GET", "/v1/songs?limit=200").json["items"]]
    assert set(names) >= {song.title for song in songs}
    first = ask(service, key, "GET", f"/{told['id']}/files?limit=6").json
    rest = ask(service, key, "GET", f"/{told['id']}/files?limit=6&cursor={first['next']}").json
    assert [one["number"] for one in first["items"] + rest["items"]] == list(range(10))
    assert rest["next"] is None


def test_a_manifest(service: Service, key: str, folders: Path, tmp_path: Path) -> None:
    sound(folders, 3)
    table = folders / "table.csv"
    table.write_text(f"path,title\n3.flac,सावन\n{tmp_path}/x.flac,y\n", encoding="utf-8")
    told = ended(service, key, order(service, key, manifest=str(table)).json["id"])
    assert (told["counts"]["added"], told["counts"]["error"]) == (1, 1)
    found = service.ask("GET", f"/v1/songs?q={quote('सावन')}").json["items"]
    assert "सावन" in [one["title"] for one in found]
    table.write_text("nonsense")
    failed = ended(service, key, order(service, key, manifest=str(table)).json["id"])
    assert (failed["state"], failed["error"]["code"]) == ("failed", "bad_manifest")
    table.write_text("path\n3.flac\n")
    resumed = ask(service, key, "POST", f"/{failed['id']}/resume")
    assert resumed.json["error"] is None
    assert ended(service, key, failed["id"])["counts"]["known"] == 1


def test_what_is_not_taken(service: Service, key: str, folders: Path, home: Path) -> None:
    for said, status, type_ in (
        ({"folder": "/etc"}, 403, "forbidden"),
        ({"folder": "/nowhere"}, 403, "forbidden"),
        ({"folder": f"{folders}/../home"}, 403, "forbidden"),
        ({"folder": f"{folders}/nowhere"}, 422, "bad-request"),
        ({"folder": "six"}, 422, "bad-request"),
        ({"folder": f"{folders}\0"}, 422, "bad-request"),
        ({"folder": f"{folders}\ud800"}, 422, "bad-request"),
        ({"manifest": f"{folders}/six"}, 422, "bad-request"),
        ({}, 422, "bad-request"),
        ({"folder": str(folders), "manifest": str(folders)}, 422, "bad-request"),
        ({"folder": str(folders), "more": 1}, 422, "bad-request"),
    ):
        order(service, key, **said).problem(status, type_)
    ask(service, key, "POST", "", b"[" * 20_000, kind="application/json").problem(413, "body-too-large")
    ask(service, key, "POST", "", b"[" * 10_000, kind="application/json").problem(422, "bad-request")
    ask(service, key, "POST", "", b"", kind="audio/flac").problem(400, "body-missing")
    ask(service, key, "POST", "", b"x", kind="text/plain").problem(415, "unsupported-type")
    ask(service, key, "POST", "", b"x", kind="application/vnd.sonica.fingerprint").problem(
        415, "unsupported-type"
    )
    none = "/01a220f8-fae9-7e6c-b006-e96018e22a38"
    for path in (none, f"{none}/files"):
        ask(service, key, "GET", path).problem(404, "not-found")
    ask(service, key, "POST", f"{none}/pause").problem(404, "not-found")
    ask(service, key, "POST", f"{none}/explode").problem(422, "bad-request")
    ask(service, key, "GET", "?cursor=x").problem(400, "bad-request")
    other = make_key(home, "--may", "songs")
    order(service, other, folder=str(folders)).problem(403, "forbidden")
    for method, path in (("GET", ""), ("GET", none), ("POST", f"{none}/cancel"), ("POST", "")):
        ask(service, "x", method, path).problem(401, "unauthorized")
    broken = ask(service, key, "POST", "", b"nonsense" * 100, kind="audio/flac")
    told = ended(service, key, broken.json["id"])
    assert (told["state"], told["counts"]["error"]) == ("done", 1)
    eventually(lambda: not list((home / "incoming").iterdir()))


# --- workers ----------------------------------------------------------------------------------------


@contextmanager
def working(home: Path, folders: Path) -> Iterator[subprocess.Popen[str]]:
    """`sonica worker`."""
    process = subprocess.Popen(
        [SONICA, "worker"],
        env={**os.environ, "SONICA_HOME": str(home), "NO_COLOR": "1", "SONICA_INGEST_FOLDERS": str(folders)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        line = process.stderr.readline()
        while line and not line.startswith("At work"):
            line = process.stderr.readline()
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def many(folders: Path) -> Path:
    """MANY short songs."""
    folder = folders / "many"
    folder.mkdir()
    for number in range(MANY):
        song = compose_song(2000 + number)
        write_audio(folder / f"{number:02}.flac", song.samples[: 12 * song.rate], song.rate)
    return folder


@pytest.fixture
def apart(reachable: Path, cluster: Place, folders: Path) -> Iterator[tuple[Service, str, Path]]:
    """A service that leaves what is to be done to workers apart, a key, and its data folder."""
    home = reachable / "home"
    seed(cluster, home)
    with serving(home, command="api", SONICA_INGEST_FOLDERS=str(folders)) as service:
        yield service, make_key(home), home


def done(service: Service, key: str, id_: str) -> int:
    counts = ask(service, key, "GET", f"/{id_}").json["counts"]
    return int(sum(counts.values()) - counts["waiting"])  # before they are listed, none is waiting


def test_a_worker_that_is_killed(apart: tuple[Service, str, Path], folders: Path, many: Path) -> None:
    service, key, home = apart
    id_ = order(service, key, folder=str(many)).json["id"]
    with working(home, folders) as worker:
        eventually(lambda: (ask(service, key, "GET", f"/{id_}").json["total"] or 0) == MANY)
        eventually(lambda: done(service, key, id_) >= CHUNK)
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE_S)
    kept = report(service, key, id_)
    assert ask(service, key, "GET", f"/{id_}").json["state"] == "running"
    with working(home, folders):
        told = ended(service, key, id_)
    assert (told["state"], told["counts"]["error"]) == ("done", 0)
    assert told["counts"]["added"] + told["counts"]["known"] == MANY
    after = report(service, key, id_)
    for before, now in zip(kept, after, strict=True):
        assert before["status"] == "waiting" or before == now
    assert len({one["recording_id"] for one in after}) == MANY
    found = CommandLine(home, is_alone=True)("verify")
    assert found.status == 0, found.out
    assert rows(home, "SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = 'ingest'") == [(0,)]


def test_two_workers_do_nothing_twice(apart: tuple[Service, str, Path], folders: Path, many: Path) -> None:
    service, key, home = apart
    with working(home, folders), working(home, folders):
        id_ = order(service, key, folder=str(many)).json["id"]
        eventually(lambda: ask(service, key, "GET", f"/{id_}").json["total"])
        ask(service, key, "POST", f"/{id_}/resume").problem(409, "conflict")
        for action in ("pause", "resume"):  # now there are two jobs of it, for each worker one
            assert ask(service, key, "POST", f"/{id_}/{action}").status == 200
        told = ended(service, key, id_)
    assert (told["counts"]["added"], told["counts"]["known"]) == (MANY, 0)
    listed = CommandLine(home, is_alone=True)("songs", "list", "--json").lines
    assert sum(len(one["recordings"]) for one in listed) == MANY


def test_pause_resume_cancel_and_the_database_dies(
    apart: tuple[Service, str, Path], folders: Path, many: Path
) -> None:
    service, key, home = apart
    id_ = order(service, key, folder=str(many)).json["id"]
    assert ask(service, key, "POST", f"/{id_}/pause").json["state"] == "paused"
    with working(home, folders) as worker:
        time.sleep(2.0)
        assert ask(service, key, "GET", f"/{id_}").json["counts"]["added"] == 0
        assert ask(service, key, "POST", f"/{id_}/resume").json["state"] == "queued"
        eventually(lambda: done(service, key, id_) > 0)
        assert ask(service, key, "POST", f"/{id_}/pause").json["state"] == "paused"
        assert ask(service, key, "POST", f"/{id_}/pause").status == 200
        time.sleep(3.0)
        so_far = done(service, key, id_)
        time.sleep(2.0)
        assert done(service, key, id_) == so_far < MANY
        with Postgres(home) as postgres:
            number = int((postgres.place.data / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGKILL)
        assert ask(service, key, "POST", f"/{id_}/resume").json["state"] == "queued"
        assert ended(service, key, id_)["counts"]["error"] == 0
        assert done(service, key, id_) == MANY
        second = order(service, key, folder=str(many)).json["id"]
        assert ask(service, key, "POST", f"/{second}/cancel").json["state"] in {"cancelled", "done"}
        assert worker.poll() is None
    ask(service, key, "POST", f"/{id_}/cancel").problem(409, "conflict")
    listed = ask(service, key, "GET", "?limit=1").json
    assert [one["id"] for one in listed["items"]] == [second]
    assert ask(service, key, "GET", f"?cursor={listed['next']}").json["items"][0]["id"] == id_


def test_a_worker_that_is_told_to_end_leaves_the_rest(
    apart: tuple[Service, str, Path], folders: Path, many: Path
) -> None:
    service, key, home = apart
    id_ = order(service, key, folder=str(many)).json["id"]
    with working(home, folders) as worker:
        eventually(lambda: done(service, key, id_) > 0)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_S) == 0
    assert ask(service, key, "GET", f"/{id_}").json["state"] == "running"
    assert rows(home, "SELECT runner FROM ingests") == [(None,)]  # the next need not wait for it
    with working(home, folders):
        told = ended(service, key, id_)
    assert (told["counts"]["added"], told["counts"]["known"]) == (MANY, 0)
