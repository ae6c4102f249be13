"""Ingests, one run at a time: while the store is away, once they are cancelled, and what a crash left."""

import asyncio
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.databases import Databases

from sonica.audio import listen
from sonica.catalogue import Catalogue
from sonica.platform.database import Database
from sonica.platform.failures import Failure
from sonica.platform.ids import new_id
from sonica.platform.jobs import Jobs
from sonica.work.adding import OLD_S, Adder, Places, upload_folder
from sonica.work.ingests import Ingests
from sonica.work.prefixes import add_objects, find_objects

AWAY = Failure(code="objects_away", message="Not there.")

Work = Callable[[Ingests, Adder], Awaitable[None]]
Run = Callable[[Work], None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, databases: Databases) -> Run:
    """Runs something with the ingests of an empty data folder, and who adds them."""

    url = databases.url(home)

    async def opened(work: Work) -> None:
        database = Database(url)
        try:
            ingests = Ingests(database)
            catalogue = Catalogue(home, listen=listen)
            await work(ingests, Adder(ingests, catalogue, home, Places([]), Jobs(url)))
        finally:
            await database.close()

    return lambda work: asyncio.run(opened(work))


async def sent(ingests: Ingests, home: Path, content: bytes) -> uuid.UUID:
    """An ingest of a file that was sent."""
    id_ = new_id()
    file = upload_folder(home, id_) / "sound.flac"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    return await ingests.add("upload", file.name, dedupe=True, keep=True, id_=id_, file=file)


def test_an_ingest_that_has_waited_gives_its_place_back(
    run: Run, home: Path, tmp_path: Path, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "objects").touch()  # a file is where the folder should be
    monkeypatch.setenv("OBJECTS_URL", f"file://{tmp_path}/objects")

    async def work(ingests: Ingests, adder: Adder) -> None:
        ids = [await sent(ingests, home, (music / "0.flac").read_bytes())]
        ids.append(await sent(ingests, home, b"nonsense"))  # nobody tried to decode it
        for id_ in ids:
            me = new_id()
            assert await ingests.lease(id_, me)
            await ingests.wait(id_, me, AWAY)
            await ingests.release(id_, me)
            await adder.run(id_)
            told = await ingests.find(id_)
            assert told
            assert (told.state, told.counts.waiting) == ("running", 1)
            assert told.error
            assert told.error.code == "objects_away"
            assert told.error.message != AWAY.message
        assert set(await ingests.left_alone(timedelta(0))) == set(ids)
        (tmp_path / "objects").unlink()
        for id_ in ids:
            await adder.run(id_)
            told = await ingests.find(id_)
            assert told
            assert (told.state, told.error) == ("done", None)
            assert not upload_folder(home, id_).exists()
        assert [(await ingests.files(id_, None, -1, 9))[0].status for id_ in ids] == ["added", "error"]

    run(work)


def test_one_object_that_cannot_be_copied_is_told_and_stops_no_other(
    home: Path, tmp_path: Path, music: Path
) -> None:
    shutil.copytree(music, tmp_path / "new")
    prefix, folder = f"file://{tmp_path}/new", tmp_path / "copies"
    found = find_objects(prefix)
    name = hashlib.sha256(b"1.flac").hexdigest()[:16]
    (folder / name / "1.flac").mkdir(parents=True)  # a folder is where the copy should be
    told = add_objects(Catalogue(home, listen=listen), prefix, found, folder, dedupe=True)
    assert [one.status for one in told] == ["added", "error", *["added"] * (len(found) - 2)]
    assert told[1].error
    assert told[1].error.code == "not_writable"
    assert not folder.exists()


def test_what_was_cancelled_neither_fails_nor_waits(run: Run, home: Path) -> None:
    async def work(ingests: Ingests, _: Adder) -> None:
        id_, me = await sent(ingests, home, b"nonsense"), new_id()
        assert await ingests.lease(id_, me)
        assert await ingests.move(id_, "cancelled", ("running",))
        await ingests.fail(id_, me, AWAY)
        await ingests.wait(id_, me, AWAY)
        told = await ingests.find(id_)
        assert told
        assert (told.state, told.error) == ("cancelled", None)

    run(work)


def test_files_of_ingests_that_are_over_are_removed(run: Run, home: Path) -> None:
    async def work(ingests: Ingests, adder: Adder) -> None:
        ids = [await sent(ingests, home, b"nonsense") for _ in range(4)]
        await ingests.move(ids[0], "cancelled", ("queued",))
        await adder.run(ids[0])  # whoever cancelled it was killed
        assert not upload_folder(home, ids[0]).exists()
        await ingests.move(ids[1], "cancelled", ("queued",))
        await ingests.move(ids[2], "failed", ("queued",))  # it may be resumed
        unknown, fresh = new_id(), new_id()
        for id_ in (unknown, fresh):  # whoever took them was killed before it said so
            shutil.copytree(upload_folder(home, ids[3]), upload_folder(home, id_))
        (home / "incoming" / "a-b-c-d-e").mkdir()
        for folder in (home / "incoming").iterdir():
            if folder.name != str(fresh):
                os.utime(folder, (0, time.time() - OLD_S - 1))
        await adder.sweep()
        left = {folder.name for folder in (home / "incoming").iterdir()}
        assert left == {*map(str, (ids[2], ids[3], fresh)), "a-b-c-d-e"}

    run(work)
