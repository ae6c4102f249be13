"""The database of songs: what its tables hold, and what becomes of a feed that is lost or damaged."""

import asyncio
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.conftest import CommandLine

from sonica import _engine
from sonica.catalogue import About, Catalogue, CatalogueError, Link, folded
from sonica.catalogue.ingest import Found, Prepared
from sonica.catalogue.journal import encode, read_journal
from sonica.catalogue.ledger import Session
from sonica.catalogue.schemas import Commit
from sonica.catalogue.state import State
from sonica.catalogue.store import Store
from sonica.catalogue.tables import artists_of
from sonica.platform.database import Database, DatabaseError
from sonica.platform.errors import SonicaError
from sonica.platform.migrate import migrate
from sonica.platform.shared import close_shared, shared_database

RATE = 8_000
SAVAN = About(
    title="Sāvan kī धूप",
    artist="Asha; Kishore feat. R. D.",
    album="Barsaat",
    language="hi",
    genre="folk",
    year=1981,
    isrc="INS181500001",
)


def fingerprint(seed: int) -> bytes:
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, 2 * RATE).astype(np.float32)
    return _engine.fingerprint(noise, RATE)


def item(place: str, content: str, about: About | None = None) -> Prepared:
    print_ = fingerprint(int(content))
    return Prepared(Found(Path("/music") / place), content, about or About(title=place), print_, 2.0)


def put(store: Store, *items: Prepared) -> None:
    store.change(lambda change: [change.take(one) for one in items])


def edit(store: Store, song: int, **said: str | int) -> None:
    store.change(lambda change: change.edit(song, said))


def rows(home: Path, statement: str) -> list[tuple[Any, ...]]:
    async def work(connection: AsyncConnection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await connection.execute(text(statement))]

    with shared_database(home).transaction() as transaction:
        found = transaction.run(work)
        transaction.commit()
        return found


