"""A song in any format is heard as that song; of a bad file, one line says what is wrong with it."""

import io
import os
import struct
import sys
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray
from tests.conftest import Encode
from tests.handmade import unfolding_flac, wav

from sonica import _engine
from sonica.audio import AudioError, Limits, listen, open_stream
from sonica.audio.compose import Song
from sonica.audio.degrade import excerpt

SECONDS = 15.0


@pytest.fixture(scope="module")
def pack(songs: list[Song]) -> _engine.Pack:
    builder = _engine.PackBuilder()
    for number, song in enumerate(songs[:4]):
        builder.add(number, number, _engine.fingerprint(song.samples, song.rate))
    return _engine.Pack.from_bytes(builder.build())


@pytest.fixture(scope="module")
def sound(songs: list[Song]) -> NDArray[np.float32]:
    """Fifteen seconds of song 2, at 48 kHz, shape (1, n)."""
    part = excerpt(songs[2].samples, songs[2].rate, 10.0, SECONDS)
    at = np.arange(int(SECONDS * 48_000)) * (songs[2].rate / 48_000)
    return np.asarray(np.interp(at, np.arange(len(part)), part)[None], np.float32)


def heard_as(path: Path, pack: _engine.Pack) -> int:
    """The song that a file is of."""
    heard = listen(path)
    assert heard.duration_s == pytest.approx(SECONDS, abs=0.2)
    answer = _engine.recognize([pack], heard.fingerprint)
    assert answer.status == "match"
    return answer.hits[0].recording_id


FORMATS = [
    # file, codec, sample format, container, layout; where the library lacks an encoder, a test says so
    ("a.mp3", "libmp3lame", "fltp", None, "mono"),
    ("a.m4a", "aac", "fltp", "ipod", "stereo"),
    ("a.aac", "aac", "fltp", "adts", "mono"),
    ("a.ogg", "vorbis", "fltp", "ogg", "stereo"),
    ("a.opus", "libopus", "flt", "ogg", "mono"),
    ("a.flac", "flac", "s16", None, "mono"),
    ("a.wav", "pcm_s24le", "s32", None, "stereo"),
    ("a.webm", "libopus", "flt", "webm", "stereo"),
    ("a.mkv", "libopus", "flt", "matroska", "mono"),
    ("a.3gp", "aac", "fltp", "3gp", "mono"),
    ("a.aiff", "pcm_s16be", "s16", "aiff", "stereo"),
    ("a.wma", "wmav2", "fltp", "asf", "stereo"),
    ("a.wv", "wavpack", "fltp", "wv", "mono"),
]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: f"{form[0]}-{form[1]}")
def test_a_song_in_any_format(
    form: tuple[str, str, str, str | None, str],
    tmp_path: Path,
    encode: Encode,
    sound: NDArray[np.float32],
    pack: _engine.Pack,
) -> None:
    name, codec, sample_format, container, layout = form
    channels = np.concatenate([sound] * (2 if layout == "stereo" else 1))
    options = {"sample_format": sample_format, "container": container, "layout": layout}
    assert heard_as(encode(tmp_path / name, channels, 48_000, codec, **options), pack) == 2


