"""One recording along another as Python sees it, on composed songs: copies, edits, versions, strangers."""

from typing import NamedTuple

import numpy as np
import pytest
from bench.accuracy.degrade import codec
from bench.families.live import live_version
from bench.families.tunes import karaoke, two_tunes
from numpy.typing import NDArray

from sonica import _engine
from sonica.audio.compose import RATE, compose_song
from sonica.audio.degrade import add_noise, play_faster

Samples = NDArray[np.float32]
PROBE_S, START_S = 8.0, 12.0
SAME = 0.85
"""From this share on, who looks for duplicates calls two recordings one."""
COPY_NATS = 70.0
"""What nearly all windows of 5 s say of real songs that became MP3 of 64 kbit/s."""


def heard(samples: Samples) -> bytes:
    return _engine.fingerprint(samples, RATE)


@pytest.fixture(scope="module")
def song() -> Samples:
    """Two composed songs in a row: 80 to 120 s."""
    return np.concatenate([compose_song(9_501).samples, compose_song(9_502).samples])


@pytest.fixture(scope="module")
def print_(song: Samples) -> bytes:
    return heard(song)


def duration(print_: bytes) -> float:
    return _engine.read_fingerprint(print_).duration_s


def along(query: bytes, reference: bytes, start: float = START_S) -> _engine.Followed:
    """`query` along `reference`, from the best hit of its `PROBE_S` seconds from `start` on."""
    builder = _engine.PackBuilder()
    builder.add(1, 1, reference)
    pack = _engine.Pack.from_bytes(builder.build())
    hit = _engine.recognize([pack], _engine.read_fingerprint(query).excerpt(start, PROBE_S)).hits[0]
    return _engine.follow(
        query,
        reference,
        offset_s=hit.offset_s - hit.speed * start,
        speed=hit.speed,
        pitch_semitones=hit.pitch_semitones,
        at_s=start + PROBE_S / 2,
    )


class Copy(NamedTuple):
    """What was made of a song, and the line of the song along it."""

    samples: Samples
    offset_s: float = 0.0
    speed: float = 1.0


def copies(song: Samples) -> dict[str, Copy]:
    mp3 = codec.through(song.astype(np.float64), codec.MP3, 64_000)
    return {
        "itself": Copy(song),
        "MP3 of 64 kbit/s": Copy(mp3.astype(np.float32)),
        "a fifth as loud": Copy(song * np.float32(0.2)),
        "noise at 5 dB": Copy(add_noise(song, 5.0)),
        "ten seconds of silence before": Copy(np.concatenate([np.zeros(10 * RATE, np.float32), song]), 10.0),
        "4 % faster": Copy(play_faster(song, 1.04), speed=1 / 1.04),
        "25 % faster": Copy(play_faster(song, 1.25), speed=1 / 1.25),
    }


def test_a_copy_is_the_same_at_its_place_and_speed(song: Samples, print_: bytes) -> None:
    for what, copy in copies(song).items():
        other = heard(copy.samples)
        there = along(print_, other)
        assert there.share > 0.97, what
        # An MP3's encoder delays by 25 ms at most.
        assert there.offset_s == pytest.approx(copy.offset_s, abs=0.03), what
        assert there.speed == pytest.approx(copy.speed, abs=3e-5), what
        back = _engine.follow(
            other,
            print_,
            offset_s=-there.offset_s / there.speed,
            speed=1 / there.speed,
            pitch_semitones=-there.pitch_semitones,
            at_s=there.offset_s + there.speed * START_S,
        )
        assert back.share > 0.97, what
        assert back.speed * there.speed == pytest.approx(1, abs=3e-5), what


def test_silence_is_neither(song: Samples, print_: bytes) -> None:
    late = heard(np.concatenate([np.zeros(10 * RATE, np.float32), song]))
    line = along(late, print_, START_S + 10)
    assert not line.audible[:2].any()
    assert not line.aligned[:2].any()
    assert line.aligned[line.audible].all()
    assert line.offset_s == pytest.approx(-10, abs=0.01)


def test_after_a_cut_either_side_is_followed_alone(song: Samples, print_: bytes) -> None:
    cut = heard(np.concatenate([song[: 30 * RATE], song[50 * RATE :]]))
    before, after = along(print_, cut), along(print_, cut, 60.0)
    assert before.share == pytest.approx(30 / duration(print_), abs=0.04)
    assert after.share == pytest.approx(1 - 50 / duration(print_), abs=0.04)
    assert before.offset_s == pytest.approx(0, abs=0.01)
    assert after.offset_s == pytest.approx(-20, abs=0.01)
    assert before.speed == pytest.approx(1, abs=3e-5)
    assert after.speed == pytest.approx(1, abs=3e-5)


