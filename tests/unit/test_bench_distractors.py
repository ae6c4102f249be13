"""Songs made of pieces of songs: as music is, and none of them another."""

import numpy as np
import pytest
from bench.distractors import BASE_HZ, DROPPED, OCTAVE, Distractors

from sonica import _engine
from sonica.audio.compose import compose_song

RATE = 16_000


@pytest.fixture(scope="module")
def prints() -> list[bytes]:
    return [_engine.fingerprint(song.samples, song.rate) for song in map(compose_song, range(3))]


def rate(print_: bytes) -> float:
    info = _engine.read_fingerprint(print_)
    return len(info.time_s) / info.duration_s


def test_the_same_number_is_the_same_song(prints: list[bytes]) -> None:
    made = Distractors(prints, seed=1)
    assert made.make(5, 60) == Distractors(prints, seed=1).make(5, 60)
    assert len({made.make(5, 60), made.make(6, 60), Distractors(prints, seed=2).make(5, 60)}) == 3


def test_a_distractor_is_as_long_as_wanted_and_as_dense_as_music(prints: list[bytes]) -> None:
    song = np.mean([rate(print_) for print_ in prints])
    made = b""
    for number, seconds in enumerate((4, 10, 61.5, 200)):
        made = Distractors(prints).make(number, seconds)
        info = _engine.read_fingerprint(made)
        assert info.duration_s == pytest.approx(seconds, abs=0.004)
        assert info.time_s.max() <= seconds
    # Of the last, which is long enough to tell: what was left out, and what was moved out of the band.
    assert (1 - DROPPED - 0.15) * song < rate(made) < (1 - DROPPED / 2) * song


def test_each_distractor_is_itself_and_no_other_song_is_one(prints: list[bytes]) -> None:
    made = [Distractors(prints).make(number, 40) for number in range(12)]
    builder = _engine.PackBuilder()
    for number, print_ in enumerate(made):
        builder.add(number, number, print_)
    pack = _engine.Pack.from_bytes(builder.build())
    for number, print_ in enumerate(made):
        query = _engine.read_fingerprint(print_).excerpt(12, 8)
        assert _engine.recognize([pack], query).hits[0].recording_id == number
    other = compose_song(7)
    query = _engine.read_fingerprint(_engine.fingerprint(other.samples, other.rate)).excerpt(12, 8)
    assert _engine.recognize([pack], query).status != "match"


def test_a_distractor_is_in_tune_as_the_song_is() -> None:
    rng, count = np.random.default_rng(2), 1_200
    semitone = OCTAVE // 12
    pitch = 5 + semitone * rng.integers(10, 60, count)
    time = np.sort(rng.integers(0, 15_000, count))
    song = _engine.write_fingerprint(
        time.astype(np.uint32), pitch.astype(np.uint16), rng.integers(0, 8, count).astype(np.uint8), 15_000
    )
    made = _engine.read_fingerprint(Distractors([song]).make(0, 60))
    steps = np.rint(OCTAVE * np.log2(made.frequency_hz.astype(np.float64) / BASE_HZ)).astype(int)
    assert set(steps % semitone) == {5}
    assert len(set(steps // semitone)) > 50


def test_songs_that_are_too_short_are_refused() -> None:
    with pytest.raises(ValueError, match="longer than"):
        Distractors([_engine.fingerprint(np.ones(RATE, np.float32), RATE)])
