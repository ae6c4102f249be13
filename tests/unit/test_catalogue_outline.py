"""The first look at a catalogue: less is read, and the same is said. Any history: test_catalogue_history."""

import zlib
from pathlib import Path

import pytest

from sonica.catalogue import Catalogue, CatalogueError
from sonica.catalogue.journal import append_commits, encode
from sonica.catalogue.outline import Outline
from sonica.catalogue.schemas import Commit, Recording, Song
from sonica.catalogue.state import State
from sonica.catalogue.store import Store


def song(id_: int, title: str) -> Song:
    return Song(id=id_, title=title)


def recording(id_: int, song_id: int) -> Recording:
    place = f"/music/{id_}"
    return Recording(id=id_, song_id=song_id, path=place, location=place, content=str(id_), duration_s=1.0)


ADDED = Commit(
    songs=(song(1, "one"), song(2, "two")), recordings=(recording(1, 1), recording(2, 2), recording(3, 2))
)


def published(home: Path, *commits: Commit) -> None:
    feed = home / "feed.log"
    append_commits(feed, commits, feed.stat().st_size if feed.exists() else 0)


def titles(catalogue: Catalogue, *ids: int) -> list[str]:
    return [entry.song.title for entry in catalogue.describe(ids).values()]


def test_what_is_told_later_holds(tmp_path: Path) -> None:
    published(
        tmp_path,
        ADDED,
        Commit(songs=(song(2, "renamed"),)),
        Commit(recordings=(recording(1, 2),), retired=(3,)),
    )
    outline = Store(tmp_path).look()
    assert isinstance(outline, Outline)
    catalogue = Catalogue(tmp_path)
    assert titles(catalogue, 1, 2, 3, 4) == ["renamed", "renamed"]
    assert len(catalogue) == 2
    assert outline.absent == {3}


def test_who_stays_sees_what_comes(tmp_path: Path) -> None:
    store, catalogue = Store(tmp_path), Catalogue(tmp_path)
    assert len(store.look()) == len(catalogue) == 0
    published(tmp_path, ADDED)
    assert len(catalogue) == 3
    assert titles(catalogue, 1) == ["one"]
    published(tmp_path, Commit(songs=(song(1, "renamed"),), retired=(2,)))
    assert len(catalogue) == 2
    assert titles(catalogue, 1, 2) == ["renamed"]
    assert isinstance(store.look(), State)  # from now on only what is new is read


def test_a_torn_end_is_passed_over(tmp_path: Path) -> None:
    published(tmp_path, ADDED)
    with (tmp_path / "feed.log").open("ab") as feed:
        feed.write(encode(Commit(retired=(1,)))[:-5])
    assert len(Catalogue(tmp_path)) == 3


def test_damage_is_told(tmp_path: Path) -> None:
    line = encode(ADDED).replace(b'"id":1', b'"id":7')
    (tmp_path / "feed.log").write_bytes(line + encode(Commit(retired=(1,))))
    with pytest.raises(CatalogueError) as caught:
        Catalogue(tmp_path).open_packs()
    assert caught.value.code == "damaged"


def test_what_a_newer_version_wrote_is_told(tmp_path: Path) -> None:
    told = encode(ADDED).partition(b',"crc"')[0].replace(b'"version":2', b'"version":3')
    (tmp_path / "feed.log").write_bytes(told + b',"crc":"%08x"}\n' % zlib.crc32(told))
    with pytest.raises(CatalogueError) as caught:
        Catalogue(tmp_path).open_packs()
    assert caught.value.code == "newer"
