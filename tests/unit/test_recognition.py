"""From samples and files to answers, and the answer as JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonica import _engine
from sonica.audio import decode, write_audio
from sonica.audio.compose import Song, compose_song
from sonica.audio.degrade import add_noise, excerpt, play_faster
from sonica.platform.failures import Failure
from sonica.recognition import QUERY_SECONDS, Answer, Candidate, Recognizer, SongRef, Timings

KEYS = [
    *("file", "status", "ambiguous", "song", "offset_s", "speed", "pitch_semitones", "confidence"),
    *("alternatives", "timings_ms", "error"),
]


def song_ref(id_: int) -> SongRef:
    return SongRef(id=id_ // 10, recording_id=id_, title=f"गीत {id_}", artist="", language="hi", path="a.mp3")


def describe(ids: Iterable[int]) -> dict[int, SongRef]:
    return {id_: song_ref(id_) for id_ in ids}


@pytest.fixture(scope="module")
def pack(songs: list[Song]) -> _engine.Pack:
    builder = _engine.PackBuilder()
    for number, song in enumerate(songs, 1):
        builder.add(10 * number, number, _engine.fingerprint(song.samples, song.rate))
    return _engine.Pack.from_bytes(builder.build())


@pytest.fixture(scope="module")
def recognizer(pack: _engine.Pack) -> Recognizer:
    return Recognizer(lambda: ([pack], ()), describe)


@pytest.mark.parametrize("speed", [1.0, 0.85, 1.1])
def test_a_noisy_excerpt_is_named_with_place_and_speed(
    speed: float, songs: list[Song], recognizer: Recognizer
) -> None:
    for number, song in enumerate(songs, 1):
        clip = add_noise(play_faster(excerpt(song.samples, song.rate, 12.0, 10.0), speed), 10.0)
        answer = recognizer.samples(clip, song.rate, name="clip")
        assert answer.status == "match"
        assert answer.file == "clip"
        assert answer.song == song_ref(10 * number)
        assert answer.offset_s == pytest.approx(12.0, abs=0.1)
        assert answer.speed == pytest.approx(speed, abs=0.01)
        assert answer.pitch_semitones == pytest.approx(12 * np.log2(speed), abs=0.1)
        assert answer.confidence > 0.9
        assert answer.timings_ms.search > 0


def test_a_strange_song_is_not_named(recognizer: Recognizer) -> None:
    for seed in (100, 101, 102):
        song = compose_song(seed)
        answer = recognizer.samples(excerpt(song.samples, song.rate, 12.0, 10.0), song.rate)
        assert answer.status in {"none", "unsure"}
        assert answer.song is None
        assert answer.offset_s is None


@dataclass
class FakeHit:
    """A hit as the engine gives it."""

    recording_id: int
    confidence: float
    offset_s: float = 1.0
    speed: float = 1.0
    pitch_semitones: float = 0.0


@dataclass
class FakeEngine:
    """The engine's answer, whatever it heard."""

    status: str
    hits: list[FakeHit]
    ambiguous: bool = False
    shared: int = 0


