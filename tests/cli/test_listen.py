"""`sonica listen`: with a real ALSA device that plays a file, and with recorders that are real programs."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.conftest import SONICA, CommandLine

from sonica.audio import AudioError, open_microphone
from sonica.audio.compose import Song
from sonica.audio.degrade import excerpt

RATE = 48_000
ALSA = """
pcm.null { type null }
pcm.!default { type plug slave { format S16_LE channels 1 rate 48000 pcm {
  type file slave.pcm "null" file "/dev/null" format "raw" infile "INFILE"
} } }
"""
"""A sound card that hears a file, for the library of ALSA itself."""

RECORDER = """#!{python} -ES
import os, sys, time
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "called"), "a") as called:
    print(os.getpid(), *sys.argv, file=called, flush=True)
data = open(os.path.join(here, "sound"), "rb").read()
try:
    for start in range(0, len(data), 9600):
        os.write(1, data[start : start + 9600])
        time.sleep({pause})
except BrokenPipeError:
    pass
sys.stderr.write({last!r})
sys.exit({status})
"""


def raw(samples: NDArray[np.float32], rate: int) -> bytes:
    """Sound as recorders write it."""
    times = np.arange(int(len(samples) * RATE / rate)) * rate / RATE
    values = np.interp(times, np.arange(len(samples)), samples)
    return np.asarray(np.round(values * 32767), "<i2").tobytes()


@pytest.fixture(scope="session")
def sound(songs: list[Song]) -> bytes:
    """Song 4 from 0:10 on."""
    return raw(excerpt(songs[4].samples, songs[4].rate, 10.0, 20.0), songs[4].rate)


NOISE = raw(np.random.default_rng(5).uniform(-0.3, 0.3, 16 * 8_000).astype(np.float32), 8_000)


class Recorders:
    """A folder that is all of PATH, and what its programs were called with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, name: str, *, pause: float = 0.0, last: str = "", status: int = 0) -> None:
        path = self.folder / name
        path.write_text(RECORDER.format(python=sys.executable, pause=pause, last=last, status=status))
        path.chmod(0o755)

    def hear(self, sound: bytes) -> None:
        (self.folder / "sound").write_bytes(sound)

    @property
    def calls(self) -> list[list[str]]:
        """Process, program and arguments of each call."""
        called = self.folder / "called"
        return [line.split() for line in called.read_text().splitlines()] if called.exists() else []


