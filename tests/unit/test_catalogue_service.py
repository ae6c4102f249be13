"""The catalogue: ids, copies, replaced files, merges, failures."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sonica import _engine
from sonica.audio import Sandbox, Tags, listen, write_audio
from sonica.audio.compose import Song
from sonica.catalogue import Added, Catalogue, CatalogueError, find_files
from sonica.catalogue.merge import TIER
from sonica.catalogue.store import Store

RATE = 8_000


def noise(seed: int, seconds: float = 3.0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, int(RATE * seconds)).astype(np.float32)


def add(catalogue: Catalogue, *paths: Path) -> list[Added]:
    return list(catalogue.add(find_files(paths)))


def held(catalogue: Catalogue) -> dict[int, bytes]:
    """What can be searched: recording id to fingerprint; no recording is in two packs."""
    packs, absent = catalogue.open_packs()
    found = [(row.recording_id, pack) for pack in packs for row in pack.recordings()]
    found = [(id_, pack) for id_, pack in found if id_ not in absent]
    rows = [(id_, pack.fingerprint(id_)) for id_, pack in found]
    assert len(rows) == len(dict(rows)) == len(catalogue)
    return {id_: fingerprint for id_, fingerprint in rows if fingerprint is not None}


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """It decodes in this process, which is faster for a file or two; tests/cli uses processes."""
    return Catalogue(tmp_path / "home", listen=listen)


def test_added_songs_are_there(catalogue: Catalogue, music: Path, songs: list[Song]) -> None:
    outcomes = add(catalogue, music)
    assert [(o.status, Path(o.file).name) for o in outcomes] == [("added", f"{i}.flac") for i in range(6)]
    entries = catalogue.describe(held(catalogue))
    for number, song in enumerate(songs):
        entry = entries[number + 1]
        assert (entry.song.title, entry.song.artist) == (song.title, song.artist)
        assert entry.recording.path == str(music / f"{number}.flac")
        assert entry.recording.duration_s == pytest.approx(len(song.samples) / song.rate, abs=0.01)
    fingerprint = _engine.fingerprint(songs[0].samples, songs[0].rate)
    packed = held(catalogue)[1]
    # Not the same samples (16 bits in the file), yet the same length and nearly the same peaks.
    ours, theirs = (_engine.read_fingerprint(data) for data in (fingerprint, packed))
    assert ours.duration_s == pytest.approx(theirs.duration_s)
    assert len(ours.time_s) == pytest.approx(len(theirs.time_s), rel=0.05)


def test_what_is_there_is_passed_over(catalogue: Catalogue, music: Path) -> None:
    add(catalogue, music)
    again = add(catalogue, music)
    assert {outcome.status for outcome in again} == {"known"}
    assert [o.entry.recording.id for o in again if o.entry] == [1, 2, 3, 4, 5, 6]
    assert len(held(catalogue)) == 6


def test_another_spelling_of_a_path_is_the_same_file(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_audio(tmp_path / "a.wav", noise(1), RATE)
    (tmp_path / "b").mkdir()
    monkeypatch.chdir(tmp_path)
    assert add(catalogue, Path("a.wav"))[0].file == "a.wav"
    assert add(catalogue, tmp_path / "b" / ".." / "a.wav", Path("./a.wav"))[1].status == "known"
    assert len(catalogue) == 1
    assert catalogue.describe([1])[1].recording.path == "a.wav"


def test_a_copy_is_another_recording_of_the_same_song(catalogue: Catalogue, tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        write_audio(tmp_path / name, noise(1), RATE)
    entries = [outcome.entry for outcome in add(catalogue, tmp_path / "a.wav", tmp_path / "b.wav")]
    assert [(e.song.id, e.recording.id) for e in entries if e] == [(1, 1), (1, 2)]


def test_a_changed_file_takes_the_place_of_the_old(catalogue: Catalogue, tmp_path: Path) -> None:
    for seed, name in enumerate(("a.wav", "b.wav")):
        write_audio(tmp_path / name, noise(seed), RATE, Tags(title=name))
    add(catalogue, tmp_path / "a.wav", tmp_path / "b.wav")
    old = held(catalogue)
    write_audio(tmp_path / "a.wav", noise(5000), RATE, Tags(title="new"))
    (outcome,) = add(catalogue, tmp_path / "a.wav")
    assert outcome.entry is not None
    assert outcome.entry.recording.id == 3  # 1 is never used again
    assert outcome.entry.song.id == 3
    new = held(catalogue)
    assert set(new) == {2, 3}
    assert new[2] == old[2]
    assert catalogue.describe([1, 2, 3]).keys() == {2, 3}
    assert len(list((tmp_path / "home" / "packs").iterdir())) == 2  # without 1, which was half of a pack
    assert catalogue.open_packs().absent == []


def test_packs_stay_few_and_lose_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    expected: set[int] = set()
    for number in range(4 * TIER + 3):
        path = tmp_path / f"{number}.wav"
        write_audio(path, noise(number), RATE, Tags(title=f"गीत {number}"))
        (outcome,) = add(catalogue, path)
        assert outcome.entry is not None
        expected.add(outcome.entry.recording.id)
        assert len(catalogue.open_packs().packs) <= 3 * (TIER - 1)
    now = held(catalogue)
    assert now.keys() == expected
    assert len(set(now.values())) == len(now)  # each kept its own fingerprint
    titles = {r.recording_id: r.title for pack in catalogue.open_packs().packs for r in pack.recordings()}
    assert titles == {id_: f"गीत {id_ - 1}" for id_ in expected}


def test_a_file_that_fails_stops_no_other(catalogue: Catalogue, tmp_path: Path) -> None:
    write_audio(tmp_path / "1 good.wav", noise(1), RATE)
    (tmp_path / "2 bad.mp3").write_bytes(b"no music " * 100)
    (tmp_path / "3 empty.flac").write_bytes(b"")
    write_audio(tmp_path / "4 silent.wav", 0 * noise(1), RATE)
    write_audio(tmp_path / "5 short.wav", noise(1, 0.5), RATE)
    write_audio(tmp_path / "6 good.wav", noise(2), RATE)
    codes = [
        outcome.error and outcome.error.code for outcome in add(catalogue, tmp_path, tmp_path / "none.mp3")
    ]
    assert codes == [None, "not_audio", "empty", "silent", "too_short", None, "not_found"]
    assert len(catalogue) == 2


def test_by_itself_it_decodes_in_processes_of_its_own(
    tmp_path: Path, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    real = Sandbox.listen

    def counting(sandbox: Sandbox, path: Path, *rest: Any, **options: Any) -> object:
        asked.append(path)
        return real(sandbox, path, *rest, **options)

    monkeypatch.setattr(Sandbox, "listen", counting)
    alone = Catalogue(tmp_path / "home")
    outcomes = add(alone, music / "0.flac", music / "1.flac")
    assert [outcome.status for outcome in outcomes] == ["added", "added"]
    assert sorted(asked) == [music / "0.flac", music / "1.flac"]
    assert {outcome.status for outcome in add(alone, music / "0.flac")} == {"known"}
    assert len(asked) == 2  # what is known is not decoded


def test_what_is_found_in_folders(tmp_path: Path) -> None:
    for name in ("b/2.mp3", "a/1.FLAC", "a/.hidden.mp3", ".git/3.mp3", "a/cover.jpg", "0.ogg"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    found = find_files([tmp_path / "in", tmp_path / "in" / "a" / "cover.jpg"])
    names = [str(one.path.relative_to(tmp_path / "in")) for one in found]
    assert names == ["0.ogg", "a/1.FLAC", "b/2.mp3", "a/cover.jpg"]


def test_a_folder_without_music_says_so(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (outcome,) = add(catalogue, tmp_path / "empty")
    assert outcome.error is not None
    assert outcome.error.code == "no_music"


def test_a_folder_that_cannot_be_read_is_told(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a/1.wav", "b/2.wav", "c/3.wav"):
        (tmp_path / "in" / name).parent.mkdir(parents=True)
        write_audio(tmp_path / "in" / name, noise(1), RATE)
    real = os.scandir

    def scandir(folder: str) -> object:
        if Path(folder).name == "b":
            raise PermissionError(13, "Permission denied", folder)
        return real(folder)

    monkeypatch.setattr("os.scandir", scandir)
    outcomes = add(catalogue, tmp_path / "in")
    told = {Path(o.file).name: (o.status, o.error and o.error.code) for o in outcomes}
    assert told == {"1.wav": ("added", None), "b": ("error", "unreadable"), "3.wav": ("added", None)}
    (alone,) = add(catalogue, tmp_path / "in" / "b")
    assert alone.error is not None
    assert "Permission denied" in alone.error.message


def test_damage_is_named(catalogue: Catalogue, tmp_path: Path, music: Path) -> None:
    add(catalogue, music / "0.flac")
    (pack,) = (tmp_path / "home" / "packs").iterdir()
    whole = pack.read_bytes()
    pack.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CatalogueError) as caught:
        catalogue.open_packs()
    assert caught.value.code == "damaged"
    assert pack.name in caught.value.message
    pack.unlink()
    with pytest.raises(CatalogueError) as caught:
        catalogue.open_packs()
    assert caught.value.code == "damaged"


def test_interrupting_keeps_what_was_read(catalogue: Catalogue, music: Path) -> None:
    read = 0

    def stop(_: float) -> None:
        nonlocal read
        read += 1
        if read == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(catalogue.add(find_files([music]), on_read=stop))
    assert set(held(catalogue)) == {1, 2, 3}
    assert [o.status for o in add(catalogue, music)] == ["known"] * 3 + ["added"] * 3


@pytest.mark.parametrize("batch_files", [2, 500])
def test_interrupting_a_commit_keeps_its_batch(
    batch_files: int, catalogue: Catalogue, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sonica.catalogue.adding.BATCH_FILES", batch_files)
    real = Store.change

    def interrupted(*_: object) -> list[Added]:
        monkeypatch.setattr(Store, "change", real)
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "change", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(catalogue.add(find_files([music])))
    assert set(held(catalogue)) == set(range(1, min(batch_files, 6) + 1))


def test_a_tidy_up_that_fails_takes_nothing_back(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.wav"
    write_audio(path, noise(1), RATE)
    add(catalogue, path)
    write_audio(path, noise(2), RATE)
    unlink = Path.unlink

    def busy(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".pack":
            raise OSError(16, "Device or resource busy")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", busy)
    assert [outcome.status for outcome in add(catalogue, path)] == ["added"]
    monkeypatch.undo()
    packs = tmp_path / "home" / "packs"
    assert (set(held(catalogue)), len(list(packs.iterdir()))) == ({2}, 2)
    write_audio(tmp_path / "b.wav", noise(3), RATE)
    add(catalogue, tmp_path / "b.wav")  # the next writer removes what was left
    assert {path.name for path in packs.iterdir()} == {"000002.pack", "000003.pack"}


@pytest.mark.parametrize("version", [0, 99])
def test_a_pack_of_another_version_is_not_called_damaged(
    version: int, catalogue: Catalogue, tmp_path: Path, music: Path
) -> None:
    add(catalogue, music / "0.flac")
    (pack,) = (tmp_path / "home" / "packs").iterdir()
    whole = pack.read_bytes()
    pack.write_bytes(whole[:4] + version.to_bytes(2, "little") + whole[6:])
    with pytest.raises(CatalogueError) as caught:
        catalogue.open_packs()
    assert caught.value.code == "version"
    assert f"version {version}" in caught.value.message
    assert "newer" not in caught.value.message
    assert "Update Sonica" in caught.value.hint
