"""Long recordings whose songs, borders and speeds are known."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sonica import Recognizer, _engine
from sonica.audio import listen
from sonica.audio.compose import Song, compose_song
from sonica.audio.degrade import play_faster
from sonica.catalogue import Catalogue, find_files
from sonica.platform.errors import SonicaError
from sonica.recognition import Segment, scan, timeline

RATE = 44_100
Samples = NDArray[np.float32]


@pytest.fixture(scope="module")
def recognizer(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    home = tmp_path_factory.mktemp("home")
    list(Catalogue(home, listen=listen).add(find_files([music])))
    return Recognizer(home)


@pytest.fixture(scope="module")
def mix(songs: list[Song]) -> tuple[Samples, list[tuple[int, float, float, float]]]:
    """Noise, four songs and a stranger; and of each song its id, where it begins and ends, its speed."""
    rng = np.random.default_rng(0)
    parts: list[tuple[int, Samples, float]] = [
        (0, (0.05 * rng.standard_normal(15 * RATE)).astype(np.float32), 1.0),
        (2, songs[1].samples[5 * RATE : 35 * RATE], 1.0),
        (4, play_faster(songs[3].samples[: 35 * RATE], 1.08), 1.08),
        (0, compose_song(77).samples[: 30 * RATE], 1.0),
        (6, play_faster(songs[5].samples[5 * RATE : 35 * RATE], 0.85), 0.85),
        (2, songs[1].samples[10 * RATE : 22 * RATE], 1.0),
    ]
    truth, at = [], 0.0
    for song, part, speed in parts:
        if song:
            truth.append((song, at, at + len(part) / RATE, speed))
        at += len(part) / RATE
    sound = np.concatenate([part for _, part, _ in parts])
    return (sound + 0.01 * rng.standard_normal(len(sound))).astype(np.float32), truth


def blocks(sound: Samples) -> Iterator[Samples]:
    """In pieces of any length."""
    rng = np.random.default_rng(1)
    at = 0
    while at < len(sound):
        size = int(rng.integers(1, RATE))
        yield sound[at : at + size]
        at += size


def found(recognizer: Recognizer, sound: Samples) -> list[Segment]:
    return list(scan(recognizer, blocks(sound), RATE))


@pytest.mark.parametrize("piece_s", [1_800.0, 47.0])
def test_each_song_is_told_once(
    piece_s: float,
    recognizer: Recognizer,
    mix: tuple[Samples, list[tuple[int, float, float, float]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where a border between pieces lies in it."""
    monkeypatch.setattr("sonica.recognition.timeline.PIECE_S", piece_s)
    sound, truth = mix
    told = found(recognizer, sound)
    assert [one.song.id for one in told] == [song for song, *_ in truth]
    for one, (_, begin, end, speed) in zip(told, truth, strict=True):
        assert one.start_s == pytest.approx(begin, abs=1.5)
        assert one.end_s == pytest.approx(end, abs=2.0)
        assert one.speed == pytest.approx(speed, rel=0.002)
        assert one.confidence > 0.99
    assert told[0].offset_s - told[0].start_s == pytest.approx(5 - 15, abs=0.1)


def faded(*parts: Samples, seconds: float) -> Samples:
    """Each into the next one, both as loud as ever together."""
    count = int(seconds * RATE)
    rise = np.sin(np.linspace(0, np.pi / 2, count)).astype(np.float32)
    mix = np.zeros(0, np.float32)
    for part in parts:
        sound = part / np.float32(10 * np.sqrt(np.mean(part**2)))
        if len(mix):
            sound[:count] *= rise
            mix[-count:] *= rise[::-1]
            mix[-count:] += sound[:count]
            mix = np.concatenate([mix, sound[count:]])
        else:
            mix = sound
    return mix


def test_songs_that_fade_into_each_other_are_both_told(recognizer: Recognizer, songs: list[Song]) -> None:
    """Each at its own speed. The one in the middle plays alone for six seconds only, of 22."""
    parts = [
        songs[0].samples[: 30 * RATE],
        play_faster(songs[2].samples[3 * RATE : 25 * RATE], 1.07),
        play_faster(songs[4].samples[4 * RATE : 34 * RATE], 0.94),
    ]
    lengths = [len(part) / RATE for part in parts]
    told = found(recognizer, faded(*parts, seconds=7.0))
    assert [one.song.id for one in told] == [1, 3, 5]
    starts = [0.0, lengths[0] - 7, lengths[0] + lengths[1] - 14]
    heard = 7 * 2 / np.pi * np.arctan(np.sqrt(0.1))  # until it has a tenth of the other's power
    for i, (one, start, length) in enumerate(zip(told, starts, lengths, strict=True)):
        assert one.start_s == pytest.approx(start + (heard if i else 0), abs=1.5)
        assert one.end_s == pytest.approx(start + length - (heard if i < 2 else 0), abs=2.5)
    assert [one.speed for one in told] == pytest.approx([1, 1.07, 0.94], rel=0.002)
    assert told[0].end_s > told[1].start_s + 1
    assert told[1].end_s > told[2].start_s + 1


