"""Sonica for programs: what is added or removed elsewhere is known at once."""

import threading
from pathlib import Path

import pytest

import sonica
from sonica import Recognizer, _engine
from sonica.audio.compose import Song
from sonica.library import of_pack
from sonica.recognition import Thresholds


def test_what_another_adds_and_removes_is_known_at_once(
    music: Path, songs: list[Song], tmp_path: Path
) -> None:
    ours, theirs = Recognizer(tmp_path / "home"), Recognizer(str(tmp_path / "home"))
    assert len(ours) == 0
    assert ours.file(music / "1.flac").status == "none"
    assert not (tmp_path / "home").exists()  # asking leaves no trace
    outcomes = theirs.add(music / "0.flac", music / "1.flac")
    assert [outcome.status for outcome in outcomes] == ["added", "added"]
    answer = ours.file(music / "1.flac")
    assert answer.song is not None
    assert (answer.status, answer.song.title) == ("match", songs[1].title)
    theirs.catalogue.edit(2, {"title": "another"})
    answer = ours.samples(songs[1].samples, songs[1].rate)
    assert answer.song is not None
    assert answer.song.title == "another"
    theirs.catalogue.remove([2])
    assert ours.file(music / "1.flac").status == "none"
    assert ours.file(music / "0.flac").status == "match"
    assert [entry.song.id for entry in ours.songs()] == [1]


def test_many_threads_ask_while_one_adds(music: Path, tmp_path: Path, songs: list[Song]) -> None:
    recognizer = Recognizer(tmp_path / "home")
    recognizer.add(music / "0.flac")
    print_ = _engine.fingerprint(songs[0].samples[: 10 * songs[0].rate], songs[0].rate)
    wrong: list[str] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            answer = recognizer.fingerprint(print_)
            if answer.song is None or answer.song.id != 1:
                wrong.append(answer.status)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 6):
        recognizer.add(music / f"{number}.flac")
    recognizer.catalogue.remove([3, 4])
    recognizer.catalogue.rebuild()
    is_over.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(recognizer) == 4


def test_one_pack_is_enough_to_name_its_songs(songs: list[Song]) -> None:
    builder = _engine.PackBuilder("lite")
    for number, song in enumerate(songs, 1):
        print_ = _engine.fingerprint(song.samples, song.rate)
        builder.add(number, 100 + number, print_, title=song.title, artist=song.artist)
    recognizer = of_pack(_engine.Pack.from_bytes(builder.build()), Thresholds(0.9, 0.3))
    answer = recognizer.samples(songs[3].samples[: 10 * songs[3].rate], songs[3].rate)
    assert answer.song is not None
    assert (answer.song.id, answer.song.title, answer.song.path) == (104, songs[3].title, "")


def test_what_the_package_offers() -> None:
    assert sonica.__version__
    assert sonica.Recognizer is Recognizer
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = sonica.nothing_of_the_kind
