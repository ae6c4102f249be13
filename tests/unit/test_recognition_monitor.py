"""Stations whose songs, breaks and bursts are known."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sonica import Recognizer
from sonica.audio import listen
from sonica.audio.compose import Song, compose_song
from sonica.audio.degrade import play_faster
from sonica.catalogue import Catalogue, find_files
from sonica.platform.errors import SonicaError
from sonica.recognition.ear import KEPT_S, Ear
from sonica.recognition.monitor import ASKED_S, CONFIRM_S, HOLD_S, REMEMBERED, STEP_S, Monitor, Told

RATE = 44_100
NOON = 1_795_000_000.0
"""When the stations begin, by the clock."""
Samples = NDArray[np.float32]


@pytest.fixture(scope="module")
def recognizer(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    home = tmp_path_factory.mktemp("home")
    list(Catalogue(home, listen=listen).add(find_files([music])))
    return Recognizer(home)


@pytest.fixture(scope="module")
def stranger() -> Samples:
    return compose_song(77).samples


def noise(seconds: float) -> Samples:
    return (0.05 * np.random.default_rng(0).standard_normal(int(seconds * RATE))).astype(np.float32)


def part(song: Song, begin: float, end: float) -> Samples:
    return song.samples[int(begin * RATE) : int(end * RATE)]


def hear(monitor: Monitor, sound: Samples, at_s: float = NOON, size: int = RATE // 2) -> Iterator[Told]:
    for start in range(0, len(sound), size):
        yield from monitor.push(sound[start : start + size], RATE, at_s + start / RATE)


def played(told: list[Told]) -> list[int]:
    """The songs that were played; each began before, under the same id, and no other did."""
    begun = [one.play.id for one in told if one.kind == "begun"]
    over = [one.play for one in told if one.kind == "played"]
    assert begun == [play.id for play in over]
    assert len(set(begun)) == len(begun)
    return [play.song.id for play in over]


@pytest.mark.parametrize("size", [1_000, RATE // 2, 7 * RATE])
def test_each_play_is_told_once(
    size: int, recognizer: Recognizer, songs: list[Song], stranger: Samples
) -> None:
    """Also of the same song twice, of songs that are sped up and slowed, and of no stranger."""
    parts: list[tuple[int, Samples, float, float]] = [
        (0, noise(15), 0.0, 1.0),
        (2, part(songs[1], 5, 35), 5.0, 1.0),
        (4, play_faster(songs[3].samples[: 35 * RATE], 1.02), 0.0, 1.02),
        (0, stranger[: 30 * RATE], 0.0, 1.0),
        (6, play_faster(part(songs[5], 5, 35), 0.97), 5.0, 0.97),
        (2, part(songs[1], 0, 40), 0.0, 1.0),
        (2, part(songs[1], 0, 40), 0.0, 1.0),
    ]
    truth, at = [], 0.0
    for song, sound, offset, speed in parts:
        if song:
            truth.append((song, at, at + len(sound) / RATE, offset, speed))
        at += len(sound) / RATE
    monitor = Monitor(recognizer)
    told: list[Told] = []
    late: list[float] = []
    whole = np.concatenate([sound for _, sound, _, _ in parts])
    for start in range(0, len(whole), size):
        for one in monitor.push(whole[start : start + size], RATE, NOON + start / RATE):
            told.append(one)
            if one.kind == "begun":
                late.append(min(start + size, len(whole)) / RATE - (one.play.start_s - NOON))
    told += monitor.finish()
    assert played(told) == [song for song, *_ in truth]
    plays = [one.play for one in told if one.kind == "played"]
    for play, (_, begin, end, offset, speed) in zip(plays, truth, strict=True):
        assert play.start_s - NOON == pytest.approx(begin, abs=1.0)
        assert play.end_s - NOON == pytest.approx(end, abs=1.0)
        assert play.offset_s == pytest.approx(offset, abs=1.0)
        assert play.speed == pytest.approx(speed, rel=0.003)
        assert play.confidence > 0.99
    assert max(late) <= ASKED_S + CONFIRM_S + 2 * STEP_S + size / RATE  # of sound, not of the clock


def test_somebody_who_talks_over_it_ends_no_play(recognizer: Recognizer, songs: list[Song]) -> None:
    sound = songs[0].samples.copy()
    rng = np.random.default_rng(2)
    sound[18 * RATE : 28 * RATE] = 0.2 * rng.standard_normal(10 * RATE)
    monitor = Monitor(recognizer)
    told = [*hear(monitor, sound), *monitor.finish()]
    assert played(told) == [1]
    assert told[-1].play.end_s - told[-1].play.start_s > len(sound) / RATE - 3


def test_a_play_that_is_broken_off_is_told_where_it_was_heard_last(
    recognizer: Recognizer, songs: list[Song], stranger: Samples
) -> None:
    monitor = Monitor(recognizer)
    told = list(hear(monitor, np.concatenate([part(songs[0], 0, 25), stranger[: int(HOLD_S + 6) * RATE]])))
    assert played(told) == [1]
    assert told[-1].play.end_s - NOON == pytest.approx(25, abs=1.0)
    assert monitor.playing is None


def test_a_song_that_plays_on_while_nothing_is_heard_is_one_play(
    recognizer: Recognizer, songs: list[Song]
) -> None:
    monitor = Monitor(recognizer)
    told = list(hear(monitor, part(songs[1], 0, 20)))
    told += monitor.idle(NOON + 25)
    told += monitor.idle(NOON + 28)
    monitor.pause()
    told += hear(monitor, part(songs[1], 30, 50), NOON + 30)
    told += monitor.finish()
    assert played(told) == [2]
    assert told[-1].play.start_s - NOON == pytest.approx(0, abs=1.0)
    assert told[-1].play.end_s - NOON == pytest.approx(50, abs=1.0)


@pytest.mark.parametrize("burst", [4, 12, 25])
def test_what_a_server_sends_again_is_not_counted_again(
    burst: int, recognizer: Recognizer, songs: list[Song]
) -> None:
    """Neither the song that plays nor the one before it, whose end may be in the burst."""
    station = np.concatenate([part(songs[2], 0, 30), songs[4].samples, songs[3].samples])
    monitor = Monitor(recognizer)
    told = list(hear(monitor, station[: 46 * RATE]))
    for broke in (46, 62):
        monitor.pause()
        begin = broke - burst
        end = 62 if broke == 46 else len(station) // RATE
        told += hear(monitor, station[begin * RATE : end * RATE], NOON + begin)
    told += monitor.finish()
    assert played(told) == [3, 5, 4]


def test_a_song_that_is_started_again_after_a_break_is_a_new_play(
    recognizer: Recognizer, songs: list[Song], stranger: Samples
) -> None:
    monitor = Monitor(recognizer)
    told = list(hear(monitor, songs[1].samples))
    monitor.pause()
    told += hear(monitor, stranger[: 30 * RATE], NOON + 60)
    told += hear(monitor, part(songs[1], 0, 25), NOON + 90)
    told += monitor.finish()
    assert played(told) == [2, 2]


def test_who_is_ended_and_started_anew_goes_on(recognizer: Recognizer, songs: list[Song]) -> None:
    first = Monitor(recognizer)
    told = list(hear(first, part(songs[1], 0, 20)))
    playing, recent = first.memory
    assert playing is not None
    second = Monitor(recognizer, playing=type(playing).model_validate_json(playing.model_dump_json()))
    told += hear(second, part(songs[1], 28, 50), NOON + 28)
    told += second.finish()
    assert played(told) == [2]
    assert recent == ()
    gone = Monitor(recognizer, playing=playing)
    (over,) = gone.idle(NOON + 3_600)
    assert over.play.id == playing.id
    assert over.play.end_s == playing.end_s


def test_where_there_is_no_song_none_is_told(recognizer: Recognizer, stranger: Samples) -> None:
    monitor = Monitor(recognizer)
    for sound in (np.zeros(30 * RATE, np.float32), noise(30), stranger, np.zeros(0, np.float32)):
        assert list(hear(monitor, sound)) == []
    assert list(monitor.finish()) == []


def test_a_rate_that_changes_and_one_that_nobody_hears(recognizer: Recognizer, songs: list[Song]) -> None:
    monitor = Monitor(recognizer)
    told = list(hear(monitor, part(songs[1], 0, 20)))
    half = songs[1].samples[20 * RATE : 46 * RATE : 2]
    for start in range(0, len(half), RATE // 2):
        told += monitor.push(half[start : start + RATE // 2], RATE // 2, NOON + 20 + 2 * start / RATE)
    told += monitor.finish()
    assert played(told) == [2]
    with pytest.raises(SonicaError):
        list(monitor.push(np.zeros(100, np.float32), 100, NOON))


def test_an_ear_keeps_the_newest_minutes_only(songs: list[Song]) -> None:
    ear = Ear(8_000)
    sound = np.tile(songs[0].samples[::6][: 8_000 * 10], 40)
    for start in range(0, len(sound), 8_000):
        ear.push(sound[start : start + 8_000])
        assert ear.length_s <= 2 * KEPT_S + 1
        assert ear.heard_s < KEPT_S or ear.length_s >= KEPT_S
    assert ear.heard_s == pytest.approx(400)
    assert ear.begin_s > 250
    assert len(ear.excerpt(ear.heard_s - 8)) < len(ear.excerpt(ear.begin_s))


def resident() -> int:
    """Bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


@pytest.mark.heavy
def test_what_it_holds_does_not_grow_with_the_hours(
    recognizer: Recognizer, songs: list[Song], stranger: Samples
) -> None:
    monitor = Monitor(recognizer)
    order = [*(song.samples for song in songs), stranger, noise(20)]
    at, count, sizes = 0.0, 0, []
    for _ in range(36):
        for sound in order:
            count += sum(one.kind == "played" for one in hear(monitor, sound, NOON + at))
            at += len(sound) / RATE
            assert monitor.kept_s <= 2 * KEPT_S + 1
            assert len(monitor.memory[1]) <= REMEMBERED
        sizes.append(resident())
    assert at > 3 * 3_600
    assert count == 36 * len(songs)
    assert sizes[-1] - sizes[5] < 4 << 20