def test_of_songs_that_share_all_only_one_is_told() -> None:
    """The likelier one; songs that overlap at their ends alone are all told."""

    def place(start_s: float, end_s: float, nats: float) -> timeline.Found:
        return timeline.Found(1, start_s, end_s, 0.0, 1.0, 1.0, nats)

    kept = [place(0, 60, 100)]
    assert not timeline._is_another(place(5, 55, 50), kept)
    assert not timeline._is_another(place(31, 89, 50), [place(0, 62, 100)])
    assert timeline._is_another(place(50, 80, 50), kept)
    assert timeline._is_another(place(50, 75, 50), [*kept, place(66, 120, 90)])
    assert not timeline._is_another(place(50, 70, 50), [*kept, place(62, 120, 90)])  # hardly alone


spans = st.tuples(st.floats(0, 100), st.floats(0, 100))


@given(st.lists(spans, max_size=8), st.lists(st.floats(0, 220), max_size=4))
def test_songs_are_told_in_order_wherever_the_borders_are(
    spans: list[tuple[float, float]], borders: list[float]
) -> None:
    waiting = [timeline.Found(1, start, start + length, 0.0, 1.0, 1.0, 1.0) for start, length in spans]
    told: list[timeline.Found] = []
    for border in sorted(borders):
        done, waiting = timeline._over(waiting, border)
        assert all(one.end_s < border for one in done)
        told += sorted(done, key=lambda one: one.start_s)
    told += sorted(waiting, key=lambda one: one.start_s)
    assert [one.start_s for one in told] == sorted(start for start, _ in spans)


def test_somebody_who_talks_over_it_ends_no_song(recognizer: Recognizer, songs: list[Song]) -> None:
    sound = songs[0].samples.copy()
    rng = np.random.default_rng(2)
    sound[15 * RATE : 20 * RATE] = 0.2 * rng.standard_normal(5 * RATE)
    (one,) = found(recognizer, sound)
    assert one.end_s - one.start_s > len(sound) / RATE - 6


@pytest.mark.parametrize("seconds", [0.0, 0.5, 20.0])
def test_where_there_is_no_song_none_is_told(seconds: float, recognizer: Recognizer) -> None:
    count = int(seconds * RATE)
    assert found(recognizer, np.zeros(count, np.float32)) == []
    assert found(recognizer, np.random.default_rng(3).standard_normal(count).astype(np.float32)) == []
    assert found(recognizer, compose_song(78).samples[:count]) == []


def test_how_far_it_is(recognizer: Recognizer, songs: list[Song], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sonica.recognition.timeline.PIECE_S", 30.0)
    heard: list[float] = []
    sound = np.concatenate([songs[0].samples, songs[1].samples])[: 50 * RATE]
    list(scan(recognizer, [sound], RATE, heard.append))
    assert heard == sorted(heard)
    assert all(any(one == pytest.approx(end, abs=0.05) for one in heard) for end in (30, 40, 50))
    assert heard[0] < 5
    assert heard[-1] == pytest.approx(50, abs=0.05)


def test_a_rate_that_nobody_hears(recognizer: Recognizer) -> None:
    with pytest.raises(SonicaError):
        list(scan(recognizer, [np.zeros(100, np.float32)], 100))


def test_a_stream_ends_when_it_is_known(recognizer: Recognizer, songs: list[Song]) -> None:
    answers = list(recognizer.stream(blocks(songs[4].samples[20 * RATE :]), RATE, name="microphone"))
    assert [answer.status for answer in answers[:-1]] == [
        status for status in (answer.status for answer in answers[:-1]) if status != "match"
    ]
    assert (answers[-1].status, answers[-1].file) == ("match", "microphone")
    assert answers[-1].song is not None
    assert answers[-1].song.id == 5
    assert answers[-1].offset_s == pytest.approx(20, abs=0.2)
    stranger = list(recognizer.stream(blocks(compose_song(79).samples), RATE))
    assert [answer.status for answer in stranger].count("match") == 0
    assert len(stranger) == 7  # looks
    short = list(recognizer.stream(blocks(songs[4].samples[20 * RATE : 22 * RATE]), RATE))
    assert 1 <= len(short) <= 2
    assert list(recognizer.stream([], RATE)) == []


def test_an_answer_to_a_fingerprint(recognizer: Recognizer, songs: list[Song]) -> None:
    print_ = _engine.fingerprint(songs[3].samples[: 10 * RATE], RATE)
    answer = recognizer.fingerprint(print_, name="from a client")
    assert (answer.status, answer.file) == ("match", "from a client")
    spoiled = recognizer.fingerprint(print_[:-1])
    assert spoiled.error is not None
    assert spoiled.error.code in {"format", "checksum"}
