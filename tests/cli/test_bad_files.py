"""Whatever is given as music: one line says which file is wrong and how, and the others are answered."""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import SONICA, CommandLine, encode_audio
from tests.handmade import unfolding_flac, wav

from sonica.audio import write_audio

NOISE = np.random.default_rng(0).uniform(-0.4, 0.4, 3 * 48_000).astype(np.float32)
MOST_KB = 700_000
"""Memory that the command and each process of it may take; the interpreter and its libraries are in it."""


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, str]:
    """Bad files, and a word of what is said about each."""
    folder = tmp_path_factory.mktemp("bad")
    m4a = encode_audio(folder / "whole.m4a", NOISE[None], 48_000, "aac").read_bytes()
    (folder / "whole.m4a").unlink()
    slow = bytearray(wav((9_000 * NOISE).astype(np.int16), 48_000))
    slow[24:28] = struct.pack("<I", 1_000)
    data = {
        "empty.mp3": (b"", "empty"),
        "text.mp3": (b"These are the words of a song.\n" * 500, "no audio"),
        "page.mp3": (b"<!DOCTYPE html><html><body>404</body></html>", "no audio"),
        "random.mp3": (np.random.default_rng(1).bytes(200_000), "audio|sound"),
        "cut.m4a": (m4a[: len(m4a) // 2], "cut off"),
        "silence.wav": (wav(np.zeros(480_000, np.int16), 48_000), "silent"),
        "hiss.wav": (
            wav(np.random.default_rng(2).integers(-1, 2, 480_000).astype(np.int16), 48_000),
            "silent",
        ),
        "nan.wav": (wav(np.full(480_000, np.nan, "<f4"), 48_000), "silent"),
        "nothing.wav": (wav(np.zeros(0, np.int16), 8_000), "audio|sound"),
        "slow.wav": (bytes(slow), "rate"),
        "unfolds.flac": (unfolding_flac(600), "longer than 120 minutes"),
    }
    found = {}
    for name, (content, said) in data.items():
        (folder / name).write_bytes(content)
        found[folder / name] = said
    head = wav(np.zeros(0, np.uint8), 4_000, promised=12 * 3_600 * 4_000)
    with (folder / "twelve hours.wav").open("wb") as file:
        file.write(head)
        file.truncate(len(head) + 12 * 3_600 * 4_000)
    found[folder / "twelve hours.wav"] = "longer than 120 minutes"
    os.mkfifo(folder / "pipe.mp3")
    (folder / "circle.mp3").symlink_to(folder / "circle.mp3")
    (folder / "dangling.mp3").symlink_to(folder / "none.mp3")
    (folder / "device.mp3").symlink_to("/dev/zero")
    found |= {
        folder / "pipe.mp3": "folder or a device",
        folder / "circle.mp3": "circle",
        folder / "dangling.mp3": "no such file",
        folder / "none.mp3": "no such file",
        folder / "device.mp3": "folder or a device",
    }
    if os.geteuid() != 0:  # nothing is unreadable to root
        (folder / "secret.mp3").write_bytes(b"secret")
        (folder / "secret.mp3").chmod(0)
        found[folder / "secret.mp3"] = "may not be read"
    return found


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files that look bad and are not."""
    folder = tmp_path_factory.mktemp("wild")
    eight = np.random.default_rng(3).uniform(-0.4, 0.4, (3 * 192_000, 8)).astype("<f4")
    eight[::1_000] = np.nan
    eight[1::1_000, 3] = np.inf
    (folder / "eight channels.wav").write_bytes(wav(eight, 192_000, channels=8))
    whole = (9_000 * NOISE).astype(np.int16)
    (folder / "promises.wav").write_bytes(wav(whole, 48_000, promised=0xFFFFFFF0))
    write_audio(folder / "a.flac", NOISE, 48_000)
    (folder / "flac.mp3").write_bytes((folder / "a.flac").read_bytes()[:-1_000])
    (folder / "a.flac").unlink()
    return sorted(folder.iterdir())


MEASURED = """
import os, sys
process = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(process, 0)
with open(sys.argv[1], "w") as told:
    told.write(str(used.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Tells the kB that a command took. A small process, since a child's count begins with its parent's."""


def run(sonica: CommandLine, command: str, *arguments: object) -> tuple[int, str, str]:
    """Exit status, stdout and stderr; the memory it took is looked at here."""
    with (
        (sonica.home.parent / "said").open("w+b") as said,
        (sonica.home.parent / "wrong").open("w+b") as wrong,
    ):
        words = [str(sonica.home.parent / "used"), str(SONICA), command, *map(str, arguments)]
        ran = subprocess.run(
            [sys.executable, "-I", "-S", "-c", MEASURED, *words],
            env=sonica.environment,
            stdout=said,
            stderr=wrong,
            check=False,
        )
        assert int((sonica.home.parent / "used").read_text()) < MOST_KB
        said.seek(0)
        wrong.seek(0)
        return ran.returncode, said.read().decode(), wrong.read().decode()


@pytest.mark.parametrize("command", ["add", "recognize"])
def test_each_bad_file_has_its_line(
    command: str, sonica: CommandLine, bad: dict[Path, str], wild: list[Path]
) -> None:
    status, said, wrong = run(sonica, command, *bad, *wild)
    assert status == 3
    assert "Traceback" not in said + wrong
    lines = wrong.splitlines()
    for path, word in bad.items():
        about = [line for line in lines if f"{path}: " in line]
        if command == "recognize" and word in {"silent", "longer than 120 minutes"}:
            assert not about  # it hears half a minute; and silence is an answer: no song
            continue
        (line,) = about
        assert line.startswith("Error: ")
        assert re.search(word, line), line
    assert not [line for line in lines if any(f"{path}: " in line for path in wild)]
    assert "  Hint: " in wrong
    if command == "add":
        assert f"Added {len(wild)} files" in said


def test_a_folder_with_the_name_of_a_file(sonica: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "x.mp3").mkdir()
    for command, word in (("add", "no music in this folder"), ("recognize", "folder or a device")):
        status, _, wrong = run(sonica, command, tmp_path / "x.mp3")
        assert status == 3
        assert len([line for line in wrong.splitlines() if "x.mp3: " in line and word in line]) == 1, wrong


def test_longer_recordings_where_the_operator_says_so(
    sonica: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.flac").write_bytes(unfolding_flac(20))  # five and a half minutes
    monkeypatch.setenv("SONICA_LONGEST_MINUTES", "5")
    short = sonica("add", tmp_path / "a.flac")
    assert (short.status, "longer than 5 minutes" in short.err) == (3, True), short.err
    assert "SONICA_LONGEST_MINUTES" in short.err
    monkeypatch.setenv("SONICA_LONGEST_MINUTES", "6")
    assert sonica("add", tmp_path / "a.flac").status == 0
    monkeypatch.setenv("SONICA_LONGEST_MINUTES", "for ever")
    wrong = sonica("add", tmp_path / "a.flac")
    assert (wrong.status, "not allowed" in wrong.err, "Traceback" in wrong.err) == (1, True, False), wrong.err
