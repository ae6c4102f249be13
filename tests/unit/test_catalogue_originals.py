"""Originals: there before anything names them, and gone when nothing does."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import CommandLine

from sonica.audio import listen
from sonica.catalogue import Catalogue, CatalogueError, find_files
from sonica.catalogue.remake import LOOSE
from sonica.platform.objects import ObjectsError
from sonica.platform.shared import close_shared

DIES = """
import os, signal, sys
from pathlib import Path
from sonica.audio import listen
from sonica.catalogue import Catalogue, find_files
from sonica.catalogue.store import Store

real = Store.write
def write(store, plan):
    if sys.argv[3] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    def last():
        made = plan()
        os.kill(os.getpid(), signal.SIGKILL)
    return real(store, last)
Store.write = write
list(Catalogue(Path(sys.argv[1]), listen=listen).add(find_files([Path(sys.argv[2])]), keep=True))
"""
"""A writer that is killed once the original is there: before the change is made, or before its commit."""


def names(catalogue: Catalogue) -> set[str]:
    """What recordings name; all of it is there."""
    named = {one.original for entry in catalogue.songs() for one in entry.recordings}
    assert named <= catalogue.originals.names()
    return named


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "home", listen=listen)


@pytest.mark.parametrize("when", ["before", "within"])
def test_a_writer_dies_between_the_original_and_the_change(
    catalogue: Catalogue, tmp_path: Path, music: Path, when: str
) -> None:
    home = tmp_path / "home"
    arguments = [sys.executable, "-c", DIES, str(home), str(music / "0.flac"), when]
    died = subprocess.run(arguments, env=CommandLine.databases.environment(home), check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(catalogue.originals.names()) == 1
    assert names(catalogue) == set()
    assert [found.kind for found in catalogue.verify()] == ["note"]
    (added,) = catalogue.add(find_files([music / "0.flac"]), keep=True)
    assert added.status == "added"
    assert len(names(catalogue)) == 1
    assert catalogue.sweep() == 0
    close_shared()


def test_what_nothing_names_is_swept(catalogue: Catalogue, tmp_path: Path, music: Path) -> None:
    list(catalogue.add(find_files([music / "0.flac", music / "1.flac"]), keep=True))
    kept = names(catalogue)
    for number in range(3):
        catalogue.originals.keep(f"{number:032x}.flac", music / "0.flac")
    assert catalogue.sweep() == 3
    assert catalogue.originals.names() == names(catalogue) == kept
    catalogue.remove([1])
    assert catalogue.originals.names() == names(catalogue) < kept


def test_originals_of_another_collection_stay(catalogue: Catalogue, tmp_path: Path, music: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    for number in range(LOOSE + 1):
        catalogue.originals.keep(f"{number:032x}", file)
    with pytest.raises(CatalogueError) as caught:
        catalogue.sweep()
    assert caught.value.code == "other_originals"
    assert len(catalogue.originals.names()) == LOOSE + 1


def test_an_original_that_was_swept_while_its_song_came_is_put_back(
    catalogue: Catalogue, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, real = Catalogue(catalogue.originals._home), catalogue._store.write

    def write(plan: object) -> object:
        monkeypatch.setattr(catalogue._store, "write", real)
        assert other.sweep() == 1
        return real(plan)  # type: ignore[arg-type]

    monkeypatch.setattr(catalogue._store, "write", write)
    list(catalogue.add(find_files([music / "0.flac"]), keep=True))
    assert len(names(catalogue)) == 1


def test_nothing_is_named_while_its_original_cannot_be_kept(
    tmp_path: Path, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "objects"
    place.write_bytes(b"")
    monkeypatch.setenv("OBJECTS_URL", f"file://{place}")
    catalogue = Catalogue(tmp_path / "home", listen=listen)
    with pytest.raises(ObjectsError):
        list(catalogue.add(find_files([music / "0.flac"]), keep=True))
    assert len(catalogue) == 0
    place.unlink()
    (added,) = catalogue.add(find_files([music / "0.flac"]), keep=True)
    assert added.status == "added"
    assert len(names(catalogue)) == 1
