"""The command `sonica` as a person and as a program see it, and through each failure."""

import inspect
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from tests.conftest import SONICA, CommandLine

from sonica import __version__
from sonica.audio import Tags, read_tags, write_audio
from sonica.audio.compose import Song
from sonica.audio.degrade import add_noise, excerpt, play_faster
from sonica.catalogue.journal import read_journal, read_lines
from sonica.cli.add import add
from sonica.cli.dedupe import dedupe
from sonica.cli.demo import demo
from sonica.cli.fingerprint import fingerprint
from sonica.cli.listen import listen
from sonica.cli.recognize import recognize
from sonica.cli.scan import scan
from sonica.cli.tag import tag
from sonica.cli.verify import verify
from sonica.library import Recognizer

ANSWER = [
    *("file", "status", "ambiguous", "song", "offset_s", "speed", "pitch_semitones", "confidence"),
    *("alternatives", "timings_ms", "error"),
]


@pytest.fixture(scope="session")
def clip(songs: list[Song], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of song 2 from 0:15 on, slowed, in noise."""
    path = tmp_path_factory.mktemp("clip") / "किसका गीत.wav"
    heard = play_faster(excerpt(songs[2].samples, songs[2].rate, 15.0, 8.5), 0.85)
    write_audio(path, add_noise(heard, 10.0), songs[2].rate)
    return path


@pytest.fixture(scope="session")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("unknown") / "noise.wav"
    write_audio(path, np.random.default_rng(0).uniform(-0.3, 0.3, 80_000).astype(np.float32), 8_000)
    return path


def test_version_and_help(sonica: CommandLine) -> None:
    assert sonica("--version").out == f"sonica {__version__}\n"
    commands = (
        *("add", "recognize", "demo", "scan", "dedupe", "verify", "fingerprint", "songs", "index"),
        *(
            "listen",
            "tag",
            "serve",
            "worker",
            "migrate",
            "admin",
        ),
    )
    deeper = [("songs", name) for name in ("list", "find", "show", "edit", "remove", "split", "join")]
    for arguments in ([], *([name] for name in commands), *deeper, ("index", "rebuild"), ("admin", "key")):
        ran = sonica(*arguments, "--help")
        assert ran.status == 0
        assert "Usage: sonica" in ran.out
        assert "Examples" in ran.out
        assert max(cell_len(line) for line in ran.out.splitlines()) <= 80
        assert "<bool>" not in ran.out  # a flag takes no value
    assert "sonica add ~/Music" in sonica("--help").out
    assert not sonica.home.exists()


@pytest.mark.parametrize("command", [add, recognize, demo, scan, dedupe, verify, fingerprint, listen, tag])
def test_help_keeps_its_lines_at_80_columns(command: Callable[..., None]) -> None:
    lines = (inspect.getdoc(command) or "").splitlines()
    assert 0 < max(map(len, lines)) <= 74


def test_an_answer_as_a_person_sees_it(stocked: CommandLine, clip: Path, songs: list[Song]) -> None:
    ran = stocked("recognize", clip)
    assert ran.status == 0
    assert ran.err == ""
    for said in (
        songs[2].title,
        f"{songs[2].artist} · Hindi",
        "0:15",
        "slowed 0.85×, −2.8 semitones",
        "certain",
    ):
        assert said in ran.out
    assert "\x1b" not in ran.out  # no colours where no terminal is
    assert all(line == line.rstrip() for line in ran.out.splitlines())


def test_an_answer_as_a_program_sees_it(
    stocked: CommandLine, clip: Path, songs: list[Song], music: Path
) -> None:
    ran = stocked("recognize", "--json", clip)
    (answer,) = ran.lines
    assert list(answer) == ANSWER
    assert answer["file"] == str(clip)
    assert (answer["status"], answer["ambiguous"], answer["error"]) == ("match", False, None)
    assert answer["song"] == {
        "id": 3,
        "recording_id": 3,
        "title": songs[2].title,
        "artist": songs[2].artist,
        "language": "hi",
        "path": str(music / "2.flac"),
    }
    assert songs[2].title in ran.out  # in its own script, not escaped
    assert answer["offset_s"] == pytest.approx(15, abs=0.1)
    assert answer["speed"] == pytest.approx(0.85, abs=0.01)
    assert answer["pitch_semitones"] == pytest.approx(-2.81, abs=0.1)
    assert 0.9 < answer["confidence"] <= 1
    assert list(answer["timings_ms"]) == ["decode", "fingerprint", "search"]


def test_many_files_keep_their_order_and_a_bad_one_stops_no_other(
    stocked: CommandLine, clip: Path, unknown: Path, tmp_path: Path, music: Path
) -> None:
    (tmp_path / "bad.mp3").write_bytes(b"x" * 5000)
    files = [
        unknown,
        tmp_path / "bad.mp3",
        clip,
        tmp_path / "none.wav",
        tmp_path,
        music / "5.flac",
        unknown,
    ] * 3
    ran = stocked("recognize", *files, "--json")
    assert ran.status == 3
    assert [answer["file"] for answer in ran.lines] == [str(path) for path in files]
    statuses = [answer["status"] for answer in ran.lines]
    assert statuses == ["none", "error", "match", "error", "error", "match", "none"] * 3
    codes = [answer["error"]["code"] for answer in ran.lines[:7] if answer["error"]]
    assert codes == ["not_audio", "not_found", "not_a_file"]
    assert ran.err == ""


def test_failures_as_a_person_sees_them(stocked: CommandLine, clip: Path, tmp_path: Path) -> None:
    ran = stocked("recognize", tmp_path / "[red]none.wav", clip)
    assert ran.status == 3
    assert f"Error: {tmp_path}/[red]none.wav: There is no such file." in ran.err
    assert "Hint: Check the spelling" in ran.err
    assert "♪" in ran.out  # the other is answered


def test_a_song_that_nobody_knows(stocked: CommandLine, unknown: Path) -> None:
    ran = stocked("recognize", unknown)
    assert ran.status == 0
    assert "No song recognised." in ran.out
    assert "6 recordings" in ran.out


def test_the_journal_is_read_once(stocked: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def counting(real: Callable[..., object], path: Path, since: int = 0) -> object:
        read.append(path)
        return real(path, since)

    for real in (read_lines, read_journal):  # an outline, and all of it
        monkeypatch.setattr(f"sonica.catalogue.store.{real.__name__}", partial(counting, real))
    recognizer = Recognizer(stocked.home)
    known = len(recognizer)
    for _ in range(2):
        recognizer.samples(np.ones(8_000, np.float32), 8_000)
    assert (known, len(read)) == (6, 1)


def test_no_songs_yet(sonica: CommandLine, clip: Path) -> None:
    ran = sonica("recognize", "--json", clip)
    assert ran.status == 0
    assert ran.lines[0]["status"] == "none"
    assert "sonica add" in ran.err
    assert not sonica.home.exists()  # asking leaves no trace


@pytest.mark.parametrize(
    "arguments", [["recognize"], ["add"], ["add", "--what"], ["sing"], ["recognize", "--json"]]
)
def test_wrong_usage(arguments: list[str], sonica: CommandLine) -> None:
    ran = sonica(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert "Usage" in ran.err


def test_add_as_a_person_sees_it(sonica: CommandLine, music: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.mp3").write_text("not music " * 100)
    ran = sonica("add", music / "0.flac", tmp_path / "notes.mp3", music / "0.flac")
    assert ran.status == 3
    assert "Added 1 file" in ran.out
    assert "Sonica knows 1 recording now." in ran.out
    assert f"{tmp_path}/notes.mp3: This is no audio" in ran.err
    said = ran.err.splitlines()
    assert len(said) == 2  # no bar and no empty line where no terminal is
    assert said[0].startswith("Error: ")
    assert said[1].startswith("  Hint: Give a music or video file")
    ran = sonica("add", music / "0.flac")
    assert (ran.status, ran.out.splitlines()[0]) == (0, "1 file known already, not changed.")


def test_a_hint_is_under_the_first_error_that_it_is_for(sonica: CommandLine, tmp_path: Path) -> None:
    for name in ("1.mp3", "3.mp3"):
        (tmp_path / name).write_text("not music " * 100)
    ran = sonica("add", tmp_path / "1.mp3", tmp_path / "2.mp3", tmp_path / "3.mp3")
    said = [line.split()[0] for line in ran.err.splitlines()]
    assert said == ["Error:", "Hint:", "Error:", "Hint:", "Error:"]


def test_add_as_a_program_sees_it(sonica: CommandLine, music: Path, tmp_path: Path) -> None:
    ran = sonica("add", "--json", music / "1.flac", tmp_path / "none.mp3")
    assert ran.status == 3
    added, failed = ran.lines
    assert list(added) == list(failed) == ["file", "status", "song", "shares", "error"]
    assert (added["status"], added["song"]["id"], added["song"]["language"]) == ("added", 1, "bho")
    assert failed["error"] == {"code": "not_found", "message": "There is no such file."}
    assert sonica("add", "--json", music / "1.flac").lines[0]["status"] == "known"


def test_names_that_are_no_utf8_or_control_the_terminal(
    sonica: CommandLine, music: Path, tmp_path: Path
) -> None:
    for name in (b"caf\xe9.flac", b"\x1b[31mred.flac"):
        path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118
        Path(os.fsdecode(path)).write_bytes((music / "3.flac").read_bytes())
    ran = sonica("add", "--json", tmp_path)
    assert ran.status == 0
    assert {line["status"] for line in ran.lines} == {"added"}
    assert r"caf\xe9.flac" in {Path(line["file"]).name for line in ran.lines}
    ran = sonica("recognize", *sorted(tmp_path.glob("*.flac")))
    assert ran.status == 0
    assert "\x1b" not in ran.out


def test_a_data_folder_that_cannot_be(tmp_path: Path, music: Path, clip: Path) -> None:
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        ran = CommandLine(home)("add", music / "0.flac")
        asked = CommandLine(home)("recognize", clip)
        assert (asked.status, asked.out, asked.err) == (1, "", ran.err)
        assert ran.status == 1
        assert "is not a folder" in ran.err
        assert "SONICA_HOME=" in ran.err
        assert "Traceback" not in ran.err


def test_a_damaged_catalogue_is_told_without_a_traceback(
    sonica: CommandLine, music: Path, clip: Path
) -> None:
    sonica("add", music / "0.flac")
    (pack,) = (sonica.home / "packs").iterdir()
    pack.write_bytes(b"no pack")
    ran = sonica("recognize", "--json", clip)
    assert (ran.status, ran.out) == (1, "")
    assert pack.name in ran.err
    assert "sonica index rebuild" in ran.err
    assert "Traceback" not in ran.err
    assert sonica("verify").status == 1
    assert sonica("index", "rebuild").status == 0
    assert sonica("verify").status == 0
    assert sonica("recognize", "--json", music / "0.flac").lines[0]["status"] == "match"


@pytest.mark.parametrize("arguments", [["recognize", "--json"], ["recognize"], ["add", "--json"]])
def test_a_reader_that_goes_away(arguments: list[str], stocked: CommandLine, clip: Path, music: Path) -> None:
    what = [music] if arguments[0] == "add" else [clip] * 40
    process = stocked.start(*arguments, *what)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) in {0, 1}
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


@pytest.mark.parametrize("command", ["add", "recognize"])
def test_control_c(command: str, sonica: CommandLine, music: Path) -> None:
    process = sonica.start(
        command,
        *[music / f"{i % 6}.flac" for i in range(600)],
        start_new_session=True,
        # A test run that was started in the background ignores Ctrl-C, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    if command == "recognize":
        assert process.stdout is not None
        assert process.stdout.read(1)  # the first answer
    while command == "add" and not sonica.home.exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in said
    if command == "add":
        assert b"What was read so far is kept" in said


def test_titles_on_a_terminal_without_their_letters(stocked: CommandLine, clip: Path) -> None:
    environment = {**stocked.environment, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    command = [str(SONICA), "recognize", str(clip)]
    shown = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (shown.returncode, shown.stderr) == (0, b"")
    told = subprocess.run([*command, "--json"], env=environment, capture_output=True, check=False)
    assert (told.returncode, told.stderr) == (0, b"")
    assert json.loads(told.stdout)["status"] == "match"


def with_songs(command: CommandLine, composed: Path) -> CommandLine:
    """The command line as if its demo had composed the songs, and not added them yet."""
    folder = command.home / "demo" / "songs"
    folder.mkdir(parents=True)
    for path in composed.iterdir():
        (folder / path.name).hardlink_to(path)
    return command


def test_the_demo_twice(sonica: CommandLine, composed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_songs(sonica, composed)
    first = sonica("demo")
    assert first.status == 0
    assert "sped up 1.10×, +1.6 semitones" in first.out or "sped up 1.10×, +1.7 semitones" in first.out
    folder = sonica.home / "demo" / "songs"
    files = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert len(files) == 24
    assert [path.name for path in sonica.home.iterdir()] == ["demo"]  # one's own catalogue is left alone
    second = sonica("demo")
    assert (second.status, second.out) == (0, first.out)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == files
    tags = read_tags(min(files))
    assert tags == Tags(
        title="दीप जले मन में (Deep Jale Man Mein)",
        artist="Sonica Sangeet Mandali",
        album="साँझ सवेरा (Saanjh Savera)",
        language="hi",
        genre="Bhajan",
        year=2021,
    )
    next(iter(files)).unlink()  # as if the first run had been interrupted
    moved = CommandLine(sonica.home.rename(sonica.home.with_name("moved")))
    monkeypatch.setenv("SONICA_MATCH_AT", "1")  # nothing is so sure; the demo goes by the defaults
    assert moved("demo").status == 0


@pytest.mark.parametrize("is_on_the_path", [True, False])
def test_the_demo_says_how_to_go_on(
    is_on_the_path: bool, sonica: CommandLine, composed: Path, tmp_path: Path
) -> None:
    with_songs(sonica, composed)
    bin_folder = tmp_path / "a folder" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "sonica").symlink_to(SONICA)
    environment = {**sonica.environment, "PATH": str(bin_folder) if is_on_the_path else ""}
    command = [str(bin_folder / "sonica"), "demo"]
    ran = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, check=True, encoding="utf-8"
    )
    said = "sonica" if is_on_the_path else "'a folder/bin/sonica'"
    assert f"\n  {said} add ~/Music\n  {said} recognize " in ran.stderr
    assert "SONICA_HOME" not in ran.stderr
