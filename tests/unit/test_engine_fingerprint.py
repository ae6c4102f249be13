"""Fingerprints as Python sees them: arrays of any layout, whole and in pieces, and what is refused."""

import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage, signal

from sonica import _engine

RATE = 16_000


def music(seed: int, seconds: float = 4) -> NDArray[np.float32]:
    """Tones that come and go over some hiss."""
    generator = np.random.default_rng(seed)
    times = np.arange(int(RATE * seconds)) / RATE
    sound = generator.normal(0, 0.003, len(times))
    for _ in range(int(seconds * 6)):
        start, hertz = generator.uniform(0, seconds), 100 * 2 ** generator.uniform(0, 5)
        envelope = np.where(times >= start, np.exp(-6 * (times - start).clip(0)), 0)
        sound += 0.1 * envelope * np.sin(2 * np.pi * hertz * times)
    return sound.astype(np.float32)


def test_the_strongest_peaks_lie_where_scipys_spectrum_is_strongest() -> None:
    sound = music(1)
    info = _engine.read_fingerprint(_engine.fingerprint(sound, RATE))
    frequencies, times, transform = signal.stft(
        sound, RATE, nperseg=3_072, noverlap=3_072 - 512, nfft=4_096, boundary=None
    )
    level = np.log(np.abs(transform) ** 2 + 1e-12)
    white = level - ndimage.uniform_filter(level, (101, 41), mode="nearest")
    assert (info.rank == 0).sum() > 10
    for time, hertz in zip(info.time_s[info.rank == 0], info.frequency_hz[info.rank == 0], strict=True):
        row, column = np.abs(frequencies - hertz).argmin(), np.abs(times - time).argmin()
        # A step of frequency is up to four rows wide.
        near = white[max(row - 3, 0) : row + 4, max(column - 1, 0) : column + 2].max()
        # One cell less than the engine looks at, since places are rounded to cells here.
        reach = 13 if hertz > 203 else 5
        around = white[max(row - reach, 0) : row + reach + 1, max(column - 3, 0) : column + 4].max()
        # What is largest there is large on the whole, too, and nothing near is larger.
        assert near == around
        # (Ranks are by band, and this sound has no bass.)
        assert near > np.quantile(white, 0.98) or hertz < 203


def steps(info: _engine.FingerprintInfo) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """Times and frequencies in the format's steps."""
    frequency = 144 * np.log2(info.frequency_hz.astype(np.float64) / 58.59375)
    return np.round(info.time_s * 250).astype(np.uint32), np.round(frequency).astype(np.uint16)


def test_peaks_that_were_read_make_the_same_fingerprint_in_any_order() -> None:
    data = _engine.fingerprint(music(5), RATE)
    info = _engine.read_fingerprint(data)
    time, frequency = steps(info)
    order = np.random.default_rng(0).permutation(len(time))
    assert _engine.write_fingerprint(time, frequency, info.rank, 1_000) == data
    assert _engine.write_fingerprint(time[order], frequency[order], info.rank[order], 1_000) == data


def test_peaks_that_no_sound_has_are_refused() -> None:
    def made(
        time: int = 9, frequency: int = 100, rank: int = 0, duration: int = 500, count: int = 1
    ) -> bytes:
        return _engine.write_fingerprint(
            np.full(count, time, np.uint32),
            np.arange(frequency, frequency + count, dtype=np.uint16),
            np.full(count, rank, np.uint8),
            duration,
        )

    assert len(_engine.read_fingerprint(made()).rank) == 1
    for wrong in ({"frequency": 856}, {"rank": 16}, {"time": 900}, {"count": 200}):
        with pytest.raises(_engine.EngineError, match="fingerprint") as caught:
            made(**wrong)
        assert caught.value.code == "format"
    with pytest.raises(_engine.EngineError) as caught:
        made(duration=2**31)
    assert caught.value.code == "length"
    one, two = np.zeros(1, np.uint8), np.zeros(2, np.uint16)
    with pytest.raises(ValueError, match="a peak has"):
        _engine.write_fingerprint(np.zeros(1, np.uint32), two, one, 5)


def test_what_a_fingerprint_says_about_itself() -> None:
    info = _engine.read_fingerprint(_engine.fingerprint(music(2), RATE))
    assert info.version == _engine.FORMAT_VERSION
    assert info.duration_s == pytest.approx(4)
    assert len(info.time_s) == len(info.frequency_hz) == len(info.rank) > 40
    arrays = (info.time_s, info.frequency_hz, info.rank)
    assert [array.dtype.name for array in arrays] == ["float32", "float32", "uint8"]
    assert (np.diff(info.time_s) >= 0).all()
    assert info.frequency_hz.min() > 58
    assert info.frequency_hz.max() < 3_610
    assert info.rank.max() < 16