@pytest.mark.parametrize("container", ["amr", "3gp"])
def test_a_song_over_the_telephone(
    container: str, tmp_path: Path, encode: Encode, sound: NDArray[np.float32], pack: _engine.Pack
) -> None:
    """AMR, where the library has an encoder; the wheels of PyAV do."""
    if "libopencore_amrnb" not in av.codecs_available:
        return
    slow = sound[:, : sound.shape[1] // 6 * 6].reshape(1, -1, 6).mean(axis=2)
    path = tmp_path / f"a.{container}"
    encode(path, slow, 8_000, "libopencore_amrnb", sample_format="s16", container=container)
    assert heard_as(path, pack) == 2


def test_a_song_in_a_video(tmp_path: Path, sound: NDArray[np.float32], pack: _engine.Pack) -> None:
    path = tmp_path / "a.mp4"
    with av.open(os.fspath(path), "w") as file:
        video = file.add_stream("mpeg4", rate=5)
        audio = file.add_stream("aac", rate=48_000)
        assert isinstance(video, VideoStream)
        assert isinstance(audio, AudioStream)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio.layout = "mono"
        for number in range(5 * int(SECONDS)):
            grey = np.full((48, 64, 3), number, np.uint8)
            file.mux(video.encode(av.VideoFrame.from_ndarray(grey, "rgb24")))
            part = np.ascontiguousarray(sound[:, number * 9_600 : (number + 1) * 9_600])
            frame = av.AudioFrame.from_ndarray(part, "fltp", "mono")
            frame.sample_rate = 48_000
            file.mux(audio.encode(frame))
        file.mux(video.encode(None))
        file.mux(audio.encode(None))
    assert heard_as(path, pack) == 2


def test_the_same_as_from_samples(music: Path) -> None:
    heard = listen(music / "0.flac", first=10.0)
    with open_stream(music / "0.flac", first=10.0) as stream:
        samples = np.concatenate(list(stream.blocks))
    assert heard.fingerprint == _engine.fingerprint(samples, stream.rate)
    assert heard.duration_s == 10.0
    assert heard.tags.language == "hi"
    assert heard.decoding_s > 0
    assert heard.fingerprinting_s > 0


def noise(seconds: float, rate: int = 8_000) -> NDArray[np.int16]:
    return np.random.default_rng(0).integers(-9_000, 9_000, int(seconds * rate)).astype(np.int16)


def test_wide_fast_and_wild_files_are_heard(tmp_path: Path) -> None:
    wide = np.random.default_rng(0).uniform(-0.4, 0.4, (192_000, 8)).astype("<f4")
    wide[::1_000] = np.nan
    wide[1::1_000, 3] = np.inf
    (tmp_path / "a.wav").write_bytes(wav(wide, 192_000, channels=8))
    heard = listen(tmp_path / "a.wav")
    assert heard.duration_s == 1.0
    assert len(_engine.read_fingerprint(heard.fingerprint).time_s) > 0


def test_a_header_that_promises_4_gb(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(noise(2.0), 8_000, promised=0xFFFFFFF0))
    assert listen(tmp_path / "a.wav").duration_s == 2.0


def failure(path: Path, limits: Limits | None = None) -> AudioError:
    with pytest.raises(AudioError) as caught:
        listen(path, limits or Limits())
    error = caught.value
    assert error.message.endswith(".")
    assert "\n" not in error.message
    assert error.hint.endswith(".")
    return error


def test_each_bad_file_says_what_is_wrong(tmp_path: Path, encode: Encode) -> None:
    whole = encode(tmp_path / "whole.m4a", np.full((1, 48_000), 0.1, np.float32), 48_000, "aac").read_bytes()
    bad = {
        "empty.mp3": (b"", {"empty"}),
        "text.mp3": (b"what is this? " * 1_000, {"not_audio"}),
        "random.mp3": (np.random.default_rng(1).bytes(100_000), {"not_audio", "corrupt"}),
        "silent.wav": (wav(np.zeros(80_000, np.int16), 8_000), {"silent"}),
        "cut.m4a": (whole[: len(whole) // 2], {"corrupt"}),
        "nothing.wav": (wav(np.zeros(0, np.int16), 8_000), {"not_audio", "corrupt"}),
        "slow.wav": (wav(noise(1, 2_000), 2_000), {"rate"}),
        "page.mp3": (b"<!DOCTYPE html><html><body>404</body></html>" * 20, {"not_audio"}),
    }
    for name, (data, codes) in bad.items():
        (tmp_path / name).write_bytes(data)
        assert failure(tmp_path / name).code in codes, name
    assert "cut off" in failure(tmp_path / "cut.m4a").message


def test_what_is_no_file_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.mp3").mkdir()
    os.mkfifo(tmp_path / "pipe.mp3")
    monkeypatch.setattr("os.open", lambda *_: pytest.fail("it was opened"))
    for name in ("folder.mp3", "pipe.mp3", "/dev/zero"):
        assert failure(tmp_path / name).code == "not_a_file"


def test_what_becomes_a_pipe_meanwhile_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wav").write_bytes(wav(noise(1), 8_000))
    os.mkfifo(tmp_path / "pipe")
    real = os.open
    monkeypatch.setattr("os.open", lambda path, flags: real(tmp_path / "pipe", flags))
    assert failure(tmp_path / "a.wav").code == "not_a_file"


def test_twelve_hours_are_refused_in_little_memory(tmp_path: Path) -> None:
    """A sparse file, of eight bits at 4 kHz."""
    count = 12 * 3600 * 4_000
    head = wav(np.zeros(0, np.uint8), 4_000, promised=count)
    with (tmp_path / "long.wav").open("wb") as file:
        file.write(head)
        file.truncate(len(head) + count)
    limits = Limits(seconds=900.0)
    tracemalloc.start()
    try:
        with pytest.raises(AudioError) as caught, open_stream(tmp_path / "long.wav", limits) as stream:
            for _ in stream.blocks:
                pass
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.code == "too_long"
    assert "15 minutes" in caught.value.message
    assert "shorter" in caught.value.hint
    assert most < 8e6


def test_a_small_file_that_unfolds_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(unfolding_flac(40))
    assert path.stat().st_size < 1_000
    assert listen(path, Limits(seconds=700)).duration_s == pytest.approx(40 * 65_535 / 4_000)
    assert failure(path, Limits(seconds=300)).code == "too_long"


def test_a_decoder_that_takes_too_long(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(noise(2.0), 8_000))
    assert failure(tmp_path / "a.wav", Limits(decoding_seconds=0)).code == "time"


def test_memory_that_runs_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wav").write_bytes(wav(noise(2.0), 8_000))

    def greedy(*_: object, **__: object) -> None:
        raise MemoryError

    # The function `decode` hides the module of its name.
    decoding = sys.modules["sonica.audio.decoder"]
    for where, what in ((av, "open"), (decoding, "_mono"), (_engine, "Fingerprinter")):
        with monkeypatch.context() as patch:
            patch.setattr(where, what, greedy)
            assert failure(tmp_path / "a.wav").code == "memory"


def test_a_disk_that_fails_while_it_is_read() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 1 << 20:
                raise OSError(5, "Input/output error")
            return super().read(size)

    data = wav(noise(200.0), 8_000)
    with pytest.raises(AudioError) as caught, open_stream(Failing(data)) as stream:
        for _ in stream.blocks:
            pass
    assert caught.value.code == "unreadable"


def test_what_the_engine_refuses_is_told(tmp_path: Path) -> None:
    data = bytearray(wav(noise(1.0), 8_000))
    data[24:32] = struct.pack("<II", 500_000, 1_000_000)
    (tmp_path / "a.wav").write_bytes(data)
    assert failure(tmp_path / "a.wav", Limits(highest_rate=1_000_000)).code == "rate"