def told(found: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Our answer when the engine says `found`."""
    monkeypatch.setattr("sonica._engine.recognize", lambda *_, **__: found)
    return Recognizer(lambda: ([], ()), describe).samples(np.zeros(8_000, np.float32), 8_000)


def ids(answer: Answer) -> list[int]:
    return [one.song.recording_id for one in answer.alternatives]


def test_songs_that_share_the_sound_are_the_alternatives(monkeypatch: pytest.MonkeyPatch) -> None:
    hits = [FakeHit(10, 0.99), FakeHit(20, 0.98), FakeHit(30, 0.3), FakeHit(40, 0.2)]
    answer = told(FakeEngine("match", hits, ambiguous=True, shared=2), monkeypatch)
    assert (answer.status, answer.ambiguous, answer.song) == ("match", True, song_ref(10))
    assert ids(answer) == [20]


def test_a_match_shows_only_alternatives_worth_showing(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = told(FakeEngine("match", [FakeHit(10, 1.2), FakeHit(20, 0.06), FakeHit(30, 0.04)]), monkeypatch)
    assert ids(answer) == [20]
    assert answer.confidence == 1.0  # whatever the engine says, a probability


def test_unsure_names_no_song_but_what_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = told(FakeEngine("unsure", [FakeHit(10, 0.04), FakeHit(20, 0.01)]), monkeypatch)
    assert (answer.status, answer.song, answer.offset_s) == ("unsure", None, None)
    assert ids(answer) == [10]  # the best always


def test_none_names_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = told(FakeEngine("none", [FakeHit(10, 0.3)]), monkeypatch)
    assert (answer.status, answer.song, answer.alternatives) == ("none", None, ())
    assert answer.confidence == 0.3


def test_no_packs_and_unknown_ids_are_answered_with_none(songs: list[Song], pack: _engine.Pack) -> None:
    clip = excerpt(songs[0].samples, songs[0].rate, 10, 5)
    assert Recognizer(lambda: ([], ()), describe).samples(clip, songs[0].rate).status == "none"
    assert Recognizer(lambda: ([pack], ()), lambda _: {}).samples(clip, songs[0].rate).status == "none"


def test_files_that_cannot_be_read_are_answers_too(tmp_path: Path, recognizer: Recognizer) -> None:
    answer = recognizer.file(tmp_path / "none.mp3")
    assert (answer.status, answer.error and answer.error.code) == ("error", "not_found")
    write_audio(tmp_path / "silent.wav", np.zeros(80_000, np.float32), 8_000)
    answer = recognizer.file(tmp_path / "silent.wav")
    assert (answer.status, answer.error) == ("none", None)


@pytest.mark.parametrize("count", [1, 10, 800, 8_000])
def test_clips_too_short_to_tell(count: int, tmp_path: Path, recognizer: Recognizer) -> None:
    samples = np.random.default_rng(0).uniform(-0.3, 0.3, count).astype(np.float32)
    write_audio(tmp_path / "short.wav", samples, 8_000)
    assert decode(tmp_path / "short.wav").samples.shape == (count,)
    assert recognizer.file(tmp_path / "short.wav").status == "none"


def test_a_long_file_is_judged_by_its_beginning(
    tmp_path: Path, songs: list[Song], recognizer: Recognizer
) -> None:
    rate = songs[0].rate
    long = np.concatenate([songs[1].samples[: int(QUERY_SECONDS) * rate], songs[2].samples, songs[3].samples])
    write_audio(tmp_path / "long.flac", long, rate)
    answer = recognizer.file(tmp_path / "long.flac")
    assert answer.song == song_ref(20)


def test_the_json_object_field_for_field(songs: list[Song], recognizer: Recognizer) -> None:
    clip = excerpt(songs[0].samples, songs[0].rate, 10, 5)
    record = json.loads(recognizer.samples(clip, songs[0].rate).model_dump_json())
    assert list(record) == KEYS
    assert list(record["song"]) == ["id", "recording_id", "title", "artist", "language", "path"]
    assert list(record["timings_ms"]) == ["decode", "fingerprint", "search"]
    failed = json.loads(recognizer.file("/none").model_dump_json())
    assert list(failed) == KEYS
    assert list(failed["error"]) == ["code", "message"]
    assert failed["song"] is None


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
number = st.floats(-1e4, 1e4)
song = st.builds(
    SongRef, id=st.integers(), recording_id=st.integers(), title=text, artist=text, language=text, path=text
)
candidate = st.builds(
    Candidate, song=song, offset_s=number, speed=number, pitch_semitones=number, confidence=st.floats(0, 1)
)
timings = st.builds(Timings, decode=number, fingerprint=number, search=number)
answers = st.builds(
    Answer,
    file=text,
    status=st.sampled_from(["match", "unsure", "none", "error"]),
    song=song | st.none(),
    offset_s=number | st.none(),
    speed=number | st.none(),
    pitch_semitones=number | st.none(),
    confidence=st.floats(0, 1),
    alternatives=st.lists(candidate, max_size=3).map(tuple),
    timings_ms=timings,
    error=st.none() | st.builds(Failure, code=text, message=text, hint=text),
)


@given(answer=answers)
def test_an_answer_survives_json(answer: Answer) -> None:
    line = answer.model_dump_json()
    assert "\n" not in line
    assert list(json.loads(line)) == KEYS
    again = Answer.model_validate_json(line)
    assert again.model_dump_json() == line  # what was rounded away is gone, all else is there
    assert (again.file, again.status) == (answer.file, answer.status)
    assert "-0.0," not in line