def test_the_layout_of_an_array_makes_no_difference() -> None:
    sound = music(3)
    expected = _engine.fingerprint(sound, RATE)
    stereo = np.stack([sound, -sound], axis=1)
    assert _engine.fingerprint(stereo[:, 0], RATE) == expected
    assert _engine.fingerprint(sound[::-1].copy()[::-1], RATE) == expected
    frozen = sound.copy()
    frozen.flags.writeable = False
    assert _engine.fingerprint(frozen, RATE) == expected


def test_other_arrays_are_refused() -> None:
    for wrong in (music(3).astype(np.float64), music(3).reshape(2, -1), [0.0, 1.0]):
        with pytest.raises(TypeError):
            _engine.fingerprint(wrong, RATE)  # type: ignore[arg-type]


def test_many_are_as_one_by_one() -> None:
    clips = [(music(seed, 1), RATE) for seed in range(9)]
    alone = [_engine.fingerprint(sound, rate) for sound, rate in clips]
    assert _engine.fingerprint_many(clips) == alone
    assert _engine.fingerprint_many([]) == []
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda clip: _engine.fingerprint(*clip), clips)) == alone
    with pytest.raises(_engine.EngineError):
        _engine.fingerprint_many([*clips, (music(1, 1), 7)])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9_000), max_size=12))
def test_pieces_make_the_same_as_the_whole(cuts: list[int]) -> None:
    sound = music(4, 2)
    listening = _engine.Fingerprinter(RATE)
    for piece in np.split(sound, np.cumsum(cuts).clip(max=len(sound))):
        listening.push(piece)
    whole = _engine.fingerprint(sound, RATE)
    assert listening.snapshot() == whole
    assert listening.finish() == whole


def test_a_fingerprinter_is_spent_once_it_has_finished() -> None:
    listening = _engine.Fingerprinter(RATE)
    listening.finish()
    for use in (listening.finish, listening.snapshot, listening.frame, lambda: listening.push(music(1, 1))):
        with pytest.raises(RuntimeError, match="make a new one"):
            use()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9_000), st.booleans()), min_size=1, max_size=12))
def test_frames_add_up_to_the_snapshot(cuts: list[tuple[int, bool]]) -> None:
    sound = music(6, 2)
    listening, received = _engine.Fingerprinter(RATE), _engine.FrameAssembler()
    assert received.fingerprint() == _engine.fingerprint(sound[:0], RATE)
    ends = np.cumsum([length for length, _ in cuts]).clip(max=len(sound))
    for piece, (_, key) in zip(np.split(sound, ends), cuts, strict=False):
        listening.push(piece)
        received.push(listening.frame(key=key))
        assert received.fingerprint() == listening.snapshot()
        assert not received.ended
    received.push(listening.frame(last=True))
    assert received.ended
    assert received.duration_s == _engine.read_fingerprint(listening.snapshot()).duration_s


def test_a_frame_that_is_not_the_next_one_is_told_and_a_key_frame_mends_it() -> None:
    listening, received = _engine.Fingerprinter(RATE), _engine.FrameAssembler()
    first, second, third = (listening.frame() for _ in range(3))
    received.push(first)
    listening.push(music(7, 1))
    for frame, code in (
        (third, "sequence"),
        (first, "sequence"),
        (_engine.Fingerprinter(RATE).frame(), "sequence"),
        (second[:-1] + b"\0", "checksum"),
        (second[:3], "format"),
        (b"SNL\x02" + second[4:], "version"),
        (listening.snapshot(), "format"),
    ):
        with pytest.raises(_engine.EngineError) as refused:
            received.push(frame)
        assert refused.value.code == code
    received.push(listening.frame(key=True))
    assert received.fingerprint() == listening.snapshot()


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(_engine.EngineError):
        _engine.read_fingerprint(data)
    with pytest.raises(_engine.EngineError):
        _engine.FrameAssembler().push(data)


def test_damage_is_told_from_another_version() -> None:
    good = _engine.fingerprint(music(5, 2), RATE)
    damaged = bytearray(good)
    damaged[len(good) // 2] ^= 1
    newer = b"SNF\x02" + good[4:-4]
    newer += zlib.crc32(newer).to_bytes(4, "little")
    for data, code in ((damaged, "checksum"), (newer, "version"), (good[:-1], "checksum"), (b"", "format")):
        with pytest.raises(_engine.EngineError) as refused:
            _engine.read_fingerprint(bytes(data))
        assert refused.value.code == code
        assert refused.value.args == (code, refused.value.message)
        assert str(refused.value) == refused.value.message
