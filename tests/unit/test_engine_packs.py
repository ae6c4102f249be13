"""Packs and recognition as Python sees them: mapped or in memory, alone or side by side."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sonica import _engine

RATE = 16_000
SONGS = 8


def music(seed: int, seconds: float = 25) -> NDArray[np.float32]:
    """Tones that come and go over some hiss."""
    generator = np.random.default_rng(seed)
    sound = generator.normal(0, 0.003, int(RATE * seconds))
    times = np.arange(RATE) / RATE
    for _ in range(int(seconds * 8)):
        start, hertz = generator.integers(0, len(sound) - RATE), 100 * 2 ** generator.uniform(0, 5)
        sound[start : start + RATE] += 0.1 * np.exp(-5 * times) * np.sin(2 * np.pi * hertz * times)
    return sound.astype(np.float32)


@pytest.fixture(scope="module")
def prints() -> list[bytes]:
    return _engine.fingerprint_many([(music(seed), RATE) for seed in range(SONGS)])


@pytest.fixture(scope="module")
def pack_bytes(prints: list[bytes]) -> bytes:
    return build(prints)


@pytest.fixture(scope="module")
def query() -> bytes:
    """Eight seconds of song 3, from 9 s on, through some noise."""
    heard = music(3)[9 * RATE : 17 * RATE]
    return _engine.fingerprint(
        heard + np.random.default_rng(1).normal(0, 0.01, len(heard)).astype(np.float32), RATE
    )


def build(prints: list[bytes], first: int = 0) -> bytes:
    """Recordings `first`, `first` + 1, … of the songs 100 more."""
    builder = _engine.PackBuilder()
    for number, data in enumerate(prints, first):
        builder.add(number, 100 + number, data, title=f"Song {number}", artist="गायक", language="hi")
    assert len(builder) == len(prints)
    return builder.build()


def test_a_pack_knows_its_recordings(prints: list[bytes], pack_bytes: bytes) -> None:
    pack = _engine.Pack.from_bytes(pack_bytes)
    assert len(pack) == SONGS
    for number, recording in enumerate(pack.recordings()):
        assert (recording.recording_id, recording.song_id) == (number, 100 + number)
        assert (recording.title, recording.artist, recording.language) == (f"Song {number}", "गायक", "hi")
        assert recording.duration_s == pytest.approx(25)
        assert pack.fingerprint(number) == prints[number]
    assert pack.fingerprint(SONGS) is None
    sizes = pack.section_bytes()
    assert list(sizes) == sorted(["fingerprints", "keys", "order", "postings", "recordings", "text"])
    assert sum(sizes.values()) < len(pack_bytes)


def test_a_file_is_a_pack_too(pack_bytes: bytes, query: bytes, tmp_path: Path) -> None:
    path = tmp_path / "songs.pack"
    path.write_bytes(pack_bytes)
    for mapped in (_engine.Pack.open(path), _engine.Pack.open(str(path))):
        answer = _engine.recognize([mapped], query)
        assert answer.hits[0].recording_id == 3
        in_memory = _engine.recognize([_engine.Pack.from_bytes(pack_bytes)], query)
        assert answer.hits[0].features == in_memory.hits[0].features


def test_files_that_are_no_packs(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        _engine.Pack.open(tmp_path / "none.pack")
    assert str(tmp_path / "none.pack") in str(missing.value)
    with pytest.raises(IsADirectoryError) as folder:
        _engine.Pack.open(tmp_path)
    assert str(tmp_path) in str(folder.value)
    for content in (b"", b"SN", b"not a pack at all, but text that is long enough for one"):
        path = tmp_path / "wrong.pack"
        path.write_bytes(content)
        with pytest.raises(_engine.EngineError) as refused:
            _engine.Pack.open(path)
        assert refused.value.code == "format"


def test_damage_is_found_and_a_newer_version_named(pack_bytes: bytes) -> None:
    damaged = bytearray(pack_bytes)
    damaged[200] ^= 1
    newer = bytearray(pack_bytes)
    newer[4] = _engine.PACK_VERSION + 1
    for data, code in ((damaged, "checksum"), (newer, "version"), (pack_bytes[:-1], "format")):
        with pytest.raises(_engine.EngineError) as refused:
            _engine.Pack.from_bytes(bytes(data))
        assert refused.value.code == code


def test_damage_of_what_opening_does_not_read_is_found_by_verifying(pack_bytes: bytes, query: bytes) -> None:
    _engine.Pack.from_bytes(pack_bytes).verify()
    damaged = bytearray(pack_bytes)
    damaged[-1] ^= 1
    pack = _engine.Pack.from_bytes(bytes(damaged))
    with pytest.raises(_engine.EngineError) as refused:
        pack.verify()
    assert refused.value.code == "checksum"
    assert _engine.recognize([pack], query).hits[0].recording_id == 3


def test_a_lite_pack_holds_less_and_still_names_what_is_heard_well(
    prints: list[bytes], pack_bytes: bytes, query: bytes
) -> None:
    builder = _engine.PackBuilder(profile="lite")
    for number, data in enumerate(prints):
        builder.add(number, 100 + number, data)
    data = builder.build()
    full, lite = _engine.Pack.from_bytes(pack_bytes), _engine.Pack.from_bytes(data)
    assert (full.profile, lite.profile) == ("full", "lite")
    size = {pack.profile: pack.section_bytes() for pack in (full, lite)}
    assert 4 * size["lite"]["fingerprints"] < size["full"]["fingerprints"]
    assert 4 * size["lite"]["postings"] < size["full"]["postings"]
    kept = lite.fingerprint(3)
    assert kept is not None
    assert _engine.read_fingerprint(kept).duration_s == _engine.read_fingerprint(prints[3]).duration_s
    assert set(_engine.read_fingerprint(kept).rank) <= {0, 1}
    assert _engine.recognize([lite], query).hits[0].recording_id == 3
    # What was thinned once stays as it is.
    again = _engine.PackBuilder("lite")
    again.add(3, 103, kept)
    assert _engine.Pack.from_bytes(again.build()).fingerprint(3) == kept
    with pytest.raises(ValueError, match="lite"):
        _engine.PackBuilder("small")


def test_a_recording_goes_in_once(prints: list[bytes]) -> None:
    builder = _engine.PackBuilder()
    builder.add(1, 1, prints[0])
    with pytest.raises(_engine.EngineError) as refused:
        builder.add(1, 2, prints[1])
    assert refused.value.code == "duplicate"
    with pytest.raises(_engine.EngineError) as refused:
        builder.add(2, 2, b"no fingerprint")
    assert refused.value.code == "format"
    assert len(builder) == 1


def test_an_excerpt_is_named(pack_bytes: bytes, query: bytes) -> None:
    answer = _engine.recognize([_engine.Pack.from_bytes(pack_bytes)], query)
    best = answer.hits[0]
    assert (answer.status, answer.ambiguous, answer.shared) == ("match", False, 1)
    assert (best.recording_id, best.song_id) == (3, 103)
    assert best.offset_s == pytest.approx(9, abs=0.1)
    assert best.speed == pytest.approx(1, abs=0.01)
    assert best.pitch_semitones == pytest.approx(0, abs=0.2)
    assert 0.5 < best.confidence <= 1
    assert len(best.features) == len(_engine.FEATURES)
    assert answer.postings > 0
    assert answer.hypotheses > 0


def test_what_is_excluded_counts_as_absent(pack_bytes: bytes, query: bytes) -> None:
    packs = [_engine.Pack.from_bytes(pack_bytes)]
    masked = _engine.recognize(packs, query, exclude=[3])
    assert all(hit.recording_id != 3 for hit in masked.hits)
    assert _engine.recognize(packs, query, exclude=range(SONGS)).hits == []
    assert _engine.recognize([], query).status == "none"


def test_several_packs_answer_as_one(prints: list[bytes], pack_bytes: bytes, query: bytes) -> None:
    whole = _engine.recognize([_engine.Pack.from_bytes(pack_bytes)], query)
    parts = [_engine.Pack.from_bytes(build(prints[first : first + 3], first)) for first in range(0, SONGS, 3)]
    answer = _engine.recognize(parts, query)
    assert answer.hits[0].recording_id == whole.hits[0].recording_id
    assert answer.hits[0].offset_s == pytest.approx(whole.hits[0].offset_s, abs=0.02)


def test_many_queries_are_answered_in_their_order(pack_bytes: bytes) -> None:
    packs = [_engine.Pack.from_bytes(pack_bytes)]
    order = [5, 0, 7, 3, 3, 1]
    queries = [_engine.fingerprint(music(song)[5 * RATE : 12 * RATE], RATE) for song in order]
    answers = _engine.recognize_many(packs, [(query, []) for query in queries], limit=2, exhaustive=True)
    assert [answer.hits[0].recording_id for answer in answers] == order
    assert all(len(answer.hits) <= 2 for answer in answers)
    alone = _engine.recognize(packs, queries[0], limit=2, exhaustive=True)
    assert alone.hits[0].features == answers[0].hits[0].features
    with pytest.raises(_engine.EngineError):
        _engine.recognize_many(packs, [(queries[0], []), (b"", [])])
