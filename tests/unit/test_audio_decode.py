"""Every format in, mono samples out; and every way in which a file can be bad."""

import io
import os
import struct
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.conftest import Encode

from sonica.audio import AudioError, Limits, decode, open_stream, write_audio
from sonica.audio.errors import HINTS, AudioErrorCode


def tone(rate: int, seconds: float = 2.0, hertz: float = 440.0) -> NDArray[np.float32]:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


def pitch(samples: NDArray[np.float32], rate: int) -> float:
    """The strongest frequency (Hz)."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def float_wav(samples: NDArray[np.float32], rate: int, channels: int = 1) -> bytes:
    """A WAV file with 32-bit floats, byte by byte, so that it may hold what no encoder would write."""
    data = samples.astype("<f4").tobytes()
    head = struct.pack("<HHIIHH", 3, channels, rate, rate * 4 * channels, 4 * channels, 32)
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


FORMATS = [
    # suffix, codec, sample format, container, rate
    ("mp3", "libmp3lame", "fltp", None, 44_100),
    ("m4a", "aac", "fltp", "ipod", 44_100),
    ("aac", "aac", "fltp", "adts", 48_000),
    ("mp4", "aac", "fltp", "mp4", 32_000),
    ("opus", "libopus", "flt", "ogg", 48_000),
    ("webm", "libopus", "flt", "webm", 48_000),
    ("flac", "flac", "s16", None, 96_000),
    ("flac", "flac", "s32", None, 44_100),
    ("m4a", "alac", "s16p", "ipod", 44_100),
    ("3gp", "libopencore_amrnb", "s16", "3gp", 8_000),
    ("amr", "libopencore_amrnb", "s16", "amr", 8_000),
    ("wav", "pcm_u8", "u8", None, 11_025),
    ("wav", "pcm_s16le", "s16", None, 8_000),
    ("wav", "pcm_s24le", "s32", None, 48_000),
    ("wav", "pcm_s64le", "s64", None, 44_100),
    ("wav", "pcm_f32le", "flt", None, 192_000),
    ("wav", "pcm_f64le", "dbl", None, 22_050),
    ("mkv", "pcm_s16le", "s16", "matroska", 16_000),
]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: f"{form[0]}-{form[1]}")
def test_every_format_keeps_rate_pitch_length_and_loudness(
    form: tuple[str, str, str, str | None, int], tmp_path: Path, encode: Encode
) -> None:
    suffix, codec, sample_format, container, rate = form
    path = tmp_path / f"a.{suffix}"
    encode(path, tone(rate)[None], rate, codec, sample_format=sample_format, container=container)
    audio = decode(path)
    assert audio.rate == rate
    assert audio.samples.dtype == np.float32
    assert audio.samples.ndim == 1
    assert audio.duration == pytest.approx(2.0, abs=0.13)  # encoders pad the ends
    assert pitch(audio.samples, rate) == pytest.approx(440, abs=2)
    assert np.sqrt(np.mean(audio.samples**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.2)  # AMR is for speech


def test_ogg_vorbis(tmp_path: Path, encode: Encode) -> None:
    stereo = np.stack([tone(44_100)] * 2)  # FFmpeg's own encoder knows stereo only
    audio = decode(encode(tmp_path / "a.ogg", stereo, 44_100, "vorbis", layout="stereo"))
    assert pitch(audio.samples, audio.rate) == pytest.approx(440, abs=2)


@pytest.mark.parametrize(("layout", "channels"), [("stereo", 2), ("5.1", 6), ("7.1", 8)])
def test_channels_are_averaged_and_never_summed(
    layout: str, channels: int, tmp_path: Path, encode: Encode
) -> None:
    parts = np.zeros((channels, 48_000), np.float32)
    parts[0], parts[-1] = 0.8, 0.4
    path = encode(tmp_path / "a.wav", parts, 48_000, "pcm_s16le", sample_format="s16", layout=layout)
    np.testing.assert_allclose(decode(path).samples, 1.2 / channels, atol=1e-3)
    loud = np.full((channels, 4_800), 0.99, np.float32)
    path = encode(tmp_path / "b.wav", loud, 48_000, "pcm_s16le", sample_format="s16", layout=layout)
    np.testing.assert_allclose(decode(path).samples, 0.99, atol=1e-3)


def test_eight_planar_channels(tmp_path: Path, encode: Encode) -> None:
    parts = np.stack([tone(48_000)] * 8)
    for name, codec, form in (("a.m4a", "aac", "fltp"), ("a.flac", "flac", "s16")):
        path = encode(tmp_path / name, parts, 48_000, codec, sample_format=form, layout="7.1")
        assert pitch(decode(path).samples, 48_000) == pytest.approx(440, abs=2)


def test_streaming_gives_the_same_samples(tmp_path: Path, encode: Encode) -> None:
    path = encode(tmp_path / "a.mp3", tone(44_100, 5.0)[None], 44_100, "libmp3lame")
    with open_stream(path) as stream:
        blocks = list(stream.blocks)
    assert len(blocks) > 3
    np.testing.assert_array_equal(np.concatenate(blocks), decode(path).samples)


def test_only_the_first_seconds_when_asked(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", tone(8_000, 10.0), 8_000)
    assert decode(tmp_path / "a.wav", first=2.5).duration == 2.5
    assert decode(tmp_path / "a.wav", first=60).duration == 10.0


def test_a_file_object_is_as_good_as_a_path(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.flac", tone(8_000), 8_000)
    held = io.BytesIO((tmp_path / "a.flac").read_bytes())
    np.testing.assert_array_equal(decode(held).samples, decode(tmp_path / "a.flac").samples)


@pytest.mark.parametrize(
    "name", ["सावन की धूप.flac", "a:b.flac", "http:a.flac", "-.flac", "50%d.flac", "new\nline.flac"]
)
def test_names_are_only_names(name: str, tmp_path: Path) -> None:
    write_audio(tmp_path / name, tone(8_000), 8_000)
    assert decode(tmp_path / name).duration == 2.0


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.flac", tone(8_000), 8_000)
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.flac"))
    (tmp_path / "a.flac").rename(path)
    assert decode(path).duration == 2.0


def test_the_name_of_a_format_does_not_matter(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.flac", tone(8_000), 8_000)
    (tmp_path / "a.flac").rename(tmp_path / "a.mp3")
    assert decode(tmp_path / "a.mp3").duration == 2.0


def test_samples_are_finite_and_in_range() -> None:
    wild = tone(8_000)
    wild[100], wild[200], wild[300], wild[400] = np.nan, np.inf, -np.inf, 1e30
    heard = decode(io.BytesIO(float_wav(wild, 8_000))).samples
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1
    assert heard[100] == 0
    np.testing.assert_array_equal(heard[500:], wild[500:])


def failure(source: Path | io.BytesIO, limits: Limits | None = None) -> str:
    with pytest.raises(AudioError) as caught:
        decode(source, limits or Limits())
    assert caught.value.message.endswith(".")
    assert caught.value.hint
    return caught.value.code


def test_what_is_no_file(tmp_path: Path) -> None:
    assert failure(tmp_path / "missing.mp3") == "not_found"
    assert failure(tmp_path / "\0.mp3") == "unreadable"
    assert failure(tmp_path) == "not_a_file"
    assert failure(Path("/dev/null")) == "not_a_file"
    os.mkfifo(tmp_path / "pipe.wav")
    assert failure(tmp_path / "pipe.wav") == "not_a_file"


def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")

    def refuse(*_: object) -> None:  # root may read everything, so the refusal is made here
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    assert failure(path) == "unreadable"


def test_what_holds_no_sound(tmp_path: Path, encode: Encode) -> None:
    assert failure(io.BytesIO()) == "empty"
    assert failure(io.BytesIO(b"what is this? " * 1000)) == "not_audio"
    assert failure(io.BytesIO(np.random.default_rng(0).bytes(100_000))) in {"not_audio", "corrupt"}
    assert failure(io.BytesIO(float_wav(np.zeros(0, np.float32), 8_000))) in {"not_audio", "corrupt"}
    assert failure(io.BytesIO(float_wav(np.zeros(80_000, np.float32), 8_000))) == "silent"
    assert failure(io.BytesIO(float_wav(np.full(80_000, np.nan, np.float32), 8_000))) == "silent"


def test_a_playlist_cannot_name_other_files(tmp_path: Path) -> None:
    write_audio(tmp_path / "secret.wav", tone(8_000), 8_000)
    target = tmp_path / "secret.wav"
    for text in (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile {target}\n",
    ):
        (tmp_path / "list.mp3").write_text(text)
        assert failure(tmp_path / "list.mp3") == "not_audio"


def test_each_limit_has_its_own_error(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", tone(8_000, 3.0), 8_000)
    assert failure(tmp_path / "a.wav", Limits(bytes=1000)) == "too_large"
    assert failure(tmp_path / "a.wav", Limits(seconds=2)) == "too_long"
    assert failure(tmp_path / "a.wav", Limits(lowest_rate=16_000)) == "rate"
    assert failure(tmp_path / "a.wav", Limits(channels=0)) == "channels"
    assert decode(tmp_path / "a.wav", Limits(seconds=3)).duration == 3.0


def test_every_code_has_a_hint() -> None:
    assert set(HINTS) == set(get_args(AudioErrorCode))
    assert all(hint.endswith(".") for hint in HINTS.values())


@pytest.mark.parametrize(("suffix", "codec"), [("mp3", "libmp3lame"), ("flac", "flac"), ("m4a", "aac")])
def test_a_file_cut_short_gives_what_came_before_or_a_clear_error(
    suffix: str, codec: str, tmp_path: Path, encode: Encode
) -> None:
    form = "s16" if codec == "flac" else "fltp"
    whole = encode(tmp_path / f"a.{suffix}", tone(44_100, 4.0)[None], 44_100, codec, sample_format=form)
    data = whole.read_bytes()
    for share in (0.02, 0.3, 0.7):
        try:
            part = decode(io.BytesIO(data[: int(len(data) * share)]))
        except AudioError as error:
            assert error.code in {"not_audio", "corrupt", "no_audio"}  # noqa: PT017
        else:
            assert 0 < part.duration < 4


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_anywhere_never_raises_anything_else(data: st.DataObject, flac_and_mp3: list[bytes]) -> None:
    file = bytearray(data.draw(st.sampled_from(flac_and_mp3)))
    for _ in range(data.draw(st.integers(1, 30))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    try:
        audio = decode(io.BytesIO(bytes(file)), Limits(seconds=60))
    except AudioError:
        return
    assert np.isfinite(audio.samples).all()


@pytest.fixture(scope="module")
def flac_and_mp3(tmp_path_factory: pytest.TempPathFactory, encode: Encode) -> list[bytes]:
    folder = tmp_path_factory.mktemp("damage")
    sound = tone(16_000, 1.0)[None]
    return [
        encode(folder / "a.flac", sound, 16_000, "flac", sample_format="s16").read_bytes(),
        encode(folder / "a.mp3", sound, 16_000, "libmp3lame").read_bytes(),
        encode(folder / "a.m4a", sound, 16_000, "aac").read_bytes(),
        encode(folder / "a.opus", sound, 16_000, "libopus", sample_format="flt").read_bytes(),
    ]
