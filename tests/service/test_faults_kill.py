"""kill -9 amid each way of writing: what was acknowledged is there, and what was asked for is done."""

import asyncio
import base64
import datetime as dt
import hashlib
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, PATIENCE_S, Service, eventually, rows, serving
from tests.service.conftest import seed
from tests.service.faults import decoders, gate, load, no_gate, recognize, stop_decoders
from tests.service.test_ingest import ask, ended, make_key, report, sound
from tests.service.test_packs import change, listed, publish
from tests.service.test_workers import pids

from sonica.audio import write_audio
from sonica.audio.compose import compose_song
from sonica.platform.database import Database
from sonica.platform.jobs import Jobs
from sonica.platform.keys import is_signed
from sonica.platform.migrate import migrate
from sonica.platform.postgres import Postgres
from sonica.platform.postgres.keeper import pid_file
from sonica.platform.postgres.place import Place
from sonica.work.packs import PackOrder, PublishedPacks
from sonica.work.worker import CHARTS, ask_for_pack

KEY = "a-key-of-a-request-that-nobody-heard-of"
SONGS = 24
WRITERS = 4
"""A recognition, an ingest, a pack and a chart."""


@pytest.fixture
def home(reachable: Path, cluster: Place, music: Path) -> Path:
    """A data folder with six songs, and a pack that is published."""
    home = reachable / "home"
    seed(cluster, home)
    assert CommandLine(home, is_alone=True)("add", music).status == 0
    return home


@pytest.fixture
def postgres(home: Path) -> Iterator[Postgres]:
    """Its database, which runs whatever becomes of the service."""
    with Postgres(home) as started:
        yield started


@pytest.fixture(scope="module")
def folder(module_folder: Path) -> Path:
    """SONGS short songs."""
    folder = module_folder / "short"
    folder.mkdir()
    for number in range(SONGS):
        song = compose_song(3000 + number)
        write_audio(folder / f"{number:02}.flac", song.samples[: 12 * song.rate], song.rate)
    return folder


def is_whole(service: Service, name: str) -> bool:
    """Whether the pack that is told of can be fetched, and is what was signed."""
    pack: dict[str, Any] = listed(service, name)
    body = service.ask("GET", pack["url"]).body
    public = base64.b64decode(service.ask("GET", "/v1/packs/key").json["public_key"])
    is_by_us = is_signed(public, pack["manifest"].encode(), base64.b64decode(pack["signature"]))
    return is_by_us and hashlib.sha256(body).hexdigest() == pack["sha256"]


def has_no_jobs(home: Path) -> bool:
    return rows(home, "SELECT count(*) FROM jobs.procrastinate_jobs") == [(0,)]


async def draw(url: str) -> None:
    async with Jobs(url) as jobs:
        await jobs.defer(CHARTS, CHARTS)


def ask_once(service: Service, fingerprint: bytes) -> None:
    with suppress(OSError, HTTPException):  # it dies, and nothing was acknowledged
        recognize(service, fingerprint, KEY)


@pytest.mark.parametrize("what", ["service", "postgres"])
def test_amid_every_write(
    what: str, home: Path, postgres: Postgres, fingerprint: bytes, tmp_path: Path
) -> None:
    content, query = sound(tmp_path, 40)

    def whole(service: Service) -> None:
        """All that was asked for is done."""
        assert ended(service, key, id_)["state"] == "done"
        (file,) = report(service, key, id_)
        assert file["status"] in {"added", "known"}
        assert service.recognize(query, "audio/flac").json["song"]["id"] == file["song_id"]
        eventually(lambda: change(service, key, "GET", "/v1/packs/all/making").json["state"] == "ready")
        assert is_whole(service, "all")
        assert listed(service, "all")["sha256"] != before["sha256"]  # the song of the ingest is no part of it
        eventually(lambda: rows(home, drawn)[0][0] > drawn_before)
        again = recognize(service, fingerprint, KEY)
        assert (again.status, again.json["song"]["id"]) == (200, 3)
        once = "SELECT count(*) FROM recognitions WHERE id IN (SELECT recognition_id FROM idempotency_keys)"
        assert rows(home, once) == [(1,)]
        eventually(lambda: has_no_jobs(home))

    drawn = "SELECT max(drawn_at) FROM popular_songs_by_language"
    with serving(home) as service:
        key = make_key(home)
        acknowledged = service.recognize(fingerprint, FINGERPRINT).json["id"]
        assert publish(service, key, "all", profile="full")["state"] == "ready"
        before = listed(service, "all")
        asyncio.run(draw(postgres.url))
        eventually(lambda: has_no_jobs(home))
        drawn_before = rows(home, drawn)[0][0]
        with gate(postgres.url) as held:
            id_ = ask(service, key, "POST", "", content, kind="audio/flac").json["id"]
            assert change(service, key, "PUT", "/v1/packs/all", {"profile": "lite"}).status == 202
            asyncio.run(draw(postgres.url))
            asking = threading.Thread(target=ask_once, args=(service, fingerprint))
            asking.start()
            eventually(lambda: held.waiting() == WRITERS)
            if what == "postgres":
                os.kill(int(pid_file(postgres.place.data)[0]), signal.SIGKILL)
            else:
                service.process.kill()
                service.process.wait()
            asking.join()
        if what == "postgres":
            no_gate(postgres.url)
            whole(service)
    if what == "service":
        no_gate(postgres.url)
        with serving(home) as service:
            whole(service)
    assert acknowledged in {str(id_) for (id_,) in rows(home, "SELECT id FROM recognitions")}
    found = CommandLine(home, is_alone=True)("verify")
    assert found.status == 0, found.out