@pytest.fixture
def recorders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorders:
    """No recorder yet, and no sound card."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (tmp_path / "asound.conf").write_text("pcm.null { type null }\n")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    return Recorders(folder)


def assert_ended(recorders: Recorders) -> None:
    for pid, *_ in recorders.calls:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


def test_what_a_sound_card_hears_is_named(
    stocked: CommandLine, recorders: Recorders, sound: bytes, songs: list[Song], tmp_path: Path
) -> None:
    (tmp_path / "infile").write_bytes(sound)
    (tmp_path / "asound.conf").write_text(ALSA.replace("INFILE", str(tmp_path / "infile")))
    ran = stocked("listen", "--json")
    assert (ran.status, ran.err) == (0, "")
    (answer,) = ran.lines
    assert (answer["status"], answer["file"]) == ("match", "microphone")
    assert answer["song"]["title"] == songs[4].title
    assert answer["offset_s"] == pytest.approx(10, abs=0.2)


def test_what_a_recorder_hears_as_a_person_sees_it(
    stocked: CommandLine, recorders: Recorders, sound: bytes, songs: list[Song]
) -> None:
    recorders.hear(sound)
    recorders.install("parec")
    ran = stocked("listen")
    assert (ran.status, ran.err) == (0, "")
    assert songs[4].title in ran.out
    assert "\x1b" not in ran.out
    ((_, program, *arguments),) = recorders.calls
    assert program.endswith("/parec")
    assert arguments[-1] == "--device=@DEFAULT_SOURCE@"
    assert_ended(recorders)  # though it had more to tell


def test_a_recorder_that_gets_no_sound_is_followed_by_the_next(
    stocked: CommandLine, recorders: Recorders, sound: bytes
) -> None:
    recorders.hear(b"")
    recorders.install("parec", last="Connection failure: Connection refused\n", status=1)
    ran = stocked("listen", "--device", "plughw:1")
    assert (ran.status, ran.out) == (1, "")
    assert "from the microphone plughw:1 (parec: Connection failure: Connection refused; sonica:" in ran.err
    (recorders.folder / "arecord").write_text(
        (recorders.folder / "parec").read_text().replace('"sound"', '"sound 2"').replace("exit(1)", "exit(0)")
    )
    (recorders.folder / "arecord").chmod(0o755)
    (recorders.folder / "sound 2").write_bytes(sound)
    ran = stocked("listen", "--device", "plughw:1", "--json")
    assert [answer["status"] for answer in ran.lines] == ["match"]
    assert recorders.calls[-1][-2:] == ["-D", "plughw:1"]


def test_no_microphone(stocked: CommandLine, recorders: Recorders) -> None:
    for more in ([], ["--json"]):
        ran = stocked("listen", *more)
        assert (ran.status, ran.out) == (1, "")
        assert "Error: No sound could be recorded from a microphone (sonica: ALSA: " in ran.err
        assert "Hint: " in ran.err
        assert "`sonica recognize FILE`" in ran.err
        assert "Traceback" not in ran.err


def test_a_recorder_that_cannot_be_started(stocked: CommandLine, recorders: Recorders) -> None:
    recorders.install("parec")
    (recorders.folder / "parec").write_text("#!/no/such/program\n")
    ran = stocked("listen")
    assert (ran.status, ran.out) == (1, "")
    assert "(parec: it could not be started (No such file or directory); sonica: " in ran.err
    assert "Traceback" not in ran.err


def test_a_microphone_that_is_unplugged(stocked: CommandLine, recorders: Recorders) -> None:
    recorders.hear(NOISE[:100_000])
    recorders.install("parec", last="Stream error: Entity killed\n", status=1)
    ran = stocked("listen")
    assert (ran.status, ran.out) == (1, "")
    assert "The recording broke off (Stream error: Entity killed)." in ran.err


def test_a_recorder_that_hangs(recorders: Recorders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sonica.audio.microphone.PATIENCE_S", 0.2)
    recorders.install("stops", pause=100)
    recorders.hear(NOISE[:9_600])
    with open_microphone(recorders=[("it", ("stops", "DEVICE"))]) as stream:
        assert next(stream.blocks).shape == (4_800,)
        with pytest.raises(AudioError, match="broke off") as broken:
            next(stream.blocks)
    assert broken.value.code == "no_microphone"
    monkeypatch.setattr("sonica.audio.microphone.START_S", 0.2)
    recorders.hear(NOISE[:100])
    with pytest.raises(AudioError, match="no sound came"), open_microphone(recorders=[("", ("stops",))]):
        pass
    assert_ended(recorders)


def test_a_song_that_nobody_knows_and_one_that_is_too_short(
    stocked: CommandLine, recorders: Recorders, sound: bytes
) -> None:
    recorders.hear(NOISE)
    recorders.install("parec")
    ran = stocked("listen", "--seconds", 2)
    assert ran.status == 0
    assert "No song recognised." in ran.out
    recorders.hear(sound[: RATE // 2])
    assert stocked("listen", "--json").lines[0]["status"] in {"none", "unsure"}


def test_silence_is_told(stocked: CommandLine, recorders: Recorders) -> None:
    recorders.hear(bytes(3 * 2 * RATE))
    recorders.install("parec")
    ran = stocked("listen", "--seconds", "2", "--json")
    assert (ran.status, ran.lines[0]["status"]) == (0, "none")
    assert "muted" in ran.err


def test_control_c_ends_it_and_the_recorder(stocked: CommandLine, recorders: Recorders) -> None:
    recorders.hear(NOISE * 10)
    recorders.install("parec", pause=0.1)
    process = stocked.start(
        "listen",
        start_new_session=True,
        # A test run that was started in the background ignores Ctrl-C, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not recorders.calls:
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert said == b"No longer listening.\n"
    assert_ended(recorders)


def test_a_terminal_shows_how_loud_it_is(stocked: CommandLine, recorders: Recorders, sound: bytes) -> None:
    recorders.hear(sound)
    recorders.install("parec")
    ours, theirs = pty.openpty()
    ran = subprocess.run(
        [SONICA, "listen", "--json"],
        env={**stocked.environment, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode(errors="replace")
    os.close(ours)
    assert json.loads(ran.stdout)["status"] == "match"
    assert "1.0 s" in shown
    assert "███" in shown
    assert "Listening" in shown


def test_raw_samples_that_are_piped_in(
    stocked: CommandLine, sound: bytes, songs: list[Song], tmp_path: Path
) -> None:
    path = tmp_path / "samples.raw"
    path.write_bytes(sound)
    with path.open("rb") as file:
        piped = stocked("listen", "--from", "-", "--json", stdin=file)
    read = stocked("listen", "--from", path, "--json")
    assert (piped.status, read.status) == (0, 0)
    assert [one.lines[0]["song"]["title"] for one in (piped, read)] == [songs[4].title] * 2
    assert [one.lines[0]["file"] for one in (piped, read)] == ["-", str(path)]


def test_it_is_named_before_the_pipe_ends(stocked: CommandLine, sound: bytes) -> None:
    process = stocked.start("listen", "--from", "-", "--json", stdin=subprocess.PIPE)
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it knows, and reads no more
        process.stdin.write(sound[: 2 * RATE * 16])
        process.stdin.flush()
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["status"] == "match"
    assert process.wait(60) == 0
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    process.stdout.close()
    process.stderr.close()


def test_what_is_no_raw_sound(stocked: CommandLine, music: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    for source, said, hint in (
        (music / "0.flac", "This is an audio file", "sonica recognize"),
        (tmp_path / "empty", "No sound came in", "Check"),
        (tmp_path / "none", "There is no such file", "spelling"),
        (tmp_path, "could not be opened", "Check"),
    ):
        ran = stocked("listen", "--from", source)
        assert (ran.status, ran.out) == (1, "")
        assert said in ran.err
        assert hint in ran.err
        assert "Traceback" not in ran.err


def test_no_songs_yet(sonica: CommandLine, recorders: Recorders) -> None:
    ran = sonica("listen", "--json")
    assert (ran.status, ran.lines[0]["status"]) == (0, "none")
    assert "sonica add" in ran.err
    assert recorders.calls == []
    assert not sonica.home.exists()


@pytest.mark.parametrize("arguments", [["--seconds", "60"], ["--seconds", "0"], ["file.wav"]])
def test_wrong_usage(arguments: list[str], sonica: CommandLine) -> None:
    ran = sonica("listen", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "Usage" in ran.err
