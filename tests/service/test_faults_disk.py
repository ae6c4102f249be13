"""A full disk in each way of writing: it is told, nothing is torn, and all goes on once there is room.

For a process the disk is full where it may write no byte to a file (RLIMIT_FSIZE), which needs no root; what
PostgreSQL says of its own is said by PostgreSQL.
"""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, Reply, Service, eventually, rows, serving
from tests.service.conftest import seed
from tests.service.faults import refused
from tests.service.test_ingest import ask, ended, make_key, order, sound
from tests.service.test_packs import change

from sonica.platform.postgres import Postgres
from sonica.platform.postgres.place import Place

FILES = resource.RLIMIT_FSIZE


@contextmanager
def full(pid: int) -> Iterator[None]:
    """The process can write no byte to any file. Its database and its decoders can."""
    before = resource.prlimit(pid, FILES)
    resource.prlimit(pid, FILES, (0, before[1]))
    yield
    resource.prlimit(pid, FILES, before)


@pytest.mark.parametrize("most", [0, 4 << 10, 100 << 10], ids=["nothing", "a page", "no pack"])
def test_sonica_add(most: int, sonica: CommandLine, music: Path) -> None:
    hard = resource.getrlimit(FILES)[1]
    adding = sonica.start("add", music, preexec_fn=partial(resource.setrlimit, FILES, (most, hard)))
    _, err = adding.communicate()
    assert adding.returncode == 1
    assert b"disk is not full" in b" ".join(err.split())
    assert sonica("songs", "list", "--json").lines == []
    assert sonica("add", music).status == 0
    assert len(sonica("songs", "list", "--json").lines) == 6
    assert sonica("verify").status == 0


@pytest.fixture
def home(reachable: Path, cluster: Place, music: Path) -> Path:
    home = reachable / "home"
    seed(cluster, home)
    assert CommandLine(home, is_alone=True)("add", music).status == 0
    return home


@pytest.fixture
def postgres(home: Path) -> Iterator[Postgres]:
    with Postgres(home) as started:
        yield started


def edit(service: Service, key: str, title: str) -> Reply:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return service.ask("PATCH", "/v1/songs/1", json.dumps({"title": title}).encode(), headers)


def title(service: Service) -> Any:
    return service.ask("GET", "/v1/songs/1").json["title"]


def test_the_service(home: Path, postgres: Postgres, fingerprint: bytes, clip: Path, reachable: Path) -> None:
    content, query = sound(reachable, 50)
    (reachable / "50.query.flac").unlink()
    audio = clip.read_bytes()
    with serving(home, SONICA_INGEST_FOLDERS=str(reachable)) as service:
        key = make_key(home)
        assert service.recognize(audio, "audio/mp4").status == 200  # a decoder runs
        with full(service.process.pid):
            assert service.recognize(fingerprint, FINGERPRINT).status == 200  # that is the database's
            told = service.recognize(audio, "audio/mp4")
            assert told.problem(503, "busy")["code"] == "not_writable"
            assert told.headers["retry-after"]
            told = ask(service, key, "POST", "", content, kind="audio/flac")
            assert told.problem(503, "busy")["code"] == "not_writable"
            assert edit(service, key, "other").problem(503, "catalogue")["code"] == "not_writable"
            id_ = order(service, key, manifest=str(manifest(reachable))).json["id"]
            assert change(service, key, "PUT", "/v1/packs/all", {}).status == 202

            def ingest() -> Any:
                return ask(service, key, "GET", f"/{id_}").json

            eventually(lambda: (ingest()["error"] or {}).get("code") == "not_writable")
            assert ingest()["state"] == "running"
            eventually(lambda: change(service, key, "GET", "/v1/packs/all/making").json["error"])
            assert change(service, key, "GET", "/v1/packs/all/making").json["state"] == "waiting"
        assert ended(service, key, id_)["counts"]["added"] == 1
        assert service.recognize(query, "audio/flac").json["status"] == "match"
        assert title(service) == "other"  # the change was made, and searches know of it by now
        assert edit(service, key, "third").status == 200
        rows(home, "UPDATE published_packs SET asked_at = asked_at - interval '1 hour' RETURNING 1")
        eventually(lambda: change(service, key, "GET", "/v1/packs/all/making").json["state"] == "ready")
        assert not [line for line in service.log if "Traceback" in json.dumps(line)]
    found = CommandLine(home, is_alone=True)("verify")
    assert found.status == 0, found.out


def manifest(folder: Path) -> Path:
    file = folder / "new.csv"
    file.write_text("path\n50.flac\n")
    return file


def test_the_database(home: Path, postgres: Postgres, fingerprint: bytes, tmp_path: Path) -> None:
    content, _ = sound(tmp_path, 51)
    with serving(home) as service:
        key = make_key(home)
        before = title(service)
        for table, again in (
            ("recognitions", partial(service.recognize, fingerprint, FINGERPRINT)),
            ("changes", partial(edit, service, key, "other")),
            ("ingests", partial(ask, service, key, "POST", "", content, kind="audio/flac")),
            ("published_packs", partial(change, service, key, "PUT", "/v1/packs/all", {})),
        ):
            with refused(postgres.url, table):
                told = again()
                assert told.problem(503, "database")["code"] == "database_full"
                assert told.headers["retry-after"]
                assert service.ask("GET", "/readyz").status == 200
                assert title(service) == before
                assert not list((home / "incoming").glob("*"))
            if table != "ingests":  # a song that is added has a title of its own
                assert again().status in {200, 202}
            before = title(service)
        assert ended(service, key, ask(service, key, "POST", "", content, kind="audio/flac").json["id"])
    assert CommandLine(home, is_alone=True)("verify").status == 0
