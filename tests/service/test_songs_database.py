"""Songs in a PostgreSQL that Sonica starts by itself, and in one that is killed again and again."""

import os
import signal
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, eventually, serving
from tests.service.conftest import seed
from tests.service.test_postgres import processes
from tests.unit.test_catalogue_database import item, rows

from sonica.catalogue import Catalogue
from sonica.catalogue.ingest import Prepared
from sonica.catalogue.journal import append_commits
from sonica.catalogue.schemas import Commit
from sonica.catalogue.store import Store
from sonica.platform.postgres import Postgres
from sonica.platform.postgres.keeper import pid_file
from sonica.platform.postgres.place import Place


def test_commands_start_it_and_stop_it_but_for_those_that_only_read(
    reachable: Path, cluster: Place, music: Path, clip: Path
) -> None:
    home = reachable / "home"
    sonica = CommandLine(home, is_alone=True)
    assert sonica("recognize", clip).status == 0
    assert not home.exists()
    seed(cluster, home)
    assert sonica("add", music / "2.flac", music / "3.flac").status == 0
    assert not processes(home)
    log = home / "postgres" / "server.log"
    started = log.read_bytes()
    assert sonica("recognize", "--json", clip).lines[0]["status"] == "match"
    assert sonica("scan", music / "2.flac").status == 0
    assert sonica("fingerprint", clip).status == 0
    assert sonica("songs", "list", "--json").lines[0]["song"]["id"] == 1
    assert log.read_bytes() == started  # nobody has started it
    assert sonica("songs", "edit", "1", "--title", "another").status == 0
    assert log.read_bytes() != started
    assert sonica("verify").status == 0
    assert not processes(home)


def test_what_is_added_while_the_service_runs_is_named_at_once(
    home: Path, music: Path, fingerprint: bytes
) -> None:
    sonica = CommandLine(home, is_alone=True)
    with serving(home) as service:
        assert service.recognize(fingerprint, FINGERPRINT).json["song"]["id"] == 3
        assert sonica("songs", "remove", "--yes", "3").status == 0
        assert service.recognize(fingerprint, FINGERPRINT).json["status"] == "none"
        assert sonica("add", music / "2.flac").status == 0
        assert service.recognize(fingerprint, FINGERPRINT).json["status"] == "match"
    assert not processes(home)


def test_the_service_publishes_what_a_killed_writer_did_not(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Postgres(home) as postgres:
        monkeypatch.setenv("DATABASE_URL", postgres.url)
        store = Store(home)

        def killed(*_: object) -> int:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("sonica.catalogue.store.append_commits", killed)
            with pytest.raises(KeyboardInterrupt):
                store.change(lambda change: change.edit(1, {"title": "not published"}))
        monkeypatch.delenv("DATABASE_URL")
        reader = Catalogue(home)
        assert reader.describe([1])[1].song.title != "not published"
        with serving(home):
            assert reader.describe([1])[1].song.title == "not published"


def take(store: Store, new: Prepared) -> int:
    """The recording that it became."""
    return store.change(lambda change: change.take(new))[1]


def test_kill_9_of_the_server_amid_changes(
    reachable: Path, cluster: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = reachable / "home"
    seed(cluster, home)
    told: list[int] = []
    failed: list[BaseException] = []
    with Postgres(home) as postgres:
        monkeypatch.setenv("DATABASE_URL", postgres.url)

        def write(name: str) -> None:
            store = Store(home)
            try:
                for number in range(25):
                    told.append(take(store, item(f"{name}{number}", str(number % 5))))  # noqa: PERF401  seen at once
            except BaseException as error:
                failed.append(error)
                raise

        def has_come(count: int) -> bool:
            return len(told) >= count or bool(failed)

        threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        for count in (5, 18, 31):
            eventually(partial(has_come, count))
            eventually(lambda: pid_file(postgres.place.data)[7:8] == ["ready"])
            time.sleep(0.02)
            os.kill(int(pid_file(postgres.place.data)[0]), signal.SIGKILL)
        for thread in threads:
            thread.join()
        assert not failed
        assert sorted(told) == list(range(1, 51))
        assert len(Store(home).read().recordings) == 50
        assert rows(home, "SELECT count(*), max(sequence) FROM changes") == [(50, 50)]
        Catalogue(home).merge()
        assert [one.message for one in Catalogue(home).verify() if one.kind == "error"] == []


def test_a_feed_that_cannot_be_written_is_made_up_for(
    store_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, real = Store(store_home), append_commits

    def full(*_: object) -> int:
        monkeypatch.setattr("sonica.catalogue.store.append_commits", real)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sonica.catalogue.store.append_commits", full)
    with pytest.raises(Exception, match="No space left") as told:
        store.change(lambda change: change.edit(1, {"title": "kept"}))
    assert "The change is made" in str(told.value)
    assert Store(store_home).read().songs[1].title == "a"
    Store(store_home).catch_up()
    assert store.read().songs[1].title == "kept"
    assert isinstance(store.read().last, Commit)


@pytest.fixture
def store_home(tmp_path: Path) -> Path:
    Store(tmp_path).change(lambda change: change.take(item("a", "1")))
    return tmp_path
