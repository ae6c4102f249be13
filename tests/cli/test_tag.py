"""`sonica tag`: unnamed files get the names of the songs in them, and nothing else is touched."""

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import CommandLine, Encode

from sonica.audio import Tags, read_tags, write_audio
from sonica.audio.compose import Song
from sonica.audio.degrade import excerpt


@pytest.fixture(scope="module")
def shelf(music: Path, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """Songs 1 to 3, of which the first is known well. Not to be changed."""
    command = CommandLine(tmp_path_factory.mktemp("shelf"))
    assert command("add", music / "0.flac", music / "1.flac", music / "2.flac").status == 0
    more = ("--album", "साँझ", "--genre", "Bhajan", "--year", "1987", "--isrc", "INA091200001")
    assert command("songs", "edit", "1", *more).status == 0
    return command


@pytest.fixture
def unnamed(songs: list[Song], tmp_path: Path, encode: Encode) -> Path:
    """A folder with twelve seconds of song 1, without a title, as FLAC, MP3 and WAV."""
    folder = tmp_path / "unnamed"
    folder.mkdir()
    heard = excerpt(songs[0].samples, songs[0].rate, 15.0, 12.0)
    write_audio(folder / "track 1.flac", heard, songs[0].rate)
    metadata = {"album": "Best of 1987", "comment": "stays"}
    encode(folder / "track 2.mp3", heard[None], songs[0].rate, "libmp3lame", metadata=metadata)
    write_audio(folder / "track 3.wav", heard, songs[0].rate)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def known(song: Song) -> Tags:
    return Tags(song.title, song.artist, "साँझ", "hi", "Bhajan", 1987, "INA091200001")


def test_only_shown(shelf: CommandLine, unnamed: Path, songs: list[Song]) -> None:
    before = contents(unnamed)
    ran = shelf("tag", unnamed / "track 1.flac", unnamed / "track 2.mp3")
    assert ran.status == 0
    assert ran.out.count(songs[0].title) == 2
    assert "album     Best of 1987 → साँझ" in ran.out
    assert "2 files can be named." in ran.out
    assert ran.err == "Nothing was written; --write does so.\n"
    assert contents(unnamed) == before


def test_written(shelf: CommandLine, unnamed: Path, songs: list[Song]) -> None:
    ran = shelf("tag", "--write", "--yes", unnamed)
    assert ran.status == 3
    assert ran.out.count("Written.") == 2
    assert "2 files named." in ran.out
    assert f"Error: {unnamed}/track 3.wav: The tags of this file cannot be written" in ran.err
    assert "Hint: Convert the file to FLAC" in ran.err
    for name in ("track 1.flac", "track 2.mp3"):
        assert read_tags(unnamed / name) == known(songs[0])
    again = shelf("tag", "--write", "--yes", "--force", "--json", unnamed / "track 1.flac")
    assert (again.status, again.lines[0]["status"]) == (0, "same")


def test_a_format_that_cannot_be_written_is_told_before(shelf: CommandLine, unnamed: Path) -> None:
    ran = shelf("tag", "--json", unnamed / "track 3.wav")
    assert ran.status == 3
    assert (ran.lines[0]["status"], ran.lines[0]["error"]["code"]) == ("error", "not_taggable")


@pytest.mark.parametrize("answers", ["y\n\n", "y\nn\n"])
def test_it_asks_for_each(answers: str, shelf: CommandLine, unnamed: Path, tmp_path: Path) -> None:
    before = contents(unnamed)
    (tmp_path / "answers").write_text(answers)
    with (tmp_path / "answers").open() as file:
        ran = shelf("tag", "--write", "--json", unnamed / "track 1.flac", unnamed / "track 2.mp3", stdin=file)
    assert ran.status == 0
    assert [line["status"] for line in ran.lines] == ["written", "declined"]
    assert ran.err.count("Write this?") == 2
    assert "Best of 1987 → साँझ" in ran.err  # what is asked about
    assert contents(unnamed)["track 2.mp3"] == before["track 2.mp3"]


def test_nobody_there_to_ask(shelf: CommandLine, unnamed: Path, tmp_path: Path) -> None:
    before = contents(unnamed)
    (tmp_path / "answers").write_text("")
    with (tmp_path / "answers").open() as file:
        ran = shelf("tag", "--write", unnamed / "track 1.flac", stdin=file)
    assert ran.status == 1
    assert "Traceback" not in ran.err
    assert contents(unnamed) == before


def test_a_title_is_left_alone_unless_forced(
    shelf: CommandLine, unnamed: Path, songs: list[Song], tmp_path: Path
) -> None:
    samples, rate = excerpt(songs[0].samples, songs[0].rate, 10.0, 12.0), songs[0].rate
    write_audio(tmp_path / "Its name.flac", samples, rate, Tags(title="Its name"))  # no less a title
    ran = shelf("tag", "--write", "--yes", "--json", tmp_path / "Its name.flac")
    assert (ran.status, ran.lines[0]["status"], ran.lines[0]["changes"]) == (0, "titled", {})
    assert read_tags(tmp_path / "Its name.flac").title == "Its name"
    assert "--force" in shelf("tag", tmp_path / "Its name.flac").err
    ran = shelf("tag", "--write", "--yes", "--force", "--json", tmp_path / "Its name.flac")
    assert ran.lines[0]["changes"]["title"] == {"old": "Its name", "new": songs[0].title}
    assert read_tags(tmp_path / "Its name.flac") == known(songs[0])


def test_what_is_not_sure_is_left_alone_unless_asked_for(
    shelf: CommandLine, unnamed: Path, songs: list[Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONICA_MATCH_AT", "1")  # nothing is so sure
    path = unnamed / "track 1.flac"
    ran = shelf("tag", "--write", "--yes", path)
    assert ran.status == 0
    assert "not sure enough, left alone" in ran.out
    assert "--unsure" in ran.err
    assert read_tags(path, name="").title == ""
    (line,) = shelf("tag", "--write", "--yes", "--json", path).lines
    assert (line["status"], line["song"]["title"]) == ("unsure", songs[0].title)
    assert shelf("tag", "--write", "--yes", "--unsure", path).status == 0
    assert read_tags(path) == known(songs[0])


def test_a_sound_of_several_songs(
    sonica: CommandLine, unnamed: Path, songs: list[Song], tmp_path: Path
) -> None:
    for name in ("One", "Another"):
        whole = Tags(title=name)
        write_audio(tmp_path / f"{name}.flac", songs[0].samples, songs[0].rate, whole)
        assert sonica("add", "--no-dedupe", tmp_path / f"{name}.flac").status == 0
    path = unnamed / "track 1.flac"
    (line,) = sonica("tag", "--write", "--yes", "--json", path).lines
    assert (line["status"], line["changes"]) == ("ambiguous", {})
    assert "several songs share this sound" in sonica("tag", path).out
    assert read_tags(path, name="").title == ""


def test_unknown_silent_and_broken_files(shelf: CommandLine, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 80_000).astype(np.float32)
    write_audio(tmp_path / "noise.flac", noise, 8_000)
    write_audio(tmp_path / "silence.flac", np.zeros(80_000, np.float32), 8_000)
    (tmp_path / "broken.mp3").write_bytes(b"x" * 5_000)
    paths = [tmp_path / name for name in ("noise.flac", "silence.flac", "broken.mp3", "none.mp3")]
    before = contents(tmp_path)
    ran = shelf("tag", "--write", "--yes", "--json", *paths)
    assert ran.status == 3
    assert [line["status"] for line in ran.lines] == ["none", "none", "error", "error"]
    assert [line["error"]["code"] for line in ran.lines[2:]] == ["not_audio", "not_found"]
    assert list(ran.lines[0]) == ["file", "status", "song", "confidence", "changes", "error"]
    shown = shelf("tag", *paths)
    assert shown.out.count("no song recognised") == 2
    assert "There is no such file." in shown.err
    assert contents(tmp_path) == before


def test_no_songs_yet(sonica: CommandLine, unnamed: Path) -> None:
    ran = sonica("tag", "--json", unnamed / "track 1.flac")
    assert (ran.status, ran.lines[0]["status"]) == (0, "none")
    assert "sonica add" in ran.err
