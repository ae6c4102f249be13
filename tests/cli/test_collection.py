"""Looking after a collection from the command line: songs, manifests, duplicates, checks, scans."""

import csv
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import SONICA, CommandLine

from sonica import _engine
from sonica.audio import Tags, write_audio
from sonica.audio.compose import Song


@pytest.fixture
def own(stocked: CommandLine, tmp_path: Path) -> CommandLine:
    """The six songs, to be changed at will."""
    shutil.copytree(stocked.home, tmp_path / "own")
    return CommandLine(tmp_path / "own")


def copy_of(song: Song, path: Path) -> Path:
    write_audio(path, 0.4 * song.samples, song.rate, Tags(title="a copy", artist="somebody"))
    return path


def test_songs_are_listed_found_and_shown(stocked: CommandLine, songs: list[Song]) -> None:
    listed = stocked("songs", "list")
    assert listed.status == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == list("123456")
    assert all(song.title in listed.out for song in songs)
    rows = stocked("songs", "list", "--language", "Bhojpuri", "--json").lines
    assert [row["song"]["language"] for row in rows] == ["bho"] * 3
    assert set(rows[0]) == {"song", "recordings", "links"}
    for words in (["savan", "dhoop"], ["sav"], ["savann"], ["सावन"]):
        assert stocked("songs", "find", *words, "--json").lines[0]["song"]["id"] == 1
    assert stocked("songs", "find", "xyzzy").out == "No songs.\n"
    shown = stocked("songs", "show", 2)
    for said in (songs[1].title, songs[1].artist, "Bhojpuri", "recording 2", "1.flac"):
        assert said in shown.out


def test_a_song_is_edited(own: CommandLine, songs: list[Song], music: Path) -> None:
    ran = own("songs", "edit", 3, "--title", "शाम की पाती", "--year", "1987", "--language", "Bhojpuri")
    assert ran.status == 0
    assert "1987" in ran.out
    assert own("recognize", "--json", music / "2.flac").lines[0]["song"]["title"] == "शाम की पाती"
    (row,) = own("songs", "show", 3, "--json").lines
    about = {key: row["song"][key] for key in ("title", "artist", "language", "year")}
    assert about == {"title": "शाम की पाती", "artist": songs[2].artist, "language": "bho", "year": 1987}
    assert own("songs", "edit", 3, "--artist", "", "--json").lines[0]["song"]["artist"] == ""
    for bad in (["--year", "last year"], ["--language", "xx-what-ever!"], ["--isrc", "12"], []):
        assert own("songs", "edit", 3, *bad).status == 2
    assert own("songs", "edit", 99, "--title", "x").status == 1


def test_songs_are_removed_when_one_says_so(own: CommandLine, music: Path) -> None:
    asked = own("songs", "remove", 2, stdin=subprocess.DEVNULL)
    assert asked.status == 1
    assert "Remove 1 song?" in asked.err
    assert len(own("songs", "list", "--json").lines) == 6
    assert own("songs", "remove", 2, 5, "--yes").status == 0
    assert [row["song"]["id"] for row in own("songs", "list", "--json").lines] == [1, 3, 4, 6]
    assert own("recognize", "--json", music / "1.flac").lines[0]["status"] == "none"
    assert own("songs", "show", 2).status == 1
    assert own("songs", "remove", 2, "-y").status == 1
    (again,) = own("add", "--json", music / "1.flac").lines
    assert (again["status"], again["song"]["id"]) == ("added", 2)  # it is still that song
    assert own("verify").status == 0


def test_copies_are_told_joined_and_split(own: CommandLine, songs: list[Song], tmp_path: Path) -> None:
    ran = own("add", copy_of(songs[0], tmp_path / "copy.flac"))
    assert f"copy.flac is {songs[0].title} (song 1) once more." in ran.out
    assert "the same as recording 1" in own("songs", "show", 1).out
    assert own("songs", "split", 7).status == 0
    assert "kept apart from recording 1" in own("songs", "show", 7).out
    assert own("songs", "split", 7).status == 1
    assert own("dedupe").out.startswith("0 recordings there already")
    assert own("songs", "join", 7, 1).status == 0
    assert len(own("songs", "list", "--json").lines) == 6