def test_half_of_a_song_is_half_of_it(song: Samples, print_: bytes) -> None:
    half = heard(song[: len(song) // 2])
    assert along(print_, half).share == pytest.approx(0.5, abs=0.04)
    assert along(half, print_).share == 1


def alike(line: _engine.Followed) -> float:
    """The share of windows of 5 s that are as alike as those of a copy that was only encoded again."""
    return float(np.mean(line.likelihood[line.audible] >= COPY_NATS))


def test_another_song_shares_nothing(print_: bytes) -> None:
    other = heard(np.concatenate([compose_song(9_601).samples, compose_song(9_602).samples]))
    assert along(print_, other).share < 0.05


def test_only_a_copy_is_alike_throughout(song: Samples, print_: bytes) -> None:
    mp3 = codec.through(song.astype(np.float64), codec.MP3, 64_000)
    assert alike(along(print_, heard(mp3.astype(np.float32)))) > 0.95
    for family in (two_tunes, karaoke, live_version):
        # These play the same notes on the same instruments at about the same time: aligned they are, but
        # where a live band's place is missed.
        lines = [_midway(*(heard(r.samples) for r in family(0, seed))) for seed in (21, 22, 23)]
        assert np.mean([line.share for line in lines]) >= 0.3, family
        assert all(alike(line) < SAME for line in lines), family


def _midway(one: bytes, other: bytes) -> _engine.Followed:
    longer, shorter = sorted((one, other), key=duration, reverse=True)
    return along(longer, shorter, duration(longer) / 2 - PROBE_S / 2)


def test_the_guess_may_be_sloppy_and_nonsense_is_refused(print_: bytes) -> None:
    for wrong_s, wrong_speed in ((0.05, 1.004), (-0.05, 0.996)):
        offset = wrong_s + 40.0 * (1 - wrong_speed)
        line = _engine.follow(print_, print_, offset_s=offset, speed=wrong_speed, at_s=40.0)
        assert line.share == 1
        assert line.speed == pytest.approx(1, abs=3e-5)
    for nonsense in (
        {"offset_s": float("nan")},
        {"offset_s": 0.0, "speed": 0.0},
        {"offset_s": 0.0, "at_s": float("inf")},
        {"offset_s": 0.0, "window_s": 0.01},
        {"offset_s": 0.0, "hop_s": -1.0},
    ):
        with pytest.raises(ValueError, match="no line to follow"):
            _engine.follow(print_, print_, **nonsense)
    with pytest.raises(_engine.EngineError):
        _engine.follow(print_, b"no fingerprint", offset_s=0.0)
    assert _engine.follow(print_, print_, offset_s=1e5).share == 0


@pytest.mark.parametrize("seconds", [0.004, 0.3, 0.7, 4.1, 8.0, 1e9])
def test_excerpts_tile(print_: bytes, seconds: float) -> None:
    info = _engine.read_fingerprint(print_)
    assert info.excerpt(0, 1e9) == print_
    count = min(300, int(np.ceil(info.duration_s / seconds)))
    parts = [_engine.read_fingerprint(info.excerpt(i * seconds, seconds)) for i in range(count)]
    reached = sum(part.duration_s for part in parts)
    assert reached == pytest.approx(min(count * seconds, info.duration_s), abs=0.003)
    times = np.concatenate([i * seconds + part.time_s for i, part in enumerate(parts)])
    assert len(times) == np.count_nonzero(info.time_s < reached + 1e-4) or seconds > info.duration_s
    assert np.allclose(times, info.time_s[: len(times)], atol=0.003)


def test_what_is_no_excerpt_is_refused(print_: bytes) -> None:
    info = _engine.read_fingerprint(print_)
    nan, inf = float("nan"), float("inf")
    for start, seconds in ((nan, 1.0), (0.0, nan), (-1.0, 1.0), (0.0, 0.0), (0.0, -1.0)):
        with pytest.raises(ValueError, match="an excerpt begins at 0 or later"):
            info.excerpt(start, seconds)
    for start, seconds in ((1e9, 1.0), (inf, 1.0), (inf, inf)):
        assert _engine.read_fingerprint(info.excerpt(start, seconds)).duration_s == 0
    assert info.excerpt(0.0, inf) == print_