def errors(home: Path) -> list[str]:
    return [one.message for one in Catalogue(home).verify() if one.kind == "error"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two songs; one has two recordings, and shares a part with the other."""
    store = Store(tmp_path / "home")
    put(store, item("a", "1", SAVAN), item("b", "2"))
    put(store, item("c", "1"))
    store.change(lambda change: change.join([Link(recordings=(3, 2), kind="related", share=0.5)]))
    return store


def test_the_tables_hold_it_all(store: Store) -> None:
    home = store.home
    assert rows(home, "SELECT title, artist, language, genre, year, title_key FROM songs WHERE id = 1") == [
        (SAVAN.title, SAVAN.artist, "hi", "folk", 1981, "savan ki धूप")
    ]
    assert rows(home, "SELECT al.title FROM songs s JOIN albums al ON al.id = s.album_id") == [("Barsaat",)]
    named = "SELECT name FROM song_artists JOIN artists ON id = artist_id WHERE song_id = 1 ORDER BY place"
    assert rows(home, named) == [("Asha",), ("Kishore",), ("R. D.",)]
    assert rows(home, "SELECT song_id, kind, value FROM external_ids") == [(1, "isrc", "INS181500001")]
    assert rows(home, "SELECT id, song_id, is_retired FROM recordings ORDER BY id") == [
        (1, 1, False),
        (2, 2, False),
        (3, 1, False),
    ]
    assert rows(home, "SELECT low_id, high_id, is_turned, kind FROM recording_links ORDER BY 1") == [
        (1, 3, True, "same"),
        (2, 3, True, "related"),
    ]
    kept = rows(home, "SELECT name, size FROM fingerprints ORDER BY recording_id")
    assert kept[0] == ("000/000000001.fp", len(fingerprint(1)))
    assert rows(home, "SELECT name, recordings, absent, state FROM packs ORDER BY name") == [
        ("000001.pack", [1, 2], 0, "current"),
        ("000002.pack", [3], 0, "current"),
    ]
    assert [one for (one,) in rows(home, "SELECT sequence FROM changes ORDER BY 1")] == [1, 2, 3]
    bodies = [body for (body,) in rows(home, "SELECT body FROM changes ORDER BY sequence")]
    assert [Commit.model_validate_json(body) for body in bodies] == read_journal(store.feed).commits


def test_the_tables_follow_each_change(store: Store) -> None:
    home = store.home
    edit(store, 1, artist="Asha", isrc="", album="")
    assert rows(home, "SELECT count(*) FROM song_artists WHERE song_id = 1") == [(1,)]
    assert rows(home, "SELECT (SELECT count(*) FROM external_ids), album_id FROM songs WHERE id = 1") == [
        (0, None)
    ]
    store.change(lambda change: change.attach(2, 1, Link(recordings=(2, 1), kind="same")))
    assert rows(home, "SELECT name, state FROM packs ORDER BY name")[0] == ("000001.pack", "stale")
    store.change(lambda change: change.remove([1]))
    assert rows(home, "SELECT is_retired FROM recordings WHERE id = 1") == [(True,)]
    assert rows(home, "SELECT absent FROM packs ORDER BY name") == [(1,), (0,)]
    assert rows(home, "SELECT count(*) FROM fingerprints") == [(2,)]
    assert rows(home, "SELECT low_id, high_id FROM recording_links") == [(2, 3)]
    Catalogue(home).merge()
    assert {state for (state,) in rows(home, "SELECT state FROM packs")} == {"current"}
    assert errors(home) == []


def test_songs_are_found_by_how_their_titles_begin(store: Store) -> None:
    found = "SELECT id FROM songs WHERE title_key LIKE 'savan%'"
    assert rows(store.home, found) == [(1,)]
    indexes = rows(store.home, "SELECT indexdef FROM pg_indexes WHERE indexname = 'songs_title_key'")
    assert "text_pattern_ops" in indexes[0][0]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("", []),
        ("Asha", ["Asha"]),
        ("Asha, Kishore; Asha", ["Asha", "Kishore"]),
        ("Asha ft. Kishore", ["Asha", "Kishore"]),
        ("Simon & Garfunkel", ["Simon & Garfunkel"]),
    ],
)
def test_who_is_on_a_record(said: str, names: list[str]) -> None:
    assert artists_of(said) == names


def test_how_they_are_searched_for() -> None:
    assert folded("  ÉTÉ  Ko\0, 50%_a\\") == "ete ko 50 a"
    assert folded("कि") == "कि"


def test_a_text_that_postgresql_does_not_take(store: Store) -> None:
    edit(store, 1, title="a\0b")
    assert Store(store.home).read().songs[1].title == "a\0b"
    assert rows(store.home, "SELECT title FROM songs WHERE id = 1") == [("a\ufffdb",)]
    assert errors(store.home) == []


# --- the feed -----------------------------------------------------------------------------------------


def test_a_lost_feed_is_written_anew_by_the_next_writer(store: Store) -> None:
    before, data = vars(store.read()), store.feed.read_bytes()
    store.feed.unlink()
    other = Store(store.home)
    assert len(other.read().recordings) == 0
    other.catch_up()
    assert store.feed.read_bytes() == data
    assert vars(other.read()) == before == vars(store.read())


def test_a_damaged_feed_is_written_anew_by_a_rebuild(store: Store) -> None:
    data = store.feed.read_bytes()
    store.feed.write_bytes(data.replace(b"Barsaat", b"Bursaat"))
    other = Store(store.home)
    with pytest.raises(CatalogueError) as told:
        edit(other, 1, title="x")
    assert told.value.code == "damaged"
    assert "sonica index rebuild" in told.value.hint
    assert [one.code for one in Catalogue(store.home).verify()] == ["damaged"]
    Catalogue(store.home).rebuild()
    assert read_journal(store.feed).commits[:3] == [Commit.model_validate_json(b) for b in bodies(data)]
    assert (store.home / "feed.old.log").exists()
    assert errors(store.home) == []


def bodies(data: bytes) -> list[bytes]:
    return [line[: line.rindex(b',"crc"')] + b"}" for line in data.splitlines()]


def test_the_database_of_others_is_not_written_to(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    put(other, item("z", "3"))
    changes = rows(other.home, "SELECT count(*) FROM changes")
    shutil.copy(store.feed, other.feed)
    with pytest.raises(CatalogueError) as told:
        edit(Store(other.home), 1, title="x")
    assert told.value.code == "other_database"
    assert "DATABASE_URL" in told.value.hint
    assert rows(other.home, "SELECT count(*) FROM changes") == changes
    Catalogue(other.home).rebuild()  # who says so means it
    assert [song.song.title for song in Catalogue(other.home).songs()] == ["z"]
    assert errors(other.home) == []


def test_a_folder_moves_to_an_empty_database(store: Store, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(store.home, moved)
    findings = Catalogue(moved).verify()
    assert [(one.kind, one.code) for one in findings] == [("note", "database")]
    edit(Store(moved), 2, title="moved")
    assert errors(moved) == []
    assert rows(moved, "SELECT max(sequence) FROM changes") == [(4,)]
    assert rows(moved, "SELECT title FROM songs ORDER BY id") == [(SAVAN.title,), ("moved",)]


def test_tables_that_somebody_changed_are_noticed_and_mended(store: Store) -> None:
    rows(store.home, "UPDATE songs SET title = 'another' WHERE id = 2 RETURNING 1")
    rows(store.home, "DELETE FROM packs WHERE name = '000002.pack' RETURNING 1")
    assert errors(store.home) == [
        "In the database 1 songs are others than here.",
        "In the database 1 packs are others than here.",
    ]
    Catalogue(store.home).rebuild()
    assert errors(store.home) == []


def test_steps_down_and_up_again_lose_nothing(store: Store) -> None:
    before = vars(store.read())
    close_shared()

    async def work() -> None:
        database = Database(CommandLine.databases.url(store.home))
        await migrate(database, "0002")
        await migrate(database)
        await database.close()

    asyncio.run(work())
    assert rows(store.home, "SELECT count(*) FROM songs") == [(0,)]
    Store(store.home).catch_up()
    assert vars(Store(store.home).read()) == before
    assert rows(store.home, "SELECT count(*) FROM songs") == [(2,)]
    assert errors(store.home) == []


# --- the journal of earlier versions ------------------------------------------------------------------


def journal_of(home: Path) -> State:
    """Makes the data folder what an earlier version left: a journal, torn at its end, and no database."""
    made = Store(home.with_name("made"))
    put(made, item("a", "1", SAVAN), item("b", "2"))
    put(made, item("c", "3"))
    made.change(lambda change: change.remove([2]))
    made.change(lambda change: change.detach(change.take(item("d", "1"))[1]))
    shutil.copytree(made.home, home)
    state = Store(home).read()
    torn = encode(Commit(pack="9.pack"))[:-9]
    (home / "catalogue.log").write_bytes((home / "feed.log").read_bytes() + torn)
    (home / "feed.log").unlink()
    return state


def test_the_journal_of_earlier_versions_is_taken_in_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    before = journal_of(home)
    reader = Store(home)
    assert vars(reader.read()) == vars(before)  # reading needs no database
    assert (home / "catalogue.log").exists()
    edit(Store(home), 1, year=1982)
    assert not (home / "catalogue.log").exists()
    now = reader.read()
    assert {**vars(now), "songs": {}, "sequence": 0, "last": None} == {
        **vars(before),
        "songs": {},
        "sequence": 0,
        "last": None,
    }
    assert (now.songs[1].year, now.sequence) == (1982, before.sequence + 1)
    assert rows(home, "SELECT id, is_retired FROM recordings ORDER BY id") == [
        (id_, id_ == 2) for id_ in range(1, before.next_recording)
    ]
    assert rows(home, "SELECT absent FROM packs ORDER BY name")[0] == (1,)
    assert errors(home) == []


@pytest.mark.parametrize("moment", ["take_in", "commit", "_end_journal"])
def test_interrupted_while_the_journal_is_taken_in(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    before = journal_of(home)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store if moment == "_end_journal" else Session, moment, interrupt)
        with pytest.raises(KeyboardInterrupt):
            Store(home).catch_up()
    assert (home / "catalogue.log").exists()
    assert vars(Store(home).read()) == vars(before)
    Store(home).catch_up()
    assert not (home / "catalogue.log").exists()
    assert vars(Store(home).read()) == vars(before)
    assert errors(home) == []


# --- writers and their database -----------------------------------------------------------------------


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_commit_of_which_nobody_heard(is_kept: bool, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is there or not, it is made once."""
    real: Callable[[Session], None] = Session.commit

    def lost(session: Session) -> None:
        monkeypatch.setattr(Session, "commit", real)
        if is_kept:
            real(session)
        raise DatabaseError("database_away", "gone", "")

    monkeypatch.setattr(Session, "commit", lost)
    outcome = store.change(lambda change: change.take(item("new", "4")))
    assert outcome == ("added", 4)
    assert rows(store.home, "SELECT count(*) FROM changes") == [(4,)]
    assert [one.location for one in store.read().recordings.values()][-1] == "/music/new"
    assert errors(store.home) == []


def test_without_a_database_nothing_changes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.feed.read_bytes()
    close_shared()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setattr("sonica.catalogue.store.RETRY_S", 0.0)
    with pytest.raises(SonicaError) as told:
        edit(store, 1, title="x")
    assert told.value.code == "database_away"
    assert store.feed.read_bytes() == before
    assert Catalogue(store.home).describe([1])[1].song.title == SAVAN.title


def test_two_machines_take_turns(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has a folder and a feed of its own; the database is one."""
    monkeypatch.setenv("DATABASE_URL", CommandLine.databases.url(store.home))
    there = tmp_path / "there"
    there.mkdir()
    shutil.copy(store.feed, there)
    other = Store(there)

    def write(writer: Store, name: str) -> None:
        for number in range(15):
            edit(writer, 1 + number % 2, genre=f"{name} {number}")

    threads = [threading.Thread(target=write, args=pair) for pair in ((store, "here"), (other, "there"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.catch_up()
    other.catch_up()
    assert store.read().sequence == 3 + 30
    assert store.feed.read_bytes() == other.feed.read_bytes()
    assert errors(store.home) == []


READER = """
import sys
from pathlib import Path
from sonica import Recognizer
print(len(Recognizer(Path(sys.argv[1]))), Recognizer(Path(sys.argv[1])).catalogue.open_packs().absent)
print([name for name in ("sqlalchemy", "asyncpg", "alembic") if name in sys.modules])
"""


def test_who_only_reads_loads_nothing_of_a_database(store: Store) -> None:
    command = [sys.executable, "-c", READER, str(store.home)]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert told == "3 []\n[]\n"