def test_duplicates_of_all(own: CommandLine, songs: list[Song], tmp_path: Path) -> None:
    own("add", "--no-dedupe", copy_of(songs[4], tmp_path / "copy.flac"))
    (pair,) = own("dedupe", "--json").lines
    assert (pair["song"]["id"], pair["other"]["id"], pair["kind"]) == (7, 5, "same")
    told = own("dedupe")
    assert "Nothing was changed" in told.err
    assert own("dedupe", "--apply", stdin=subprocess.DEVNULL).status == 1  # nobody said yes
    assert len(own("songs", "list", "--json").lines) == 7
    assert own("dedupe", "--apply", "--yes").status == 0
    assert len(own("songs", "list", "--json").lines) == 6


def test_a_manifest_goes_before_tags(sonica: CommandLine, music: Path, tmp_path: Path) -> None:
    table = tmp_path / "songs.csv"
    table.write_text(
        f'\ufeffpath,title,language,year\n{music / "0.flac"},"धूप, छाँव",Hindi,1999\n{music / "1.flac"},,,\n',
        encoding="utf-8",
    )
    first, second = sonica("add", "--json", "--manifest", table).lines
    assert (first["song"]["title"], first["song"]["language"]) == ("धूप, छाँव", "hi")
    assert second["song"]["title"].startswith("गँउवा")  # where it says nothing, the tag holds
    lines = tmp_path / "songs.jsonl"
    lines.write_text(json.dumps({"path": str(music / "0.flac"), "title": "Dhoop"}) + "\n\n")
    ran = sonica("add", "--json", "--manifest", lines, music / "0.flac", music / "1.flac")
    assert [line["status"] for line in ran.lines] == ["updated", "known"]
    assert sonica("songs", "show", 1, "--json").lines[0]["song"]["title"] == "Dhoop"


@pytest.mark.parametrize(
    "text",
    [
        "title\nx\n",
        "path,colour\na,b\n",
        "path,year\na,soon\n",
        "path\na\na\n",
        "path\na,b\n",
        '{"path": 3}',
        '{"path": "a", "title": []}',
        '{"path"',
        "{}\n[]",
        "path\n\0\n",
        '[{"path": "a"}]',
        '{"path": "\\ud800.mp3"}',
        b"path\n\xff\xfe\n",
    ],
)
def test_a_bad_manifest_is_told(text: str | bytes, sonica: CommandLine, tmp_path: Path) -> None:
    table = tmp_path / "songs.csv"
    table.write_bytes(text if isinstance(text, bytes) else text.encode())
    ran = sonica("add", "--manifest", table)
    assert ran.status == 1
    assert str(table) in ran.err
    assert "Hint: A manifest is" in ran.err
    assert "Traceback" not in ran.err
    assert sonica("add", "--manifest", tmp_path / "none.csv").status == 1


def test_files_may_be_kept(sonica: CommandLine, music: Path, songs: list[Song], tmp_path: Path) -> None:
    source = copy_of(songs[0], tmp_path / "song.FLAC")
    assert sonica("add", "--keep", source).status == 0
    (kept,) = (sonica.home / "originals").iterdir()
    assert kept.read_bytes() == source.read_bytes()
    assert kept.suffix == ".flac"
    assert sonica("verify").status == 0
    kept.rename(tmp_path / "moved")
    assert sonica("verify").status == 1
    (tmp_path / "moved").rename(kept)
    sonica("songs", "remove", 1, "-y")
    assert not kept.exists()
    assert source.exists()