def test_a_process_amid_recognitions(home: Path, postgres: Postgres, fingerprint: bytes) -> None:
    """One of several is killed again and again under load: only what it had at work is not answered."""
    with serving(home, "--workers", "2") as service:
        eventually(lambda: len(pids(service)) == 2)
        with load([service], fingerprint) as told:
            for number in range(3):
                before = told.answered()
                eventually(lambda count=before + 10: told.answered() >= count)
                os.kill(pids(service)[-1], signal.SIGKILL)
                eventually(lambda count=number + 3: len(pids(service)) == count)
        assert {reply.status for reply in told.replies} == {200}
        assert len(told.failed) <= 3 * 4  # no more than were at work
        assert not told.lost(home)


def test_postgresql_again_and_again_under_load(home: Path, postgres: Postgres, fingerprint: bytes) -> None:
    with serving(home) as service:
        with load([service], fingerprint) as told:
            for number in (signal.SIGKILL, signal.SIGINT, signal.SIGKILL):  # a crash, a restart, a crash
                before = told.answered()
                eventually(lambda count=before + 10: told.answered() >= count)
                server = pid_file(postgres.place.data)[0]
                os.kill(int(server), number)
                eventually(lambda old=server: pid_file(postgres.place.data)[:1] not in ([], [old]))
            before = told.answered()
            eventually(lambda: told.answered() >= before + 10)
        for reply in told.replies:
            if reply.status != 200:
                assert reply.status == 503
                assert reply.headers["retry-after"]
        assert not told.failed
        assert not told.lost(home)
        assert service.ask("GET", "/readyz").status == 200


def test_the_decoder_amid_a_recognition_and_an_ingest(home: Path, clip: Path, tmp_path: Path) -> None:
    """It is killed while it has a file that is sound: the file is tried again by another."""
    content, _ = sound(tmp_path, 41)
    with serving(home) as service:
        key = make_key(home)
        assert service.recognize(clip.read_bytes(), "audio/mp4").status == 200
        sent, _ = sound(tmp_path, 42)
        assert ended(service, key, ask(service, key, "POST", "", sent, kind="audio/flac").json["id"])
        stopped = stop_decoders(service)
        id_ = ask(service, key, "POST", "", content, kind="audio/flac").json["id"]
        replies = []
        asking = threading.Thread(
            target=lambda: replies.append(service.recognize(clip.read_bytes(), "audio/mp4"))
        )
        asking.start()
        eventually(lambda: b'sonica_queue_size{queue="decoder"} 1.0' in service.ask("GET", "/metrics").body)
        eventually(lambda: ask(service, key, "GET", f"/{id_}").json["state"] == "running")
        for pid in stopped:
            os.kill(pid, signal.SIGKILL)
        asking.join()
        assert (replies[0].status, replies[0].json["song"]["id"]) == (200, 3)
        assert ended(service, key, id_)["counts"]["added"] == 1
        assert decoders(service)


def test_postgresql_amid_sonica_add(home: Path, postgres: Postgres, folder: Path) -> None:
    command = CommandLine(home, is_alone=True)
    adding = command.start("add", folder)
    eventually(lambda: len(list((home / "fingerprints" / "000").iterdir())) > 6)
    os.kill(int(pid_file(postgres.place.data)[0]), signal.SIGKILL)
    out, err = adding.communicate(timeout=PATIENCE_S)
    assert adding.returncode == 0, out + err
    added = len(command("songs", "list", "--json").lines)
    assert added == 6 + SONGS
    assert command("verify").status == 0


def test_an_order_of_which_no_worker_was_told(postgres: Postgres, home: Path) -> None:
    """The process died between keeping the order and queueing the job."""

    async def go() -> None:
        database = Database(postgres.url)
        async with Jobs(postgres.url) as jobs:
            await migrate(database)
            packs = PublishedPacks(database, home)
            await packs.order("all", PackOrder())
            assert await packs.left_alone(dt.timedelta(minutes=1)) == []
            assert await packs.left_alone(dt.timedelta()) == ["all"]
            await ask_for_pack(jobs, "all")
            assert await packs.left_alone(dt.timedelta()) == []
        await database.close()

    asyncio.run(go())
