"""Thresholds: which there can be, and that an answer follows them, in Python as in the engine."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.test_recognition import describe

from sonica import _engine
from sonica.audio.compose import Song
from sonica.audio.degrade import add_noise, excerpt
from sonica.recognition import Recognizer, ThresholdError, Thresholds, shown_threshold

SNR_DB = (0.0, -4.0, -8.0, -10.0, -12.0, -14.0, -16.0, -18.0)


@pytest.fixture(scope="module")
def pack(songs: list[Song]) -> _engine.Pack:
    builder = _engine.PackBuilder()
    for number, song in enumerate(songs, 1):
        builder.add(number, number, _engine.fingerprint(song.samples, song.rate))
    return _engine.Pack.from_bytes(builder.build())


@pytest.fixture(scope="module")
def faint(songs: list[Song], pack: _engine.Pack) -> tuple[Song, np.ndarray, float]:
    """A song, five seconds of it in so much noise that it is neither certain nor lost, and its confidence."""
    for song in songs:
        for snr in SNR_DB:
            heard = add_noise(excerpt(song.samples, song.rate, 20, 5), snr)
            answer = _engine.recognize([pack], _engine.fingerprint(heard, song.rate))
            if answer.hits and 0.05 < answer.hits[0].confidence < 0.95:
                return song, heard, answer.hits[0].confidence
    raise AssertionError("no clip lies between certain and lost")


@pytest.fixture(scope="module")
def query(faint: tuple[Song, np.ndarray, float]) -> bytes:
    return _engine.fingerprint(faint[1], faint[0].rate)


def above(confidence: float) -> float:
    """The next higher number of 32 bits."""
    return float(np.nextafter(np.float32(confidence), np.float32(2)))


def test_the_engine_follows_its_thresholds(
    pack: _engine.Pack, query: bytes, faint: tuple[Song, np.ndarray, float]
) -> None:
    confidence = faint[2]
    for match_at, unsure_at, status in (
        (confidence, 0.0, "match"),
        (above(confidence), confidence, "unsure"),
        (above(confidence), above(confidence), "none"),
        (1.0, 1.0, "none"),
        (0.0, 0.0, "match"),
    ):
        answer = _engine.recognize([pack], query, match_at=match_at, unsure_at=unsure_at)
        (many,) = _engine.recognize_many([pack], [(query, [])], match_at=match_at, unsure_at=unsure_at)
        assert answer.status == many.status == status
        assert answer.shared == many.shared == int(status == "match")
        assert answer.hits[0].confidence == many.hits[0].confidence == confidence


def test_the_recogniser_follows_its_thresholds(
    pack: _engine.Pack, faint: tuple[Song, np.ndarray, float]
) -> None:
    song, heard, confidence = faint
    statuses = {}
    for thresholds in (
        Thresholds(confidence, 0.0),
        Thresholds(above(confidence), confidence),
        Thresholds(above(confidence), above(confidence)),
    ):
        answer = Recognizer(lambda: ([pack], ()), describe, thresholds).samples(heard, song.rate)
        statuses[answer.status] = answer
        assert answer.confidence == confidence
    assert list(statuses) == ["match", "unsure", "none"]
    assert statuses["match"].song is not None
    assert statuses["unsure"].song is None
    assert statuses["unsure"].alternatives[0].song == statuses["match"].song
    assert statuses["none"].alternatives == ()


def test_without_any_the_engines_own_hold(pack: _engine.Pack, query: bytes) -> None:
    usual = _engine.recognize([pack], query)
    named = _engine.recognize([pack], query, match_at=_engine.MATCH_AT, unsure_at=_engine.UNSURE_AT)
    none = _engine.recognize([pack], query, match_at=None, unsure_at=None)
    assert usual.status == named.status == none.status
    assert 0 < _engine.UNSURE_AT < _engine.MATCH_AT < 1
    assert Thresholds() == Thresholds.moved() == Thresholds(_engine.MATCH_AT, _engine.UNSURE_AT)


def test_the_usual_thresholds_are_those_where_the_status_turns(
    pack: _engine.Pack, query: bytes, faint: tuple[Song, np.ndarray, float]
) -> None:
    confidence = faint[2]
    wanted = (
        "match" if confidence >= _engine.MATCH_AT else "unsure" if confidence >= _engine.UNSURE_AT else "none"
    )
    assert _engine.recognize([pack], query).status == wanted


def test_moving_match_below_the_usual_unsure_means_both(pack: _engine.Pack, query: bytes) -> None:
    low = _engine.UNSURE_AT / 2
    assert Thresholds.moved(match_at=low) == Thresholds(low, low)
    assert _engine.recognize([pack], query, match_at=low).hits
    assert Thresholds.moved(match_at=0.9) == Thresholds(0.9, _engine.UNSURE_AT)
    assert Thresholds.moved(unsure_at=0.0) == Thresholds(_engine.MATCH_AT, 0.0)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan, math.inf, -math.inf])
def test_what_is_no_confidence_is_refused(wrong: float, pack: _engine.Pack, query: bytes) -> None:
    for match_at, unsure_at in ((wrong, None), (None, wrong)):
        with pytest.raises(_engine.EngineError) as refused:
            _engine.recognize([pack], query, match_at=match_at, unsure_at=unsure_at)
        assert refused.value.code == "threshold"
        assert "from 0 to 1" in refused.value.message
        with pytest.raises(_engine.EngineError) as refused:
            _engine.recognize_many([pack], [], match_at=match_at, unsure_at=unsure_at)
        assert refused.value.code == "threshold"
        with pytest.raises(ThresholdError) as ours:
            Thresholds.moved(match_at, unsure_at)
        assert "unsure_at is not above match_at" in ours.value.hint
    with pytest.raises(TypeError):
        _engine.recognize([pack], query, match_at="0.9")  # type: ignore[arg-type]


confidences = st.none() | st.floats(-0.5, 1.5) | st.floats(width=32) | st.sampled_from([0.0, 1.0, math.nan])


@given(match_at=confidences, unsure_at=confidences)
def test_ours_are_refused_where_the_engines_are(match_at: float | None, unsure_at: float | None) -> None:
    """In 64 bits two numbers can be out of order that are one in 32: there alone we are stricter."""
    nothing = _engine.fingerprint(np.zeros(0, np.float32), 8_000)
    try:
        _engine.recognize([], nothing, match_at=match_at, unsure_at=unsure_at)
        theirs = True
    except _engine.EngineError:
        theirs = False
    try:
        Thresholds.moved(match_at, unsure_at)
        ours = True
    except ThresholdError:
        ours = False
    if ours != theirs:
        assert theirs
        as_engine = [None if one is None else float(np.float32(one)) for one in (match_at, unsure_at)]
        Thresholds.moved(*as_engine)


@given(st.floats(0, 1))
def test_a_threshold_is_shown_as_the_engine_will_take_it(threshold: float) -> None:
    shown = shown_threshold(threshold)
    assert np.float32(float(shown)) == np.float32(threshold)
    assert shown_threshold(float(shown)) == shown
    assert len(shown) <= len("1.2345679e-05")