def test_a_watched_folder(sonica: CommandLine, music: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(music / "0.flac", folder)
    process = sonica.start("add", "--watch", "--json", folder)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["status"] == "added"
    data = (music / "1.flac").read_bytes()
    with (folder / "1.flac").open("wb") as slow:  # it arrives in pieces
        for part in range(4):
            slow.write(data[part * len(data) // 4 : (part + 1) * len(data) // 4])
            slow.flush()
            time.sleep(0.4)
    line = json.loads(process.stdout.readline())
    assert (Path(line["file"]).name, line["status"]) == ("1.flac", "added")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"No longer watching." in err
    assert len(sonica("songs", "list", "--json").lines) == 2


def test_what_arrives_while_a_watch_begins(sonica: CommandLine, music: Path, tmp_path: Path) -> None:
    """Files that come while the first ones are read are not passed over."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(4):
        shutil.copy(music / f"{number}.flac", folder)
    process = sonica.start("add", "--watch", "--json", folder)
    time.sleep(0.7)
    shutil.copy(music / "5.flac", folder / ".late")
    (folder / ".late").rename(folder / "late.flac")
    assert process.stdout is not None
    told = [json.loads(process.stdout.readline())["file"] for _ in range(5)]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert {Path(file).name for file in told} == {"0.flac", "1.flac", "2.flac", "3.flac", "late.flac"}


def test_names_that_nobody_should_give(sonica: CommandLine, music: Path, tmp_path: Path) -> None:
    ran = sonica("add", "x" * 300, music / "0.flac")
    assert (ran.status, "Traceback" in ran.err) == (3, False)
    odd = os.fsencode(tmp_path) + b"/odd\xff.flac"
    Path(os.fsdecode(odd)).write_bytes((music / "1.flac").read_bytes())
    assert sonica("fingerprint", "--json", os.fsdecode(odd)).status == 0
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [SONICA, "songs", "list", "--json"],
            env=sonica.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert process.returncode == 1
    assert b"Traceback" not in process.stderr
    assert b"No space left" in process.stderr


def test_known_files_may_be_kept_later(sonica: CommandLine, music: Path) -> None:
    sonica("add", music / "0.flac")
    assert sonica("add", "--keep", "--json", music / "0.flac").lines[0]["status"] == "known"
    assert len(list((sonica.home / "originals").iterdir())) == 1
    (sonica.home / "originals" / "left over").write_bytes(b"")
    assert sonica("verify").status == 0
    assert sonica("index", "rebuild").status == 0
    assert len(list((sonica.home / "originals").iterdir())) == 1


def test_wrong_usage_of_add(sonica: CommandLine, music: Path) -> None:
    assert sonica("add").status == 2
    assert sonica("add", "--watch", music / "0.flac").status == 2
    assert sonica("add", "--jobs", 0, music).status == 2


def test_damage_is_found_and_mended(own: CommandLine, tmp_path: Path) -> None:
    assert "The database holds no songs yet" in own("verify").out  # the folder is a copy
    assert own("songs", "edit", 1, "--year", 1990).status == 0
    assert own("verify").out == "All is well: 6 recordings.\n"
    (pack,) = (own.home / "packs").iterdir()
    whole = bytearray(pack.read_bytes())
    whole[-_engine.Pack.open(pack).section_bytes()["keys"] - 1] ^= 1  # the last of its postings
    pack.write_bytes(whole)
    assert own("verify").status == 1
    prints = sorted((own.home / "fingerprints").rglob("*.fp"))
    prints[2].write_bytes(prints[2].read_bytes()[:-1])
    assert own("index", "rebuild").status == 0  # from the archive, or from the pack: neither lost both
    assert own("verify").status == 0
    prints[3].unlink()
    (pack,) = (own.home / "packs").iterdir()
    pack.unlink()
    findings = own("verify", "--json").lines
    assert {finding["code"] for finding in findings} >= {"pack", "fingerprint"}
    ran = own("index", "rebuild")
    assert ran.status == 3
    assert "Lost:" in ran.err
    assert own("verify").status == 0


def test_a_fingerprint_is_written_and_asked(stocked: CommandLine, music: Path, tmp_path: Path) -> None:
    path = tmp_path / "clip.fp"
    assert stocked("fingerprint", music / "3.flac", "-o", path).status == 0
    assert _engine.read_fingerprint(path.read_bytes()).duration_s > 30
    assert stocked("recognize", "--json", path).lines[0]["song"]["id"] == 4
    (line,) = stocked("fingerprint", "--json", music / "3.flac").lines
    assert line["bytes"] == path.stat().st_size
    with (music / "3.flac").open("rb") as sound:
        answer = stocked("recognize", "--json", "-", stdin=sound)
    assert answer.lines[0]["song"]["id"] == 4
    assert answer.lines[0]["file"] == "-"
    path.write_bytes(path.read_bytes()[:-2])
    assert stocked("recognize", "--json", path).status == 3
    assert stocked("fingerprint", tmp_path / "none.wav").status == 1
    assert stocked("fingerprint", music / "3.flac", "-o", "/proc/none").status == 1


def test_a_long_recording_is_scanned(stocked: CommandLine, songs: list[Song], tmp_path: Path) -> None:
    rate = songs[0].rate
    hiss = 0.02 * np.random.default_rng(0).standard_normal(12 * rate).astype(np.float32)
    parts = [hiss, songs[1].samples[: 30 * rate], hiss, songs[2].samples[5 * rate : 30 * rate]]
    mix = tmp_path / "set.flac"
    write_audio(mix, np.concatenate(parts), rate)
    lines = stocked("scan", "--json", mix).lines
    assert [(line["song"]["id"], round(line["start_s"] / 5), round(line["end_s"] / 5)) for line in lines] == [
        (2, 2, 8),
        (3, 11, 16),
    ]
    fields = {"song", "start_s", "end_s", "offset_s", "speed", "pitch_semitones", "confidence"}
    assert set(lines[0]) == fields
    ran = stocked("scan", mix)
    assert ran.status == 0
    assert "2 songs in 1:19" in ran.out
    assert "█" in ran.out
    assert stocked("scan", tmp_path / "none.mp3").status == 1
    _is_written_in_every_format(stocked, mix, tmp_path)


def _is_written_in_every_format(stocked: CommandLine, mix: Path, folder: Path) -> None:
    written = stocked("scan", mix, "--out", folder / "set.html")
    assert (written.status, written.out) == (0, "")
    assert "2 songs, written to" in written.err
    assert "<table>" in (folder / "set.html").read_text()
    rows = list(csv.DictReader(io.StringIO(stocked("scan", mix, "--format", "csv").out)))
    assert [row["song_id"] for row in rows] == ["2", "3"]
    assert 'FILE "set.flac" WAVE' in stocked("scan", mix, "--format", "cue").out


def test_what_cannot_be_scanned_or_written_is_told(
    stocked: CommandLine, songs: list[Song], tmp_path: Path
) -> None:
    """Before an hour is spent, and in a sentence."""
    empty, silence, cut = (tmp_path / name for name in ("empty.mp3", "silence.wav", "cut.flac"))
    empty.touch()
    write_audio(silence, np.zeros(8_000, np.float32), 8_000)
    write_audio(cut, songs[1].samples[: 30 * songs[1].rate], songs[1].rate)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    for file, said in ((empty, "empty"), (silence, "silent")):
        ran = stocked("scan", file)
        assert ran.status == 1
        assert said in ran.err
        assert "Traceback" not in ran.err
    (line,) = stocked("scan", "--json", cut).lines  # what is left of it
    assert line["song"]["id"] == 2
    before = cut.read_bytes()
    for arguments in (
        ("--format", "csv", "--out", cut),
        ("--out", tmp_path / "set.doc"),
        ("--out", tmp_path / "none" / "set.csv"),
        ("--out", tmp_path, "--format", "csv"),
        ("--json", "--format", "csv"),
    ):
        ran = stocked("scan", cut, *arguments)
        assert ran.status == 1
        assert "Error:" in ran.err
        assert "Hint:" in ran.err
    assert cut.read_bytes() == before
    assert stocked("scan", cut, "--format", "doc").status == 2


def test_a_full_disk_is_told(sonica: CommandLine, music: Path) -> None:
    """As the kernel tells it: no file may grow beyond 100 kB."""
    ran = sonica("add", music, preexec_fn=_little_room)
    assert ran.status == 1
    assert "could not be written" in ran.err
    assert "Traceback" not in ran.err
    assert sonica("verify").status == 0
    assert sonica("add", music).status == 0


def _little_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_songs_are_packed_to_take_along(
    stocked: CommandLine, music: Path, songs: list[Song], tmp_path: Path
) -> None:
    sizes = {}
    for profile in ("full", "lite"):
        path = tmp_path / f"{profile}.pack"
        (made,) = stocked("pack", "make", "--profile", profile, "-o", path, "--json").lines
        assert (made["profile"], made["recordings"], made["bytes"]) == (profile, 6, path.stat().st_size)
        assert sum(made["sections"].values()) <= made["bytes"]
        sizes[profile] = made["bytes"]
        elsewhere = CommandLine(tmp_path / "nothing here")
        (answer,) = elsewhere("recognize", "--json", "--pack", path, music / "4.flac").lines
        assert (answer["status"], answer["song"]["title"]) == ("match", songs[4].title)
    assert sizes["lite"] < 0.8 * sizes["full"]  # for so few songs most of both is the directory
    assert stocked("pack", "make", 2, 3, "-o", tmp_path / "two.pack").status == 0
    shown = stocked("pack", "show", tmp_path / "two.pack")
    assert "full, 2 recordings" in shown.out
    assert songs[1].title in shown.out
    (bhojpuri,) = stocked("pack", "make", "--language", "bho", "-o", tmp_path / "b.pack", "--json").lines
    assert bhojpuri["recordings"] == 3
    assert stocked("pack", "make", "--language", "ta", "-o", tmp_path / "none.pack").status == 1
    assert stocked("pack", "make", 99, "-o", tmp_path / "none.pack").status == 1
    assert stocked("pack", "show", music / "0.flac").status == 1
    whole = bytearray((tmp_path / "two.pack").read_bytes())
    whole[-1] ^= 1
    (tmp_path / "two.pack").write_bytes(whole)
    spoiled = stocked("pack", "show", tmp_path / "two.pack")
    assert spoiled.status == 1
    assert "is damaged" in spoiled.err
